/** Whether the version of a package says what its changes do. */
import { compatibilityKey } from "../../model/compatible-version.ts";
import type { Package, World } from "../../model/resolve.ts";
import { packageId } from "../../wit/index.ts";
import type { ChangeCategory, WitChange } from "./change.ts";

/** A package whose new version promises what its changes do not keep. */
export interface VersionAdvice {
  /** "amal:obs" */
  readonly package: string;
  readonly from: string;
  readonly to: string;
  /** In words: what is wrong with the new version. */
  readonly what: string;
}

/** Additions are what a compatible version may bring, though one side has to come first. */
const additions: ReadonlySet<ChangeCategory> = new Set([
  "interface-added",
  "func-added",
  "resource-added",
  "type-added",
]);

/** Advice for each package whose new version says "compatible" of changes that are not. */
export function versionAdvice(before: World, after: World, changes: readonly WitChange[]): VersionAdvice[] {
  const advice: VersionAdvice[] = [];
  const old = packagesOf(before);
  const own = packageId({ ...after.package.name, version: undefined });
  for (const [name, current] of packagesOf(after)) {
    const [from, to] = [old.get(name)?.name.version, current.name.version];
    if (from === undefined || to === undefined) continue;
    const isSame = from === to || compatibilityKey(`x@${from}`) === compatibilityKey(`x@${to}`);
    if (!isSame || (from !== to && compatibilityKey(`x@${to}`) === undefined)) continue;
    const breaking = changes.filter((change) => packageOf(change, own) === name && isIncompatible(change));
    if (breaking.length === 0) continue;
    const count = breaking.length === 1 ? "a change" : `${breaking.length} changes`;
    const said =
      from === to
        ? `version ${to} has been there before`
        : `version ${to} says that it can stand for ${from}`;
    advice.push({
      package: name,
      from,
      to,
      what: `${said}, with ${count} that ${verb(breaking)}: use ${next(from)}`,
    });
  }
  return advice;
}

function verb(changes: readonly WitChange[]): string {
  return changes.length === 1 ? "breaks" : "break";
}

function isIncompatible({ category, host, guest }: WitChange): boolean {
  return !additions.has(category) && (host === "breaking" || guest === "breaking");
}

/** "amal:obs" of "amal:obs/metrics@0.1.0#counter"; what has a plain name belongs to the package of the world. */
function packageOf({ path }: WitChange, own: string): string {
  return /^[^#/]+:[^#/]+(?=\/)/.exec(path)?.[0] ?? own;
}

function packagesOf(world: World): Map<string, Package> {
  const packages = new Map<string, Package>();
  const add = (node: Package): void => {
    packages.set(packageId({ ...node.name, version: undefined }), node);
  };
  for (const side of [world.imports, world.exports]) {
    for (const item of side.values()) if (item.kind === "interface") add(item.interface.package);
  }
  add(world.package);
  return packages;
}

/** The next version that is not compatible: semver, as `compatibilityKey` reads it. */
function next(version: string): string {
  const [, major = "0", minor = "0", patch = "0"] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  if (major !== "0") return `${BigInt(major) + 1n}.0.0`;
  return minor !== "0" ? `0.${BigInt(minor) + 1n}.0` : `0.0.${BigInt(patch) + 1n}`;
}
