/** Errors, as a person wants to see them. */
import { HostwrightError } from "../model/errors.ts";
import { type Output, printable } from "./terminal.ts";

/** Prints the message of `error`; its stack only on request, or where the error is our own mistake. */
export function reportError(error: unknown, output: Output, options: { readonly stack: boolean }): void {
  output.line(`${output.paint("red", "error:")} ${printable(messageOf(error))}`);
  if (options.stack && error instanceof Error) output.line(printable(error.stack ?? ""));
}

function messageOf(error: unknown): string {
  if (error instanceof HostwrightError) return error.message;
  if (!(error instanceof Error)) return String(error);
  // What the operating system refuses (ENOENT, EACCES, ...) says what and where by itself.
  if ("syscall" in error) return error.message;
  return `${error.message}\nThis is a mistake of hostwright itself: please report it, with what --verbose prints`;
}

/** Prints what a user should know of something that worked. */
export function reportDiagnostics(
  diagnostics: readonly { readonly severity: "warning" | "note"; readonly message: string }[],
  output: Output,
): void {
  for (const { severity, message } of diagnostics) {
    const label = severity === "warning" ? output.paint("yellow", "warning:") : output.paint("cyan", "note:");
    output.line(`${label} ${printable(message)}`);
  }
}
