/** `check --against`, loaded when it is asked for: most checks are of bindings alone. */
import type { AgainstReport, ComparedOptions } from "./against/compare-with-old.ts";

/**
 * Compares a world with what it was: what of the changes breaks the host, and what guests.
 *
 * @param against a folder or file of WIT, an encoded package or a component; or, if there is no such thing, a revision
 *   of git: `main`, `v1.2.0`, `HEAD~3`, with the path that the WIT had then if it was another: `main:old/wit`, from the
 *   root of the repository. `git:main` is a revision even if there is a folder `main`.
 * @example
 * const { host, guest, changes } = await checkAgainst({ wit: "wit" }, "origin/main");
 *
 * @throws WitError if one of the two cannot be read, parsed or resolved
 * @throws ConfigError if there is nothing of the name `against`
 */
export async function checkAgainst(options: ComparedOptions, against: string): Promise<AgainstReport> {
  const { compareWithOld } = await import("./against/compare-with-old.ts");
  return compareWithOld(options, against);
}

/**
 * The same for each world of the package, and for those that it has no more.
 *
 * @example
 * const reports = await checkEveryWorldAgainst({ wit: "wit" }, "origin/main");
 * const isSafe = reports.every(({ host, guest }) => host === "compatible" && guest === "compatible");
 *
 * @throws WitError if one of the two cannot be read, parsed or resolved
 * @throws ConfigError if there is nothing of the name `against`, or it is a component, which is of one world only
 */
export async function checkEveryWorldAgainst(
  options: Omit<ComparedOptions, "world">,
  against: string,
): Promise<readonly AgainstReport[]> {
  const { compareEveryWorld } = await import("./against/compare-with-old.ts");
  return compareEveryWorld(options, against);
}
