/**
 * Compares the type that a linker has for a function with the one that a component imports.
 *
 * Types are compared by structure, resources by what the linker has defined for them. Names of parameters do
 * not count: JavaScript passes by position.
 */
import { printValueType } from "../model/print-type.ts";
import type { FuncType, ResourceType, ValueType } from "../model/value-type.ts";

/** Whether the component's resource type (first) is the one that the linker knows (second). */
export type SameResource = (component: ResourceType, linker: ResourceType) => boolean;

/** The first difference, in words: "parameter `value`: u64 in the component, u32 in the linker". */
export function findDifference(
  component: FuncType,
  linker: FuncType,
  sameResource: SameResource,
): string | undefined {
  if (component.async !== linker.async) {
    return component.async
      ? "the function is async in the component only"
      : "the function is async in the linker only";
  }
  if (component.params.length !== linker.params.length) {
    return `number of parameters: ${component.params.length} in the component, ${linker.params.length} in the linker`;
  }
  for (const [i, param] of component.params.entries()) {
    const found = compare(param.type, linker.params[i]?.type, sameResource, "");
    if (found !== undefined) return `parameter \`${param.name}\`${found}`;
  }
  const found = compare(component.result, linker.result, sameResource, "");
  return found === undefined ? undefined : `result${found}`;
}

/** The path to the difference, and the difference. */
function compare(
  a: ValueType | undefined,
  b: ValueType | undefined,
  same: SameResource,
  path: string,
): string | undefined {
  if (a === undefined || b === undefined) return a === b ? undefined : difference(a, b, path);
  switch (a.kind) {
    case "record":
      if (b.kind !== "record") break;
      return (
        compareNames(a.fields, b.fields, path, "field") ??
        first(a.fields, (field, i) => compare(field.type, b.fields[i]?.type, same, `${path}.${field.name}`))
      );
    case "variant":
      if (b.kind !== "variant") break;
      return (
        compareNames(a.cases, b.cases, path, "case") ??
        first(a.cases, (c, i) => compare(c.type, b.cases[i]?.type, same, `${path}.${c.name}`))
      );
    case "enum":
    case "flags":
      if (b.kind !== a.kind) break;
      return compareNames(named(a.names), named(b.names), path, a.kind === "enum" ? "case" : "flag");
    case "tuple":
      if (b.kind !== "tuple" || a.elements.length !== b.elements.length) break;
      return first(a.elements, (element, i) => compare(element, b.elements[i], same, `${path}.${i}`));
    case "list":
      if (b.kind !== "list") break;
      return compare(a.element, b.element, same, `${path}[]`);
    case "fixed-length-list":
      if (b.kind !== "fixed-length-list" || a.length !== b.length) break;
      return compare(a.element, b.element, same, `${path}[]`);
    case "map":
      if (b.kind !== "map") break;
      return compare(a.key, b.key, same, `${path}.key`) ?? compare(a.value, b.value, same, `${path}.value`);
    case "option":
      if (b.kind !== "option") break;
      return compare(a.some, b.some, same, `${path}?`);
    case "result":
      if (b.kind !== "result") break;
      return compare(a.ok, b.ok, same, `${path}.ok`) ?? compare(a.err, b.err, same, `${path}.err`);
    case "own":
    case "borrow":
      if (b.kind !== a.kind) break;
      return same(a.resource, b.resource)
        ? undefined
        : `${path}: ${printValueType(a)} is another resource type in the linker`;
    case "stream":
    case "future":
      if (b.kind !== a.kind) break;
      return compare(a.element, b.element, same, `${path}<>`);
    default:
      if (b.kind === a.kind) return undefined;
  }
  return difference(a, b, path);
}

function difference(a: ValueType | undefined, b: ValueType | undefined, path: string): string {
  const print = (type: ValueType | undefined) => (type === undefined ? "nothing" : printValueType(type));
  return `${path}: ${print(a)} in the component, ${print(b)} in the linker`;
}

interface Named {
  readonly name: string;
}

function named(names: readonly string[]): Named[] {
  return names.map((name) => ({ name }));
}

function compareNames(
  a: readonly Named[],
  b: readonly Named[],
  path: string,
  what: string,
): string | undefined {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a[i]?.name, b[i]?.name];
    if (left === right) continue;
    if (left === undefined) return `${path}: ${what} \`${right}\` is in the linker only`;
    if (right === undefined) return `${path}: ${what} \`${left}\` is in the component only`;
    return `${path}: ${what} ${i + 1} is \`${left}\` in the component, \`${right}\` in the linker`;
  }
  return undefined;
}

function first<T>(items: readonly T[], find: (item: T, i: number) => string | undefined): string | undefined {
  for (const [i, item] of items.entries()) {
    const found = find(item, i);
    if (found !== undefined) return found;
  }
  return undefined;
}
