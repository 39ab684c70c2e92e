/**
 * The interfaces and worlds of a package, those of other packages that it mentions, and what names mean
 * in each of its files.
 *
 * Source: `populate_foreign_deps` and `populate_ast_items` in wit-parser's `ast/resolve.rs`.
 */

import { didYouMean } from "../model/nearest.ts";
import type { Package } from "../model/resolve.ts";
import type * as ast from "./ast.ts";
import type { Reporter } from "./errors.ts";
import {
  createInterface,
  createPackage,
  createWorld,
  type ForeignItem,
  type ForeignPackage,
  type InterfaceNode,
  packageId,
  type Spans,
  type WorldNode,
} from "./nodes.ts";
import { mentionedPaths } from "./paths.ts";
import type { Span } from "./source.ts";
import { cycleNotes, toposort } from "./toposort.ts";

export type Named =
  | { readonly kind: "interface"; readonly node: InterfaceNode }
  | { readonly kind: "world"; readonly node: WorldNode };

/** One file of the package, or the braces of a nested one. */
export interface File {
  readonly items: readonly ast.Item[];
  /** What names mean in this file beyond what they mean in the whole package. */
  scope: ReadonlyMap<string, Named>;
}

/** An interface or world as it is written, and where. */
interface Written {
  readonly item: ast.InterfaceItem | ast.WorldItem;
  readonly file: File;
}

/** The same with the object made for it. */
export type OwnItem =
  | {
      readonly kind: "interface";
      readonly item: ast.InterfaceItem;
      readonly node: InterfaceNode;
      readonly file: File;
    }
  | { readonly kind: "world"; readonly item: ast.WorldItem; readonly node: WorldNode; readonly file: File };

export class PackageScope {
  readonly #owner: Package;
  readonly #reporter: Reporter;
  readonly files: readonly File[];
  /** The names that all files of the package see. */
  readonly #names = new Map<string, Named>();
  readonly spans: Spans;

  /** The package's interfaces and worlds, each after those it depends on. */
  readonly order: readonly OwnItem[];
  readonly interfaces: InterfaceNode[] = [];
  readonly worlds: WorldNode[] = [];

  readonly foreign = new Map<string, ForeignPackage>();
  readonly foreignInterfaces = new Set<InterfaceNode>();

  /** Reports what is wrong, and aborts if nothing can be made of it. */
  constructor(owner: Package, files: readonly ast.PackageFile[], reporter: Reporter, spans: Spans) {
    this.#owner = owner;
    this.#reporter = reporter;
    this.spans = spans;
    this.files = files.map(({ items }) => ({ items, scope: new Map() }));
    this.#addForeignItems();
    this.order = this.#addItems();
  }

  /** Makes a stand-in for each interface and world of another package that is mentioned. */
  #addForeignItems(): void {
    for (const { items } of this.files) {
      for (const { path, stability, expects } of mentionedPaths(items)) {
        if (path.package === undefined) continue;
        const { name: packageName, span } = path.package;
        const id = packageId(packageName);
        let owner = this.foreign.get(id);
        if (owner === undefined) {
          owner = { name: packageName, span, items: new Map() };
          this.foreign.set(id, owner);
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
            this.foreignInterfaces.add(item.node);
          }
          owner.items.set(name, item);
        }
        item.stabilities.push(stability);
      }
    }
  }

  /** Makes the package's interfaces and worlds, and the scope of each file. Returns them in order. */
  #addItems(): OwnItem[] {
    const items = new Map<string, Written>();
    for (const file of this.files) {
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
        notes: cycleNotes(order),
      });
    }
    const ordered: OwnItem[] = [];
    for (const name of order) {
      const written = items.get(name);
      if (written === undefined) continue;
      const { item, file } = written;
      if (item.kind === "interface") {
        const node = createInterface(name, this.#owner);
        this.interfaces.push(node);
        this.#names.set(name, { kind: "interface", node });
        ordered.push({ kind: "interface", item, node, file });
        this.spans.set(node, item.name.span);
      } else {
        const node = createWorld(name, this.#owner);
        this.worlds.push(node);
        this.#names.set(name, { kind: "world", node });
        ordered.push({ kind: "world", item, node, file });
        this.spans.set(node, item.name.span);
      }
    }
    for (const file of this.files) file.scope = this.#fileScope(file);
    return ordered;
  }

  /** Which interfaces use which, and which worlds include which, within the package. */
  #itemDependencies(items: ReadonlyMap<string, Written>): Map<string, ast.Id[]> {
    const dependencies = new Map<string, ast.Id[]>([...items.keys()].map((name) => [name, []]));
    for (const file of this.files) {
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
    return dependencies;
  }

  #fileScope(file: File): Map<string, Named> {
    const scope = new Map<string, Named>();
    for (const item of file.items) {
      if (item.kind === "package") continue;
      if (item.kind !== "use") {
        const named = this.#names.get(item.name.name);
        if (named !== undefined) scope.set(item.name.name, named);
        continue;
      }
      const { path } = item;
      const name = item.as ?? path.name;
      const named =
        path.package === undefined
          ? this.#names.get(path.name.name)
          : this.#foreignItem(path.package.name, path.name.name);
      if (named === undefined) this.#reportUnknownItem(path.name, this.#names.keys());
      else scope.set(name.name, named);
    }
    return scope;
  }

  #foreignItem(owner: ast.PackageId["name"], name: string): ForeignItem | undefined {
    return this.foreign.get(packageId(owner))?.items.get(name);
  }

  /** The interface that a path leads to; what is wrong with it is reported. */
  interfaceOf(path: ast.UsePath, file: File): InterfaceNode | undefined {
    const named = this.named(path, file);
    if (named === undefined) return undefined;
    if (named.kind === "interface") return named.node;
    this.#reporter.report({
      code: "invalid",
      message: `name \`${path.name.name}\` is defined as a world, not an interface`,
      span: path.name.span,
    });
    return undefined;
  }

  /** What a path leads to from a file; what is wrong with it is reported. */
  named(path: ast.UsePath, file: File): Named | undefined {
    if (path.package !== undefined) return this.#foreignItem(path.package.name, path.name.name);
    const { name } = path.name;
    const named = file.scope.get(name) ?? this.#names.get(name);
    if (named === undefined) {
      this.#reportUnknownItem(path.name, [...file.scope.keys(), ...this.#names.keys()]);
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
}
