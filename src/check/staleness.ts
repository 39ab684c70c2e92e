/** Why a file is not as it would be generated now. */
import { type FileState, type GeneratedFile, readGenerated } from "../codegen/index.ts";

/**
 * - `wit`: the WIT has changed since the file was generated
 * - `options`: it was generated with other options, or for another world
 * - `version`: another version of hostwright generated it
 * - `edited`: somebody, or a formatter, has changed it since
 * - `missing`: it was never generated, or was deleted
 * - `orphaned`: nothing of the world needs it anymore
 * - `foreign`: something is in its place that hostwright did not make
 */
export type StaleCause = "wit" | "options" | "version" | "edited" | "missing" | "orphaned" | "foreign";

export interface Staleness {
  readonly cause: StaleCause | undefined;
  readonly reason: string;
  /** For a changed file: the first line that differs, from 1. */
  readonly line: number | undefined;
}

/** What there is to know besides the file itself. */
export interface StalenessContext {
  /** There are options of which files do not tell: they may be what has changed. */
  readonly configured: boolean;
  /** Whether the file is the test double of one that is wanted, while `testkit` is off. */
  isUnwantedDouble(path: string): boolean;
}

export function staleness(state: FileState, { configured, isUnwantedDouble }: StalenessContext): Staleness {
  switch (state.status) {
    case "fresh":
      return { cause: undefined, reason: "up to date", line: undefined };
    case "changed":
      return ofChanged(state.current ?? "", state.wanted ?? "", configured);
    case "missing":
      return { cause: "missing", reason: "it has not been generated yet, or was deleted", line: undefined };
    case "orphaned":
      if (isUnwantedDouble(state.path)) return { cause: "options", reason: unwantedDouble, line: 1 };
      return { cause: "orphaned", reason: "generated before, and no longer part of the world", line: 1 };
    case "foreign":
      return {
        cause: "foreign",
        reason: `${state.reason}; move it, or choose another folder`,
        line: undefined,
      };
  }
}

const unwantedDouble =
  "a test double, generated with `--testkit`, which is not on here: give it to this command too, or put `testkit: true` in the configuration; else it is to be removed";

/** A file can be stale for several causes: the first that is certain is named. */
function ofChanged(current: string, wanted: string, configured: boolean): Staleness {
  const [disk, now] = [readGenerated(current), readGenerated(wanted)];
  const line = firstDifference(current, wanted);
  if (!disk.intact) {
    const reason =
      disk.version === undefined
        ? "its second line, which seals it, is gone: it was edited since it was generated"
        : "it was edited since it was generated: by hand, or by a formatter (which should leave it alone)";
    return { cause: "edited", reason, line };
  }
  const source = headerDifference(disk, now, "Source");
  // The version of a package is the WIT's affair.
  if (source !== undefined && withoutVersions(disk) !== withoutVersions(now))
    return { cause: "options", reason: `it was generated for ${source}`, line };
  const options = headerDifference(disk, now, "Options");
  if (options !== undefined) return { cause: "options", reason: `it was generated with ${options}`, line };
  if (disk.version !== now.version) {
    const reason = `hostwright ${disk.version} generated it, and this is ${now.version}`;
    return { cause: "version", reason, line };
  }
  const what = configured ? "the WIT, or the configuration," : "the WIT";
  return { cause: "wit", reason: `${what} has changed since it was generated`, line };
}

/** "`--features a`, and not with other options": what a line of the header says, if it said something else. */
function headerDifference(
  disk: GeneratedFile,
  now: GeneratedFile,
  name: "Source" | "Options",
): string | undefined {
  const [before, after] = [headerLine(disk, name), headerLine(now, name)];
  if (before === after) return undefined;
  const describe = (text: string | undefined): string => (text === undefined ? "no options" : `\`${text}\``);
  return `${describe(before)}, and is wanted ${name === "Source" ? "for" : "with"} ${describe(after)}`;
}

function withoutVersions(file: GeneratedFile): string | undefined {
  return headerLine(file, "Source")?.replace(/@\S+/g, "");
}

function headerLine({ text }: GeneratedFile, name: string): string | undefined {
  for (const line of text.split("\n", 6)) {
    if (line.startsWith(`// ${name}: `)) return line.slice(name.length + 5);
  }
  return undefined;
}

function firstDifference(current: string, wanted: string): number {
  const [disk, now] = [current.split(/\r?\n/), wanted.split("\n")];
  // The seal differs whenever anything does.
  const index = disk.findIndex((line, i) => i !== 1 && line !== now[i]);
  return index === -1 ? disk.length : index + 1;
}
