/** What every command gets from the program that runs it. */
import type { Terminal } from "./terminal.ts";

export interface CommandContext {
  readonly terminal: Terminal;
  /** Sets the exit code; without it the command ends with 0. */
  readonly exit: (code: number) => void;
}
