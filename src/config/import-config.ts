/** Runs a configuration file that is a module, in JavaScript or TypeScript. */
import { statSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

/** The module at a path, as it is now: a file that has changed since it was imported is imported anew. */
export async function importConfig(place: string): Promise<object> {
  if (!/\.[cm]?ts$/.test(place)) return importNatively(place);
  // Node 20 does not run TypeScript; newer versions do, and faster, as long as types can be erased.
  if ((process.features as { readonly typescript?: unknown }).typescript === undefined)
    return importWithJiti(place);
  try {
    return await importNatively(place);
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") throw error;
    return importWithJiti(place);
  }
}

function importNatively(place: string): Promise<object> {
  return import(`${pathToFileURL(place).href}?version=${statSync(place).mtimeMs}`) as Promise<object>;
}

/** Any TypeScript, on any Node. */
export async function importWithJiti(place: string): Promise<object> {
  const { createJiti } = await import("jiti");
  return createJiti(import.meta.url, { moduleCache: false, fsCache: false }).import<object>(place);
}
