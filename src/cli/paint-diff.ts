/** A unified diff for people. */
import type { Output } from "./terminal.ts";

/** Indents it, and colours what goes and what comes. */
export function paintDiff(diff: string, output: Output): string {
  const lines = diff.split("\n").map((line) => {
    if (line.startsWith("-")) return output.paint("red", line);
    if (line.startsWith("+")) return output.paint("green", line);
    return line.startsWith("@@") ? output.paint("cyan", line) : line;
  });
  return lines.map((line) => `    ${line}`.trimEnd()).join("\n");
}
