/**
 * What the loader knows about types beyond their structure, for the time of one load.
 *
 * Types are immutable objects that share their parts, so a few bytes of input can stand for a tree
 * with 2^n nodes. Nothing here walks that tree: each object is measured once, when it is made, from
 * the measures of its parts, and structural equality is a comparison of numbers.
 */
import { MalformedComponentError } from "../../model/errors.ts";
import type { ModuleType } from "../../model/extern-type.ts";
import { Layouts } from "../../model/layout.ts";
import type { FuncType, ResourceType, ValueType } from "../../model/value-type.ts";
import { MAX_EFFORT, MAX_TYPE_DEPTH, MAX_TYPE_SIZE, MAX_VALUE_BYTES } from "../limits.ts";
import { printable } from "../printable.ts";
import type { AnyType, ComponentShape, Entity, InstanceShape } from "./shapes.ts";

export interface TypeInfo {
  /** Equal for value types of equal structure; unique otherwise. */
  readonly id: number;
  /** Nodes of the type written out as a tree. */
  readonly size: number;
  readonly depth: number;
  /** Whether a resource type occurs anywhere in it. */
  readonly resources: boolean;
  /** Whether a value of the type can contain a `borrow` handle. */
  readonly borrow: boolean;
  /** Whether a value of the type holds pointers into linear memory. */
  readonly pointer: boolean;
}

class Measure implements TypeInfo {
  readonly id: number;
  size = 1;
  depth = 1;
  resources = false;
  borrow = false;
  pointer = false;

  constructor(id: number) {
    this.id = id;
  }
}

export class TypeTable {
  /** The offset that errors about limits point to: that of the definition being checked. */
  offset = 0;
  readonly #info = new Map<object, TypeInfo>();
  readonly #ids = new Map<string, number>();
  /** What a new name was made for. */
  readonly #origins = new Map<AnyType, AnyType>();
  readonly #identities = new Map<ResourceType, ResourceType>();
  /** With 64-bit pointers, as the limit on value sizes is stated. */
  readonly #layouts = new Layouts(8);
  #nextId = 0;
  #effort = 0;

  fail(message: string): never {
    throw new MalformedComponentError(printable(message), this.offset);
  }

  /** Starts counting work anew: checking and each planning have a budget of their own. */
  startPhase(): void {
    this.#effort = 0;
  }

  /** Accounts for work that the input makes the loader do. */
  spend(nodes: number): void {
    this.#effort += nodes;
    if (this.#effort > MAX_EFFORT) {
      this.fail(`the component's types take more than ${MAX_EFFORT} steps to check`);
    }
  }

  info(type: AnyType | Entity): TypeInfo {
    const info = this.#info.get(type);
    // Every type that the checker sees has been registered by one of the methods below.
    return info ?? this.fail("internal error: a type was not registered");
  }

  /** A fresh resource type, distinct from every other. */
  resource(name: string): ResourceType {
    const resource: ResourceType = { kind: "resource", name };
    const info = new Measure(this.#nextId++);
    info.resources = true;
    this.#info.set(resource, info);
    this.#identities.set(resource, resource);
    return resource;
  }

  /** The resource type that this name of it stands for. */
  identity(resource: ResourceType): ResourceType {
    return this.#identities.get(resource) ?? this.fail("internal error: a resource type was not registered");
  }

  sameResource(a: ResourceType, b: ResourceType): boolean {
    return this.identity(a) === this.identity(b);
  }

  sameValueType(a: ValueType, b: ValueType): boolean {
    return this.info(a).id === this.info(b).id;
  }

  /** A new name for a type: equal to it, but an object of its own. */
  rename<T extends AnyType>(type: T): T {
    const copy: T = { ...type };
    this.#info.set(copy, this.info(type));
    this.#origins.set(copy, type);
    if (type.kind === "resource") {
      this.#identities.set(copy as ResourceType, this.identity(type));
    }
    return copy;
  }

  /** The name that this one was made for, if it was made by `rename`. */
  origin(type: AnyType): AnyType | undefined {
    return this.#origins.get(type);
  }

  /** Measures a value type whose parts have been registered. */
  value<T extends ValueType>(type: T): T {
    if (this.#info.has(type)) {
      return type;
    }
    const parts: TypeInfo[] = [];
    const key = this.#valueKey(type, parts);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#nextId++;
      this.#ids.set(key, id);
    }
    const measure = this.#measure(id, parts, 1 + labelCount(type));
    measure.resources ||= type.kind === "own" || type.kind === "borrow";
    measure.borrow ||= type.kind === "borrow";
    measure.pointer = holdsPointers(type, measure.pointer);
    if (this.#layouts.of(type).size >= MAX_VALUE_BYTES) {
      this.fail(`a value of type ${type.kind} exceeds maximum byte size of ${MAX_VALUE_BYTES - 1}`);
    }
    this.#info.set(type, measure);
    return type;
  }

  func(type: FuncType): FuncType {
    const parts = type.params.map((param) => this.info(param.type));
    if (type.result !== undefined) {
      parts.push(this.info(type.result));
    }
    return this.#register(type, parts, 1 + type.params.length);
  }

  instance(shape: InstanceShape): InstanceShape {
    return this.#register(shape, this.#entities(shape.exports), 1 + shape.exports.size);
  }

  component(shape: ComponentShape): ComponentShape {
    const parts = [...this.#entities(shape.imports), ...this.#entities(shape.exports)];
    return this.#register(shape, parts, 1 + parts.length);
  }

  module(type: ModuleType): ModuleType {
    return this.#register(type, [], 1 + type.imports.length + type.exports.size);
  }

  #register<T extends object>(type: T, parts: readonly TypeInfo[], own: number): T {
    this.#info.set(type, this.#measure(this.#nextId++, parts, own));
    return type;
  }

  #entities(entities: ReadonlyMap<string, Entity>): TypeInfo[] {
    const parts: TypeInfo[] = [];
    for (const entity of entities.values()) {
      parts.push(this.info(entity.kind === "type" ? entity.type : entity));
    }
    return parts;
  }

  /** Sums up the parts of a type that itself has `own` nodes. */
  #measure(id: number, parts: readonly TypeInfo[], own: number): Measure {
    const measure = new Measure(id);
    measure.size = own;
    for (const part of parts) {
      measure.size += part.size;
      measure.depth = Math.max(measure.depth, part.depth + 1);
      measure.resources ||= part.resources;
      measure.borrow ||= part.borrow;
      measure.pointer ||= part.pointer;
    }
    if (measure.size > MAX_TYPE_SIZE) {
      this.fail(`effective type size exceeds the limit of ${MAX_TYPE_SIZE}`);
    }
    if (measure.depth > MAX_TYPE_DEPTH) {
      this.fail(`types are nested more than ${MAX_TYPE_DEPTH} deep`);
    }
    return measure;
  }

  /** A text that is equal for equal structure, given the ids of the parts. Labels have no punctuation. */
  #valueKey(type: ValueType, parts: TypeInfo[]): string {
    const id = (part: ValueType | undefined): string => {
      if (part === undefined) {
        return "_";
      }
      const info = this.info(part);
      parts.push(info);
      return String(info.id);
    };
    switch (type.kind) {
      case "record":
        return `record ${type.fields.map((field) => `${field.name}:${id(field.type)}`).join()}`;
      case "variant":
        return `variant ${type.cases.map((c) => `${c.name}:${id(c.type)}`).join()}`;
      case "list":
        return `list ${id(type.element)}`;
      case "fixed-length-list":
        return `list ${id(type.element)} ${type.length}`;
      case "map":
        return `map ${id(type.key)} ${id(type.value)}`;
      case "tuple":
        return `tuple ${type.elements.map(id).join()}`;
      case "flags":
      case "enum":
        return `${type.kind} ${type.names.join()}`;
      case "option":
        return `option ${id(type.some)}`;
      case "result":
        return `result ${id(type.ok)} ${id(type.err)}`;
      case "own":
      case "borrow":
        return `${type.kind} ${this.info(this.identity(type.resource)).id}`;
      case "stream":
      case "future":
        return `${type.kind} ${id(type.element)}`;
      default:
        return type.kind;
    }
  }
}

function holdsPointers(type: ValueType, parts: boolean): boolean {
  switch (type.kind) {
    case "string":
    case "list":
    case "map":
      return true;
    case "stream":
    case "future":
      // A handle, whatever its elements hold.
      return false;
    default:
      return parts;
  }
}

function labelCount(type: ValueType): number {
  return type.kind === "flags" || type.kind === "enum" ? type.names.length : 0;
}
