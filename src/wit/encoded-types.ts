/**
 * Value types of the binary as types of WIT.
 *
 * Source: `convert_defined` and `Registrar` in wit-parser's `decoding.rs`.
 */
import type { Type, TypeDef, TypeDefKind } from "../model/resolve.ts";
import { definitionParts, valueParts } from "../model/type-parts.ts";
import type { PrimitiveType, ResourceType, ValueType } from "../model/value-type.ts";

export interface ConvertParts {
  readonly value: (type: ValueType) => Type;
  readonly resource: (type: ResourceType) => TypeDef;
}

export function convertValueType(type: ValueType, convert: ConvertParts): TypeDefKind {
  const optional = (part: ValueType | undefined) => (part === undefined ? undefined : convert.value(part));
  const label = (name: string) => ({ name, docs: undefined });
  switch (type.kind) {
    case "record":
      return {
        kind: "record",
        fields: type.fields.map((field) => ({ ...label(field.name), type: convert.value(field.type) })),
      };
    case "variant":
      return {
        kind: "variant",
        cases: type.cases.map((c) => ({ ...label(c.name), type: optional(c.type) })),
      };
    case "enum":
      return { kind: "enum", cases: type.names.map(label) };
    case "flags":
      return { kind: "flags", flags: type.names.map(label) };
    case "tuple":
      return { kind: "tuple", types: type.elements.map(convert.value) };
    case "list":
      return { kind: "list", element: convert.value(type.element) };
    case "fixed-length-list":
      return { kind: "fixed-length-list", element: convert.value(type.element), length: type.length };
    case "map": {
      const key = convert.value(type.key);
      return { kind: "map", key, value: convert.value(type.value) };
    }
    case "option":
      return { kind: "option", some: convert.value(type.some) };
    case "result": {
      const ok = optional(type.ok);
      return { kind: "result", ok, err: optional(type.err) };
    }
    case "own":
    case "borrow":
      return { kind: type.kind, resource: convert.resource(type.resource) };
    case "stream":
    case "future":
      return { kind: type.kind, element: optional(type.element) };
    default:
      return { kind: "alias", target: type.kind };
  }
}

export function isPrimitive(type: ValueType): type is PrimitiveType {
  switch (type.kind) {
    case "record":
    case "variant":
    case "enum":
    case "flags":
    case "tuple":
    case "list":
    case "fixed-length-list":
    case "map":
    case "option":
    case "result":
    case "own":
    case "borrow":
    case "stream":
    case "future":
      return false;
    default:
      return true;
  }
}

/**
 * Walks a definition and another binary type of the same structure side by side, so that the parts of
 * the one become the parts of the other.
 *
 * @param connect called for each pair of parts; returns whether to go on into them.
 * @returns how they differ, if they do.
 */
export function unifyParts(
  definition: TypeDef,
  type: ValueType,
  connect: (part: ValueType, definition: TypeDef) => boolean,
): string | undefined {
  const kind = definition.type;
  if (kind.kind === "alias" || isPrimitive(type)) {
    // A name for another type: that one has been connected where it was met.
    return undefined;
  }
  if (kind.kind !== type.kind) {
    return `${kind.kind} and ${type.kind}`;
  }
  if (type.kind === "own" || type.kind === "borrow") {
    return undefined;
  }
  const parts = valueParts(type);
  const known = definitionParts(kind);
  if (parts.length !== known.length) {
    return `${known.length} and ${parts.length} parts`;
  }
  for (const [i, part] of parts.entries()) {
    const other = known[i];
    if (part === undefined || other === undefined) {
      if (part !== other) {
        return "a part is missing in one of them";
      }
      continue;
    }
    if (typeof other === "string") {
      if (part.kind !== other) {
        return `${other} and ${part.kind}`;
      }
      continue;
    }
    if (!isPrimitive(part) && connect(part, other)) {
      const mismatch = unifyParts(other, part, connect);
      if (mismatch !== undefined) {
        return mismatch;
      }
    }
  }
  return undefined;
}
