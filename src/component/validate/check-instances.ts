/**
 * Checks instances: of core modules, of components, and made of exports.
 *
 * Source: component-model `Binary.md`, section "Instance Definitions".
 */
import type { CoreExternType } from "../../model/extern-type.ts";
import type { CoreInstanceDefinition, InstanceDefinition, NamedIndex, SortIndex } from "../binary/ir.ts";
import type { BoundResource, Entity, InstanceShape } from "../types/shapes.ts";
import { Substitution } from "../types/substitution.ts";
import { coreMismatch, entityMismatch, matchResources } from "../types/subtype.ts";
import type { NamedReference } from "./checked.ts";
import { NameScope } from "./name-scope.ts";
import type { Scope } from "./scope.ts";

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
    const names = new NameScope("export", scope.table, { namesResources: false });
    const references: NamedReference[] = [];
    for (const { name, item } of expression.exports) {
      scope.table.offset = name.offset;
      // The exports of such an instance name nothing: a type is the same type, by the same name.
      const entity = scope.entity(item.sort, item.index);
      names.add(name, entity);
      exports.set(name.name, entity);
      references.push({ name: name.name, item: reference(scope, item) });
    }
    scope.push(
      "instance",
      scope.table.instance({ kind: "instance", exports, bound: [], attributes: names.attributes }),
    );
    scope.operations.push({ kind: "exports", exports: references });
    return;
  }
  instantiate(scope, definition.offset, expression.component, expression.args);
}

/** What the exports of the component call by the name of an import is, outside, the argument. */
function renameTypes(scope: Scope, wanted: Entity, arg: Entity, result: Substitution): void {
  scope.table.spend(1);
  if (wanted.kind === "type" && arg.kind === "type") {
    if (wanted.type.kind !== "resource") {
      result.replaceName(wanted.type, arg.type);
    }
  } else if (wanted.kind === "instance" && arg.kind === "instance") {
    for (const [name, entity] of wanted.exports) {
      const given = arg.exports.get(name);
      if (given !== undefined) {
        renameTypes(scope, entity, given, result);
      }
    }
  }
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
  const expected = new Substitution(table);
  const result = new Substitution(table);
  const missing =
    matchResources(component.importBound, given, expected, table) ??
    matchResources(component.importBound, given, result, table);
  if (missing !== undefined) {
    scope.fail(missing);
  }
  for (const [name, wanted] of component.imports) {
    const arg = given.get(name);
    if (arg === undefined) {
      scope.fail(`missing import named \`${name}\``);
    }
    const mismatch = entityMismatch(arg, expected.entity(wanted), table);
    if (mismatch !== undefined) {
      scope.fail(`type mismatch for import \`${name}\`: ${mismatch}`);
    }
    renameTypes(scope, wanted, arg, result);
  }
  const fresh: BoundResource[] = [];
  for (const { resource, path } of component.exportBound) {
    table.spend(1 + path.length);
    const own = table.resource(resource.name);
    result.replace(resource, own);
    scope.introduced.add(own);
    fresh.push({ resource: own, path });
  }
  const exports = new Map<string, Entity>();
  for (const [name, entity] of component.exports) {
    exports.set(name, result.entity(entity));
  }
  const shape: InstanceShape = table.instance({
    kind: "instance",
    exports,
    bound: [],
    attributes: component.exportAttributes,
  });
  scope.push("instance", shape);
  scope.operations.push({ kind: "instantiate", component: index, args: references, fresh });
}
