/**
 * Types and signatures as WIT text.
 */
import type { Func, Type, TypeDef } from "../model/resolve.ts";
import { isKeyword } from "./lexer.ts";
import { MAX_TYPE_DEPTH } from "./limits.ts";

/** A name, with `%` where it would be a keyword. */
export function nameText(name: string): string {
  return isKeyword(name) ? `%${name}` : name;
}

/** `async func(a: u32) -> string` */
export function signatureText(func: Func): string {
  const params = func.params.map((param) => `${nameText(param.name)}: ${typeText(param.type)}`).join(", ");
  const result = func.result === undefined ? "" : ` -> ${typeText(func.result)}`;
  return `${func.async ? "async " : ""}func(${params})${result}`;
}

/** Whether a constructor returns what it constructs, which is not written. */
export function isShorthandConstructor(func: Func): boolean {
  const { kind, result } = func;
  if (kind.kind !== "constructor" || typeof result !== "object" || result.name !== undefined) return false;
  return result.type.kind === "own" && result.type.resource === kind.resource;
}

/** A type as it is written where it is used, or, for a definition, after `type name =`. */
export function typeText(type: Type, as: "use" | "definition" = "use", depth = 0): string {
  if (typeof type === "string") return type;
  if (as === "use" && type.name !== undefined) return nameText(type.name);
  // Text cannot nest deeper, and neither do encoded packages that the loader accepts.
  if (depth > MAX_TYPE_DEPTH) throw new Error("unreachable: a type without a name nests too deep");
  const part = (inner: Type): string => typeText(inner, "use", depth + 1);
  const { type: kind } = type;
  switch (kind.kind) {
    case "tuple":
      return `tuple<${kind.types.map(part).join(", ")}>`;
    case "list":
      return `list<${part(kind.element)}>`;
    case "fixed-length-list":
      return `list<${part(kind.element)}, ${kind.length}>`;
    case "map":
      return `map<${part(kind.key)}, ${part(kind.value)}>`;
    case "option":
      return `option<${part(kind.some)}>`;
    case "result":
      if (kind.err === undefined) return kind.ok === undefined ? "result" : `result<${part(kind.ok)}>`;
      return `result<${kind.ok === undefined ? "_" : part(kind.ok)}, ${part(kind.err)}>`;
    case "stream":
    case "future":
      return kind.element === undefined ? kind.kind : `${kind.kind}<${part(kind.element)}>`;
    case "own":
      // In place, the name of a resource means a handle that owns one.
      return as === "use" ? resourceText(kind.resource) : `own<${resourceText(kind.resource)}>`;
    case "borrow":
      return `borrow<${resourceText(kind.resource)}>`;
    case "alias":
      return part(kind.target);
    case "record":
    case "variant":
    case "enum":
    case "flags":
    case "resource":
      // These have names: text cannot define them in place.
      return nameText(type.name ?? kind.kind);
  }
}

function resourceText(type: TypeDef): string {
  return nameText(type.name ?? "");
}
