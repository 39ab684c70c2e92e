/** Puts generated files on disk. */
import { mkdirSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "../disk/replace-file.ts";
import { ConfigError } from "../model/errors.ts";
import type { GenerateResult } from "./generate.ts";
import { compareOutput, type FileState, outputError, outputPath } from "./output.ts";

/** What becomes of a file. */
export type WriteAction = "created" | "updated" | "unchanged" | "removed";

/** A file, and what has become of it (with `dryRun`: what would). */
export interface WrittenFile {
  /** Below the output folder, with `/` between folders. */
  readonly path: string;
  readonly action: WriteAction;
}

/** What `writeBindings` has done (with `dryRun`: what it would do). */
export interface WriteReport {
  /** The files of the result, in their order, then those that were removed. */
  readonly files: readonly WrittenFile[];
  /** True if anything was created, updated or removed. */
  readonly changed: boolean;
}

export interface WriteOptions {
  /** Only tell what would be done. Default: false. */
  readonly dryRun?: boolean | undefined;
}

/**
 * Writes the files of a result into the folder `out`, which is made if it is not there.
 *
 * Each file is written as a whole or not at all. A file that is as it should be is not touched. Files that an earlier run
 * wrote into `out` and that are no longer wanted are removed, with the folders that this empties. A
 * file that hostwright did not generate is never overwritten or removed, and nothing is written through a symbolic link
 * below `out`.
 *
 * @throws ConfigError if something else is where a file must go, or the folder cannot be written; in the
 *   first case nothing has been written
 */
export async function writeBindings(
  result: Pick<GenerateResult, "files">,
  out: string,
  options: WriteOptions = {},
): Promise<WriteReport> {
  const states = compareOutput(result.files, out);
  const foreign = states.filter((state) => state.status === "foreign");
  if (foreign.length > 0) {
    throw new ConfigError(
      [
        `${out} holds what hostwright did not generate and so will not overwrite:`,
        ...foreign.map((state) => `  ${state.reason}`),
        'Move or delete it, or choose another folder with "out" (--out).',
      ].join("\n"),
    );
  }
  if (options.dryRun !== true) for (const state of states) apply(state, out);
  const files = states.map((state): WrittenFile => ({ path: state.path, action: actionOf(state) }));
  return { files, changed: files.some((file) => file.action !== "unchanged") };
}

function actionOf({ status, wanted }: FileState): WriteAction {
  if (status === "orphaned") return "removed";
  if (status === "fresh" || wanted === undefined) return "unchanged";
  return status === "missing" ? "created" : "updated";
}

function apply(state: FileState, out: string): void {
  const place = outputPath(out, state.path);
  try {
    if (state.status === "orphaned") {
      unlinkSync(place);
      removeEmptyFolders(out, state.path);
    } else if (state.status !== "fresh" && state.wanted !== undefined) {
      mkdirSync(dirname(place), { recursive: true });
      replaceFile(place, state.wanted);
    }
  } catch (error) {
    throw outputError(place, "write", error);
  }
}

function removeEmptyFolders(out: string, path: string): void {
  const segments = path.split("/").slice(0, -1);
  try {
    while (segments.length > 0) {
      rmdirSync(outputPath(out, segments.join("/")));
      segments.pop();
    }
  } catch {
    // Not empty, or not ours to remove: either way it stays.
  }
}
