/**
 * `include w with { a as b }`: copies the imports and exports of one world into another.
 *
 * What has a plain name is copied with all that it consists of, since it belongs to its world;
 * interfaces with an id are shared. Source: `Remap::resolve_include` in wit-parser's
 * `resolve/mod.rs` and `Cloner` in `resolve/clone.rs`.
 */

import { didYouMean } from "../model/nearest.ts";
import type {
  Func,
  FuncKind,
  Interface,
  Type,
  TypeDef,
  TypeOwner,
  World,
  WorldItem,
} from "../model/resolve.ts";
import { definitionParts } from "../model/type-parts.ts";
import type { Graph } from "./graph.ts";
import { mapParts } from "./map-parts.ts";
import {
  createInterface,
  isInterfaceKey,
  type TypeDefNode,
  type WorldInclude,
  type WorldNode,
} from "./nodes.ts";
import type { Span } from "./source.ts";

export function includeWorld(graph: Graph, world: WorldNode, included: World, include: WorldInclude): void {
  const renames = new Renames(include.names);
  const plainNames = [...included.imports.keys(), ...included.exports.keys()].filter(
    (key) => !isInterfaceKey(key),
  );
  const renamable = new Set(plainNames.flatMap((name) => [name, splitFuncName(name).resource ?? name]));
  for (const { name, span } of include.names) {
    if (renamable.has(name)) continue;
    graph.reporter.report({
      code: "not-found",
      message: `no import or export kebab-name \`${name}\`. Note that an ID does not support renaming`,
      span: include.span,
      hint: didYouMean(name, plainNames),
      related: [{ message: "it is renamed here", span }],
    });
  }
  const cloner = new Cloner(graph, included, world, include.span);
  for (const direction of ["import", "export"] as const) {
    const from = direction === "import" ? included.imports : included.exports;
    const into = direction === "import" ? world.imports : world.exports;
    graph.countDerived(from.size, include.span);
    for (const [key, item] of from) {
      if (isInterfaceKey(key)) {
        mergeInterface(graph, world, included, into, key, item, include.span);
        continue;
      }
      const name = renames.apply(key);
      const copy = cloner.worldItem(item, name);
      const span = graph.spans.get(item);
      graph.spans.set(copy, span ?? include.span);
      if (into.has(name)) {
        graph.reporter.fail({
          code: "duplicate",
          message: `${direction} of \`${name}\` shadows previously ${direction}ed items`,
          span: include.span,
          hint: `rename it: \`include ${included.name} with { ${name} as other-name }\``,
        });
      }
      into.set(name, copy);
    }
  }
}

/** An interface that both worlds have by its id. They must agree on its gate. */
function mergeInterface(
  graph: Graph,
  world: WorldNode,
  included: World,
  into: Map<string, WorldItem>,
  key: string,
  item: WorldItem,
  span: Span,
): void {
  if (item.kind !== "interface") return;
  const present = into.get(key);
  let stability = present?.kind === "interface" ? present.stability : item.stability;
  const isExternal = world.package !== included.package;
  if (isExternal && item.stability?.kind === "stable") {
    // Versions of another package mean nothing here.
    stability = undefined;
  } else if (item.stability !== undefined && JSON.stringify(item.stability) !== JSON.stringify(stability)) {
    if (stability !== undefined) {
      graph.reporter.report({
        code: "gate",
        message: `\`${key}\` has different gates in the two worlds`,
        span: graph.spans.get(item) ?? span,
        related: [{ message: "it is included here", span }],
      });
    }
    stability = item.stability;
  }
  into.set(key, present?.kind === "interface" ? { ...present, stability } : { ...item, stability });
}

/** The renames of an `include`, found by name. */
class Renames {
  readonly #names: WorldInclude["names"];
  /** The first rename of each name. */
  readonly #indices = new Map<string, number>();

  constructor(names: WorldInclude["names"]) {
    this.#names = names;
    for (const [index, { name }] of names.entries()) {
      if (!this.#indices.has(name)) this.#indices.set(name, index);
    }
  }

  /** The index of the rename that applies to a plain name, if any. */
  find(name: string): number | undefined {
    const whole = this.#indices.get(name);
    const { resource } = splitFuncName(name);
    const part = resource === undefined ? undefined : this.#indices.get(resource);
    return whole === undefined || (part !== undefined && part < whole) ? part : whole;
  }

  apply(name: string): string {
    const index = this.find(name);
    const rename = index === undefined ? undefined : this.#names[index];
    if (rename === undefined) return name;
    if (rename.name === name) return rename.as;
    const { prefix, suffix } = splitFuncName(name);
    return prefix + rename.as + suffix;
  }
}

/** "[method]blob.read" is "[method]", "blob" and ".read". */
function splitFuncName(name: string): { prefix: string; resource: string | undefined; suffix: string } {
  const bracket = name.indexOf("]");
  if (bracket === -1) return { prefix: "", resource: undefined, suffix: "" };
  const dot = name.indexOf(".", bracket);
  const end = dot === -1 ? name.length : dot;
  return {
    prefix: name.slice(0, bracket + 1),
    resource: name.slice(bracket + 1, end),
    suffix: name.slice(end),
  };
}

/** Copies what belongs to one world (or interface) so that it belongs to another. */
class Cloner {
  readonly #graph: Graph;
  readonly #from: TypeOwner;
  readonly #to: WorldNode | ReturnType<typeof createInterface>;
  readonly #span: Span;
  readonly #copies = new Map<TypeDef, TypeDefNode>();

  constructor(graph: Graph, from: TypeOwner, to: WorldNode | ReturnType<typeof createInterface>, span: Span) {
    this.#graph = graph;
    this.#from = from;
    this.#to = to;
    this.#span = span;
  }

  worldItem(item: WorldItem, name: string): WorldItem {
    switch (item.kind) {
      case "type": {
        const type = this.#typeDef(item.type);
        type.name = name;
        return { kind: "type", type };
      }
      case "func":
        return { kind: "func", func: { ...this.#func(item.func), name } };
      case "interface":
        return { ...item, interface: this.#interface(item.interface) };
    }
  }

  #interface(node: Interface): Interface {
    const copy = createInterface(node.name, this.#to.package);
    copy.docs = node.docs;
    copy.stability = node.stability;
    if (node.name !== undefined) copy.cloneOf = node;
    const inner = new Cloner(this.#graph, node, copy, this.#span);
    this.#graph.countDerived(node.types.size + node.functions.size, this.#span);
    for (const [name, type] of node.types) copy.types.set(name, inner.#typeDef(type));
    for (const [name, func] of node.functions) copy.functions.set(name, inner.#func(func));
    this.#graph.interfaces.push(copy);
    return copy;
  }

  #func(func: Func): Func {
    const kind: FuncKind =
      func.kind.kind === "freestanding"
        ? func.kind
        : { kind: func.kind.kind, resource: this.#typeDef(func.kind.resource) };
    const params = func.params.map(({ name, type }) => ({ name, type: this.#type(type) }));
    return { ...func, kind, params, result: this.#optional(func.result) };
  }

  #type(type: Type): Type {
    return typeof type === "string" ? type : this.#typeDef(type);
  }

  #optional(type: Type | undefined): Type | undefined {
    return type === undefined ? undefined : this.#type(type);
  }

  /** The copy of a type; its parts are copied first. Chains may be long, so it does not recurse. */
  #typeDef(root: TypeDef): TypeDefNode {
    const stack = [{ type: root, parts: this.#partsToCopy(root), next: 0 }];
    for (;;) {
      const top = stack.at(-1);
      if (top === undefined) break;
      if (this.#copies.has(top.type)) {
        stack.pop();
        continue;
      }
      const part = top.parts[top.next];
      top.next += 1;
      if (part !== undefined) {
        if (!this.#copies.has(part)) stack.push({ type: part, parts: this.#partsToCopy(part), next: 0 });
        continue;
      }
      stack.pop();
      this.#copy(top.type);
    }
    const copy = this.#copies.get(root);
    if (copy === undefined) throw new Error("unreachable: a type is copied before it is used");
    return copy;
  }

  #partsToCopy(type: TypeDef): TypeDef[] {
    const parts = definitionParts(type.type).filter((part) => typeof part === "object");
    // `use i.{t}` goes on referring to the interface `i`.
    return type.type.kind === "alias" ? parts.filter((part) => part.owner === this.#from) : parts;
  }

  #copy(type: TypeDef): void {
    this.#graph.countDerived(1, this.#span);
    // The parts have been copied already.
    const definition = (part: TypeDef): TypeDef => this.#copies.get(part) ?? part;
    const value = (part: Type): Type => (typeof part === "string" ? part : definition(part));
    const copy: TypeDefNode = { ...type, type: mapParts(type.type, { value, definition }) };
    if (copy.owner !== undefined) copy.owner = this.#to;
    const span = this.#graph.spans.get(type);
    if (span !== undefined) this.#graph.spans.set(copy, span);
    this.#copies.set(type, copy);
    this.#graph.addType(copy);
  }
}
