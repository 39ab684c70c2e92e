/**
 * Makes the type of a component, component type or instance type from its finished scope.
 */
import type { ResourceType } from "../../model/value-type.ts";
import type { BoundResource, ComponentShape, Entity, InstanceShape } from "../types/shapes.ts";
import { freeResources } from "../types/substitution.ts";
import type { Scope } from "./scope.ts";

export function closeComponent(scope: Scope): ComponentShape {
  const exportBound = boundByExports(scope);
  return scope.table.component({
    kind: "component",
    imports: scope.imports,
    exports: scope.exports,
    importBound: scope.importBound,
    exportBound,
    importAttributes: scope.importNames.attributes,
    exportAttributes: scope.exportNames.attributes,
  });
}

export function closeInstance(scope: Scope): InstanceShape {
  return scope.table.instance({
    kind: "instance",
    exports: scope.exports,
    bound: boundByExports(scope),
    attributes: scope.exportNames.attributes,
  });
}

/** The resource types that came into being in the scope and are exported, each at its first place. */
function boundByExports(scope: Scope): BoundResource[] {
  const { table } = scope;
  const found = new Map<ResourceType, BoundResource>();
  const visit = (name: string, entity: Entity, path: readonly string[]): void => {
    table.spend(1 + path.length);
    const here = [...path, name];
    if (entity.kind === "type" && entity.type.kind === "resource") {
      const resource = table.identity(entity.type);
      if (scope.introduced.has(resource) && !found.has(resource)) {
        found.set(resource, { resource, path: here });
      }
    } else if (entity.kind === "instance" && table.info(entity).resources) {
      for (const [inner, exported] of entity.exports) {
        visit(inner, exported, here);
      }
    }
  };
  for (const [name, entity] of scope.exports) {
    visit(name, entity, []);
  }
  if (scope.introduced.size > found.size) {
    for (const resource of freeResources(scope.exports.values(), table)) {
      if (scope.introduced.has(resource) && !found.has(resource)) {
        scope.fail(`local resource type ${resource.name} found in export but was not exported itself`);
      }
    }
  }
  return [...found.values()];
}
