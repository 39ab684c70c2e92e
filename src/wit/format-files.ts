/** Formats WIT files on the disk. */
import { lstatSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../disk/replace-file.ts";
import { decodeText, existingStatOf, namesIn, noWitIn, onDisk, readRegularFile } from "./disk.ts";
import { witError } from "./errors.ts";
import { formatWit } from "./format.ts";
import { MAX_SOURCE_LENGTH } from "./limits.ts";

export interface FormattedFile {
  readonly path: string;
  /** Whether its text was not what the formatter makes of it. */
  readonly changed: boolean;
}

export interface FormatFilesOptions {
  /** Only tell what would change. Default: false. */
  readonly check?: boolean | undefined;
}

/**
 * Formats a `.wit` file, or all of them in a folder. A `deps` folder in it is left alone: it is others'
 * work. Nothing is written unless all files are WIT; each is then replaced as a whole. A link stays one: what it
 * leads to is replaced.
 *
 * @throws WitError for a file that is not WIT, or that cannot be read or written
 */
export function formatFiles(path: string, options: FormatFilesOptions = {}): readonly FormattedFile[] {
  const formatted = witFiles(path).map((file) => {
    const text = readText(file);
    const wanted = formatWit(text, { path: file });
    return { path: file, wanted, changed: wanted !== text };
  });
  if (options.check !== true) {
    for (const { path: file, wanted, changed } of formatted) {
      if (changed) onDisk(file, "written", () => replaceFile(realpathSync(file), wanted));
    }
  }
  return formatted.map(({ path: file, changed }) => ({ path: file, changed }));
}

function witFiles(path: string): readonly string[] {
  if (!existingStatOf(path).isDirectory()) return [path];
  const files = namesIn(path)
    .filter((name) => name.endsWith(".wit"))
    .map((name) => join(path, name))
    .filter((file) => onDisk(file, "read", () => lstatSync(file)).isFile());
  if (files.length === 0) throw noWitIn(path);
  return files;
}

function readText(file: string): string {
  const bytes = readRegularFile(file, existingStatOf(file), (size) => {
    if (size <= MAX_SOURCE_LENGTH) return;
    throw witError({
      code: "too-large",
      message: `a WIT file may have at most ${MAX_SOURCE_LENGTH} bytes`,
      file,
    });
  });
  if (bytes[0] === 0) {
    throw witError({
      code: "syntax",
      message: "this is a binary, not WIT text",
      file,
      hint: "`hostwright wit` prints what a binary says as WIT",
    });
  }
  return decodeText(file, bytes, { keepMark: true });
}
