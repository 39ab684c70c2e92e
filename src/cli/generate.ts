/** `hostwright generate`: writes the bindings of a world. */
import { type Command, Option } from "commander";
import type { WriteAction, WriteReport } from "../codegen/index.ts";
import {
  addBindingsOptions,
  type BindingsFlags,
  type BindingsTargets,
  bindingsTargets,
  DEFAULT_WIT,
} from "./bindings-options.ts";
import type { CommandContext } from "./context.ts";
import { helpBelow } from "./help.ts";
import { reportDiagnostics, reportError } from "./report-error.ts";
import { type Output, printable, type Style, type Terminal } from "./terminal.ts";

interface GenerateFlags extends BindingsFlags {
  readonly quiet?: true;
  readonly dryRun?: true;
  readonly watch?: true;
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
    .option("--dry-run", "write nothing, tell what would be written")
    .addOption(new Option("--watch", "go on, and write again when the WIT changes").conflicts("dryRun"))
    .addHelpText(
      "after",
      helpBelow(
        [
          "hostwright generate",
          "hostwright generate wit --world hosted --out src/bindings",
          "hostwright generate wit/deps/http -w wasi:http/proxy --all-features",
          "hostwright generate guest.wasm",
          "hostwright generate --watch",
        ],
        {
          0: "the bindings are up to date now",
          2: "bad WIT, a wrong option, or a file that cannot be written",
        },
      ),
    )
    .action(async (wit: string | undefined, flags: GenerateFlags) => {
      if (flags.watch === true) return watch(wit, flags, context);
      await run(await bindingsTargets(wit, flags), flags, context.terminal);
    });
}

async function run(
  { targets, others }: BindingsTargets,
  flags: GenerateFlags,
  { stdout, stderr }: Terminal,
): Promise<void> {
  const { regenerate } = await import("../watch/index.ts");
  for (const { target, report, diagnostics, milliseconds } of await regenerate(targets, {
    dryRun: flags.dryRun,
    others,
  })) {
    const isQuiet = flags.quiet === true;
    reportDiagnostics(
      isQuiet ? diagnostics.filter((item) => item.severity === "warning") : diagnostics,
      stderr,
    );
    if (isQuiet) continue;
    if (targets.length > 1) stdout.line(`${stdout.paint("bold", printable(target.name))}:`);
    printReport(report, target.options.out, milliseconds, stdout);
    if (flags.dryRun === true) stdout.line("nothing was written: leave --dry-run out to write it");
  }
}

/** Runs until the process ends. A mistake in the WIT is reported, and waits to be mended. */
async function watch(
  wit: string | undefined,
  flags: GenerateFlags,
  { terminal }: CommandContext,
): Promise<never> {
  const { createWatcher } = await import("../watch/index.ts");
  const { configFiles } = await import("../config/index.ts");
  let paths: readonly string[] = [wit ?? DEFAULT_WIT];
  const once = async (): Promise<void> => {
    try {
      const found = await bindingsTargets(wit, flags);
      const { config, targets } = found;
      paths = [...targets.map(({ options }) => options.wit), ...(config === undefined ? [] : [config])];
      await run(found, flags, terminal);
    } catch (error) {
      reportError(error, terminal.stderr, { stack: false });
    }
    // A configuration may come while we wait.
    watcher.watch([...paths, ...configFiles]);
    if (flags.quiet !== true)
      terminal.stdout.line(terminal.stdout.paint("dim", "waiting for changes; Ctrl-C ends"));
  };
  const watcher = await createWatcher(once);
  await once();
  return new Promise(() => {});
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
