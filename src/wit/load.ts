/**
 * WIT on the disk to a `Resolve`.
 */
import { basename } from "node:path";
import type { Resolve } from "../model/resolve.ts";
import { invalidName } from "./cursor.ts";
import { type Found, findPackage } from "./files.ts";
import { type FeatureOptions, parseWitGroups, type WitGroup } from "./parse.ts";

/** The options of `loadWit`: which `@unstable` features are on. */
export type LoadOptions = FeatureOptions;

/**
 * Loads a WIT package.
 *
 * @param path a `.wit` file; a folder of `.wit` files that make up one package, with the packages that
 *   it uses in `deps/` (as folders, `.wit` files or encoded packages); an encoded package (`.wasm`); or a
 *   component, whose world is called after the file (`guest.wasm`: `guest`), or `root` if that is no name.
 * @throws WitError with every error that was found, each with file, line and column.
 * @example const resolve = await loadWit("wit", { features: ["preview"] });
 */
export async function loadWit(path: string, options: LoadOptions = {}): Promise<Resolve> {
  const { main, dependencies, searched } = findPackage(path);
  if (main.kind === "encoded") return decodeMain(main);
  const groups: WitGroup[] = [];
  const encoded: { path: string; resolve: Resolve }[] = [];
  for (const found of dependencies) {
    if (found.kind === "group") groups.push(found.group);
    else encoded.push({ path: found.path, resolve: await decode(found) });
  }
  return parseWitGroups(main.group, { groups, encoded, searched }, options);
}

async function decodeMain({ path, bytes }: Extract<Found, { kind: "encoded" }>): Promise<Resolve> {
  const { decodeWasm } = await import("./encoded.ts");
  return decodeWasm(bytes, path, worldNameOf(path)).resolve;
}

/** What a file's name says as a name of WIT: "my-guest" of "dist/my_guest.component.wasm". */
function worldNameOf(path: string): string {
  const name = basename(path)
    .replace(/(?:\.component)?\.wasm$/, "")
    .toLowerCase()
    .replace(/[._\s-]+/g, "-");
  return invalidName(name) === undefined ? name : "root";
}

async function decode({ path, bytes }: Extract<Found, { kind: "encoded" }>): Promise<Resolve> {
  // Few packages are encoded, and the reader of components is large.
  const { decodeWitPackage } = await import("./encoded.ts");
  return decodeWitPackage(bytes, path);
}
