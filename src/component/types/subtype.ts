/**
 * Whether one type can stand where another is expected.
 *
 * Each function returns undefined if it can, or says how it cannot: "type mismatch in parameter `x`:
 * expected u32, found string".
 *
 * Source: component-model `Explainer.md`, section "Type Checking".
 */
import type { CoreExternType, CoreFuncType, CoreLimits, ModuleType } from "../../model/extern-type.ts";
import type { FuncType, ResourceType, ValueType } from "../../model/value-type.ts";
import {
  type AnyType,
  type BoundResource,
  type ComponentShape,
  describeType,
  type Entity,
  entitySort,
  type InstanceShape,
  isValueType,
} from "./shapes.ts";
import { Substitution } from "./substitution.ts";
import type { TypeTable } from "./type-table.ts";

type Mismatch = string | undefined;

export function entityMismatch(actual: Entity, expected: Entity, table: TypeTable): Mismatch {
  table.spend(1);
  if (actual.kind === "func" && expected.kind === "func") {
    return funcMismatch(actual, expected, table);
  }
  if (actual.kind === "instance" && expected.kind === "instance") {
    return instanceMismatch(actual, expected, table);
  }
  if (actual.kind === "component" && expected.kind === "component") {
    return componentMismatch(actual, expected, table);
  }
  if (actual.kind === "module" && expected.kind === "module") {
    return moduleMismatch(actual, expected, table);
  }
  if (actual.kind === "type" && expected.kind === "type") {
    return typeMismatch(actual.type, expected.type, table);
  }
  return `expected ${entitySort(expected)}, found ${entitySort(actual)}`;
}

/** Types as such must be equal, not only a subtype. */
function typeMismatch(actual: AnyType, expected: AnyType, table: TypeTable): Mismatch {
  if (isValueType(actual) && isValueType(expected)) {
    return valueMismatch(actual, expected, table);
  }
  if (actual.kind === "resource" && expected.kind === "resource") {
    return resourceMismatch(actual, expected, table);
  }
  if (actual.kind === "func" && expected.kind === "func") {
    return funcMismatch(actual, expected, table);
  }
  if (actual.kind === "instance" && expected.kind === "instance") {
    return instanceMismatch(actual, expected, table) ?? instanceMismatch(expected, actual, table);
  }
  if (actual.kind === "component" && expected.kind === "component") {
    return componentMismatch(actual, expected, table) ?? componentMismatch(expected, actual, table);
  }
  return `expected ${describeType(expected)}, found ${describeType(actual)}`;
}

function resourceMismatch(actual: ResourceType, expected: ResourceType, table: TypeTable): Mismatch {
  return table.sameResource(actual, expected)
    ? undefined
    : `resource types are not the same (expected ${expected.name}, found ${actual.name})`;
}

/** Equality is a comparison of ids; only where they differ is the difference looked for. */
function valueMismatch(actual: ValueType, expected: ValueType, table: TypeTable): Mismatch {
  if (table.sameValueType(actual, expected)) {
    return undefined;
  }
  table.spend(1);
  const within = (what: string, a: ValueType | undefined, e: ValueType | undefined): Mismatch => {
    if (a === undefined || e === undefined) {
      return a === e
        ? undefined
        : `expected ${what}${e === undefined ? " to not be present" : ", but found none"}`;
    }
    const inner = valueMismatch(a, e, table);
    return inner === undefined ? undefined : `type mismatch in ${what}: ${inner}`;
  };
  if (actual.kind === "record" && expected.kind === "record") {
    return fieldsMismatch("field", actual.fields, expected.fields, within);
  }
  if (actual.kind === "variant" && expected.kind === "variant") {
    return fieldsMismatch("case", actual.cases, expected.cases, within);
  }
  if (actual.kind === "tuple" && expected.kind === "tuple") {
    if (actual.elements.length !== expected.elements.length) {
      return `expected ${expected.elements.length} types, found ${actual.elements.length}`;
    }
    return first(expected.elements, (element, i) => within(`tuple field ${i}`, actual.elements[i], element));
  }
  if (actual.kind === "result" && expected.kind === "result") {
    return within("ok type", actual.ok, expected.ok) ?? within("err type", actual.err, expected.err);
  }
  if (actual.kind === "option" && expected.kind === "option") {
    return within("option", actual.some, expected.some);
  }
  if (actual.kind === "map" && expected.kind === "map") {
    return within("map key", actual.key, expected.key) ?? within("map value", actual.value, expected.value);
  }
  if (actual.kind === "fixed-length-list" && expected.kind === "fixed-length-list") {
    if (actual.length !== expected.length) {
      return `expected a list of ${expected.length} elements, found one of ${actual.length}`;
    }
    return within("list element", actual.element, expected.element);
  }
  if (actual.kind === "list" && expected.kind === "list") {
    return within("list element", actual.element, expected.element);
  }
  if (actual.kind === "flags" && expected.kind === "flags") {
    return "mismatch in flags elements";
  }
  if (actual.kind === "enum" && expected.kind === "enum") {
    return "mismatch in enum elements";
  }
  if ((actual.kind === "own" || actual.kind === "borrow") && actual.kind === expected.kind) {
    return resourceMismatch(actual.resource, expected.resource, table);
  }
  return `expected ${expected.kind}, found ${actual.kind}`;
}

interface Part {
  readonly name: string;
  readonly type: ValueType | undefined;
}

function fieldsMismatch(
  what: string,
  actual: readonly Part[],
  expected: readonly Part[],
  within: (what: string, a: ValueType | undefined, e: ValueType | undefined) => Mismatch,
): Mismatch {
  if (actual.length !== expected.length) {
    return `expected ${expected.length} ${what}s, found ${actual.length}`;
  }
  return first(expected, (part, i) => {
    const other = actual[i];
    if (other?.name !== part.name) {
      return `expected ${what} named \`${part.name}\`, found \`${other?.name}\``;
    }
    return within(`${what} \`${part.name}\``, other.type, part.type);
  });
}

function first<T>(items: readonly T[], check: (item: T, index: number) => Mismatch): Mismatch {
  for (const [i, item] of items.entries()) {
    const mismatch = check(item, i);
    if (mismatch !== undefined) {
      return mismatch;
    }
  }
  return undefined;
}

function funcMismatch(actual: FuncType, expected: FuncType, table: TypeTable): Mismatch {
  if (actual === expected) {
    return undefined;
  }
  table.spend(1 + expected.params.length);
  if (actual.async !== expected.async) {
    return `expected ${expected.async ? "an async" : "a sync"} function, found ${actual.async ? "an async" : "a sync"} one`;
  }
  if (actual.params.length !== expected.params.length) {
    return `expected ${expected.params.length} parameters, found ${actual.params.length}`;
  }
  const mismatch = first(expected.params, (param, i) => {
    const other = actual.params[i];
    if (other?.name !== param.name) {
      return `expected parameter named \`${param.name}\`, found \`${other?.name}\``;
    }
    const inner = valueMismatch(other.type, param.type, table);
    return inner === undefined
      ? undefined
      : `type mismatch in function parameter \`${param.name}\`: ${inner}`;
  });
  if (mismatch !== undefined) {
    return mismatch;
  }
  if (actual.result === undefined || expected.result === undefined) {
    return actual.result === expected.result
      ? undefined
      : `expected ${expected.result === undefined ? "no result, found one" : "a result, found none"}`;
  }
  const inner = valueMismatch(actual.result, expected.result, table);
  return inner === undefined ? undefined : `type mismatch with result type: ${inner}`;
}

function instanceMismatch(actual: InstanceShape, expected: InstanceShape, table: TypeTable): Mismatch {
  if (actual === expected) {
    return undefined;
  }
  const opened = new Substitution(table);
  const missing = matchResources(expected.bound, actual.exports, opened, table);
  if (missing !== undefined) {
    return missing;
  }
  return entitiesMismatch("instance export", actual.exports, expected.exports, table, (entity) =>
    opened.entity(entity),
  );
}

function entitiesMismatch(
  what: string,
  actual: ReadonlyMap<string, Entity>,
  expected: ReadonlyMap<string, Entity>,
  table: TypeTable,
  open: (expected: Entity) => Entity,
): Mismatch {
  for (const [name, entity] of expected) {
    table.spend(1);
    const other = actual.get(name);
    if (other === undefined) {
      return `missing expected ${what.includes("import") ? "import" : "export"} \`${name}\``;
    }
    const mismatch = entityMismatch(other, open(entity), table);
    if (mismatch !== undefined) {
      return `type mismatch in ${what} \`${name}\`: ${mismatch}`;
    }
  }
  return undefined;
}

function componentMismatch(actual: ComponentShape, expected: ComponentShape, table: TypeTable): Mismatch {
  if (actual === expected) {
    return undefined;
  }
  // The actual component is given what the expected one promises to import, and must need no more.
  const imports = new Substitution(table);
  const missingImport = matchResources(actual.importBound, expected.imports, imports, table);
  if (missingImport !== undefined) {
    return missingImport;
  }
  for (const [name, entity] of actual.imports) {
    table.spend(1);
    const given = expected.imports.get(name);
    if (given === undefined) {
      return `missing expected import \`${name}\``;
    }
    const mismatch = entityMismatch(given, imports.entity(entity), table);
    if (mismatch !== undefined) {
      return `type mismatch in component import \`${name}\`: ${mismatch}`;
    }
  }
  const exports = new Map<string, Entity>();
  for (const [name, entity] of actual.exports) {
    exports.set(name, imports.entity(entity));
  }
  const opened = new Substitution(table);
  const missingExport = matchResources(expected.exportBound, exports, opened, table);
  if (missingExport !== undefined) {
    return missingExport;
  }
  return entitiesMismatch("component export", exports, expected.exports, table, (entity) =>
    opened.entity(entity),
  );
}

/** Maps each bound resource to the resource that stands at its path in `items`. */
export function matchResources(
  bound: readonly BoundResource[],
  items: ReadonlyMap<string, Entity>,
  substitution: Substitution,
  table: TypeTable,
): Mismatch {
  for (const { resource, path } of bound) {
    table.spend(1 + path.length);
    const entity = entityAt(items, path);
    const shown = path.join("` `");
    if (entity === undefined) {
      return `missing import named \`${shown}\``;
    }
    if (entity.kind !== "type") {
      return `type mismatch for \`${shown}\`: expected type, found ${entitySort(entity)}`;
    }
    if (entity.type.kind !== "resource") {
      return `type mismatch for \`${shown}\`: expected resource, found ${describeType(entity.type)}`;
    }
    substitution.replace(resource, entity.type);
  }
  return undefined;
}

export function entityAt(items: ReadonlyMap<string, Entity>, path: readonly string[]): Entity | undefined {
  let exports: ReadonlyMap<string, Entity> | undefined = items;
  let entity: Entity | undefined;
  for (const name of path) {
    entity = exports?.get(name);
    exports = entity?.kind === "instance" ? entity.exports : undefined;
  }
  return entity;
}

export function moduleMismatch(actual: ModuleType, expected: ModuleType, table: TypeTable): Mismatch {
  if (actual === expected) {
    return undefined;
  }
  table.spend(actual.imports.length + expected.imports.length + expected.exports.size);
  const given = new Map<string, Map<string, CoreExternType>>();
  for (const { module, name, type } of expected.imports) {
    const names = given.get(module) ?? new Map<string, CoreExternType>();
    names.set(name, type);
    given.set(module, names);
  }
  for (const { module, name, type } of actual.imports) {
    const other = given.get(module)?.get(name);
    if (other === undefined) {
      return `missing expected import \`${module}::${name}\``;
    }
    const mismatch = coreMismatch(other, type);
    if (mismatch !== undefined) {
      return `type mismatch in import \`${module}::${name}\`: ${mismatch}`;
    }
  }
  for (const [name, type] of expected.exports) {
    const other = actual.exports.get(name);
    if (other === undefined) {
      return `missing expected export \`${name}\``;
    }
    const mismatch = coreMismatch(other, type);
    if (mismatch !== undefined) {
      return `type mismatch in export \`${name}\`: ${mismatch}`;
    }
  }
  return undefined;
}

/** Core import matching. Types that name other types by index are left to V8, which knows them. */
export function coreMismatch(actual: CoreExternType, expected: CoreExternType): Mismatch {
  if (actual.kind === "func" && expected.kind === "func") {
    return coreFuncMismatch(actual.type, expected.type);
  }
  if (actual.kind === "tag" && expected.kind === "tag") {
    return coreFuncMismatch(actual.type, expected.type);
  }
  if (actual.kind === "global" && expected.kind === "global") {
    if (actual.mutable !== expected.mutable) {
      return "global types differ in mutability";
    }
    return sameCoreType(actual.type, expected.type)
      ? undefined
      : `expected global type ${expected.type}, found ${actual.type}`;
  }
  if (actual.kind === "table" && expected.kind === "table") {
    if (!sameCoreType(actual.element, expected.element)) {
      return `expected table element type ${expected.element}, found ${actual.element}`;
    }
    return limitsMismatch("table", actual.limits, expected.limits);
  }
  if (actual.kind === "memory" && expected.kind === "memory") {
    return limitsMismatch("memory", actual.limits, expected.limits);
  }
  return `expected ${expected.kind}, found ${actual.kind}`;
}

function limitsMismatch(what: string, actual: CoreLimits, expected: CoreLimits): Mismatch {
  if (actual.index64 !== expected.index64) {
    return `mismatch in index type used for ${what}`;
  }
  if (actual.shared !== expected.shared) {
    return "mismatch in the shared flag for memories";
  }
  const max = expected.max;
  const fits =
    actual.min >= expected.min && (max === undefined || (actual.max !== undefined && actual.max <= max));
  return fits ? undefined : `mismatch in ${what} limits`;
}

function coreFuncMismatch(actual: CoreFuncType, expected: CoreFuncType): Mismatch {
  const same =
    actual.params.length === expected.params.length &&
    actual.results.length === expected.results.length &&
    actual.params.every((type, i) => sameCoreType(type, expected.params[i])) &&
    actual.results.every((type, i) => sameCoreType(type, expected.results[i]));
  return same ? undefined : `expected: ${printCoreFunc(expected)}, found: ${printCoreFunc(actual)}`;
}

function sameCoreType(a: string, b: string | undefined): boolean {
  // A type that mentions an index, "(ref 3)", or is a reference whose subtypes V8 must judge.
  return a === b || (isReference(a) && b !== undefined && isReference(b) && (isIndexed(a) || isIndexed(b)));
}

function isReference(type: string): boolean {
  return type.startsWith("(ref") || type.endsWith("ref");
}

function isIndexed(type: string): boolean {
  return /\d\)$/.test(type);
}

export function printCoreFunc(type: CoreFuncType): string {
  const list = (name: string, types: readonly string[]): string =>
    types.length === 0 ? "" : ` (${name} ${types.join(" ")})`;
  return `(func${list("param", type.params)}${list("result", type.results)})`;
}
