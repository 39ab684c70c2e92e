/** `hostwright check`: tells whether the bindings are what would be generated now. */
import type { Command } from "commander";
import type { CheckedFile, CheckReport } from "../check/index.ts";
import { addBindingsOptions, type BindingsFlags, bindingsTargets } from "./bindings-options.ts";
import type { CommandContext } from "./context.ts";
import { ExitCode } from "./exit-code.ts";
import { helpBelow } from "./help.ts";
import { reportDiagnostics } from "./report-error.ts";
import { type Output, printable, type Style } from "./terminal.ts";

export function defineCheck(command: Command, context: CommandContext): void {
  addBindingsOptions(command)
    .summary("tell whether the bindings are what would be generated now; for CI")
    .description(
      "Compares the bindings with what `hostwright generate` would write with the same options, and writes nothing. " +
        "Names each file that changed, is missing, or is orphaned, and the command that mends it.",
    )
    .addHelpText(
      "after",
      helpBelow(["hostwright check", "hostwright check wit --world hosted --out src/bindings"], {
        0: "fresh",
        1: "stale",
        2: "bad WIT, a wrong option, or a file that cannot be read",
      }),
    )
    .action(async (wit: string | undefined, flags: BindingsFlags) => {
      const { stdout, stderr } = context.terminal;
      const { targets } = await bindingsTargets(wit, flags);
      const { check } = await import("../check/index.ts");
      const reports = [];
      for (const { options } of targets) reports.push(await check(options));
      for (const report of reports) {
        reportDiagnostics(report.diagnostics, stderr);
        printReport(report, stdout);
      }
      context.exit(reports.every((report) => report.fresh) ? ExitCode.ok : ExitCode.no);
    });
}

const STYLES: Readonly<Record<CheckedFile["status"], Style>> = {
  fresh: "dim",
  changed: "yellow",
  missing: "red",
  orphaned: "red",
  foreign: "red",
};

function printReport({ fresh, files, out, command }: CheckReport, output: Output): void {
  const stale = files.filter((file) => file.status !== "fresh");
  for (const { path, status, reason, diff } of stale) {
    output.line(
      `${output.paint(STYLES[status], status.padEnd(8))}  ${printable(`${out}/${path}`)}: ${printable(reason)}`,
    );
    if (diff !== undefined) output.line(paintDiff(printable(diff), output));
  }
  const count = files.length === 1 ? "1 file" : `${files.length} files`;
  if (fresh) {
    output.line(`${output.paint("green", "fresh")}: ${count} in ${printable(out)}`);
    return;
  }
  output.line(
    `${output.paint("red", "stale")}: ${stale.length} of ${count} in ${printable(out)}. To mend it:`,
  );
  output.line();
  output.line(`  ${printable(command)}`);
}

/** Indents a unified diff, and colours what goes and what comes. */
function paintDiff(diff: string, output: Output): string {
  const lines = diff.split("\n").map((line) => {
    if (line.startsWith("-")) return output.paint("red", line);
    if (line.startsWith("+")) return output.paint("green", line);
    return line.startsWith("@@") ? output.paint("cyan", line) : line;
  });
  return lines.map((line) => `    ${line}`.trimEnd()).join("\n");
}
