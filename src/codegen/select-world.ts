/** Finds the world that the options name. */
import { ConfigError } from "../model/errors.ts";
import type { Package, Resolve, World } from "../model/resolve.ts";

/** "amal:obs" or "amal:obs@0.1.0". */
export function packageId(pkg: Package): string {
  const { namespace, name, version } = pkg.name;
  return `${namespace}:${name}${version === undefined ? "" : `@${version}`}`;
}

/** "amal:obs/hosted@0.1.0". */
export function worldId(world: World): string {
  return itemId(world.package, world.name);
}

/** The id of an interface or a world of a package: "amal:obs/metrics@0.1.0". */
export function itemId(pkg: Package, name: string): string {
  const { namespace, name: packageName, version } = pkg.name;
  return `${namespace}:${packageName}/${name}${version === undefined ? "" : `@${version}`}`;
}

/**
 * The world called `name`: a world of the packages asked for ("hosted"), or of any package
 * ("amal:obs/hosted", with or without its version). Without a name, the only world there is.
 *
 * @throws {ConfigError} there is no such world, or more than one
 */
export function selectWorld(resolve: Resolve, name: string | undefined): World {
  const roots = resolve.roots.flatMap((pkg) => [...pkg.worlds.values()]);
  if (name === undefined) {
    // The main package comes first: its world is meant even if others that came along have worlds too.
    const main = [...(resolve.roots[0]?.worlds.values() ?? [])];
    return only(main.length === 1 ? main : roots, "there is more than one world", roots);
  }
  const candidates = name.includes("/")
    ? resolve.worlds.filter((world) => worldId(world) === name || unversionedId(world) === name)
    : roots.filter((world) => world.name === name);
  const exact = candidates.filter((world) => worldId(world) === name);
  return only(
    exact.length === 1 ? exact : candidates,
    `${JSON.stringify(name)} names more than one world`,
    candidates.length === 0 ? (roots.length === 0 ? resolve.worlds : roots) : candidates,
    `there is no world ${JSON.stringify(name)}`,
  );
}

function unversionedId(world: World): string {
  const { namespace, name } = world.package.name;
  return `${namespace}:${name}/${world.name}`;
}

function only(
  candidates: readonly World[],
  several: string,
  choices: readonly World[],
  none = "there is no world in the package",
): World {
  const [world, ...others] = candidates;
  if (world !== undefined && others.length === 0) {
    return world;
  }
  const names = choices.map(worldId).join(", ");
  const advice =
    names === ""
      ? "declare one (`world name { ... }`)"
      : `set the option "world" (--world) to one of: ${names}`;
  throw new ConfigError(`${world === undefined ? none : several}: ${advice}`);
}
