/** What the changes since an older WIT break. */

import type { GenerateOptions } from "../../codegen/index.ts";
import { ConfigError } from "../../model/errors.ts";
import type { Resolve, World } from "../../model/resolve.ts";
import { itemId, loadWit, selectWorld, WitError } from "../../wit/index.ts";
import type { Verdict, WitChange } from "./change.ts";
import { compareWorlds } from "./compare-worlds.ts";
import { locator, type Place } from "./locate.ts";
import { loadOldWit } from "./old-wit.ts";
import { type VersionAdvice, versionAdvice } from "./version-advice.ts";

/** A change of the WIT, with the line that made it. */
export interface LocatedChange extends WitChange {
  /** The line of the new WIT that it is about; undefined if that is not text. */
  readonly place: Place | undefined;
}

/** What `checkAgainst` tells: what has changed since an older WIT, and whom that breaks. */
export interface AgainstReport {
  /** What was compared with, as it was given. */
  readonly against: string;
  /** "amal:obs/hosted@0.1.0", as it was and as it is. */
  readonly world: { readonly before: string; readonly after: string };
  /** Nothing if the worlds are the same but for docs. */
  readonly changes: readonly LocatedChange[];
  /** Breaking if any of the changes is. */
  readonly host: Verdict;
  readonly guest: Verdict;
  readonly source: { readonly host: Verdict; readonly guest: Verdict };
  readonly versions: readonly VersionAdvice[];
}

export type ComparedOptions = Pick<GenerateOptions, "wit" | "world" | "features" | "allFeatures">;

/** See `checkAgainst`. */
export async function compareWithOld(options: ComparedOptions, against: string): Promise<AgainstReport> {
  const { wit, features, allFeatures } = options;
  const gates = { features, allFeatures };
  const resolve = await loadWit(wit, gates);
  const world = selectWorld(resolve, options.world);
  const before = await loadOldWit(against, wit, gates);
  const old = oldWorld(before, world, against);
  const changes = compareWorlds({ resolve: before, world: old }, { resolve, world });
  const worldId = itemId(world.package, world.name);
  const placeOf = changes.length === 0 ? () => undefined : locator(wit, worldId);
  const any = (verdictOf: (change: WitChange) => Verdict): Verdict =>
    changes.some((change) => verdictOf(change) === "breaking") ? "breaking" : "compatible";
  return {
    against,
    world: { before: itemId(old.package, old.name), after: worldId },
    changes: changes.map((change) => ({ ...change, place: placeOf(change.path) })),
    host: any((change) => change.host),
    guest: any((change) => change.guest),
    source: { host: any((change) => change.source.host), guest: any((change) => change.source.guest) },
    versions: versionAdvice(old, world, changes),
  };
}

/** The world of the same name, of whatever version; or the only one of the main package, under another name. */
function oldWorld(resolve: Resolve, { name, package: owner }: World, against: string): World {
  const sameName = resolve.worlds.filter((world) => world.name === name);
  const { namespace, name: packageName, version } = owner.name;
  const samePackage = sameName.filter(
    ({ package: other }) => other.name.namespace === namespace && other.name.name === packageName,
  );
  const found =
    samePackage.find((world) => world.package.name.version === version) ??
    samePackage.at(-1) ??
    sameName.find((world) => resolve.roots.includes(world.package));
  if (found !== undefined) return found;
  try {
    return selectWorld(resolve);
  } catch (cause) {
    if (!(cause instanceof WitError)) throw cause;
    const names = resolve.roots.flatMap((root) => [...root.worlds.keys()]).slice(0, 12);
    const has = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
    throw new ConfigError(
      `the WIT of ${JSON.stringify(against)} has no world \`${name}\` to compare with: ${has}`,
      {
        cause,
      },
    );
  }
}
