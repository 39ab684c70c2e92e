/** Replaces what a type consists of directly. */
import type { Field, Type, TypeDef, TypeDefKind } from "../model/resolve.ts";

export interface PartMapper {
  /** For a type that is used as a value; with the record's field that it is the type of, if it is one. */
  value(type: Type, field?: Field): Type;
  /** For a definition that is referred to as such: by a handle, or by another name for it. */
  definition(type: TypeDef): TypeDef;
}

/** The same kind of type with other parts. */
export function mapParts(kind: TypeDefKind, mapper: PartMapper): TypeDefKind {
  const optional = (type: Type | undefined): Type | undefined =>
    type === undefined ? undefined : mapper.value(type);
  switch (kind.kind) {
    case "record":
      return {
        kind: "record",
        fields: kind.fields.map((field) => ({ ...field, type: mapper.value(field.type, field) })),
      };
    case "variant":
      return { kind: "variant", cases: kind.cases.map((item) => ({ ...item, type: optional(item.type) })) };
    case "tuple":
      return { kind: "tuple", types: kind.types.map((type) => mapper.value(type)) };
    case "list":
    case "fixed-length-list":
      return { ...kind, element: mapper.value(kind.element) };
    case "map": {
      const key = mapper.value(kind.key);
      return { kind: "map", key, value: mapper.value(kind.value) };
    }
    case "option":
      return { kind: "option", some: mapper.value(kind.some) };
    case "result": {
      const ok = optional(kind.ok);
      return { kind: "result", ok, err: optional(kind.err) };
    }
    case "stream":
    case "future":
      return { kind: kind.kind, element: optional(kind.element) };
    case "own":
    case "borrow":
      return { kind: kind.kind, resource: mapper.definition(kind.resource) };
    case "alias":
      return typeof kind.target === "string"
        ? kind
        : { kind: "alias", target: mapper.definition(kind.target) };
    case "enum":
    case "flags":
    case "resource":
      return kind;
  }
}
