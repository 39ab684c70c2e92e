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
  type UnusedEntry,
} from "../codegen/index.ts";
import { generateCommand } from "./generate-command.ts";
import { type StaleCause, type StalenessContext, staleness } from "./staleness.ts";

export type { StaleCause } from "./staleness.ts";

/** One generated file, or one that should be or should not be there. */
export interface CheckedFile {
  /** Below the output folder, with `/` between folders. */
  readonly path: string;
  readonly status: FileStatus;
  /** Why it is not fresh; undefined if it is. */
  readonly cause: StaleCause | undefined;
  /** The same in words, for one line. */
  readonly reason: string;
  /** For a changed file: the first line on disk that differs, from 1. */
  readonly line: number | undefined;
  /** For a changed file: from what is on disk to what would be generated, in unified format, cut to a readable length. */
  readonly diff: string | undefined;
}

/** What `check` tells: whether bindings are what `generate` would write now. */
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
  /** What of the options `shared` changes nothing in this world. */
  readonly unused: readonly UnusedEntry[];
}

/**
 * Compares the bindings in `options.out` with what `generate` would write there. Writes nothing.
 *
 * @example
 * const report = await check({ wit: "wit", world: "hosted" });
 * if (!report.fresh) console.error(`stale: run ${report.command}`);
 *
 * @throws WitError if the WIT cannot be read, parsed or resolved
 * @throws ConfigError if an option is wrong, or the output cannot be read
 */
export async function check(options: GenerateOptions): Promise<CheckReport> {
  const { files, diagnostics, unused } = await generate(options);
  const out = options.out ?? defaultOut;
  const states = compareOutput(files, out);
  const context = contextOf(options, files);
  const checked = await Promise.all(states.map((state) => describe(state, context)));
  return {
    fresh: checked.every((file) => file.status === "fresh"),
    out,
    files: checked,
    command: generateCommand(options),
    diagnostics,
    unused,
  };
}

function contextOf(options: GenerateOptions, wanted: ReadonlyMap<string, string>): StalenessContext {
  return {
    // The header of a file does not tell all of these.
    configured: [options.rules, options.with, options.header].some((option) => option !== undefined),
    isUnwantedDouble: (path) =>
      options.testkit !== true &&
      path.endsWith(".double.ts") &&
      wanted.has(path.replace(/\.double\.ts$/, ".ts")),
  };
}

async function describe(state: FileState, context: StalenessContext): Promise<CheckedFile> {
  const { path, status } = state;
  return { path, status, ...staleness(state, context), diff: await diffOf(state) };
}

async function diffOf({ status, path, current, wanted }: FileState): Promise<string | undefined> {
  if (status !== "changed" || current === undefined || wanted === undefined) {
    return undefined;
  }
  // Most checks find nothing, and then need no diff.
  const { unifiedDiff } = await import("./unified-diff.ts");
  return unifiedDiff(path, readGenerated(current).text, readGenerated(wanted).text);
}
