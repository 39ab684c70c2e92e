/**
 * Checks instances: of core modules, of components, and made of exports.
 *
 * Source: component-model `Binary.md`, section "Instance Definitions".
 */
import type { CoreExternType } from "../model/extern-type.ts";
import type { NamedReference } from "./checked.ts";
import type { CoreInstanceDefinition, InstanceDefinition, NamedIndex, SortIndex } from "./ir.ts";
import { NameScope } from "./name-scope.ts";
import type { Scope } from "./scope.ts";
import type { BoundResource, Entity, InstanceShape } from "./shapes.ts";
import { Substitution } from "./substitution.ts";
import { coreMismatch, entityMismatch, matchResources } from "./subtype.ts";

export function checkCoreInstance(scope: Scope, definition: CoreInstanceDefinition): void {
  const { expression } = definition;
  if (expression.kind === "exports") {
    const exports = new Map<string, CoreExternType>();
    const references: NamedReference[] = [];
    for (const item of expression.exports) {
      scope.table.offset = item.offset;
      if (exports.has(item.name)) {
        scope.fail(`export name \`${item.name}\` already defined`);
      }
      exports.set(item.name, coreExtern(scope, item));
      references.push({ name: item.name, item: reference(scope, item) });
    }
    scope.push("core instance", exports);
    scope.operations.push({ kind: "core exports", exports: references });
    return;
  }
  const module = scope.get("core module", expression.module);
  const args = new Map<string, ReadonlyMap<string, CoreExternType>>();
  for (const { name, instance, offset } of expression.args) {
    scope.table.offset = offset;
    if (args.has(name)) {
      scope.fail(`duplicate module instantiation argument named \`${name}\``);
    }
    args.set(name, scope.get("core instance", instance));
  }
  scope.table.offset = definition.offset;
  scope.table.spend(module.imports.length);
  for (const wanted of module.imports) {
    const instance = args.get(wanted.module);
    if (instance === undefined) {
      scope.fail(`missing module instantiation argument named \`${wanted.module}\``);
    }
    const given = instance.get(wanted.name);
    if (given === undefined) {
      scope.fail(
        `module instantiation argument \`${wanted.module}\` does not export an item named \`${wanted.name}\``,
      );
    }
    const mismatch = coreMismatch(given, wanted.type);
    if (mismatch !== undefined) {
      scope.fail(`type mismatch for import \`${wanted.module}\` \`${wanted.name}\`: ${mismatch}`);
    }
  }
  scope.push("core instance", module.exports);
  scope.operations.push({ kind: "core instantiate", module: expression.module, args: expression.args });
}

function coreExtern(scope: Scope, { sort, index }: SortIndex): CoreExternType {
  switch (sort) {
    case "core func":
      return { kind: "func", type: scope.get("core func", index) };
    case "core table":
    case "core memory":
    case "core global":
    case "core tag":
      return scope.get(sort, index);
    default:
      return scope.fail(`a ${sort} can not be exported from a core instance`);
  }
}

/** What an operation keeps of an index that has been checked. */
export function reference(scope: Scope, { sort, index }: SortIndex): NamedReference["item"] {
  return sort === "type" ? { sort, type: scope.get("type", index) } : { sort, index };
}

export function checkInstance(scope: Scope, definition: InstanceDefinition): void {
  const { expression } = definition;
  if (expression.kind === "exports") {
    const exports = new Map<string, Entity>();
    const names = new NameScope("export", scope.table);
    const references: NamedReference[] = [];
    for (const { name, item } of expression.exports) {
      scope.table.offset = name.offset;
      const entity = newName(scope, scope.entity(item.sort, item.index));
      names.add(name, entity);
      exports.set(name.name, entity);
      references.push({ name: name.name, item: reference(scope, item) });
    }
    scope.push("instance", scope.table.instance({ kind: "instance", exports, bound: [] }));
    scope.operations.push({ kind: "exports", exports: references });
    return;
  }
  instantiate(scope, definition.offset, expression.component, expression.args);
}

/** An exported type is a new name for it. */
export function newName(scope: Scope, entity: Entity): Entity {
  return entity.kind === "type"
    ? { kind: "type", type: scope.table.rename(entity.type), referenced: entity.type }
    : entity;
}

function instantiate(scope: Scope, offset: number, index: number, args: readonly NamedIndex[]): void {
  const { table } = scope;
  const component = scope.get("component", index);
  const given = new Map<string, Entity>();
  const references: NamedReference[] = [];
  for (const arg of args) {
    table.offset = arg.offset;
    if (given.has(arg.name)) {
      scope.fail(`instantiation argument \`${arg.name}\` conflicts with previous argument \`${arg.name}\``);
    }
    given.set(arg.name, scope.entity(arg.sort, arg.index));
    references.push({ name: arg.name, item: reference(scope, arg) });
  }
  table.offset = offset;
  const substitution = new Substitution(table);
  const missing = matchResources(component.importBound, given, substitution);
  if (missing !== undefined) {
    scope.fail(missing);
  }
  for (const [name, wanted] of component.imports) {
    const arg = given.get(name);
    if (arg === undefined) {
      scope.fail(`missing import named \`${name}\``);
    }
    const mismatch = entityMismatch(arg, substitution.entity(wanted), table);
    if (mismatch !== undefined) {
      scope.fail(`type mismatch for import \`${name}\`: ${mismatch}`);
    }
  }
  const fresh: BoundResource[] = [];
  for (const { resource, path } of component.exportBound) {
    const own = table.resource(resource.name);
    substitution.replace(resource, own);
    scope.introduced.add(own);
    fresh.push({ resource: own, path });
  }
  const exports = new Map<string, Entity>();
  for (const [name, entity] of component.exports) {
    exports.set(name, substitution.entity(entity));
  }
  const shape: InstanceShape = table.instance({ kind: "instance", exports, bound: [] });
  scope.push("instance", shape);
  scope.operations.push({ kind: "instantiate", component: index, args: references, fresh });
}
