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
import { MAX_FOLDER_ENTRIES, MAX_SOURCE_LENGTH, MAX_TOTAL_SOURCE_LENGTH } from "./limits.ts";
import type { WitFile, WitGroup } from "./parse.ts";

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
export function findPackage(path: string): Promise<FoundPackage> {
  return new Finder().find(path);
}

/** One search. Reads side by side what does not depend on each other. */
class Finder {
  /** How many bytes all files together may still have. */
  #remaining = MAX_TOTAL_SOURCE_LENGTH;

  async find(path: string): Promise<FoundPackage> {
    const stats = await statOf(path);
    if (stats === undefined) {
      throw witError({ code: "unreadable", message: `there is no file or folder \`${path}\``, file: path });
    }
    if (!stats.isDirectory()) {
      const main = await this.#file(path, stats);
      const searched =
        main.kind === "group" ? [`${path} (of a single file, only the packages nested in it)`] : [];
      return { main, dependencies: [], searched };
    }
    const [group, found] = await inOrder([this.#group(path), this.#dependencies(join(path, "deps"))]);
    return { main: { kind: "group", group }, ...found };
  }

  async #dependencies(path: string): Promise<Pick<FoundPackage, "dependencies" | "searched">> {
    if ((await statOf(path)) === undefined) {
      return { dependencies: [], searched: [`${path} (which does not exist)`] };
    }
    const names = await namesIn(path);
    const found = await inOrder(names.map((name) => this.#dependency(join(path, name))));
    const dependencies: Found[] = [];
    const searched: string[] = [];
    for (const dependency of found) {
      if (dependency === undefined) continue;
      dependencies.push(dependency);
      searched.push(dependency.kind === "group" ? dependency.group.path : dependency.path);
    }
    if (searched.length === 0) searched.push(`${path} (which is empty)`);
    return { dependencies, searched };
  }

  /** Undefined for what is none: other files may be in `deps` for reasons of their own. */
  async #dependency(path: string): Promise<Found | undefined> {
    const stats = await statOf(path);
    if (stats?.isDirectory()) return { kind: "group", group: await this.#group(path) };
    return /\.(?:wit|wasm|wat)$/.test(path) ? this.#file(path, stats) : undefined;
  }

  /** The `.wit` files directly in a folder. */
  async #group(path: string): Promise<WitGroup> {
    const names = (await namesIn(path)).filter((name) => name.endsWith(".wit"));
    const files = await inOrder(names.map((name) => this.#textFile(join(path, name))));
    const texts = files.filter((file) => file !== undefined);
    if (texts.length === 0) {
      throw witError({ code: "not-found", message: `there is no \`.wit\` file in \`${path}\``, file: path });
    }
    return { path, files: texts };
  }

  async #textFile(path: string): Promise<WitFile | undefined> {
    const stats = await statOf(path);
    if (stats?.isDirectory()) return undefined;
    return { path, text: decodeText(path, await this.#read(path, stats, MAX_SOURCE_LENGTH)) };
  }

  async #file(path: string, stats: Stats | undefined): Promise<Found> {
    const limit = path.endsWith(".wit") ? MAX_SOURCE_LENGTH : MAX_TOTAL_SOURCE_LENGTH;
    const bytes = await this.#read(path, stats, limit);
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

  async #read(path: string, stats: Stats | undefined, limit: number): Promise<Uint8Array> {
    // A pipe or a device would never end.
    if (stats === undefined || !stats.isFile()) {
      throw witError({
        code: "unreadable",
        message: "this is not a regular file that can be read",
        file: path,
      });
    }
    this.#remaining -= stats.size;
    if (stats.size > limit || this.#remaining < 0) {
      throw witError({
        code: "too-large",
        message: `a file may have at most ${limit} bytes, and all of them together ${MAX_TOTAL_SOURCE_LENGTH}`,
        file: path,
      });
    }
    return orWitError(path, readFile(path));
  }
}

/** The results in the order of the promises; the error of the first that fails in that order. */
async function inOrder<T extends readonly unknown[] | []>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  for (const promise of promises) await promise;
  return Promise.all(promises);
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
