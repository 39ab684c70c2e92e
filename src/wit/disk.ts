/** How the WIT front end reads the disk: with bounds, and whatever goes wrong is a `WitError` with the path. */
import { readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { osReason } from "../model/os-error.ts";
import { witError } from "./errors.ts";
import { MAX_FOLDER_ENTRIES } from "./limits.ts";

/** Undefined if nothing is there. Follows links; a loop of links is an error. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw unreadable(path, "read", error);
  }
}

/** As `statOf`, of something that has to be there. */
export function existingStatOf(path: string): Stats {
  const stats = statOf(path);
  if (stats !== undefined) return stats;
  throw witError({
    code: "unreadable",
    message: `there is no file or folder \`${path}\``,
    file: path,
    hint: "name a .wit file, or a folder of them: on the command line, or as `wit` in the configuration",
  });
}

/** The names in a folder, in an order that does not depend on the machine. */
export function namesIn(path: string): string[] {
  const names = onDisk(path, "read", () => readdirSync(path));
  if (names.length > MAX_FOLDER_ENTRIES) {
    throw witError({
      code: "too-large",
      message: `the folder has more than ${MAX_FOLDER_ENTRIES} entries`,
      file: path,
    });
  }
  return names.sort();
}

/** A folder without WIT, where there has to be some. */
export function noWitIn(path: string): Error {
  return witError({ code: "not-found", message: `there is no \`.wit\` file in \`${path}\``, file: path });
}

/** The bytes of a regular file. `checkSize` throws if it has too many. */
export function readRegularFile(
  path: string,
  stats: Stats | undefined,
  checkSize: (size: number) => void,
): Uint8Array {
  // A pipe or a device would never end.
  if (stats === undefined || !stats.isFile()) {
    throw witError({
      code: "unreadable",
      message: "this is not a regular file that can be read",
      file: path,
    });
  }
  checkSize(stats.size);
  return onDisk(path, "read", () => readFileSync(path));
}

/** UTF-8, without a byte order mark unless it is to be kept. */
export function decodeText(path: string, bytes: Uint8Array, options: { readonly keepMark: boolean }): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: options.keepMark }).decode(bytes);
  } catch (cause) {
    throw witError({ code: "syntax", message: "the file is not valid UTF-8", file: path }, { cause });
  }
}

/** Does something with a file or folder; `what` is what cannot be done if it fails. */
export function onDisk<T>(path: string, what: "read" | "written", act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw unreadable(path, what, error);
  }
}

function unreadable(path: string, what: "read" | "written", cause: unknown): Error {
  return witError(
    { code: "unreadable", message: `cannot be ${what}: ${osReason(cause)}`, file: path },
    { cause },
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
