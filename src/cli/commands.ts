/** The names of the commands, in the order of `--help`. */

export const COMMANDS = ["generate", "check", "scaffold", "wit", "inspect", "run", "doctor"] as const;

export type CommandName = (typeof COMMANDS)[number];
