/** Where two types differ, as written: what a named type says is compared where that type is defined. */
import type { Type, TypeDef, TypeDefKind } from "../../model/resolve.ts";
import { definitionParts } from "../../model/type-parts.ts";
import type { PrimitiveKind } from "../../model/value-type.ts";
import { typeText } from "../../wit/print-type.ts";
import type { TypeChangeCategory } from "./change.ts";
import type { Definitions, Structure } from "./definitions.ts";
import { compareNames } from "./names.ts";
import type { Shapes } from "./shapes.ts";
import type { Unnoticed } from "./verdict.ts";

export interface TypeDifference {
  /** From the type that was asked about: ".urgent", "" for the whole. */
  readonly path: string;
  readonly category: TypeChangeCategory;
  readonly what: string;
  readonly unnoticed: Unnoticed;
}

export class TypeComparison {
  readonly #shapes: Shapes;
  readonly #definitions: Definitions;
  readonly #idOf: (def: TypeDef) => string | undefined;

  constructor(shapes: Shapes, definitions: Definitions, idOf: (def: TypeDef) => string | undefined) {
    this.#shapes = shapes;
    this.#definitions = definitions;
    this.#idOf = idOf;
  }

  /** How a use of a type differs: nothing if both use what is, by its name, the same definition. */
  ofUse(before: Type, after: Type, path: string): readonly TypeDifference[] {
    if (this.#shapes.of(before) === this.#shapes.of(after)) return [];
    const [old, current] = [this.#definitions.of(before), this.#definitions.of(after)];
    const id = typeof old === "string" ? undefined : this.#idOf(old);
    if (id !== undefined && typeof current !== "string" && id === this.#idOf(current)) return [];
    // Two types of different names are not compared further: the new name is what there is to see.
    const named = [old, current].some((type) => typeof type !== "string" && type.name !== undefined);
    return named ? [this.#changed(before, after, path)] : this.ofDefinition(before, after, path);
  }

  /** How two definitions of one name differ. */
  ofDefinition(before: Type, after: Type, path: string): readonly TypeDifference[] {
    const [old, current] = [this.#definitions.structure(before), this.#definitions.structure(after)];
    if (typeof old === "string" || typeof current === "string") {
      return old === current ? [] : [this.#changed(before, after, path)];
    }
    const named = this.#ofNamed(old, current, path);
    if (named !== undefined) return named;
    return this.#isSameWrapping(old, current) ? [] : [this.#changed(before, after, path)];
  }

  /** Whether two types such as `list<t>` differ only in what `t` says where it is defined. */
  #isSameWrapping(old: TypeDefKind, current: TypeDefKind): boolean {
    if (outline(old) !== outline(current)) return false;
    const parts = definitionParts(current);
    return definitionParts(old).every((part, i) => this.#isSameUse(part, parts[i]));
  }

  #isSameUse(before: Type | undefined, after: Type | undefined): boolean {
    if (before === undefined || after === undefined) return before === after;
    return this.ofUse(before, after, "").length === 0;
  }

  /** Of two types with names inside; undefined if they are not. */
  #ofNamed(old: TypeDefKind, current: TypeDefKind, path: string): readonly TypeDifference[] | undefined {
    if (old.kind === "record" && current.kind === "record") {
      const names = compareNames(old.fields, current.fields, "field", path, ({ type }) =>
        this.#shapes.of(type),
      );
      const fields = new Map(current.fields.map(({ name, type }) => [name, type]));
      const optional = (name: string): boolean => {
        const type = fields.get(name);
        const structure = type === undefined ? undefined : this.#definitions.structure(type);
        return typeof structure === "object" && structure.kind === "option";
      };
      return [
        ...names.differences.map((found) => ({
          ...found,
          // It may be left out.
          unnoticed: {
            bySender: found.category === "field-added" && optional(found.name),
            byReceiver: false,
          },
        })),
        ...names.common.flatMap(([a, b]) => this.ofUse(a.type, b.type, `${path}.${b.name}`)),
      ];
    }
    if (old.kind === "variant" && current.kind === "variant") {
      const payload = (type: Type | undefined): number => (type === undefined ? -1 : this.#shapes.of(type));
      const names = compareNames(old.cases, current.cases, "case", path, ({ type }) => payload(type));
      return [
        ...names.differences,
        ...names.common.flatMap(([a, b]) => {
          if (a.type !== undefined && b.type !== undefined)
            return this.ofUse(a.type, b.type, `${path}.${b.name}`);
          if (a.type === b.type) return [];
          const what =
            b.type === undefined
              ? `case \`${b.name}\` has no payload anymore`
              : `case \`${b.name}\` has a payload now`;
          return [difference(`${path}.${b.name}`, "case-payload", what)];
        }),
      ];
    }
    if (old.kind === "enum" && current.kind === "enum") {
      return compareNames(old.cases, current.cases, "case", path, () => 0).differences;
    }
    if (old.kind === "flags" && current.kind === "flags") {
      return compareNames(old.flags, current.flags, "flag", path, () => 0).differences;
    }
    return undefined;
  }

  /** `u8` and `u32` are one type in TypeScript, and so are lists of tuples of them; and whoever gave a `T` may go on where `option<T>` is asked for. */
  #unnoticed(before: Type, after: Type): Unnoticed {
    const [old, current] = [this.#definitions.structure(before), this.#definitions.structure(after)];
    const host = this.#hostType(before);
    const isSame = host !== undefined && host === this.#hostType(after);
    return {
      bySender: isSame || this.#isOptionOf(current, before, old),
      byReceiver: isSame || this.#isOptionOf(old, after, current),
    };
  }

  /** What a type is in TypeScript; undefined where more than that may count, such as who owns a resource. */
  #hostType(type: Type, depth = 0): string | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const structure = this.#definitions.structure(type);
    if (typeof structure === "string") return hostPrimitive(structure);
    const parts = (...types: readonly Type[]): string | undefined => {
      const texts = types.map((part) => this.#hostType(part, depth + 1));
      return texts.includes(undefined) ? undefined : `${structure.kind}<${texts.join()}>`;
    };
    switch (structure.kind) {
      case "list": {
        const element = this.#definitions.structure(structure.element);
        // Each has a typed array of its own.
        return isNumber(element) ? `list<${element}>` : parts(structure.element);
      }
      case "fixed-length-list":
        return withCount(structure.length, parts(structure.element));
      case "tuple":
        return parts(...structure.types);
      case "option":
        return parts(structure.some);
      case "map":
        return parts(structure.key, structure.value);
      case "result": {
        const { ok, err } = structure;
        const which = (ok === undefined ? 0 : 1) + (err === undefined ? 0 : 2);
        return withCount(which, parts(...[ok ?? [], err ?? []].flat()));
      }
      case "record":
      case "variant":
      case "enum":
      case "flags": {
        // As a part: what it says is compared where it is defined.
        const named = depth === 0 ? undefined : this.#definitions.named(type);
        return named && this.#idOf(named);
      }
      case "resource":
      case "own":
      case "borrow":
      case "stream":
      case "future":
        return undefined;
    }
  }

  /** Nested options are not flat in TypeScript either. */
  #isOptionOf(option: PrimitiveKind | Structure, type: Type, structure: PrimitiveKind | Structure): boolean {
    if (typeof option === "string" || option.kind !== "option") return false;
    const isNested = typeof structure !== "string" && structure.kind === "option";
    if (isNested) return false;
    const host = this.#hostType(type);
    const isSame = host !== undefined && host === this.#hostType(option.some);
    return isSame || this.#shapes.of(option.some) === this.#shapes.of(type);
  }

  #changed(before: Type, after: Type, path: string): TypeDifference {
    const [old, current] = [describe(before), describe(after)];
    const what =
      old === current
        ? `\`${current}\` is another type now`
        : `the type was \`${old}\` and is \`${current}\` now`;
    return { ...difference(path, "type-changed", what), unnoticed: this.#unnoticed(before, after) };
  }
}

export function difference(path: string, category: TypeChangeCategory, what: string): TypeDifference {
  return { path, category, what, unnoticed: { bySender: false, byReceiver: false } };
}

/** All of a type but its parts. */
function outline(kind: TypeDefKind): string {
  switch (kind.kind) {
    case "fixed-length-list":
      return `${kind.kind} ${kind.length}`;
    default:
      return `${kind.kind} ${definitionParts(kind).length}`;
  }
}

/** The use of a type by its name; a definition by what it says. */
function describe(type: Type): string {
  if (typeof type === "string" || type.name === undefined) return typeText(type);
  switch (type.type.kind) {
    case "record":
    case "variant":
    case "enum":
    case "flags":
    case "resource":
      return `${type.type.kind} ${type.name}`;
    default:
      return typeText(type, "definition");
  }
}

function withCount(count: number, text: string | undefined): string | undefined {
  return text && `${count} ${text}`;
}

/** Types that are nested deeper are compared as they are in WIT. */
const MAX_DEPTH = 20;

function isNumber(structure: PrimitiveKind | Structure): boolean {
  return typeof structure === "string" && ["number", "bigint"].includes(hostPrimitive(structure));
}

/** What a primitive is in TypeScript. */
function hostPrimitive(primitive: PrimitiveKind): string {
  switch (primitive) {
    case "s64":
    case "u64":
      return "bigint";
    case "bool":
      return "boolean";
    case "char":
    case "string":
      return "string";
    case "error-context":
      return "ErrorContext";
    default:
      return "number";
  }
}
