/**
 * Which names a type definition mentions.
 *
 * Source: `collect_deps` in wit-parser's `ast/resolve.rs`.
 */
import type * as ast from "./ast.ts";

/** The names that a type definition depends on, in order. Functions of resources do not count. */
export function mentionedNames(definition: ast.TypeDefinition): ast.Id[] {
  const names: ast.Id[] = [];
  collectNames(definition, names);
  return names;
}

function collectNames(definition: ast.TypeDefinition, names: ast.Id[]): void {
  switch (definition.kind) {
    case "alias":
      collectTypeNames(definition.type, names);
      break;
    case "record":
      for (const field of definition.fields) collectTypeNames(field.type, names);
      break;
    case "variant":
      for (const item of definition.cases) collectTypeNames(item.type, names);
      break;
    case "enum":
    case "flags":
    case "resource":
      break;
  }
}

function collectTypeNames(type: ast.TypeExpr | undefined, names: ast.Id[]): void {
  switch (type?.kind) {
    case undefined:
    case "primitive":
      break;
    case "name":
      names.push(type);
      break;
    case "own":
    case "borrow":
      names.push(type.resource);
      break;
    case "list":
    case "fixed-length-list":
    case "option":
    case "future":
    case "stream":
      collectTypeNames(type.element, names);
      break;
    case "map":
      collectTypeNames(type.key, names);
      collectTypeNames(type.value, names);
      break;
    case "tuple":
      for (const element of type.types) collectTypeNames(element, names);
      break;
    case "result":
      collectTypeNames(type.ok, names);
      collectTypeNames(type.err, names);
      break;
  }
}
