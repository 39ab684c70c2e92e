/** Tells whether bindings on disk are what would be generated now. */
import {
  compareOutput,
  defaultOut,
  type FileState,
  type FileStatus,
  type GenerateDiagnostic,
  type GenerateOptions,
  generate,
  readGenerated,
} from "../codegen/index.ts";
import { generateCommand } from "./generate-command.ts";

export interface CheckedFile {
  /** Below the output folder, with `/` between folders. */
  readonly path: string;
  readonly status: FileStatus;
  /** In words, for one line: why the file has this status. */
  readonly reason: string;
  /** For a changed file: from what is on disk to what would be generated, in unified format, cut to a readable length. */
  readonly diff: string | undefined;
}

export interface CheckReport {
  /** True if there is nothing to mend. */
  readonly fresh: boolean;
  /** The folder that was looked at. */
  readonly out: string;
  /** Every file: those wanted in the order in which they are generated, then the orphans. */
  readonly files: readonly CheckedFile[];
  /** The command that makes it fresh. */
  readonly command: string;
  readonly diagnostics: readonly GenerateDiagnostic[];
}

/**
 * Compares the bindings in `options.out` with what `generate` would write there. Writes nothing.
 *
 * @example
 * const report = await check({ wit: "wit", world: "hosted" });
 * if (!report.fresh) console.error(`stale: run ${report.command}`);
 *
 * @throws {WitError} the WIT cannot be read, parsed or resolved
 * @throws {ConfigError} an option is wrong, or the output cannot be read
 */
export async function check(options: GenerateOptions): Promise<CheckReport> {
  const { files, diagnostics } = await generate(options);
  const out = options.out ?? defaultOut;
  const states = compareOutput(files, out);
  const checked = await Promise.all(states.map(describe));
  return {
    fresh: checked.every((file) => file.status === "fresh"),
    out,
    files: checked,
    command: generateCommand(options),
    diagnostics,
  };
}

async function describe(state: FileState): Promise<CheckedFile> {
  const { path, status } = state;
  return { path, status, reason: reasonOf(state), diff: await diffOf(state) };
}

function reasonOf(state: FileState): string {
  switch (state.status) {
    case "fresh":
      return "up to date";
    case "changed":
      return "the WIT or the options have changed since it was generated, or it was edited";
    case "missing":
      return "it has not been generated yet, or was deleted";
    case "orphaned":
      return "generated before, and no longer part of the world";
    case "foreign":
      return `${state.reason}; move it, or choose another folder`;
  }
}

async function diffOf({ status, path, current, wanted }: FileState): Promise<string | undefined> {
  if (status !== "changed" || current === undefined || wanted === undefined) {
    return undefined;
  }
  // Most checks find nothing, and then need no diff.
  const { unifiedDiff } = await import("./unified-diff.ts");
  return unifiedDiff(path, readGenerated(current).text, readGenerated(wanted).text);
}
