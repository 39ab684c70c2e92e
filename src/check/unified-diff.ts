/** A short unified diff. */
import { createTwoFilesPatch } from "diff";

/** Longer diffs are cut: they are to show what happened, not to be applied. */
const MAX_LINES = 40;

/** The difference from `before` to `after`, two versions of the file at `path`, without final newline. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const lines = createTwoFilesPatch(`${path} (on disk)`, `${path} (generated)`, before, after, "", "", {
    context: 2,
    stripTrailingCr: true,
    // A file that has nothing in common with the other costs time for no insight.
    timeout: 1000,
  })
    ?.trimEnd()
    .split("\n")
    .filter((line) => !/^=+$/.test(line))
    .map((line) => line.trimEnd());
  if (lines === undefined) {
    return `--- ${path} (on disk)\n+++ ${path} (generated)\n(the files have little in common)`;
  }
  const more = lines.length - MAX_LINES;
  return (more > 1 ? [...lines.slice(0, MAX_LINES), `... ${more} more lines`] : lines).join("\n");
}
