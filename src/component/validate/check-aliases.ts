/**
 * Checks aliases: names for what an instance exports or an enclosing scope has.
 *
 * Source: component-model `Binary.md`, section "Alias Definitions".
 */
import type { CoreExternType } from "../../model/extern-type.ts";
import type { AliasDefinition, CoreSort, Sort } from "../binary/ir.ts";
import { entitySort } from "../types/shapes.ts";
import { freeResources } from "../types/substitution.ts";
import type { Scope } from "./scope.ts";

export function checkAlias(scope: Scope, alias: AliasDefinition): void {
  if (scope.kind !== "component" && !allowedInTypes(alias)) {
    scope.fail("aliases in component and instance types may only refer to types or instances");
  }
  switch (alias.target) {
    case "export":
      aliasExport(scope, alias.sort, alias.instance, alias.name);
      return;
    case "core export":
      aliasCoreExport(scope, alias.sort, alias.instance, alias.name);
      return;
    case "outer":
      aliasOuter(scope, alias.sort, alias.count, alias.index);
      return;
  }
}

function allowedInTypes(alias: AliasDefinition): boolean {
  switch (alias.target) {
    case "export":
      return alias.sort === "type" || alias.sort === "instance";
    case "core export":
      return false;
    case "outer":
      return alias.sort === "type" || alias.sort === "core type";
  }
}

function aliasExport(scope: Scope, sort: Sort, instance: number, name: string): void {
  const entity = scope.get("instance", instance).exports.get(name);
  if (entity === undefined) {
    scope.fail(`instance ${instance} has no export named \`${name}\``);
  }
  if (entitySort(entity) !== sort) {
    scope.fail(
      `export \`${name}\` of instance ${instance} is not a ${sort.replace("core ", "")}, but a ${entitySort(entity)}`,
    );
  }
  scope.pushEntity(entity);
  if (sort !== "type") {
    scope.operations.push({ kind: "alias export", sort, instance, name });
  }
}

const coreSorts: { readonly [K in CoreExternType["kind"]]: CoreSort } = {
  func: "core func",
  table: "core table",
  memory: "core memory",
  global: "core global",
  tag: "core tag",
};

function aliasCoreExport(scope: Scope, sort: Sort, instance: number, name: string): void {
  const type = scope.get("core instance", instance).get(name);
  if (type === undefined) {
    scope.fail(`core instance ${instance} has no export named \`${name}\``);
  }
  if (coreSorts[type.kind] !== sort) {
    scope.fail(
      `export \`${name}\` of core instance ${instance} is not a ${sort}, but a ${coreSorts[type.kind]}`,
    );
  }
  pushCore(scope, type);
  scope.operations.push({ kind: "alias core export", sort, instance, name });
}

function pushCore(scope: Scope, type: CoreExternType): void {
  switch (type.kind) {
    case "func":
      scope.push("core func", type.type);
      return;
    case "table":
      scope.push("core table", type);
      return;
    case "memory":
      scope.push("core memory", type);
      return;
    case "global":
      scope.push("core global", type);
      return;
    case "tag":
      scope.push("core tag", type);
      return;
  }
}

function aliasOuter(scope: Scope, sort: Sort, count: number, index: number): void {
  let outer: Scope | undefined = scope;
  let components = 0;
  for (let i = 0; i < count && outer !== undefined; i++) {
    components += outer.kind === "component" ? 1 : 0;
    outer = outer.parent;
  }
  if (outer === undefined) {
    scope.fail(`invalid outer alias count of ${count}`);
  }
  switch (sort) {
    case "type": {
      const type = outer.get("type", index);
      if (components > 0 && freeResources([type], scope.table).size > 0) {
        scope.fail(
          "cannot alias an outer type which transitively refers to resources not defined in the current component",
        );
      }
      scope.push("type", type);
      return;
    }
    case "core type":
      scope.push("core type", outer.get("core type", index));
      return;
    case "core module":
      scope.push("core module", outer.get("core module", index));
      break;
    case "component":
      scope.push("component", outer.get("component", index));
      break;
    default:
      scope.fail(`outer aliases may not refer to a ${sort}`);
  }
  scope.operations.push({ kind: "alias outer", sort, count: components, index });
}
