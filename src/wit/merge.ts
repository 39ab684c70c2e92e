/**
 * Adds packages that come in binary form to the graph.
 *
 * An encoded package brings what it depends on, so two of them may bring the same package: its
 * interfaces are then one, with what either has. Source: `Resolve::merge` in wit-parser's
 * `resolve/mod.rs`.
 */
import type {
  Func,
  FuncKind,
  Interface,
  Resolve,
  Type,
  TypeDef,
  World,
  WorldItem,
} from "../model/resolve.ts";
import { witError } from "./errors.ts";
import type { Graph } from "./graph.ts";
import { mapParts } from "./map-parts.ts";
import {
  type InterfaceNode,
  interfaceId,
  type PackageNode,
  packageId,
  type TypeDefNode,
  type WorldNode,
} from "./nodes.ts";

/**
 * Moves everything in `resolve` into the graph. Its objects are changed: it must not be used afterwards.
 */
export function mergeResolve(graph: Graph, resolve: Resolve, path: string): void {
  new Merger(graph, path).merge(resolve);
}

class Merger {
  readonly #graph: Graph;
  readonly #path: string;
  readonly #types = new Map<TypeDef, TypeDef>();
  readonly #interfaces = new Map<Interface, Interface>();
  readonly #dropped = new Set<World>();

  constructor(graph: Graph, path: string) {
    this.#graph = graph;
    this.#path = path;
  }

  merge(resolve: Resolve): void {
    const graph = this.#graph;
    for (const incoming of resolve.packages) {
      const present = graph.packagesById.get(packageId(incoming.name));
      if (present === undefined) graph.addPackage(incoming);
      else this.#matchPackage(incoming as PackageNode, present as PackageNode);
    }
    for (const type of resolve.types as readonly TypeDefNode[]) {
      if (this.#types.has(type)) continue;
      type.type = mapParts(type.type, {
        value: (part) => this.#type(part),
        definition: (part) => this.#typeDef(part),
      });
      if (type.owner?.kind === "interface") {
        const owner = this.#interfaces.get(type.owner) as InterfaceNode | undefined;
        if (owner !== undefined && type.name !== undefined) {
          type.owner = owner;
          owner.types.set(type.name, type);
        }
      }
      graph.addType(type);
    }
    for (const incoming of resolve.interfaces as readonly InterfaceNode[]) {
      const present = this.#interfaces.get(incoming) as InterfaceNode | undefined;
      const node = present ?? incoming;
      for (const [name, type] of incoming.types) {
        if (present === undefined) node.types.set(name, this.#typeDef(type));
      }
      for (const [name, func] of incoming.functions) {
        if (present === undefined || !present.functions.has(name)) node.functions.set(name, this.#func(func));
      }
      if (present === undefined) graph.interfaces.push(incoming);
    }
    for (const world of resolve.worlds as readonly WorldNode[]) {
      if (this.#dropped.has(world)) continue;
      for (const items of [world.imports, world.exports]) {
        for (const [key, item] of items) items.set(key, this.#worldItem(item));
      }
      graph.worlds.push(world);
    }
  }

  #matchPackage(incoming: PackageNode, present: PackageNode): void {
    for (const [name, node] of incoming.interfaces) {
      const other = present.interfaces.get(name);
      if (other === undefined) {
        (node as InterfaceNode).package = present;
        present.interfaces.set(name, node);
        continue;
      }
      this.#interfaces.set(node, other);
      for (const [typeName, type] of node.types) {
        const otherType = other.types.get(typeName);
        if (otherType === undefined) continue;
        if (otherType.type.kind !== type.type.kind) {
          throw witError({
            code: "invalid",
            message: `\`${interfaceId(node)}\` has a different type \`${typeName}\` in another package that brings it`,
            file: this.#path,
          });
        }
        this.#types.set(type, otherType);
      }
    }
    for (const [name, world] of incoming.worlds) {
      if (present.worlds.has(name)) {
        this.#dropped.add(world);
      } else {
        (world as WorldNode).package = present;
        present.worlds.set(name, world);
      }
    }
  }

  #typeDef(type: TypeDef): TypeDef {
    return this.#types.get(type) ?? type;
  }

  #type(type: Type): Type {
    return typeof type === "string" ? type : this.#typeDef(type);
  }

  #func(func: Func): Func {
    const kind: FuncKind =
      func.kind.kind === "freestanding"
        ? func.kind
        : { kind: func.kind.kind, resource: this.#typeDef(func.kind.resource) };
    const params = func.params.map(({ name, type }) => ({ name, type: this.#type(type) }));
    return { ...func, kind, params, result: func.result === undefined ? undefined : this.#type(func.result) };
  }

  #worldItem(item: WorldItem): WorldItem {
    switch (item.kind) {
      case "type":
        return { kind: "type", type: this.#typeDef(item.type) };
      case "func":
        return { kind: "func", func: this.#func(item.func) };
      case "interface":
        return { ...item, interface: this.#interfaces.get(item.interface) ?? item.interface };
    }
  }
}
