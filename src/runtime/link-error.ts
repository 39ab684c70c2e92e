/**
 * The error for a component that a linker does not satisfy: everything that is wrong, at once.
 */
import type { ImportLeaf } from "../component/index.ts";
import { type HostwrightError, UnsupportedError } from "../model/errors.ts";
import { nearestName } from "../model/nearest.ts";
import { printExternType } from "../model/print-type.ts";
import type { Definitions } from "./definitions.ts";
import { LinkError } from "./errors.ts";
import { byInstance, importStub } from "./import-stub.ts";
import { type ExplainedImport, nearestInstance } from "./link-explanation.ts";

/** Imports listed in full; of more only the number is told. */
const LISTED = 100;

/** Undefined if nothing is wrong. */
export function linkError(
  resolved: readonly ExplainedImport[],
  definitions: Definitions,
): HostwrightError | undefined {
  const missing = resolved.filter(({ match }) => match === undefined).map(({ leaf }) => leaf);
  const mismatched = resolved.filter(({ problem }) => problem?.kind === "mismatch");
  if (missing.length > 0 || mismatched.length > 0) {
    const parts = [
      ...(missing.length > 0 ? [missingText(missing, definitions)] : []),
      ...(mismatched.length > 0 ? [mismatchText(mismatched)] : []),
    ];
    return new LinkError(parts.join("\n\n"), {
      missing: missing.map(({ path }) => path),
      mismatched: mismatched.map(({ leaf }) => leaf.path),
    });
  }
  const unsupported = resolved.find(({ problem }) => problem !== undefined)?.problem;
  return unsupported && new UnsupportedError("async host functions", unsupported.summary);
}

function mismatchText(mismatched: readonly ExplainedImport[]): string {
  const lines = mismatched.slice(0, LISTED).flatMap(({ problem }) => {
    if (problem === undefined) return [];
    const { summary, details } = problem;
    return details.length === 0 ? [summary] : [`${summary}:`, ...details.map((line) => `  ${line}`)];
  });
  if (mismatched.length > LISTED) lines.push(`... and ${mismatched.length - LISTED} more`);
  lines.push("The WIT has changed on one side: generate the bindings again, or rebuild the component.");
  return lines.join("\n");
}

function missingText(missing: readonly ImportLeaf[], definitions: Definitions): string {
  const count = missing.length === 1 ? "1 import" : `${missing.length} imports`;
  const lines = [`the component needs ${count} that the linker does not define:`];
  const shown = missing.slice(0, LISTED);
  for (const { path, items } of byInstance(shown)) lines.push("", ...groupText(path, items, definitions));
  if (shown.length < missing.length) lines.push("", `  ... and ${missing.length - shown.length} more`);
  // What is defined of an interface under a compatible version stays in use only if the rest is added to that.
  const places = shown.map((leaf) => {
    const parent = definitions.instanceAt(leaf.path.slice(0, -1));
    return parent?.kind === "instance" ? { ...leaf, path: [...parent.path, leaf.path.at(-1) ?? ""] } : leaf;
  });
  lines.push("", "To define them:", "", ...importStub(places).map((line) => `  ${line}`));
  lines.push(
    "",
    "To run without them, as long as they are not called: linker.defineUnknownImportsAsTraps(component)",
  );
  return lines.join("\n");
}

function groupText(
  path: readonly string[],
  leaves: readonly ImportLeaf[],
  definitions: Definitions,
): string[] {
  const lines = [`  ${path.join("#") || "(root)"}`];
  const siblings = definitions.instanceAt(path)?.names;
  for (const leaf of leaves) {
    const name = leaf.path.at(-1) ?? "";
    lines.push(`    ${name}: ${printExternType(leaf.type)}`);
    const near = siblings === undefined ? undefined : nearestName(name, siblings);
    if (near !== undefined) lines.push(`      nearest defined: ${near}`);
  }
  const [instance] = path;
  if (siblings !== undefined || instance === undefined) return lines;
  const near = nearestInstance(instance, definitions);
  if (near === undefined) return lines;
  const what =
    near.kind === "similar" ? "nearest defined" : "defined, but of a version that is not semver-compatible";
  return [...lines, `    ${what}: ${near.name}`];
}
