/** What stands below the options in the help of a command. */

/** @param codes what each exit code means, in the words of the command */
export function helpBelow(examples: readonly string[], codes: Readonly<Record<number, string>>): string {
  return [
    "",
    "Examples:",
    ...examples.map((line) => `  ${line}`),
    "",
    "Exit codes:",
    ...Object.entries(codes).map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}`),
  ].join("\n");
}
