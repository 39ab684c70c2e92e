/**
 * A value type as a person wants to read it in a message: WIT syntax, with the members of records and
 * variants only as far as they fit.
 */
import type { ValueType } from "../../model/value-type.ts";

export function typeName(type: ValueType): string {
  switch (type.kind) {
    case "list":
      return `list<${typeName(type.element)}>`;
    case "fixed-length-list":
      return `list<${typeName(type.element)}, ${type.length}>`;
    case "map":
      return `map<${typeName(type.key)}, ${typeName(type.value)}>`;
    case "tuple":
      return `tuple<${type.elements.map(typeName).join(", ")}>`;
    case "option":
      return `option<${typeName(type.some)}>`;
    case "result":
      return resultName(type.ok, type.err);
    case "record":
      return `record { ${members(type.fields.map((field) => field.name))} }`;
    case "variant":
      return `variant { ${members(type.cases.map((candidate) => candidate.name))} }`;
    case "enum":
      return `enum { ${members(type.names)} }`;
    case "flags":
      return `flags { ${members(type.names)} }`;
    case "own":
      return type.resource.name;
    case "borrow":
      return `borrow<${type.resource.name}>`;
    case "stream":
    case "future":
      return type.element === undefined ? type.kind : `${type.kind}<${typeName(type.element)}>`;
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
      return type.kind;
  }
}

function resultName(ok: ValueType | undefined, err: ValueType | undefined): string {
  if (err === undefined) return ok === undefined ? "result" : `result<${typeName(ok)}>`;
  return `result<${ok === undefined ? "_" : typeName(ok)}, ${typeName(err)}>`;
}

function members(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(", ")}, ...` : names.join(", ");
}
