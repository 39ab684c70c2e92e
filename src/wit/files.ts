/**
 * Finds and reads WIT on the disk: the only file of the WIT front end that touches it.
 *
 * Source: WIT.md, "Filesystem structure"; wit-parser's `resolve/fs.rs`.
 */
import type { Stats } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { TextDecoder } from "node:util";
import { witError } from "./errors.ts";
import { MAX_FOLDER_ENTRIES, MAX_SOURCE_LENGTH } from "./limits.ts";
import type { WitFile, WitGroup } from "./parse.ts";

/** An encoded WIT package may bring many others. */
const MAX_ENCODED_LENGTH = 64 * 1024 * 1024;

/** What a path holds: text, or a package in binary form. */
export type Found =
  | { readonly kind: "group"; readonly group: WitGroup }
  | { readonly kind: "encoded"; readonly path: string; readonly bytes: Uint8Array };

export interface FoundPackage {
  readonly main: Found;
  readonly dependencies: readonly Found[];
  /** Where packages were looked for. */
  readonly searched: readonly string[];
}

/** Reads a file, or a folder with its `deps`. */
export async function findPackage(path: string): Promise<FoundPackage> {
  const stats = await statOf(path);
  if (stats === undefined) {
    throw witError({ code: "unreadable", message: `there is no file or folder \`${path}\``, file: path });
  }
  if (!stats.isDirectory()) {
    const main = await readAny(path, stats);
    const searched =
      main.kind === "group" ? [`${path} (of a single file, only the packages nested in it)`] : [];
    return { main, dependencies: [], searched };
  }
  const main: Found = { kind: "group", group: await readGroup(path) };
  const depsPath = join(path, "deps");
  const deps = await statOf(depsPath);
  if (deps === undefined) return { main, dependencies: [], searched: [`${depsPath} (which does not exist)`] };
  const dependencies: Found[] = [];
  const searched: string[] = [];
  for (const name of await namesIn(depsPath)) {
    const entry = join(depsPath, name);
    const entryStats = await statOf(entry);
    if (entryStats?.isDirectory()) {
      searched.push(entry);
      dependencies.push({ kind: "group", group: await readGroup(entry) });
    } else if (/\.(?:wit|wasm|wat)$/.test(name)) {
      searched.push(entry);
      dependencies.push(await readAny(entry, entryStats));
    }
    // Anything else may be there for reasons of its own.
  }
  if (searched.length === 0) searched.push(`${depsPath} (which is empty)`);
  return { main, dependencies, searched };
}

/** The `.wit` files directly in a folder. */
async function readGroup(path: string): Promise<WitGroup> {
  const files: WitFile[] = [];
  for (const name of await namesIn(path)) {
    if (!name.endsWith(".wit")) continue;
    const file = join(path, name);
    const stats = await statOf(file);
    if (stats?.isDirectory()) continue;
    files.push({ path: file, text: decodeText(file, await readBytes(file, stats, MAX_SOURCE_LENGTH)) });
  }
  if (files.length === 0) {
    throw witError({ code: "not-found", message: `there is no \`.wit\` file in \`${path}\``, file: path });
  }
  return { path, files };
}

async function readAny(path: string, stats: Stats | undefined): Promise<Found> {
  const bytes = await readBytes(path, stats, path.endsWith(".wit") ? MAX_SOURCE_LENGTH : MAX_ENCODED_LENGTH);
  const isWasm = bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
  if (isWasm) return { kind: "encoded", path, bytes };
  if (path.endsWith(".wat")) {
    throw witError({
      code: "unreadable",
      message: "a WIT package in WebAssembly's text format is not supported",
      file: path,
      hint: "convert it with `wasm-tools parse`",
    });
  }
  return { kind: "group", group: { path, files: [{ path, text: decodeText(path, bytes) }] } };
}

async function readBytes(path: string, stats: Stats | undefined, limit: number): Promise<Uint8Array> {
  // A pipe or a device would never end.
  if (stats === undefined || !stats.isFile()) {
    throw witError({
      code: "unreadable",
      message: "this is not a regular file that can be read",
      file: path,
    });
  }
  if (stats.size > limit) {
    throw witError({ code: "too-large", message: `the file is larger than ${limit} bytes`, file: path });
  }
  return orWitError(path, readFile(path));
}

function decodeText(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw witError({ code: "syntax", message: "the file is not valid UTF-8", file: path }, { cause });
  }
}

/** Undefined if nothing is there. Follows links; a loop of links is an error. */
async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw unreadable(path, error);
  }
}

/** The names in a folder, in an order that does not depend on the machine. */
async function namesIn(path: string): Promise<string[]> {
  const names = await orWitError(path, readdir(path));
  if (names.length > MAX_FOLDER_ENTRIES) {
    throw witError({
      code: "too-large",
      message: `the folder has more than ${MAX_FOLDER_ENTRIES} entries`,
      file: path,
    });
  }
  return names.sort();
}

async function orWitError<T>(path: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): Error {
  const reason = codeOf(cause) ?? String(cause);
  return witError({ code: "unreadable", message: `cannot be read: ${reason}`, file: path }, { cause });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
