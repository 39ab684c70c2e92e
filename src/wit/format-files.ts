/** Formats WIT files on the disk. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { TextDecoder } from "node:util";
import { replaceFile } from "../disk/replace-file.ts";
import { witError } from "./errors.ts";
import { formatWit } from "./format.ts";
import { MAX_FOLDER_ENTRIES, MAX_SOURCE_LENGTH } from "./limits.ts";

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
 * work. Nothing is written unless all files are WIT; each is then replaced as a whole.
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
      if (changed) onDisk(file, () => replaceFile(file, wanted));
    }
  }
  return formatted.map(({ path: file, changed }) => ({ path: file, changed }));
}

function witFiles(path: string): readonly string[] {
  const isFolder = onDisk(path, () => statSync(path)).isDirectory();
  if (!isFolder) return [path];
  const entries = onDisk(path, () => readdirSync(path, { withFileTypes: true }));
  if (entries.length > MAX_FOLDER_ENTRIES) {
    throw witError({
      code: "too-large",
      message: `the folder has more than ${MAX_FOLDER_ENTRIES} entries`,
      file: path,
    });
  }
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".wit"));
  if (files.length === 0) {
    throw witError({ code: "not-found", message: `there is no \`.wit\` file in \`${path}\``, file: path });
  }
  return files.map((entry) => join(path, entry.name)).sort();
}

function readText(file: string): string {
  const { size } = onDisk(file, () => statSync(file));
  if (size > MAX_SOURCE_LENGTH) {
    throw witError({
      code: "too-large",
      message: `a WIT file may have at most ${MAX_SOURCE_LENGTH} bytes`,
      file,
    });
  }
  const bytes = onDisk(file, () => readFileSync(file));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw witError({ code: "syntax", message: "the file is not valid UTF-8", file }, { cause });
  }
}

function onDisk<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw witError({ code: "unreadable", message: reason, file }, { cause });
  }
}
