/**
 * WIT text to a `Resolve`, without a disk.
 */
import type { Package, Resolve } from "../model/resolve.ts";
import type * as ast from "./ast.ts";
import { Reporter, witError } from "./errors.ts";
import { Graph } from "./graph.ts";
import { MAX_SOURCE_LENGTH, MAX_TOTAL_SOURCE_LENGTH } from "./limits.ts";
import { linkPackage } from "./link.ts";
import { mergeResolve } from "./merge.ts";
import { packageId, type Spans, type UnresolvedPackage } from "./nodes.ts";
import { orderPackages } from "./package-order.ts";
import { resolvePackage } from "./package-resolver.ts";
import { parseFile } from "./parser.ts";
import { createResolve } from "./resolve.ts";
import { Source } from "./source.ts";

/** Which items behind `@unstable(feature = ...)` gates are part of the packages. */
export interface FeatureOptions {
  /** The features that are on. Default: none. */
  readonly features?: readonly string[] | undefined;
  /** Default: false. */
  readonly allFeatures?: boolean | undefined;
}

/** A WIT file in memory. */
export interface WitFile {
  /** As messages show it; nothing is read from there. */
  readonly path: string;
  readonly text: string;
}

/** Files that make up one package (and the packages nested in them). */
export interface WitGroup {
  /** The path of the file or folder, for messages about all of it. */
  readonly path: string;
  readonly files: readonly WitFile[];
}

export interface ParseOptions extends FeatureOptions {
  /** How messages call the text. Default: "input.wit". */
  readonly path?: string | undefined;
}

/**
 * Parses and resolves the text of one WIT file. Packages that it uses must be nested in it
 * (`package a:b { ... }`).
 *
 * @throws WitError
 * @example parseWit("package a:b; world w { export run: func(); }").worlds[0]?.name // "w"
 */
export function parseWit(text: string, options: ParseOptions = {}): Resolve {
  const path = options.path ?? "input.wit";
  return parseWitGroups({ path, files: [{ path, text }] }, {}, options);
}

export interface Dependencies {
  readonly groups?: readonly WitGroup[];
  /** Packages that come in binary form. */
  readonly encoded?: readonly { readonly path: string; readonly resolve: Resolve }[];
  /** Where packages were looked for, for messages about one that is missing. */
  readonly searched?: readonly string[];
}

/**
 * Parses and resolves a package of several files together with packages that it may use.
 *
 * @throws WitError
 */
export function parseWitGroups(
  main: WitGroup,
  dependencies: Dependencies,
  options: FeatureOptions = {},
): Resolve {
  const reporter = new Reporter();
  const { groups = [], encoded = [], searched = [] } = dependencies;
  checkTotal([main, ...groups]);
  const graph = new Graph({
    reporter,
    features: new Set(options.features),
    allFeatures: options.allFeatures ?? false,
  });
  for (const { path, resolve } of encoded) mergeResolve(graph, resolve, path);
  const resolved = [main, ...groups].map((group) => resolveGroup(group, reporter, graph.spans));
  reporter.throwIfFailed();

  const mainPackage = resolved[0]?.main;
  const ordered = orderPackages(
    resolved.flatMap(({ all }) => all),
    reporter,
  );
  const known = [...graph.packages, ...ordered.map(({ node }) => node)].map(({ name }) => name);
  for (const unresolved of ordered) {
    rejectKnown(graph, unresolved);
    linkPackage(graph, unresolved, { known, searched });
  }
  const roots: Package[] = mainPackage === undefined ? [] : [mainPackage.node];
  const { worlds, interfaces, types, packages } = graph;
  return createResolve({ worlds, interfaces, types, packages, roots });
}

/** The packages of a group: those nested in its files first, then the one that all files make up. */
function resolveGroup(
  group: WitGroup,
  reporter: Reporter,
  spans: Spans,
): { all: readonly UnresolvedPackage[]; main: UnresolvedPackage | undefined } {
  const all: UnresolvedPackage[] = [];
  const before = reporter.count;
  const files: ast.PackageFile[] = [];
  const sorted = [...group.files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const { path, text } of sorted) {
    const file = parseFile(new Source(path, text), reporter);
    if (file === undefined) continue;
    const items: ast.Item[] = [];
    for (const item of file.items) {
      if (item.kind !== "package") {
        items.push(item);
        continue;
      }
      const nested = resolvePackage([item], path, reporter, spans);
      if (nested !== undefined) all.push(nested);
    }
    files.push({ ...file, items });
  }
  if (reporter.count > before) return { all: [], main: undefined };
  const main = resolvePackage(files, group.path, reporter, spans);
  if (main !== undefined) all.push(main);
  return { all, main };
}

function rejectKnown(graph: Graph, unresolved: UnresolvedPackage): void {
  const id = packageId(unresolved.node.name);
  if (!graph.packagesById.has(id)) return;
  throw witError({
    code: "duplicate",
    message: `package \`${id}\` is defined both here and in an encoded package`,
    span: unresolved.nameSpan,
  });
}

function checkTotal(groups: readonly WitGroup[]): void {
  let total = 0;
  for (const { files } of groups) {
    for (const { path, text } of files) {
      total += text.length;
      if (text.length > MAX_SOURCE_LENGTH || total > MAX_TOTAL_SOURCE_LENGTH) {
        throw witError({
          code: "too-large",
          message: `a WIT file may have at most ${MAX_SOURCE_LENGTH} characters, and all of them together ${MAX_TOTAL_SOURCE_LENGTH}`,
          file: path,
        });
      }
    }
  }
}
