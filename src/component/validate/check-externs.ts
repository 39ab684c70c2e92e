/**
 * Checks imports and exports, of components and of component and instance types.
 *
 * Source: component-model `Binary.md`, section "Import and Export Definitions".
 */

import type { ExportDeclarator, ExportDefinition, ExternTypeNode, ImportDefinition } from "../binary/ir.ts";
import { type BoundResource, describeType, type Entity } from "../types/shapes.ts";
import { Substitution } from "../types/substitution.ts";
import { entityAt, entityMismatch } from "../types/subtype.ts";
import { reference } from "./check-instances.ts";
import type { Scope } from "./scope.ts";
import { nameTypes } from "./visibility.ts";

interface Opened {
  readonly entity: Entity;
  /** Resource types that the declaration brings into being; paths lead inwards from the entity. */
  readonly fresh: readonly BoundResource[];
}

/** The entity that a declaration stands for, with resource types of its own for those that it binds. */
function open(scope: Scope, node: ExternTypeNode, name: string): Opened {
  const { table } = scope;
  switch (node.sort) {
    case "core module": {
      const type = scope.get("core type", node.type);
      return type.kind === "module"
        ? { entity: type, fresh: [] }
        : scope.fail(`core type index ${node.type} is not a module type`);
    }
    case "func":
      return { entity: scope.funcType(node.type), fresh: [] };
    case "type": {
      if (node.bound === "sub resource") {
        const resource = table.resource(name);
        return {
          entity: { kind: "type", type: resource, referenced: resource },
          fresh: [{ resource, path: [] }],
        };
      }
      return { entity: newName(scope, scope.entity("type", node.bound)), fresh: [] };
    }
    case "component": {
      const type = scope.get("type", node.type);
      return type.kind === "component"
        ? { entity: type, fresh: [] }
        : scope.fail(`type index ${node.type} is not a component type, but a ${describeType(type)}`);
    }
    case "instance": {
      const type = scope.get("type", node.type);
      if (type.kind !== "instance") {
        return scope.fail(`type index ${node.type} is not an instance type, but a ${describeType(type)}`);
      }
      const substitution = new Substitution(table);
      const fresh = type.bound.map(({ resource, path }): BoundResource => {
        table.spend(1 + path.length);
        const own = table.resource(resource.name);
        substitution.replace(resource, own);
        return { resource: own, path };
      });
      const exports = substitution.instance(type).exports;
      return {
        entity: table.instance({ kind: "instance", exports, bound: [], attributes: type.attributes }),
        fresh,
      };
    }
  }
}

/** An exported type is a new name for it. */
function newName(scope: Scope, entity: Entity): Entity {
  return entity.kind === "type"
    ? { kind: "type", type: scope.table.rename(entity.type), referenced: entity.type }
    : entity;
}

export function checkImport(scope: Scope, definition: ImportDefinition): void {
  const { name } = definition.name;
  const { entity, fresh } = open(scope, definition.type, name);
  scope.importNames.add(definition.name, entity);
  nameTypes(scope, "import", entity);
  for (const { resource, path } of fresh) {
    scope.importBound.push({ resource, path: [name, ...path] });
  }
  scope.imports.set(name, entity);
  scope.pushEntity(entity);
  scope.operations.push({ kind: "import", name, entity });
}

export function checkExportDeclarator(scope: Scope, declarator: ExportDeclarator): void {
  const { name } = declarator.name;
  const { entity, fresh } = open(scope, declarator.type, name);
  addExport(scope, declarator, entity, fresh);
}

export function checkExport(scope: Scope, definition: ExportDefinition): void {
  const { table } = scope;
  const { item, name } = definition;
  const actual = scope.entity(item.sort, item.index);
  let opened: Opened;
  if (definition.type === undefined) {
    opened = { entity: newName(scope, actual), fresh: [] };
  } else {
    opened = open(scope, definition.type, name.name);
    const substitution = new Substitution(table);
    for (const { resource, path } of opened.fresh) {
      const found =
        path.length === 0 ? actual : actual.kind === "instance" ? entityAt(actual.exports, path) : undefined;
      if (found?.kind !== "type" || found.type.kind !== "resource") {
        scope.fail(
          `ascribed type of export is not compatible with item's type: expected a resource at \`${[name.name, ...path].join("` `")}\``,
        );
      }
      substitution.replaceByName(resource, found.type);
    }
    const mismatch = entityMismatch(actual, substitution.entity(opened.entity), table);
    if (mismatch !== undefined) {
      scope.fail(`ascribed type of export is not compatible with item's type: ${mismatch}`);
    }
  }
  addExport(scope, definition, opened.entity, opened.fresh);
  scope.operations.push({
    kind: "export",
    name: name.name,
    item: reference(scope, item),
    entity: opened.entity,
    fresh: opened.fresh,
  });
}

function addExport(
  scope: Scope,
  definition: ExportDefinition | ExportDeclarator,
  entity: Entity,
  fresh: readonly BoundResource[],
): void {
  scope.exportNames.add(definition.name, entity);
  nameTypes(scope, "export", entity);
  for (const { resource } of fresh) {
    scope.introduced.add(resource);
  }
  scope.exports.set(definition.name.name, entity);
  scope.pushEntity(entity);
}
