/** What the changes since an older WIT break. */

import type { GenerateOptions } from "../../codegen/index.ts";
import { ConfigError } from "../../model/errors.ts";
import type { World } from "../../model/resolve.ts";
import { itemId, loadWit, selectWorld } from "../../wit/index.ts";
import type { Verdict, WitChange } from "./change.ts";
import { compareWorlds, isPackageOfComponent } from "./compare-worlds.ts";
import { locator, type Place } from "./locate.ts";
import { loadOldWit } from "./old-wit.ts";
import { missingFrom, oldWorld, sameWorld, type Versions } from "./old-world.ts";
import { sidedEffect } from "./verdict.ts";
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
  /** "amal:obs/hosted@0.1.0", as it was and as it is; undefined where it was not yet there, or is gone. */
  readonly world: { readonly before: string | undefined; readonly after: string | undefined };
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
  const versions = await loadVersions(options, against);
  const world = selectWorld(versions.after, options.world);
  return reportOn(world, oldWorld(world, versions), versions);
}

/** See `checkEveryWorldAgainst`. */
export async function compareEveryWorld(
  options: Omit<ComparedOptions, "world">,
  against: string,
): Promise<readonly AgainstReport[]> {
  const versions = await loadVersions(options, against);
  const { after, before } = versions;
  const [main] = after.roots;
  const [old] = before.roots;
  const worlds =
    main === undefined || main.worlds.size === 0 ? [selectWorld(after)] : [...main.worlds.values()];
  const [first] = worlds;
  // Without any it says so.
  if (first !== undefined && old?.worlds.size === 0) oldWorld(first, versions);
  if (old !== undefined && isPackageOfComponent(old) && worlds.length > 1) {
    const names = worlds.map(({ name }) => name).join(", ");
    throw new ConfigError(
      `${JSON.stringify(against)} is a component, which does not say which world it was made for; name it (--world): ${names}`,
    );
  }
  const gone = old === undefined ? [] : missingFrom(after, old);
  const isNew = (world: World): boolean => sameWorld(world, before) === undefined;
  const renamed = gone.length === 1 && worlds.filter(isNew).length === 1 ? gone[0] : undefined;
  const reports = worlds.map((world) => reportOn(world, sameWorld(world, before) ?? renamed, versions));
  const removed = gone.filter((world) => world !== renamed).map((world) => removedReport(world, against));
  return [...reports, ...removed];
}

interface LoadedVersions extends Versions {
  readonly wit: string;
}

async function loadVersions(options: ComparedOptions, against: string): Promise<LoadedVersions> {
  const { wit, features, allFeatures } = options;
  const gates = { features, allFeatures };
  const after = await loadWit(wit, gates);
  return { after, before: await loadOldWit(against, wit, gates), against, wit };
}

function reportOn(world: World, old: World | undefined, versions: LoadedVersions): AgainstReport {
  const { before, after, against, wit } = versions;
  const worldId = itemId(world.package, world.name);
  const changes =
    old === undefined
      ? [worldChange("world-added", worldId, `world \`${world.name}\` is new`)]
      : compareWorlds({ resolve: before, world: old }, { resolve: after, world });
  const placeOf = changes.length === 0 ? () => undefined : locator(wit, worldId);
  return {
    against,
    world: { before: old && itemId(old.package, old.name), after: worldId },
    changes: changes.map((change) => ({ ...change, place: placeOf(change.path) })),
    ...verdictsOf(changes),
    versions: old === undefined ? [] : versionAdvice(old, world, changes),
  };
}

function removedReport(old: World, against: string): AgainstReport {
  const id = itemId(old.package, old.name);
  const changes = [worldChange("world-removed", id, `world \`${old.name}\` is gone`)];
  return {
    against,
    world: { before: id, after: undefined },
    changes: changes.map((change) => ({ ...change, place: undefined })),
    ...verdictsOf(changes),
    versions: [],
  };
}

function worldChange(category: "world-added" | "world-removed", path: string, what: string): WitChange {
  return { path, side: "both", category, what, ...sidedEffect(category, "import"), hint: undefined };
}

function verdictsOf(changes: readonly WitChange[]): Pick<AgainstReport, "host" | "guest" | "source"> {
  const any = (verdictOf: (change: WitChange) => Verdict): Verdict =>
    changes.some((change) => verdictOf(change) === "breaking") ? "breaking" : "compatible";
  return {
    host: any((change) => change.host),
    guest: any((change) => change.guest),
    source: { host: any((change) => change.source.host), guest: any((change) => change.source.guest) },
  };
}
