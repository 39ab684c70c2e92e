/** Finds what a world was in an older WIT: of what name, if it was there at all. */
import { ConfigError } from "../../model/errors.ts";
import type { Package, Resolve, World } from "../../model/resolve.ts";
import { selectWorld, WitError } from "../../wit/index.ts";

/** Both versions, and how messages call the old one. */
export interface Versions {
  readonly before: Resolve;
  readonly after: Resolve;
  readonly against: string;
}

/**
 * The world of the same name, of whatever version; or the only one that is gone, if this is the only one that is new.
 * Undefined for a world that is new in a package that is not.
 *
 * @throws ConfigError if there is none, and nothing says that it is new
 */
export function oldWorld(world: World, { before, after, against }: Versions): World | undefined {
  const found = sameWorld(world, before);
  if (found !== undefined) return found;
  const old = before.roots.find((root) => isSamePackage(root, world.package));
  if (old !== undefined && isRoot(world.package, after) && old.worlds.size > 0) {
    const [gone, added] = [missingFrom(after, old), missingFrom(before, world.package)];
    const [only, second] = gone;
    if (only === undefined || (second === undefined && added.length > 1)) return undefined;
    if (second === undefined) return only;
  }
  try {
    return selectWorld(before);
  } catch (cause) {
    if (!(cause instanceof WitError)) throw cause;
    const names = before.roots.flatMap((root) => [...root.worlds.keys()]).slice(0, 12);
    const has = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
    throw new ConfigError(
      `the WIT of ${JSON.stringify(against)} has no world \`${world.name}\` to compare with: ${has}`,
      { cause },
    );
  }
}

/** The world of that name: of the same package and version, of the same package, or of any that was asked for. */
export function sameWorld({ name, package: owner }: World, resolve: Resolve): World | undefined {
  const sameName = resolve.worlds.filter((world) => world.name === name);
  const samePackage = sameName.filter((world) => isSamePackage(world.package, owner));
  return (
    samePackage.find((world) => world.package.name.version === owner.name.version) ??
    samePackage.at(-1) ??
    sameName.find((world) => resolve.roots.includes(world.package))
  );
}

/** The worlds of a package that another version does not have. */
export function missingFrom(resolve: Resolve, { worlds }: Package): readonly World[] {
  return [...worlds.values()].filter((world) => sameWorld(world, resolve) === undefined);
}

function isSamePackage({ name: a }: Package, { name: b }: Package): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

function isRoot(node: Package, resolve: Resolve): boolean {
  return resolve.roots.includes(node);
}
