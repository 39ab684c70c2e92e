/**
 * The two edges of a plan: the host's items as the root component imports them, and the root's
 * exports as the host sees them.
 */
import { UnsupportedError } from "../../model/errors.ts";
import type { ResourceType } from "../../model/value-type.ts";
import type { ExportDef, ImportLeaf } from "../plan.ts";
import { type ComponentShape, type Entity, isValueType } from "../types/shapes.ts";
import { Substitution } from "../types/substitution.ts";
import type { TypeTable } from "../types/type-table.ts";
import type { Frame } from "./frame.ts";
import { type Item, known } from "./plan-items.ts";

export interface HostImports {
  /** The types of the imports, in terms of the plan's resource types. */
  readonly types: ReadonlyMap<string, Entity>;
  readonly items: ReadonlyMap<string, Item>;
  readonly leaves: readonly ImportLeaf[];
}

/** Makes the items that the host supplies, and lists the leaves among them. */
export function hostImports(shape: ComponentShape, table: TypeTable): HostImports {
  // The resource types of the plan are those that the imports bind; all other names for them go.
  const merged = new Substitution(table, "merged");
  for (const { resource } of shape.importBound) {
    merged.replace(resource, resource);
  }
  const leaves: ImportLeaf[] = [];
  const resources = new Set<ResourceType>();
  const leaf = (path: readonly string[], type: Entity): number => {
    leaves.push({ path, type });
    return leaves.length - 1;
  };
  const toItem = (entity: Entity, path: readonly string[]): Item => {
    switch (entity.kind) {
      case "func":
        return { kind: "func", type: entity, source: { kind: "import", import: leaf(path, entity) } };
      case "instance": {
        const exports = new Map<string, Item>();
        for (const [name, exported] of entity.exports) {
          exports.set(name, toItem(exported, [...path, name]));
        }
        return { kind: "instance", exports };
      }
      case "module":
        return { kind: "module", module: { kind: "import", import: leaf(path, entity) } };
      case "component":
        throw new UnsupportedError(
          "component imports",
          `the component imports a component, ${JSON.stringify(path.join(" "))}: ` +
            "a host can only supply functions, resource types and core modules",
        );
      case "type": {
        if (entity.type.kind !== "resource") {
          return { kind: "type", resource: undefined };
        }
        if (!resources.has(entity.type)) {
          // Where it comes in for the first time it is the host's to supply; later it is an alias.
          resources.add(entity.type);
          leaf(path, entity);
        }
        return { kind: "type", resource: entity.type };
      }
    }
  };
  const types = new Map<string, Entity>();
  const items = new Map<string, Item>();
  for (const [name, entity] of shape.imports) {
    const type = merged.entity(entity);
    types.set(name, type);
    items.set(name, toItem(type, [name]));
  }
  return { types, items, leaves };
}

/** What the host can reach: of each item as much as its type shows. */
export function exportDefs(
  entities: ReadonlyMap<string, Entity>,
  items: ReadonlyMap<string, Item>,
  frame: Frame,
): Map<string, ExportDef> {
  const defs = new Map<string, ExportDef>();
  for (const [name, entity] of entities) {
    const def = exportDef(entity, known(items.get(name), `export ${name}`), frame);
    if (def !== undefined) {
      defs.set(name, def);
    }
  }
  return defs;
}

function exportDef(entity: Entity, item: Item, frame: Frame): ExportDef | undefined {
  if (entity.kind === "func" && item.kind === "func") {
    return { kind: "func", type: frame.types.func(entity), source: item.source };
  }
  if (entity.kind === "instance" && item.kind === "instance") {
    return { kind: "instance", exports: exportDefs(entity.exports, item.exports, frame) };
  }
  if (entity.kind === "module" && item.kind === "module") {
    return { kind: "module", module: item.module };
  }
  if (entity.kind === "type") {
    const type = frame.types.any(entity.type);
    return { kind: "type", type: type.kind === "resource" || isValueType(type) ? type : undefined };
  }
  // A host has no use for a component that is exported.
  return undefined;
}
