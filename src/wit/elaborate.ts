/**
 * Completes a world: every interface that its imports and exports need is imported or exported too.
 *
 * None of it recurses: chains of interfaces may be as long as a file. Source:
 * `Resolve::elaborate_world` in wit-parser's `resolve/mod.rs`, and component-model issue 208.
 */
import type { Interface, Stability, WorldItem } from "../model/resolve.ts";
import type { Graph } from "./graph.ts";
import { usedFrom } from "./graph.ts";
import { interfaceId, type WorldNode } from "./nodes.ts";

export function elaborateWorld(graph: Graph, world: WorldNode): void {
  const imports = new Map<string, WorldItem>();
  for (const [key, item] of inPrintedOrder(world.imports)) {
    switch (item.kind) {
      case "interface":
        addImport(graph, world, imports, key, item);
        break;
      case "type": {
        const from = usedFrom(item.type);
        if (from !== undefined) {
          const { stability } = item.type;
          addImport(graph, world, imports, interfaceId(from), implied(from, stability));
        }
        imports.set(key, item);
        break;
      }
      case "func":
        imports.set(key, item);
        break;
    }
  }
  const exports = new Map<string, WorldItem>();
  for (const [key, item] of world.exports) {
    if (item.kind !== "interface") exports.set(key, item);
  }
  addExports(graph, world, imports, exports);
  world.imports = new Map(inPrintedOrder(imports));
  world.exports = exports;
}

/** Interfaces, uses of types, types, functions, functions of resources; otherwise as they were. */
function inPrintedOrder(items: ReadonlyMap<string, WorldItem>): [string, WorldItem][] {
  return [...items].sort(([, a], [, b]) => rank(a) - rank(b));
}

function rank(item: WorldItem): number {
  switch (item.kind) {
    case "interface":
      return 0;
    case "type": {
      const { type, owner } = item.type;
      const isUse = type.kind === "alias" && typeof type.target === "object" && type.target.owner !== owner;
      return isUse ? 1 : 2;
    }
    case "func":
      return item.func.kind.kind === "freestanding" ? 3 : 4;
  }
}

function implied(node: Interface, stability: Stability | undefined): WorldItem & { kind: "interface" } {
  return { kind: "interface", interface: node, docs: undefined, stability };
}

/** Adds an imported interface after everything that it uses. */
function addImport(
  graph: Graph,
  world: WorldNode,
  imports: Map<string, WorldItem>,
  key: string,
  item: WorldItem & { kind: "interface" },
): void {
  const stack = [{ key, item, next: 0 }];
  for (;;) {
    const top = stack.at(-1);
    if (top === undefined) return;
    if (top.next === 0 && imports.has(top.key)) {
      stack.pop();
      continue;
    }
    const dependency = graph.dependenciesOf(top.item.interface)[top.next];
    top.next += 1;
    if (dependency !== undefined) {
      const dependencyKey = interfaceId(dependency);
      if (!imports.has(dependencyKey)) {
        stack.push({ key: dependencyKey, item: implied(dependency, top.item.stability), next: 0 });
      }
      continue;
    }
    stack.pop();
    imports.set(top.key, top.item);
    if (stack.length > 0) graph.countDerived(1, graph.spans.get(world));
  }
}

/**
 * Adds the exported interfaces. What an exported interface uses is an export if the world exports it,
 * and otherwise an import; it must not come to be both, because the interface would then see two
 * copies of its types.
 */
function addExports(
  graph: Graph,
  world: WorldNode,
  imports: Map<string, WorldItem>,
  exports: Map<string, WorldItem>,
): void {
  const exported = new Set<Interface>();
  for (const item of world.exports.values()) {
    if (item.kind === "interface") exported.add(item.interface);
  }
  const requiredImports = new Set<Interface>();
  for (const [rootKey, root] of world.exports) {
    if (root.kind !== "interface") continue;
    const stack = [{ key: rootKey, item: root, isExport: true, next: 0 }];
    for (;;) {
      const top = stack.at(-1);
      if (top === undefined) break;
      const node = top.item.interface;
      if (top.next === 0) {
        if (exports.has(top.key)) {
          if (!top.isExport) failConflict(graph, world, rootKey, root.interface, node);
          stack.pop();
          continue;
        }
        if (!top.isExport && requiredImports.has(node)) {
          stack.pop();
          continue;
        }
      }
      const dependency = graph.dependenciesOf(node)[top.next];
      top.next += 1;
      if (dependency !== undefined) {
        stack.push({
          key: interfaceId(dependency),
          item: implied(dependency, root.stability),
          isExport: top.isExport && exported.has(dependency),
          next: 0,
        });
        continue;
      }
      stack.pop();
      if (stack.length > 0) graph.countDerived(1, graph.spans.get(world));
      if (!top.isExport) {
        requiredImports.add(node);
        const present = imports.get(top.key);
        const { stability } = top.item;
        imports.set(top.key, present?.kind === "interface" ? { ...present, stability } : top.item);
      } else if (requiredImports.has(node)) {
        failConflict(graph, world, rootKey, root.interface, node);
      } else {
        exports.set(top.key, top.item);
      }
    }
  }
}

function failConflict(
  graph: Graph,
  world: WorldNode,
  key: string,
  root: Interface,
  conflict: Interface,
): never {
  const name =
    conflict === root ? "" : `: it needs \`${interfaceId(conflict)}\` both as an import and as an export`;
  return graph.reporter.fail({
    code: "invalid",
    message: `interface \`${key}\` transitively depends on an interface in incompatible ways${name}`,
    span: graph.spans.get(world),
    hint: "export every interface between them as well",
  });
}
