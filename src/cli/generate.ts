/** `hostwright generate`: writes the bindings of a world. */
import type { Command } from "commander";
import type { WriteAction, WriteReport } from "../codegen/index.ts";
import { addBindingsOptions, type BindingsFlags, bindingsTargets } from "./bindings-options.ts";
import type { CommandContext } from "./context.ts";
import { helpBelow } from "./help.ts";
import { reportDiagnostics } from "./report-error.ts";
import { type Output, printable, type Style } from "./terminal.ts";

interface GenerateFlags extends BindingsFlags {
  readonly quiet?: true;
}

export function defineGenerate(command: Command, context: CommandContext): void {
  addBindingsOptions(command)
    .summary("write the TypeScript bindings of a WIT world")
    .description(
      "Writes the TypeScript bindings of a WIT world: what the host implements, and a typed client of the guest. " +
        "Files that are up to date are not touched; files that an earlier run wrote and that are no longer wanted " +
        "are removed; files that hostwright did not write are left alone.",
    )
    .option("-q, --quiet", "print nothing but warnings and errors")
    .addHelpText(
      "after",
      helpBelow(
        [
          "hostwright generate",
          "hostwright generate wit --world hosted --out src/bindings",
          "hostwright generate wit/deps/http -w wasi:http/proxy --all-features",
        ],
        {
          0: "the bindings are up to date now",
          2: "bad WIT, a wrong option, or a file that cannot be written",
        },
      ),
    )
    .action(async (wit: string | undefined, flags: GenerateFlags) => {
      const { stdout, stderr } = context.terminal;
      const { targets } = await bindingsTargets(wit, flags);
      const { generate, writeBindings } = await import("../codegen/index.ts");
      // All is generated before anything is written: one target's mistake leaves the others as they were.
      const results = [];
      for (const { name, options } of targets) {
        const start = performance.now();
        const result = await generate(options);
        results.push({ name, out: options.out, result, milliseconds: performance.now() - start });
      }
      for (const { name, out, result, milliseconds } of results) {
        const start = performance.now();
        const report = await writeBindings(result, out);
        if (flags.quiet !== true && targets.length > 1)
          stdout.line(`${stdout.paint("bold", printable(name))}:`);
        reportDiagnostics(result.diagnostics, stderr);
        if (flags.quiet !== true) printReport(report, out, milliseconds + performance.now() - start, stdout);
      }
    });
}

const STYLES: Readonly<Record<WriteAction, Style>> = {
  created: "green",
  updated: "yellow",
  unchanged: "dim",
  removed: "red",
};

function printReport({ files }: WriteReport, out: string, milliseconds: number, output: Output): void {
  const counts = new Map<WriteAction, number>();
  for (const { path, action } of files) {
    counts.set(action, (counts.get(action) ?? 0) + 1);
    output.line(`${output.paint(STYLES[action], action.padEnd(9))}  ${printable(`${out}/${path}`)}`);
  }
  const summary = [...counts].map(([action, count]) => `${count} ${action}`).join(", ");
  const total = files.length === 1 ? "1 file" : `${files.length} files`;
  output.line(`${total}: ${summary} (${milliseconds.toFixed(0)} ms)`);
}
