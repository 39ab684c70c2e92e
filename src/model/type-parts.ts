/** What types are made of directly. */
import type { Type, TypeDefKind } from "./resolve.ts";
import type { ValueType } from "./value-type.ts";

/**
 * The value types directly inside a value type, in order; undefined where a case has no payload. The resource of a
 * handle is not a value type, so it is not among them.
 */
export function valueParts(type: ValueType): readonly (ValueType | undefined)[] {
  switch (type.kind) {
    case "record":
      return type.fields.map((field) => field.type);
    case "variant":
      return type.cases.map((item) => item.type);
    case "tuple":
      return type.elements;
    case "list":
    case "fixed-length-list":
    case "stream":
    case "future":
      return [type.element];
    case "map":
      return [type.key, type.value];
    case "option":
      return [type.some];
    case "result":
      return [type.ok, type.err];
    case "bool":
    case "s8":
    case "u8":
    case "s16":
    case "u16":
    case "s32":
    case "u32":
    case "s64":
    case "u64":
    case "f32":
    case "f64":
    case "char":
    case "string":
    case "error-context":
    case "enum":
    case "flags":
    case "own":
    case "borrow":
      return [];
  }
}

/** The types that a definition refers to directly, in order; undefined where a case has no payload. */
export function definitionParts(kind: TypeDefKind): readonly (Type | undefined)[] {
  switch (kind.kind) {
    case "record":
      return kind.fields.map((field) => field.type);
    case "variant":
      return kind.cases.map((item) => item.type);
    case "tuple":
      return kind.types;
    case "list":
    case "fixed-length-list":
    case "stream":
    case "future":
      return [kind.element];
    case "map":
      return [kind.key, kind.value];
    case "option":
      return [kind.some];
    case "result":
      return [kind.ok, kind.err];
    case "own":
    case "borrow":
      return [kind.resource];
    case "alias":
      return [kind.target];
    case "enum":
    case "flags":
    case "resource":
      return [];
  }
}
