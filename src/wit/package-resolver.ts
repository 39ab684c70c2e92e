/**
 * The files of one package to an `UnresolvedPackage`: names within the package are resolved.
 *
 * The order of steps, and with it the order of everything made, is wit-parser's.
 * Source: `Resolver` in wit-parser's `ast/resolve.rs`.
 */
import type { Func, FuncKind, TypeDef, TypeOwner, WorldItem } from "../model/resolve.ts";
import type * as ast from "./ast.ts";
import { Abort, type Reporter } from "./errors.ts";
import { didYouMean } from "./nearest.ts";
import {
  createInterface,
  createPackage,
  createWorld,
  type ForeignItem,
  type ForeignPackage,
  type InterfaceNode,
  interfaceId,
  type PackageNode,
  packageId,
  type UnresolvedPackage,
  type WorldInclude,
  type WorldNode,
} from "./nodes.ts";
import { mentionedPaths } from "./paths.ts";
import type { Span } from "./source.ts";
import { toposort } from "./toposort.ts";
import { mentionedNames } from "./type-names.ts";
import { TypeResolver, type TypeScope } from "./type-resolver.ts";
import { reportDuplicate } from "./unique-names.ts";

type Named = { kind: "interface"; node: InterfaceNode } | { kind: "world"; node: WorldNode };

/** One file (or one nested package) of the package. */
interface File {
  readonly items: readonly ast.Item[];
  /** What names mean in this file beyond what they mean in the whole package. */
  scope: ReadonlyMap<string, Named>;
}

/**
 * Resolves the names within a package.
 *
 * @param group how messages call the whole: the path of the file or folder.
 * @returns undefined if there are errors, which are then in `reporter`.
 */
export function resolvePackage(
  files: readonly ast.PackageFile[],
  group: string,
  reporter: Reporter,
): UnresolvedPackage | undefined {
  const header = packageHeader(files, group, reporter);
  if (header === undefined) return undefined;
  const resolver = new PackageResolver(header, files, reporter);
  return reporter.attempt(() => resolver.resolve());
}

interface Header {
  readonly node: PackageNode;
  readonly span: Span;
}

/** The name and docs of a package, which only one of its files needs to state. */
function packageHeader(
  files: readonly ast.PackageFile[],
  group: string,
  reporter: Reporter,
): Header | undefined {
  let header: Header | undefined;
  let docs: ast.PackageId | undefined;
  let isConsistent = true;
  for (const { id, items } of files) {
    if (id !== undefined) {
      if (header === undefined) {
        header = { node: createPackage(id.name), span: id.span };
      } else if (packageId(header.node.name) !== packageId(id.name)) {
        isConsistent = false;
        reporter.report({
          code: "invalid",
          message: `package identifier \`${packageId(id.name)}\` does not match previous package name of \`${packageId(header.node.name)}\``,
          span: id.span,
          related: [{ message: "the previous package name is here", span: header.span }],
        });
      }
      if (id.docs !== undefined && docs?.docsSpan !== undefined) {
        isConsistent = false;
        reporter.report({
          code: "duplicate",
          message: "found doc comments on multiple `package` items",
          span: id.docsSpan,
          related: [{ message: "the first are here", span: docs.docsSpan }],
        });
      }
      if (id.docs !== undefined) docs = id;
    }
    for (const item of items) {
      if (item.kind !== "package") continue;
      isConsistent = false;
      reporter.report({
        code: "invalid",
        message: "nested packages must be placed at the top level of a file",
        span: item.id?.span,
      });
    }
  }
  if (header === undefined) {
    reporter.report({
      code: "not-found",
      message: "no `package` header was found in any WIT file for this package",
      file: group,
      hint: "start one of its files with `package namespace:name;`",
    });
    return undefined;
  }
  header.node.docs = docs?.docs;
  return isConsistent ? header : undefined;
}

class PackageResolver {
  readonly #reporter: Reporter;
  readonly #header: Header;
  readonly #files: readonly File[];
  readonly #types: TypeResolver;
  readonly #spans = new Map<object, Span>();

  readonly #interfaces: InterfaceNode[] = [];
  readonly #worlds: WorldNode[] = [];
  readonly #includes = new Map<WorldNode, WorldInclude[]>();
  readonly #packageScope = new Map<string, Named>();
  readonly #scopes = new Map<InterfaceNode, TypeScope>();

  readonly #foreign = new Map<string, ForeignPackage>();
  readonly #foreignInterfaces = new Map<InterfaceNode, ForeignItem>();
  readonly #foreignTypes = new Map<TypeDef, InterfaceNode>();

  /** The file whose names are being looked up. */
  #file: File | undefined;

  constructor(header: Header, files: readonly ast.PackageFile[], reporter: Reporter) {
    this.#header = header;
    this.#files = files.map(({ items }) => ({ items, scope: new Map() }));
    this.#reporter = reporter;
    this.#types = new TypeResolver(reporter, this.#spans);
  }

  resolve(): UnresolvedPackage | undefined {
    const before = this.#reporter.count;
    this.#addForeignItems();
    const order = this.#addItems();
    this.#addForeignTypes();
    if (this.#reporter.count > before) return undefined;
    for (const { item, file } of order) {
      if (item.kind !== "interface") continue;
      this.#file = file;
      const node = this.#packageScope.get(item.name.name)?.node;
      if (node?.kind === "interface") this.#resolveInterface(node, item.members, item.prelude);
    }
    for (const { item, file } of order) {
      if (item.kind !== "world") continue;
      this.#file = file;
      const node = this.#packageScope.get(item.name.name)?.node;
      if (node?.kind === "world") this.#reporter.attempt(() => this.#resolveWorld(node, item));
    }
    if (this.#reporter.count > before) return undefined;
    return {
      node: this.#header.node,
      nameSpan: this.#header.span,
      types: this.#types.types.filter((type) => !this.#foreignTypes.has(type)),
      interfaces: this.#interfaces,
      worlds: this.#worlds,
      includes: this.#includes,
      foreign: this.#foreign,
      foreignTypes: this.#foreignTypes,
      requiredResources: this.#types.requiredResources,
      spans: this.#spans,
    };
  }

  /** Makes a stand-in for each interface and world of another package that is mentioned. */
  #addForeignItems(): void {
    for (const { items } of this.#files) {
      for (const { path, stability, expects } of mentionedPaths(items)) {
        if (path.package === undefined) continue;
        const { name: packageName, span } = path.package;
        const id = packageId(packageName);
        let owner = this.#foreign.get(id);
        if (owner === undefined) {
          owner = { name: packageName, span, items: new Map() };
          this.#foreign.set(id, owner);
        }
        let item = owner.items.get(path.name.name);
        if (item === undefined) {
          const { name, span: nameSpan } = path.name;
          const common = { name, span: nameSpan, stabilities: [] };
          const standIn = createPackage(packageName);
          if (expects === "world") {
            item = { ...common, kind: "world", node: createWorld(name, standIn) };
          } else {
            item = { ...common, kind: "interface", node: createInterface(name, standIn) };
            this.#foreignInterfaces.set(item.node, item);
            this.#scopes.set(item.node, new Map());
          }
          owner.items.set(name, item);
        }
        item.stabilities.push(stability);
      }
    }
  }

  /** Makes the package's interfaces and worlds, and the scope of each file. Returns them in order. */
  #addItems(): { item: ast.InterfaceItem | ast.WorldItem; file: File }[] {
    const items = new Map<string, { item: ast.InterfaceItem | ast.WorldItem; file: File }>();
    for (const file of this.#files) {
      for (const item of file.items) {
        if (item.kind !== "interface" && item.kind !== "world") continue;
        const previous = items.get(item.name.name);
        if (previous === undefined) {
          items.set(item.name.name, { item, file });
        } else {
          this.#reporter.fail({
            code: "duplicate",
            message: `duplicate item named \`${item.name.name}\``,
            span: item.name.span,
            related: [{ message: "first defined here", span: previous.item.name.span }],
          });
        }
      }
    }

    const order = toposort(this.#itemDependencies(items));
    if (!Array.isArray(order)) {
      this.#reporter.fail({
        code: "cycle",
        message: `interface or world \`${order.edge.name}\` depends on itself`,
        span: order.edge.span,
      });
    }
    const ordered: { item: ast.InterfaceItem | ast.WorldItem; file: File }[] = [];
    for (const name of order) {
      const entry = items.get(name);
      if (entry === undefined) continue;
      ordered.push(entry);
      const { item } = entry;
      if (item.kind === "interface") {
        const node = createInterface(name, this.#header.node);
        this.#interfaces.push(node);
        this.#spans.set(node, item.name.span);
        this.#packageScope.set(name, { kind: "interface", node });
      } else {
        const node = createWorld(name, this.#header.node);
        this.#worlds.push(node);
        this.#spans.set(node, item.name.span);
        this.#packageScope.set(name, { kind: "world", node });
      }
    }
    for (const file of this.#files) file.scope = this.#fileScope(file);
    return ordered;
  }

  /** Which interfaces use which, and which worlds include which, within the package. */
  #itemDependencies(
    items: ReadonlyMap<string, { item: ast.InterfaceItem | ast.WorldItem }>,
  ): Map<string, ast.Id[]> {
    const before = this.#reporter.count;
    const dependencies = new Map<string, ast.Id[]>([...items.keys()].map((name) => [name, []]));
    for (const file of this.#files) {
      // What each name in the file stands for: undefined for something of another package.
      const targets = new Map<string, { at: Span; target: ast.Id | undefined }>();
      for (const item of file.items) {
        if (item.kind === "package") continue;
        const name = item.kind === "use" ? (item.as ?? item.path.name) : item.name;
        const isForeign = item.kind === "use" && item.path.package !== undefined;
        const target = isForeign ? undefined : item.kind === "use" ? item.path.name : item.name;
        const previous = targets.get(name.name);
        if (previous !== undefined) {
          this.#reporter.fail({
            code: "duplicate",
            message: `duplicate name \`${name.name}\` in this file`,
            span: name.span,
            related: [{ message: "first defined here", span: previous.at }],
          });
        }
        targets.set(name.name, { at: name.span, target });
      }
      for (const { owner, path } of mentionedPaths(file.items)) {
        if (owner === undefined || path.package !== undefined) continue;
        const found = targets.get(path.name.name);
        const target = found === undefined && items.has(path.name.name) ? path.name : found?.target;
        if (target === undefined) {
          if (found === undefined) this.#reportUnknownItem(path.name, [...targets.keys(), ...items.keys()]);
          continue;
        }
        if (!items.has(target.name)) this.#reportUnknownItem(target, items.keys());
        else dependencies.get(owner.name)?.push(target);
      }
    }
    if (this.#reporter.count > before) throw new Abort();
    return dependencies;
  }

  #fileScope(file: File): Map<string, Named> {
    const scope = new Map<string, Named>();
    for (const item of file.items) {
      if (item.kind === "package") continue;
      if (item.kind !== "use") {
        const named = this.#packageScope.get(item.name.name);
        if (named !== undefined) scope.set(item.name.name, named);
        continue;
      }
      const { path } = item;
      const name = item.as ?? path.name;
      const named =
        path.package === undefined
          ? this.#packageScope.get(path.name.name)
          : this.#foreignItem(path.package.name, path.name.name);
      if (named === undefined) this.#reportUnknownItem(path.name, this.#packageScope.keys());
      else scope.set(name.name, named);
    }
    return scope;
  }

  #foreignItem(owner: ast.PackageId["name"], name: string): ForeignItem | undefined {
    return this.#foreign.get(packageId(owner))?.items.get(name);
  }

  /** Makes a stand-in for each type that is used from another package. */
  #addForeignTypes(): void {
    for (const file of this.#files) {
      this.#file = file;
      for (const { path, names, stability } of mentionedPaths(file.items)) {
        if (names === undefined) continue;
        const node = this.#interfaceOf(path);
        const scope = node && this.#scopes.get(node);
        if (node === undefined || scope === undefined || !this.#foreignInterfaces.has(node)) continue;
        for (const { name } of names) {
          if (scope.has(name.name)) continue;
          const type = this.#types.addNamed(name, { kind: "resource" }, node, {
            docs: undefined,
            stability,
            externalId: undefined,
          });
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
  ): void {
    node.docs = prelude.docs;
    node.stability = prelude.stability;
    const scope: TypeScope = new Map();
    this.#types.scope = scope;
    this.#scopes.set(node, scope);
    this.#resolveTypes(node, members);
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

  #resolveTypes(owner: TypeOwner, members: readonly (ast.InterfaceMember | ast.WorldMember)[]): void {
    const types = this.#types;
    const dependencies = new Map<string, ast.Id[]>();
    const definitions = new Map<string, ast.TypeItem>();
    for (const member of members) {
      if (member.kind === "use") this.#resolveUse(owner, member);
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
      });
      // What they are is unknown, but they are there: uses of them are not further errors.
      for (const { name, prelude } of definitions.values()) {
        const type = types.addNamed(name, { kind: "resource" }, owner, prelude);
        types.define(name, { kind: "type", type, span: name.span });
      }
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

  #resolveUse(owner: TypeOwner, use: ast.Use): void {
    const node = this.#interfaceOf(use.path);
    const from = node && this.#scopes.get(node);
    if (node === undefined || from === undefined) return;
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

  #resolveWorld(node: WorldNode, item: ast.WorldItem): void {
    node.docs = item.prelude.docs;
    node.stability = item.prelude.stability;
    const scope: TypeScope = new Map();
    this.#types.scope = scope;
    this.#resolveTypes(node, item.members);
    this.#includes.set(node, this.#resolveIncludes(item));
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
        this.#resolveExtern(node, member, seen[member.kind]);
      }
    }
  }

  #resolveIncludes(item: ast.WorldItem): WorldInclude[] {
    const includes: WorldInclude[] = [];
    for (const member of item.members) {
      if (member.kind !== "include") continue;
      const named = this.#named(member.path);
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

  #resolveExtern(world: WorldNode, member: ast.Extern, seen: Set<InterfaceNode>): void {
    const { kind: direction, item } = member;
    const resolved = this.#externItem(world, member);
    if (resolved === undefined) return;
    const { key, worldItem, span } = resolved;
    this.#spans.set(worldItem, span);
    const isBarePath = item.kind === "path" && item.label === undefined;
    if (worldItem.kind === "interface" && isBarePath) {
      const node = this.#interfaceOf(item.path);
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
        this.#interfaces.push(node);
        this.#spans.set(node, item.name.span);
        this.#resolveInterface(node, item.members, prelude);
        const worldItem: WorldItem = { kind: "interface", interface: node, docs, stability, ...external };
        return { key: item.name.name, worldItem, span: item.name.span };
      }
      case "path": {
        const node = this.#interfaceOf(item.path);
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

  /** The interface that a path leads to; what is wrong with it is reported. */
  #interfaceOf(path: ast.UsePath): InterfaceNode | undefined {
    const named = this.#named(path);
    if (named === undefined) return undefined;
    if (named.kind === "interface") return named.node;
    this.#reporter.report({
      code: "invalid",
      message: `name \`${path.name.name}\` is defined as a world, not an interface`,
      span: path.name.span,
    });
    return undefined;
  }

  #named(path: ast.UsePath): Named | undefined {
    if (path.package !== undefined) return this.#foreignItem(path.package.name, path.name.name);
    const { name } = path.name;
    const named = this.#file?.scope.get(name) ?? this.#packageScope.get(name);
    if (named === undefined) {
      this.#reportUnknownItem(path.name, [...(this.#file?.scope.keys() ?? []), ...this.#packageScope.keys()]);
    }
    return named;
  }

  #reportUnknownItem(id: ast.Id, candidates: Iterable<string>): void {
    this.#reporter.report({
      code: "not-found",
      message: `interface or world \`${id.name}\` does not exist`,
      span: id.span,
      hint: didYouMean(id.name, candidates),
    });
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
