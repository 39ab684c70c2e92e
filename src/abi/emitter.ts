/**
 * What the emitters of glue share: types to code, one helper function per type.
 *
 * Emitted code is made of numbers, of names that we choose, and of literals that went through
 * `JSON.stringify`. A type is turned into a function of its own the first time that it is met, and called by
 * name from then on, so source grows with the number of distinct types, never with their expansion.
 */
import { UnsupportedError } from "../model/errors.ts";
import { type FlatType, Flattening } from "../model/flatten.ts";
import { Layouts } from "../model/layout.ts";
import { valueParts } from "../model/type-parts.ts";
import type { ResourceType, ValueType } from "../model/value-type.ts";
import { HostSizes } from "./host-size.ts";
import { MAX_GLUE_SOURCE } from "./limits.ts";
import type { StringEncoding } from "./strings.ts";
import { isInheritedName } from "./value-check.ts";

/** What a helper function does with its type. */
export type HelperKind =
  /** (cx, pointer) -> value */
  | "load"
  /** (cx, pointer, value) */
  | "store"
  /** (cx, ...core values) -> value */
  | "lift"
  /** (cx, value), core values in `cx.flat` */
  | "lower"
  /** (cx, pointer, length) -> array or Map */
  | "loadList"
  /** (cx, value) -> pointer, length in `cx.length` */
  | "storeList"
  /** (discriminant) -> name */
  | "enumName"
  /** (name) -> discriminant */
  | "enumIndex"
  /** (bits) -> object */
  | "flagsObject"
  /** (object) -> bits */
  | "flagsBits";

/** Writes the body of a helper: parameters and statements. */
export type HelperWriter = (emitter: Emitter, type: ValueType) => Helper;

export interface Helper {
  readonly params: string;
  readonly body: string;
}

export type Audience = "host" | "component";

/** A helper that has been named and is still to be written. */
interface Pending {
  readonly name: string;
  readonly kind: HelperKind;
  readonly type: ValueType;
  readonly encoding: StringEncoding;
  readonly audience: Audience;
}

export class Emitter {
  readonly layouts = new Layouts();
  readonly flattening = new Flattening();
  readonly hostSizes = new HostSizes();
  /** The encoding of the function that is being emitted; helpers are kept apart by it. */
  encoding: StringEncoding = "utf8";
  /**
   * For whom lifted values are: the host, or glue that passes them on to another component. A Map of the host's has
   * one value per key; what goes from component to component must lose nothing, so a map is an array of pairs there.
   */
  audience: Audience = "host";

  readonly #writers: Readonly<Record<HelperKind, HelperWriter>>;
  readonly #names = new Map<string, Map<ValueType, string>>();
  readonly #pending: Pending[] = [];
  readonly #source: string[] = [];
  readonly #resources = new Map<ResourceType, number>();
  readonly #nodes = new Map<ValueType, number>();
  #length = 0;
  #count = 0;

  constructor(writers: Readonly<Record<HelperKind, HelperWriter>>) {
    this.#writers = writers;
  }

  /** The name of the helper function for `type`; it is written later. */
  helper(kind: HelperKind, type: ValueType): string {
    const key = `${kind} ${this.encoding} ${this.audience}`;
    let names = this.#names.get(key);
    if (names === undefined) {
      names = new Map();
      this.#names.set(key, names);
    }
    let name = names.get(type);
    if (name === undefined) {
      name = this.fresh(kind);
      names.set(type, name);
      this.#pending.push({ name, kind, type, encoding: this.encoding, audience: this.audience });
    }
    return name;
  }

  /** A name that nothing else has. */
  fresh(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }

  /** The index of a resource type in `LiftLowerContext.resources`. */
  resource(type: ResourceType): number {
    const known = this.#resources.get(type);
    if (known !== undefined) return known;
    const index = this.#resources.size;
    this.#resources.set(type, index);
    return index;
  }

  /** The resource types met so far, by index. */
  get resources(): readonly ResourceType[] {
    return [...this.#resources.keys()];
  }

  /** How many nodes `type` has when it is written out as a tree: about the lines that it takes to lower it in place. */
  nodes(type: ValueType): number {
    const known = this.#nodes.get(type);
    if (known !== undefined) return known;
    let nodes = type.kind === "variant" ? type.cases.length : 1;
    for (const part of valueParts(type)) nodes += part === undefined ? 0 : this.nodes(part);
    this.#nodes.set(type, nodes);
    return nodes;
  }

  /** Adds a top-level declaration. */
  declare(source: string): void {
    this.#length += source.length;
    if (this.#length > MAX_GLUE_SOURCE) {
      throw new UnsupportedError(
        "components whose types are this large",
        `the component's types need more than ${MAX_GLUE_SOURCE} characters of glue`,
      );
    }
    this.#source.push(source);
  }

  /** Writes the helpers that are still due, and returns all declarations. */
  finish(): string {
    for (let due = this.#pending.pop(); due !== undefined; due = this.#pending.pop()) {
      this.encoding = due.encoding;
      this.audience = due.audience;
      const { params, body } = this.#writers[due.kind](this, due.type);
      this.declare(`function ${due.name}(${params}) {\n${body}\n}`);
    }
    return this.#source.join("\n");
  }
}

/** A string literal. The only way in which names of a component get into source. */
export function literal(text: string): string {
  return JSON.stringify(text);
}

/** `key: value` of an object literal; a plain `"__proto__":` would set the prototype. */
export function property(key: string, value: string): string {
  return key === "__proto__" ? `["__proto__"]: ${value}` : `${literal(key)}: ${value}`;
}

/** Reads a field of the object in `object`. See `readField`. */
export function fieldOf(object: string, key: string): string {
  const read = `${object}[${literal(key)}]`;
  return isInheritedName(key) ? `(hasOwn(${object}, ${literal(key)}) ? ${read} : undefined)` : read;
}

export function address(pointer: string, offset: number): string {
  return offset === 0 ? pointer : `${pointer} + ${offset}`;
}

/** The zero of a core type, as JavaScript passes it. */
export function zero(type: FlatType): string {
  return type === "i64" ? "0n" : "0";
}

/** The suffix of the `LiftLowerContext` methods for an encoding. */
export function encodingMethod(encoding: StringEncoding): string {
  switch (encoding) {
    case "utf8":
      return "Utf8";
    case "utf16":
      return "Utf16";
    case "latin1+utf16":
      return "Latin1OrUtf16";
  }
}
