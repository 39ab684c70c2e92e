/**
 * Adds a package to the graph: uses of other packages are replaced by what they stand for, what is
 * gated out is left out, and worlds get everything they need.
 *
 * The order in which things are added is that of wit-parser's arenas. Source: `Remap::append` in
 * wit-parser's `resolve/mod.rs`.
 */

import { didYouMean } from "../model/nearest.ts";
import type {
  Func,
  FuncKind,
  Interface,
  PackageName,
  Stability,
  Type,
  TypeDef,
  TypeDefKind,
  WorldItem,
} from "../model/resolve.ts";
import { elaborateWorld } from "./elaborate.ts";
import { isIncluded } from "./gates.ts";
import type { Graph } from "./graph.ts";
import { includeWorld } from "./include.ts";
import { mapParts } from "./map-parts.ts";
import {
  type ForeignItem,
  type ForeignPackage,
  type InterfaceNode,
  interfaceId,
  isInterfaceKey,
  packageId,
  type TypeDefNode,
  type UnresolvedPackage,
  type WorldNode,
} from "./nodes.ts";
import type { Span } from "./source.ts";
import { UniqueNames } from "./unique-names.ts";

/** What a stand-in stands for, or that it is gated out. */
type Linked<T> = { readonly value: T } | "excluded";

/** What there is to say about a package that is missing. */
export interface Surroundings {
  /** All packages of the load. */
  readonly known: readonly PackageName[];
  /** Where packages were looked for. */
  readonly searched: readonly string[];
}

export function linkPackage(graph: Graph, unresolved: UnresolvedPackage, surroundings: Surroundings): void {
  const before = graph.reporter.count;
  graph.reporter.attempt(() => new Linker(graph, unresolved, surroundings).link());
  if (graph.reporter.count > before) graph.reporter.throwIfFailed();
}

class Linker {
  readonly #graph: Graph;
  readonly #unresolved: UnresolvedPackage;
  readonly #surroundings: Surroundings;
  readonly #interfaces = new Map<Interface, Linked<Interface>>();
  readonly #worlds = new Map<object, Linked<WorldNode>>();
  readonly #types = new Map<TypeDef, Linked<TypeDef>>();
  /** The `own<T>` of each resource `T` that is used as a value. */
  readonly #ownHandles = new Map<TypeDef, TypeDef>();

  constructor(graph: Graph, unresolved: UnresolvedPackage, surroundings: Surroundings) {
    this.#graph = graph;
    this.#unresolved = unresolved;
    this.#surroundings = surroundings;
  }

  link(): void {
    const { node, types, interfaces, worlds, includes } = this.#unresolved;
    const graph = this.#graph;
    const { spans } = graph;
    graph.addPackage(node);
    this.#linkForeign();

    for (const type of types) {
      if (this.#isIncluded(type.stability, spans.get(type))) {
        type.type = this.#typeKind(type);
        graph.addType(type);
      } else {
        this.#types.set(type, "excluded");
      }
    }
    for (const item of interfaces) {
      if (this.#isIncluded(item.stability, spans.get(item))) {
        this.#linkInterface(item);
        graph.interfaces.push(item);
      } else {
        this.#interfaces.set(item, "excluded");
      }
    }
    this.#checkOwners("interface");
    for (const world of worlds) {
      if (this.#isIncluded(world.stability, spans.get(world))) {
        this.#linkWorld(world);
        graph.worlds.push(world);
      } else {
        this.#worlds.set(world, "excluded");
      }
    }
    this.#checkOwners("world");

    for (const world of worlds) {
      if (this.#worlds.get(world) === "excluded") continue;
      for (const include of includes.get(world) ?? []) {
        if (!this.#isIncluded(include.stability, include.span)) continue;
        const included = this.#worlds.get(include.world) ?? { value: include.world };
        if (included === "excluded") this.#reportExcluded("world", include.world.stability, include.span);
        else includeWorld(graph, world, included.value, include);
      }
      this.#checkNames(world);
      elaborateWorld(graph, world);
    }

    for (const item of interfaces) {
      if (item.name !== undefined && this.#interfaces.get(item) !== "excluded")
        node.interfaces.set(item.name, item);
    }
    for (const world of worlds) {
      if (this.#worlds.get(world) !== "excluded") node.worlds.set(world.name, world);
    }
  }

  /** Finds what each stand-in stands for. */
  #linkForeign(): void {
    const { foreign, foreignTypes, requiredResources } = this.#unresolved;
    const { reporter, spans } = this.#graph;
    const before = reporter.count;
    const missing: ForeignPackage[] = [];
    for (const kind of ["interface", "world"] as const) {
      for (const owner of foreign.values()) {
        for (const item of owner.items.values()) {
          if (item.kind === kind && !this.#linkForeignItem(owner, item) && !missing.includes(owner))
            missing.push(owner);
        }
      }
    }
    for (const owner of missing) this.#reportMissingPackage(owner);
    if (reporter.count > before) reporter.throwIfFailed();

    for (const [type, standIn] of foreignTypes) {
      const span = spans.get(type);
      const owner = this.#interfaces.get(standIn);
      if (!this.#isIncluded(type.stability, span) || owner === undefined || owner === "excluded") {
        this.#types.set(type, "excluded");
        continue;
      }
      const name = type.name ?? "";
      const value = owner.value.types.get(name);
      if (value !== undefined) {
        this.#types.set(type, { value });
        continue;
      }
      reporter.report({
        code: "not-found",
        message: `type \`${name}\` not defined in interface \`${interfaceId(owner.value)}\``,
        span,
        hint: didYouMean(name, owner.value.types.keys()),
      });
    }
    if (reporter.count > before) reporter.throwIfFailed();

    for (const { type, span } of requiredResources) {
      const linked = this.#types.get(type);
      if (linked === undefined || linked === "excluded" || this.#graph.isResource(linked.value)) continue;
      reporter.report({ code: "invalid", message: "type used in a handle must be a resource", span });
    }
  }

  /** False if the package is missing. */
  #linkForeignItem(owner: ForeignPackage, item: ForeignItem): boolean {
    const found = this.#graph.packagesById.get(packageId(owner.name));
    if (found === undefined) return false;
    const links: Map<object, Linked<object>> = item.kind === "interface" ? this.#interfaces : this.#worlds;
    if (!item.stabilities.some((stability) => this.#isIncluded(stability, item.span))) {
      links.set(item.node, "excluded");
      return true;
    }
    const candidates: ReadonlyMap<string, object> =
      item.kind === "interface" ? found.interfaces : found.worlds;
    const value = candidates.get(item.name);
    if (value !== undefined) {
      links.set(item.node, { value });
    } else {
      this.#graph.reporter.report({
        code: "not-found",
        message: `${item.kind} \`${item.name}\` not found in package \`${packageId(owner.name)}\``,
        span: item.span,
        hint: didYouMean(item.name, candidates.keys()),
      });
    }
    return true;
  }

  #reportMissingPackage({ name, span }: ForeignPackage): void {
    const id = packageId(name);
    const { known, searched } = this.#surroundings;
    const others = known.map(packageId).filter((other) => other !== packageId(this.#unresolved.node.name));
    const otherVersion = known.find(
      (other) => other.namespace === name.namespace && other.name === name.name,
    );
    const notes: string[] = [];
    if (others.length > 0) notes.push(`known packages: ${listed(others)}`);
    if (searched.length > 0) notes.push(`searched: ${listed(searched)}`);
    this.#graph.reporter.report({
      code: "not-found",
      message: `package \`${id}\` not found`,
      span,
      notes,
      hint:
        otherVersion === undefined
          ? didYouMean(id, others)
          : `there is \`${packageId(otherVersion)}\`, but versions must be equal`,
    });
  }

  #linkInterface(item: InterfaceNode): void {
    for (const [name, type] of [...item.types]) {
      if (this.#types.get(type) === "excluded") item.types.delete(name);
    }
    const functions = new Map<string, Func>();
    for (const [name, func] of item.functions) {
      const span = this.#graph.spans.get(func);
      if (this.#isIncluded(func.stability, span)) functions.set(name, this.#func(func, span));
    }
    item.functions = functions;
  }

  #linkWorld(world: WorldNode): void {
    world.imports = this.#worldItems(world.imports);
    world.exports = this.#worldItems(world.exports);
  }

  #worldItems(items: ReadonlyMap<string, WorldItem>): Map<string, WorldItem> {
    const linked = new Map<string, WorldItem>();
    for (const [key, item] of items) {
      const span = this.#graph.spans.get(item);
      const worldItem = this.#worldItem(item, span);
      if (worldItem === undefined) continue;
      if (span !== undefined) this.#graph.spans.set(worldItem, span);
      linked.set(key, worldItem);
    }
    return linked;
  }

  #worldItem(item: WorldItem, span: Span | undefined): WorldItem | undefined {
    switch (item.kind) {
      case "type":
        return this.#types.get(item.type) === "excluded" ? undefined : item;
      case "func":
        if (!this.#isIncluded(item.func.stability, span)) return undefined;
        return { kind: "func", func: this.#func(item.func, span) };
      case "interface": {
        if (!this.#isIncluded(item.stability, span)) return undefined;
        const linked = this.#interfaces.get(item.interface) ?? { value: item.interface };
        if (linked === "excluded") {
          this.#reportExcluded("interface", item.interface.stability, span);
          return undefined;
        }
        const implemented = item.implements === undefined ? {} : { implements: linked.value };
        return { ...item, interface: linked.value, ...implemented };
      }
    }
  }

  #func(func: Func, span: Span | undefined): Func {
    const result = func.result === undefined ? undefined : this.#type(func.result, span);
    const linked: Func = {
      ...func,
      kind: this.#funcKind(func.kind, span),
      params: func.params.map((param) => ({ name: param.name, type: this.#type(param.type, span) })),
      result,
    };
    if (span !== undefined) this.#graph.spans.set(linked, span);
    if (typeof result === "object" && this.#graph.hasBorrow(result)) {
      this.#graph.reporter.report({
        code: "invalid",
        message: `function \`${func.name}\` returns a type which contains a \`borrow<T>\` which is not supported`,
        span,
        hint: "return `own<T>`, written as the name of the resource",
      });
    }
    return linked;
  }

  #funcKind(kind: FuncKind, span: Span | undefined): FuncKind {
    return kind.kind === "freestanding"
      ? kind
      : { kind: kind.kind, resource: this.#typeDef(kind.resource, span) };
  }

  #typeKind(node: TypeDefNode): TypeDefKind {
    const { spans } = this.#graph;
    const span = spans.get(node);
    return mapParts(node.type, {
      value: (type, field) => this.#type(type, (field && spans.get(field)) ?? span),
      // Not `#type`: another name for a resource is a resource, not a handle.
      definition: (type) => this.#typeDef(type, span),
    });
  }

  /** A type as a value has it: a resource is passed as a handle that owns it. */
  #type(type: Type, span: Span | undefined): Type {
    if (typeof type === "string") return type;
    const linked = this.#typeDef(type, span);
    if (!this.#graph.isResource(linked)) return linked;
    let handle = this.#ownHandles.get(linked);
    if (handle === undefined) {
      handle = {
        kind: "type-def",
        name: undefined,
        type: { kind: "own", resource: linked },
        owner: undefined,
        docs: undefined,
        stability: undefined,
      };
      this.#ownHandles.set(linked, handle);
      this.#graph.addType(handle);
    }
    return handle;
  }

  #typeDef(type: TypeDef, span: Span | undefined): TypeDef {
    const linked = this.#types.get(type) ?? { value: type };
    if (linked !== "excluded") return linked.value;
    this.#reportExcluded("type", type.stability, span);
    return type;
  }

  /** An ungated type must not be in a gated interface or world. */
  #checkOwners(kind: "interface" | "world"): void {
    for (const type of this.#unresolved.types) {
      const { owner } = type;
      if (owner?.kind !== kind || this.#types.get(type) === "excluded") continue;
      const links: ReadonlyMap<object, Linked<object>> = kind === "interface"
        ? this.#interfaces
        : this.#worlds;
      if (links.get(owner) !== "excluded") continue;
      this.#reportExcluded(
        kind,
        owner.stability,
        this.#graph.spans.get(type),
        `; this type is not gated by a feature but its ${kind} is`,
      );
    }
  }

  #reportExcluded(what: string, stability: Stability | undefined, span: Span | undefined, rest = ""): void {
    this.#graph.reporter.report({
      code: "gate",
      message: `found a reference to ${what === "interface" ? "an" : "a"} ${what} which is excluded due to its feature not being activated${rest}`,
      span,
      hint:
        stability?.kind === "unstable"
          ? `activate the feature \`${stability.feature}\`, or gate this with \`@unstable(feature = ${stability.feature})\` too`
          : undefined,
    });
  }

  #checkNames(world: WorldNode): void {
    for (const items of [world.imports, world.exports]) {
      const names = new UniqueNames(this.#graph.reporter);
      const what = items === world.imports ? "import" : "export";
      for (const [name, item] of items) {
        const span = this.#graph.spans.get(item) ?? this.#graph.spans.get(world);
        if (span !== undefined && !isInterfaceKey(name)) names.add({ name, span }, what);
      }
    }
  }

  #isIncluded(stability: Stability | undefined, span: Span | undefined): boolean {
    return isIncluded(this.#graph, this.#unresolved.node, stability, span);
  }
}

/** A list for a message, cut where it gets long. */
function listed(items: readonly string[]): string {
  const shown = items.slice(0, 12).join(", ");
  return items.length > 12 ? `${shown} and ${items.length - 12} more` : shown;
}
