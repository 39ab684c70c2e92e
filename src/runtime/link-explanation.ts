/**
 * Why a component links, or does not: for each import, what the linker has for it.
 */
import type { ImportLeaf } from "../component/index.ts";
import { compatibilityKey, withoutVersion } from "../model/compatible-version.ts";
import type { ExternType } from "../model/extern-type.ts";
import { nearestName } from "../model/nearest.ts";
import { printExternType } from "../model/print-type.ts";
import { DefinitionCheck, type Problem } from "./definition-check.ts";
import type { Definitions, Match } from "./definitions.ts";

/** Missing imports for which the nearest name is looked for: it takes time, and a component can import any number. */
const MAX_SEARCHES = 200;

/** What a linker has for one import of a component. */
export interface ImportExplanation {
  /** In the component: ["amal:obs/metrics@0.1.0", "counter"], or ["run"] at the root. */
  readonly path: readonly string[];
  readonly type: ExternType;
  /**
   * - `defined`: by what `definition` names
   * - `trap`: not defined, and calling it is a trap (`defineUnknownImportsAsTraps`)
   * - `missing`: not defined
   * - `mismatch`: `definition` is something else than the component wants
   * - `unsupported`: `definition` needs what this version does not have
   */
  readonly status: "defined" | "trap" | "missing" | "mismatch" | "unsupported";
  /** In the linker, under the names that it has there. Undefined for `missing` and `trap`. */
  readonly definition: readonly string[] | undefined;
  /** Why, in words. */
  readonly reason: string;
  /** If it is missing, what comes nearest to it, of all that is defined. Looked for among the first 200 that are missing. */
  readonly nearest: string | undefined;
  /** If it is missing, and the interface that it is in, too: names that the interface could have, the best first. */
  readonly wouldMatch: readonly string[];
}

/** What `Linker.explain` tells. `toString()` tells it to people. */
export class LinkExplanation {
  /** In the order in which the component imports them. */
  readonly imports: readonly ImportExplanation[];

  /** @internal */
  constructor(imports: readonly ImportExplanation[]) {
    this.imports = imports;
  }

  /** Whether `instantiatePre` would accept the component, as far as its imports go. */
  get satisfied(): boolean {
    return this.imports.every(({ status }) => status === "defined" || status === "trap");
  }

  /** The imports as text, by interface: of each its type, whether it is there, and what would do. */
  toString(): string {
    const lines: string[] = [];
    let instance: string | undefined;
    for (const item of this.imports) {
      const group = item.path.slice(0, -1).join("#") || "(root)";
      if (group !== instance) lines.push(group);
      instance = group;
      const sign = item.status === "defined" ? "ok" : item.status;
      lines.push(`  ${item.path.at(-1)}: ${printExternType(item.type)}`, `    ${sign}: ${item.reason}`);
      if (item.nearest !== undefined) lines.push(`    nearest defined: ${item.nearest}`);
      if (item.wouldMatch.length > 0) lines.push(`    would match: ${item.wouldMatch.join(", ")}`);
    }
    return lines.length === 0 ? "the component imports nothing" : lines.join("\n");
  }
}

/**
 * An import, with all that is known about it.
 * @internal
 */
export interface ExplainedImport {
  readonly leaf: ImportLeaf;
  readonly match: Match | undefined;
  readonly problem: Problem | undefined;
}

/**
 * Finds all imports in a linker, and checks what has been found.
 * @internal
 */
export function resolveImports(imports: readonly ImportLeaf[], definitions: Definitions): ExplainedImport[] {
  const matches = imports.map((leaf) => definitions.find(leaf));
  const check = new DefinitionCheck(
    imports,
    matches.map((match) => match?.leaf),
  );
  return imports.map((leaf, i) => {
    const match = matches[i];
    return { leaf, match, problem: match === undefined ? undefined : check.problem(leaf, match.leaf) };
  });
}

/** @internal */
export function explainImports(
  resolved: readonly ExplainedImport[],
  definitions: Definitions,
): LinkExplanation {
  let searched = 0;
  return new LinkExplanation(
    resolved.map((item) => {
      if (item.match === undefined) searched++;
      return explain(item, definitions, searched <= MAX_SEARCHES);
    }),
  );
}

function explain(
  { leaf, match, problem }: ExplainedImport,
  definitions: Definitions,
  search: boolean,
): ImportExplanation {
  const { path, type } = leaf;
  const common = { path, type, nearest: undefined, wouldMatch: [] };
  if (match === undefined) {
    return { path, type, status: "missing", definition: undefined, ...whyMissing(path, definitions, search) };
  }
  if (match.leaf.kind === "trap") {
    const reason = "nothing is defined for it; calling it is a trap";
    return { ...common, status: "trap", definition: undefined, reason };
  }
  const definition = match.path;
  if (problem !== undefined) {
    const reason = [problem.summary, ...problem.details].join("\n      ");
    return { ...common, status: problem.kind, definition, reason };
  }
  return { ...common, status: "defined", definition, reason: howItMatches(path, definition) };
}

function howItMatches(wanted: readonly string[], definition: readonly string[]): string {
  const [name = ""] = wanted;
  const [found = ""] = definition;
  if (found === name) return `defined as ${definition.join("#")}`;
  const how = found.includes("@")
    ? "a compatible version"
    : found.endsWith("/*")
      ? "an import object for the package"
      : "an import object for any version";
  return `defined as ${definition.join("#")}, ${how}`;
}

function whyMissing(
  path: readonly string[],
  definitions: Definitions,
  search: boolean,
): Pick<ImportExplanation, "reason" | "nearest" | "wouldMatch"> {
  const [instance = ""] = path;
  const item = path.at(-1) ?? "";
  const parent = definitions.instanceAt(path.slice(0, -1));
  if (parent !== undefined) {
    const reason =
      parent.path.length === 0 ? "not defined" : `${parent.path.join("#")} is defined without ${item}`;
    const wouldMatch = parent.path.length === 0 ? wouldMatchOf(instance) : [];
    return { reason, nearest: search ? nearestName(item, parent.names) : undefined, wouldMatch };
  }
  const near = search ? nearestInstance(instance, definitions) : undefined;
  const reason =
    near?.kind === "other-version"
      ? "defined, but of a version that is not semver-compatible"
      : `${instance} is not defined`;
  return { reason, nearest: near?.name, wouldMatch: wouldMatchOf(instance) };
}

/**
 * The interface that comes nearest to one that is not defined: another version of it, or one whose name is similar.
 * @internal
 */
export function nearestInstance(
  instance: string,
  definitions: Definitions,
): { readonly kind: "other-version" | "similar"; readonly name: string } | undefined {
  const names = definitions.names();
  const bare = withoutVersion(instance);
  const other = names.find((name) => name !== instance && withoutVersion(name) === bare);
  if (other !== undefined) return { kind: "other-version", name: other };
  const similar = nearestName(instance, names);
  return similar === undefined ? undefined : { kind: "similar", name: similar };
}

function wouldMatchOf(name: string): string[] {
  const names = [name];
  const key = compatibilityKey(name);
  // "a:b/c@1" of "a:b/c@1.2.3" stands for a range; "a:b/c@0.0.3" is as long as the name itself.
  if (key !== undefined && key.split(".").length < 3) names.push(`${key}.*`);
  if (name.includes("@")) names.push(`${withoutVersion(name)} (in defineImports)`);
  return names;
}
