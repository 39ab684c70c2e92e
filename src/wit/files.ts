/**
 * Finds a WIT package on the disk, with what it depends on.
 *
 * Source: WIT.md, "Filesystem structure"; wit-parser's `resolve/fs.rs`.
 */
import type { Stats } from "node:fs";
import { join } from "node:path";
import { decodeText, existingStatOf, namesIn, noWitIn, readRegularFile, statOf } from "./disk.ts";
import { witError } from "./errors.ts";
import { MAX_SOURCE_LENGTH, MAX_TOTAL_SOURCE_LENGTH } from "./limits.ts";
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

/**
 * Reads a file, or a folder with its `deps`.
 *
 * It does not return to the event loop meanwhile: WIT is small, and a round trip takes longer than reading a file of it.
 */
export function findPackage(path: string): FoundPackage {
  return new Finder().find(path);
}

/** One search. */
class Finder {
  /** How many bytes all files together may still have. */
  #remaining = MAX_TOTAL_SOURCE_LENGTH;

  find(path: string): FoundPackage {
    const stats = existingStatOf(path);
    if (!stats.isDirectory()) {
      const main = this.#file(path, stats);
      const searched =
        main.kind === "group" ? [`${path} (of a single file, only the packages nested in it)`] : [];
      return { main, dependencies: [], searched };
    }
    const group = this.#group(path);
    return { main: { kind: "group", group }, ...this.#dependencies(join(path, "deps")) };
  }

  #dependencies(path: string): Pick<FoundPackage, "dependencies" | "searched"> {
    if (statOf(path) === undefined) {
      return { dependencies: [], searched: [`${path} (which does not exist)`] };
    }
    const dependencies: Found[] = [];
    const searched: string[] = [];
    for (const name of namesIn(path)) {
      const dependency = this.#dependency(join(path, name));
      if (dependency === undefined) continue;
      dependencies.push(dependency);
      searched.push(dependency.kind === "group" ? dependency.group.path : dependency.path);
    }
    if (searched.length === 0) searched.push(`${path} (which is empty)`);
    return { dependencies, searched };
  }

  /** Undefined for what is none: other files may be in `deps` for reasons of their own. */
  #dependency(path: string): Found | undefined {
    const stats = statOf(path);
    if (stats?.isDirectory()) return { kind: "group", group: this.#group(path) };
    return /\.(?:wit|wasm|wat)$/.test(path) ? this.#file(path, stats) : undefined;
  }

  /** The `.wit` files directly in a folder. */
  #group(path: string): WitGroup {
    const names = namesIn(path).filter((name) => name.endsWith(".wit"));
    const texts = names.flatMap((name) => this.#textFile(join(path, name)) ?? []);
    if (texts.length === 0) throw noWitIn(path);
    return { path, files: texts };
  }

  #textFile(path: string): WitFile | undefined {
    const stats = statOf(path);
    if (stats?.isDirectory()) return undefined;
    return { path, text: textOf(path, this.#read(path, stats, MAX_SOURCE_LENGTH)) };
  }

  #file(path: string, stats: Stats | undefined): Found {
    const limit = path.endsWith(".wit") ? MAX_SOURCE_LENGTH : MAX_TOTAL_SOURCE_LENGTH;
    const bytes = this.#read(path, stats, limit);
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
    return { kind: "group", group: { path, files: [{ path, text: textOf(path, bytes) }] } };
  }

  #read(path: string, stats: Stats | undefined, limit: number): Uint8Array {
    return readRegularFile(path, stats, (size) => {
      this.#remaining -= size;
      if (size <= limit && this.#remaining >= 0) return;
      throw witError({
        code: "too-large",
        message: `a file may have at most ${limit} bytes, and all of them together ${MAX_TOTAL_SOURCE_LENGTH}`,
        file: path,
      });
    });
  }
}

function textOf(path: string, bytes: Uint8Array): string {
  return decodeText(path, bytes, { keepMark: false });
}
