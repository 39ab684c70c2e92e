/** What every command gets from the program that runs it. */
import type { Terminal } from "./terminal.ts";

/** The variables of the environment that commands look at. */
export interface CommandEnv {
  readonly HOSTWRIGHT_DEBUG?: string | undefined;
  /** Set where GitHub runs a workflow. */
  readonly GITHUB_ACTIONS?: string | undefined;
  /** The folder of the checkout there. */
  readonly GITHUB_WORKSPACE?: string | undefined;
}

export interface CommandContext {
  readonly env: CommandEnv;
  readonly terminal: Terminal;
  /** Sets the exit code; without it the command ends with 0. */
  readonly exit: (code: number) => void;
}
