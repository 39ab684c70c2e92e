/**
 * The error for imports that nobody has defined: all of them, what comes nearest to each, and code that would
 * define them.
 */
import type { ImportLeaf } from "../component/index.ts";
import { withoutVersion } from "../model/compatible-version.ts";
import { camelCase } from "../model/names.ts";
import { nearestName } from "../model/nearest.ts";
import { printExternType } from "../model/print-type.ts";
import { LinkError } from "./errors.ts";

/** Functions listed in full; of more only the number is told. */
const LISTED = 100;

/** What the linker does define, for comparison. */
export interface Defined {
  /** Names at the root: "amal:obs/metrics@0.2.0". */
  readonly names: readonly string[];
  /** Names inside the instance that a component's import would find; undefined if there is no such instance. */
  inside(name: string): readonly string[] | undefined;
}

export function missingImports(leaves: readonly ImportLeaf[], defined: Defined): LinkError {
  const count = leaves.length === 1 ? "1 import" : `${leaves.length} imports`;
  const lines = [`the component needs ${count} that the linker does not define:`];
  const shown = leaves.slice(0, LISTED);
  for (const [instance, items] of byInstance(shown))
    lines.push("", ...describeGroup(instance, items, defined));
  if (shown.length < leaves.length) lines.push("", `  ... and ${leaves.length - shown.length} more`);
  lines.push("", "To define them:", "", ...stub(shown));
  lines.push(
    "",
    "To run without them, as long as they are not called: linker.defineUnknownImportsAsTraps(component)",
  );
  return new LinkError(
    lines.join("\n"),
    leaves.map((leaf) => leaf.path),
  );
}

type Groups = Map<string | undefined, ImportLeaf[]>;

/** Leaves by the instance they are in; undefined for those at the root. */
function byInstance(leaves: readonly ImportLeaf[]): Groups {
  const groups: Groups = new Map();
  for (const leaf of leaves) {
    const instance = leaf.path.length > 1 ? leaf.path[0] : undefined;
    const group = groups.get(instance);
    if (group === undefined) groups.set(instance, [leaf]);
    else group.push(leaf);
  }
  return groups;
}

function describeGroup(
  instance: string | undefined,
  leaves: readonly ImportLeaf[],
  defined: Defined,
): string[] {
  const lines = [`  ${instance ?? "(root)"}`];
  const siblings = instance === undefined ? defined.names : defined.inside(instance);
  for (const leaf of leaves) {
    const name = leaf.path.at(-1) ?? "";
    lines.push(`    ${name}: ${printExternType(leaf.type)}`);
    const near = siblings === undefined ? undefined : nearestName(name, siblings);
    if (near !== undefined) lines.push(`      nearest defined: ${near}`);
  }
  if (instance !== undefined && siblings === undefined)
    lines.push(...describeNearestInstance(instance, defined));
  return lines;
}

function describeNearestInstance(instance: string, defined: Defined): string[] {
  const other = defined.names.find((name) => withoutVersion(name) === withoutVersion(instance));
  if (other !== undefined) {
    return [`    defined, but of a version that is not semver-compatible: ${other}`];
  }
  const near = nearestName(instance, defined.names);
  return near === undefined ? [] : [`    nearest defined: ${near}`];
}

/** Code to paste. */
function stub(leaves: readonly ImportLeaf[]): string[] {
  const lines: string[] = [];
  for (const [instance, items] of byInstance(leaves)) {
    lines.push(instance === undefined ? "  linker.root()" : `  linker.instance(${JSON.stringify(instance)})`);
    for (const leaf of items) lines.push(`    ${stubOf(leaf)}`);
    lines[lines.length - 1] += ";";
  }
  return lines;
}

function stubOf(leaf: ImportLeaf): string {
  const name = leaf.path.at(-1) ?? "";
  const quoted = JSON.stringify(name);
  switch (leaf.type.kind) {
    case "func": {
      const params = ["caller", ...leaf.type.params.map((param) => identifier(param.name))];
      return `.func(${quoted}, (${params.join(", ")}) => { throw new Error("not implemented"); })`;
    }
    case "type":
      return `.resource(${quoted}, { kind: "resource", name: ${quoted} })`;
    default:
      return `.module(${quoted}, bytes)`;
  }
}

/** Words that cannot name a parameter in strict code. */
const reserved =
  /^(?:arguments|await|break|case|caller|catch|class|const|continue|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/;

function identifier(name: string): string {
  const key = camelCase(name);
  return reserved.test(key) ? `${key}_` : key;
}
