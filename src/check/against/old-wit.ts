/** Finds the WIT that a new version is compared with. */
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve as resolvePath } from "node:path";
import { ConfigError } from "../../model/errors.ts";
import type { Resolve } from "../../model/resolve.ts";
import { type LoadOptions, loadWit, WitError } from "../../wit/index.ts";
import type { GitSource } from "./git.ts";

/**
 * Loads the old WIT.
 *
 * @param against a folder or file of WIT, an encoded package or a component; or, if there is no such thing, a revision
 *   of git: `main`, `v1.2.0`, `HEAD~3`, with the path that the WIT had then if it was another: `main:old/wit`, from the
 *   root of the repository. `git:main` is a revision even if there is a folder `main`.
 * @param wit where the new WIT is: its repository and its path are those of the old one
 * @throws ConfigError if it is not there; WitError if it is no good
 */
export async function loadOldWit(against: string, wit: string, options: LoadOptions): Promise<Resolve> {
  if (!against.startsWith("git:") && existsSync(against)) return loadWit(against, options);
  const { extractFromGit } = await import("./git.ts");
  const folder = mkdtempSync(join(tmpdir(), "hostwright-against-"));
  try {
    return await loadWit(await extractFromGit(gitSource(against, wit), folder), options);
  } catch (error) {
    if (!(error instanceof WitError)) throw error;
    // The files that it names are gone by the time that somebody looks.
    const message = error.message.replaceAll(`${folder}/`, `${against}:`);
    throw new ConfigError(`the old WIT, of ${against}, is no good: ${message}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function gitSource(against: string, wit: string): GitSource {
  const name = against.replace(/^git:/, "");
  const place = resolvePath(wit);
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  const repository = isFolder ? place : dirname(place);
  const colon = name.indexOf(":");
  if (colon !== -1) return { revision: name.slice(0, colon), path: `:/${name.slice(colon + 1)}`, repository };
  return { revision: name, path: isFolder ? "." : basename(place), repository };
}
