/**
 * Finds the world that a person names.
 *
 * Source: WIT.md, "Specifying a World"; `Resolve::select_world` in wit-parser.
 */

import { nearestName } from "../model/nearest.ts";
import type { Package, PackageName, Resolve, World } from "../model/resolve.ts";
import { Reporter, witError } from "./errors.ts";
import { itemId, packageId } from "./nodes.ts";
import { parseUsePath } from "./parser.ts";
import { Source } from "./source.ts";

/**
 * The world of that name.
 *
 * @param name a world of the main package (`hosted`), or of any (`amal:obs/hosted`,
 *   `amal:obs/hosted@0.1.0`; without a version if there is only one). Default: the only world of the
 *   main package.
 * @throws WitError with code `not-found` or `ambiguous`; the message lists the worlds there are.
 */
export function selectWorld(resolve: Resolve, name?: string): World {
  if (name === undefined) return onlyWorld(resolve);
  const reporter = new Reporter();
  const path = reporter.attempt(() => parseUsePath(new Source("the name of the world", name), reporter));
  if (path === undefined) reporter.throwIfFailed();
  if (path?.package === undefined) return worldOf(resolve, mainPackage(resolve), path?.name.name ?? name);
  return worldOf(resolve, findPackage(resolve, path.package.name), path.name.name);
}

function onlyWorld(resolve: Resolve): World {
  const main = mainPackage(resolve);
  const [world, second] = [...main.worlds.values()];
  if (world === undefined) {
    const elsewhere = worldIds(resolve.worlds);
    throw witError({
      code: "not-found",
      message: `package \`${packageId(main.name)}\` has no world`,
      hint: elsewhere === "" ? exampleOfWorld(main) : `there are worlds in other packages: ${elsewhere}`,
    });
  }
  if (second === undefined) return world;
  throw witError({
    code: "ambiguous",
    message: `package \`${packageId(main.name)}\` has several worlds, and none was named`,
    hint: `name one of: ${[...main.worlds.keys()].slice(0, 12).join(", ")}`,
  });
}

/** A world says who has which side of an interface, which those who have only interfaces yet may not know. */
function exampleOfWorld({ interfaces }: Package): string {
  const [name = "some-interface"] = interfaces.keys();
  return `bindings are made for a world: add one, such as \`world host { import ${name}; }\``;
}

function mainPackage(resolve: Resolve): Package {
  const [main] = resolve.roots;
  if (main === undefined) throw witError({ code: "not-found", message: "there is no main package" });
  return main;
}

function worldOf(resolve: Resolve, owner: Package, name: string): World {
  const world = owner.worlds.get(name);
  if (world !== undefined) return world;
  const nearest = nearestName(name, owner.worlds.keys());
  const elsewhere = resolve.worlds.filter((other) => other.name === name);
  const all = worldIds(resolve.worlds);
  throw witError({
    code: "not-found",
    message: `there is no world \`${name}\` in package \`${packageId(owner.name)}\``,
    hint:
      nearest !== undefined
        ? `did you mean \`${nearest}\`?`
        : elsewhere.length > 0
          ? `there is ${worldIds(elsewhere)}`
          : owner.interfaces.has(name)
            ? `\`${name}\` is an interface`
            : all === ""
              ? undefined
              : `worlds are: ${all}`,
  });
}

function findPackage(resolve: Resolve, name: PackageName): Package {
  const sameName = resolve.packages.filter(
    (other) => other.name.namespace === name.namespace && other.name.name === name.name,
  );
  const exact = sameName.find((other) => other.name.version === name.version);
  if (exact !== undefined) return exact;
  const [only, second] = sameName;
  if (only !== undefined && second === undefined && name.version === undefined) return only;
  const versions = sameName.map((other) => `\`${packageId(other.name)}\``).join(", ");
  if (sameName.length > 0) {
    throw witError({
      code: name.version === undefined ? "ambiguous" : "not-found",
      message:
        name.version === undefined
          ? `package \`${packageId(name)}\` has several versions`
          : `there is no package \`${packageId(name)}\``,
      hint: `there are ${versions}`,
    });
  }
  const nearest = nearestName(
    packageId(name),
    resolve.packages.map((other) => packageId(other.name)),
  );
  throw witError({
    code: "not-found",
    message: `there is no package \`${packageId(name)}\``,
    hint: nearest === undefined ? undefined : `did you mean \`${nearest}\`?`,
  });
}

function worldIds(worlds: readonly World[]): string {
  const ids = worlds.map((world) => itemId(world.package, world.name));
  return ids.slice(0, 12).join(", ") + (ids.length > 12 ? `, and ${ids.length - 12} more` : "");
}
