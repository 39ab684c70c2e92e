/** What every command gets from the program that runs it. */
import type { Terminal } from "./terminal.ts";

export interface CommandContext {
  readonly terminal: Terminal;
  /** The command line as typed, after `hostwright`. */
  readonly args: readonly string[];
  /** Sets the exit code; without it the command ends with 0. */
  readonly exit: (code: number) => void;
}

/** Indented lines after the help of a command. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
