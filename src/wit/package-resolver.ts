/**
 * The files of one package to an `UnresolvedPackage`: names within the package are resolved.
 *
 * The order of steps, and with it the order of everything made, is wit-parser's.
 * Source: `Resolver` in wit-parser's `ast/resolve.rs`.
 */

import { didYouMean } from "../model/nearest.ts";
import type { Func, FuncKind, TypeDef, TypeOwner, WorldItem } from "../model/resolve.ts";
import type * as ast from "./ast.ts";
import type { Reporter } from "./errors.ts";
import {
  createInterface,
  type InterfaceNode,
  interfaceId,
  type Spans,
  type UnresolvedPackage,
  type WorldInclude,
  type WorldNode,
} from "./nodes.ts";
import { type PackageHeader, packageHeader } from "./package-header.ts";
import { type File, PackageScope } from "./package-scope.ts";
import { mentionedPaths } from "./paths.ts";
import type { Span } from "./source.ts";
import { cycleNotes, toposort } from "./toposort.ts";
import { mentionedNames } from "./type-names.ts";
import { TypeResolver, type TypeScope } from "./type-resolver.ts";
import { reportDuplicate } from "./unique-names.ts";

/**
 * Resolves the names within a package.
 *
 * @param group how messages call the whole: the path of the file or folder.
 * @param spans gets the place of everything that is made.
 * @returns undefined if there are errors, which are then in `reporter`.
 */
export function resolvePackage(
  files: readonly ast.PackageFile[],
  group: string,
  reporter: Reporter,
  spans: Spans,
): UnresolvedPackage | undefined {
  const before = reporter.count;
  const header = packageHeader(files, group, reporter);
  if (header === undefined) return undefined;
  const unresolved = reporter.attempt(() => new PackageResolver(header, files, reporter, spans).resolve());
  return reporter.count > before ? undefined : unresolved;
}

const NO_PRELUDE = { docs: undefined, stability: undefined, externalId: undefined };

class PackageResolver {
  readonly #reporter: Reporter;
  readonly #header: PackageHeader;
  readonly #spans: Spans;
  readonly #scope: PackageScope;
  readonly #types: TypeResolver;
  /** The types (and functions) of each interface. */
  readonly #typeScopes = new Map<InterfaceNode, TypeScope>();
  readonly #includes = new Map<WorldNode, WorldInclude[]>();
  readonly #foreignTypes = new Map<TypeDef, InterfaceNode>();

  constructor(header: PackageHeader, files: readonly ast.PackageFile[], reporter: Reporter, spans: Spans) {
    this.#header = header;
    this.#reporter = reporter;
    this.#spans = spans;
    this.#scope = new PackageScope(header.node, files, reporter, this.#spans);
    this.#types = new TypeResolver(reporter, this.#spans);
  }

  resolve(): UnresolvedPackage {
    const { order, interfaces, worlds, foreign } = this.#scope;
    this.#addForeignTypes();
    for (const own of order) {
      if (own.kind === "interface")
        this.#resolveInterface(own.node, own.item.members, own.item.prelude, own.file);
    }
    for (const own of order) {
      if (own.kind === "world") this.#resolveWorld(own.node, own.item, own.file);
    }
    return {
      node: this.#header.node,
      nameSpan: this.#header.span,
      types: this.#types.types.filter((type) => !this.#foreignTypes.has(type)),
      interfaces,
      worlds,
      includes: this.#includes,
      foreign,
      foreignTypes: this.#foreignTypes,
      requiredResources: this.#types.requiredResources,
    };
  }

  /** Makes a stand-in for each type that is used from another package. */
  #addForeignTypes(): void {
    for (const node of this.#scope.foreignInterfaces) this.#typeScopes.set(node, new Map());
    for (const file of this.#scope.files) {
      for (const { path, names, stability } of mentionedPaths(file.items)) {
        if (names === undefined) continue;
        const node = this.#scope.interfaceOf(path, file);
        const scope = node && this.#typeScopes.get(node);
        if (node === undefined || scope === undefined) continue;
        for (const { name } of names) {
          if (scope.has(name.name)) continue;
          const type = this.#types.addNamed(name, { kind: "resource" }, node, { ...NO_PRELUDE, stability });
          this.#types.foreign.add(type);
          this.#foreignTypes.set(type, node);
          scope.set(name.name, { kind: "type", type, span: name.span });
        }
      }
    }
  }

  #resolveInterface(
    node: InterfaceNode,
    members: readonly ast.InterfaceMember[],
    prelude: ast.Prelude,
    file: File,
  ): void {
    node.docs = prelude.docs;
    node.stability = prelude.stability;
    const scope: TypeScope = new Map();
    this.#types.scope = scope;
    this.#typeScopes.set(node, scope);
    this.#resolveTypes(node, members, file);
    for (const [name, entry] of scope) {
      if (entry.kind === "type") node.types.set(name, entry.type);
    }
    for (const member of members) {
      if (member.kind === "func") {
        this.#types.define(member.name, { kind: "function", span: member.name.span });
        const func = this.#func({ kind: "freestanding" }, member.name.name, member);
        node.functions.set(func.name, func);
      } else if (member.kind === "type") {
        for (const func of this.#resourceFuncs(member)) node.functions.set(func.name, func);
      }
    }
    this.#checkCase([...scope].map(([name, { span }]) => ({ name, span })));
  }

  #resolveTypes(
    owner: TypeOwner,
    members: readonly (ast.InterfaceMember | ast.WorldMember)[],
    file: File,
  ): void {
    const types = this.#types;
    const dependencies = new Map<string, ast.Id[]>();
    const definitions = new Map<string, ast.TypeItem>();
    for (const member of members) {
      if (member.kind === "use") this.#resolveUse(owner, member, file);
    }
    for (const member of members) {
      if (member.kind === "use") {
        for (const { name, as } of member.names) dependencies.set((as ?? name).name, []);
      }
      if (member.kind !== "type") continue;
      const { name, definition } = member;
      const previous = definitions.get(name.name)?.name.span ?? types.scope.get(name.name)?.span;
      if (previous !== undefined) {
        types.reportDuplicate(name, previous);
        continue;
      }
      definitions.set(name.name, member);
      dependencies.set(name.name, mentionedNames(definition));
    }

    const known = new Map<string, readonly ast.Id[]>();
    for (const [name, mentioned] of dependencies) {
      known.set(
        name,
        mentioned.filter((id) => {
          if (dependencies.has(id.name)) return true;
          types.reportUnknown("type", id, dependencies.keys());
          return false;
        }),
      );
    }
    const order = toposort(known);
    if (!Array.isArray(order)) {
      this.#reporter.report({
        code: "cycle",
        message: `type \`${order.edge.name}\` depends on itself`,
        span: order.edge.span,
        notes: cycleNotes(order),
      });
      // What they are is unknown, but they are there: uses of them are not further errors.
      for (const { name } of definitions.values()) this.#defineUnknown(name, owner);
      return;
    }
    for (const typeName of order) {
      const item = definitions.get(typeName);
      if (item === undefined) continue;
      const { name, prelude } = item;
      const kind = types.definition(item.definition, name, prelude.stability);
      const type = types.addNamed(name, kind, owner, prelude);
      types.define(name, { kind: "type", type, span: name.span });
    }
  }

  #resolveUse(owner: TypeOwner, use: ast.Use, file: File): void {
    const node = this.#scope.interfaceOf(use.path, file);
    const from = node && this.#typeScopes.get(node);
    if (node === undefined || from === undefined) {
      for (const { name, as } of use.names) this.#defineUnknown(as ?? name, owner);
      return;
    }
    for (const { name, as } of use.names) {
      const entry = from.get(name.name);
      if (entry?.kind !== "type") {
        const problem =
          entry === undefined
            ? ({
                code: "not-found",
                message: `name \`${name.name}\` does not exist in interface \`${interfaceId(node)}\``,
              } as const)
            : ({ code: "invalid", message: `cannot import function \`${name.name}\`` } as const);
        const hint = entry === undefined ? didYouMean(name.name, typeNames(from)) : "only types can be used";
        this.#reporter.report({ ...problem, span: name.span, hint });
        this.#defineUnknown(as ?? name, owner);
        continue;
      }
      const local = as ?? name;
      const type = this.#types.add(
        {
          kind: "type-def",
          name: local.name,
          type: { kind: "alias", target: entry.type },
          owner,
          docs: undefined,
          stability: use.prelude.stability,
        },
        name.span,
      );
      this.#types.define(local, { kind: "type", type, span: local.span });
    }
  }

  /** Defines a name that stands for nothing, which has been reported: uses of it are not errors too. */
  #defineUnknown(name: ast.Id, owner: TypeOwner): void {
    const type = this.#types.addNamed(name, { kind: "resource" }, owner, NO_PRELUDE);
    this.#types.define(name, { kind: "type", type, span: name.span });
  }

  #resolveWorld(node: WorldNode, item: ast.WorldItem, file: File): void {
    node.docs = item.prelude.docs;
    node.stability = item.prelude.stability;
    const scope: TypeScope = new Map();
    this.#types.scope = scope;
    this.#resolveTypes(node, item.members, file);
    this.#includes.set(node, this.#resolveIncludes(item, file));
    for (const [name, entry] of scope) {
      if (entry.kind !== "type") continue;
      const worldItem: WorldItem = { kind: "type", type: entry.type };
      this.#spans.set(worldItem, entry.span);
      node.imports.set(name, worldItem);
    }
    const seen = { import: new Set<InterfaceNode>(), export: new Set<InterfaceNode>() };
    for (const member of item.members) {
      this.#types.scope = scope;
      if (member.kind === "type") {
        for (const func of this.#resourceFuncs(member)) {
          const worldItem: WorldItem = { kind: "func", func };
          this.#spans.set(worldItem, this.#spans.get(func) ?? member.name.span);
          node.imports.set(func.name, worldItem);
        }
      } else if (member.kind === "import" || member.kind === "export") {
        this.#resolveExtern(node, member, seen[member.kind], file);
      }
    }
  }

  #resolveIncludes(item: ast.WorldItem, file: File): WorldInclude[] {
    const includes: WorldInclude[] = [];
    for (const member of item.members) {
      if (member.kind !== "include") continue;
      const named = this.#scope.named(member.path, file);
      if (named === undefined) continue;
      if (named.kind !== "world") {
        this.#reporter.report({
          code: "invalid",
          message: `name \`${member.path.name.name}\` is defined as an interface, not a world`,
          span: member.path.name.span,
        });
        continue;
      }
      includes.push({
        world: named.node,
        span: member.path.name.span,
        stability: member.prelude.stability,
        names: member.names.map(({ name, as }) => ({ name: name.name, as: as.name, span: name.span })),
      });
    }
    return includes;
  }

  #resolveExtern(world: WorldNode, member: ast.Extern, seen: Set<InterfaceNode>, file: File): void {
    const { kind: direction, item } = member;
    const resolved = this.#externItem(world, member, file);
    if (resolved === undefined) return;
    const { key, worldItem, span } = resolved;
    this.#spans.set(worldItem, span);
    const isBarePath = item.kind === "path" && item.label === undefined;
    if (worldItem.kind === "interface" && isBarePath) {
      const node = this.#scope.interfaceOf(item.path, file);
      if (node !== undefined && seen.has(node)) {
        this.#reporter.report({
          code: "duplicate",
          message: `interface cannot be ${direction}ed more than once`,
          span,
        });
        return;
      }
      if (node !== undefined) seen.add(node);
    }
    const items = direction === "import" ? world.imports : world.exports;
    const previous = items.get(key);
    if (previous === undefined) {
      items.set(key, worldItem);
      return;
    }
    const previousSpan = this.#spans.get(previous);
    this.#reporter.report({
      code: "duplicate",
      message: `${direction} \`${key}\` conflicts with prior ${previous.kind} of same name`,
      span,
      related: previousSpan === undefined ? [] : [{ message: "the prior one is here", span: previousSpan }],
    });
  }

  #externItem(
    world: WorldNode,
    { item, prelude }: ast.Extern,
    file: File,
  ): { key: string; worldItem: WorldItem; span: Span } | undefined {
    const { docs, stability, externalId } = prelude;
    const external = externalId === undefined ? {} : { externalId };
    switch (item.kind) {
      case "func": {
        const func = this.#func({ kind: "freestanding" }, item.name.name, { ...item, prelude });
        return { key: item.name.name, worldItem: { kind: "func", func }, span: item.name.span };
      }
      case "interface": {
        const node = createInterface(undefined, world.package);
        this.#scope.interfaces.push(node);
        this.#spans.set(node, item.name.span);
        this.#resolveInterface(node, item.members, prelude, file);
        const worldItem: WorldItem = { kind: "interface", interface: node, docs, stability, ...external };
        return { key: item.name.name, worldItem, span: item.name.span };
      }
      case "path": {
        const node = this.#scope.interfaceOf(item.path, file);
        if (node === undefined) return undefined;
        const common = { kind: "interface", interface: node, docs, stability } as const;
        if (item.label === undefined)
          return { key: interfaceId(node), worldItem: common, span: item.path.name.span };
        const worldItem: WorldItem = { ...common, implements: node, ...external };
        return { key: item.label.name, worldItem, span: item.label.span };
      }
    }
  }

  #resourceFuncs(item: ast.TypeItem): Func[] {
    if (item.definition.kind !== "resource") return [];
    const entry = this.#types.scope.get(item.name.name);
    if (entry?.kind !== "type") return [];
    const resource = entry.type;
    return item.definition.funcs.map((member) => {
      const { kind, name } = member;
      const suffix = kind === "constructor" ? "" : `.${name.name}`;
      return this.#func({ kind, resource }, `[${kind}]${item.name.name}${suffix}`, member);
    });
  }

  #func(kind: FuncKind, name: string, item: { name: ast.Id; func: ast.Func; prelude: ast.Prelude }): Func {
    const { docs, stability, externalId } = item.prelude;
    const func: Func = {
      kind,
      name,
      async: item.func.async,
      params: this.#types.params(item.func, kind),
      result: this.#types.result(item.func, kind),
      docs,
      stability,
      ...(externalId === undefined ? {} : { externalId }),
    };
    this.#spans.set(func, item.name.span);
    return func;
  }

  #checkCase(names: readonly ast.Id[]): void {
    const seen = new Map<string, ast.Id>();
    for (const id of names) {
      const key = id.name.toLowerCase();
      const previous = seen.get(key);
      if (previous === undefined) seen.set(key, id);
      else if (previous.name !== id.name)
        reportDuplicate(this.#reporter, `name \`${id.name}\``, id, previous);
    }
  }
}

function typeNames(scope: TypeScope): string[] {
  return [...scope].filter(([, entry]) => entry.kind === "type").map(([name]) => name);
}
