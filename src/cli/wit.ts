/** `hostwright wit`: shows what a WIT package resolves to, or formats its files. */
import { type Command, Option } from "commander";
import { addFeatureOptions, DEFAULT_WIT, type FeatureFlags } from "./bindings-options.ts";
import type { CommandContext } from "./context.ts";
import { ExitCode } from "./exit-code.ts";
import { helpBelow } from "./help.ts";
import { printable } from "./terminal.ts";

interface WitFlags extends FeatureFlags {
  readonly json?: true;
  readonly fmt?: true;
  readonly check?: true;
}

export function defineWit(command: Command, context: CommandContext): void {
  addFeatureOptions(
    command
      .summary("print a resolved WIT package, or format WIT files")
      .description(
        "Parses and resolves WIT, and prints it: as WIT, or as JSON in the form of `wasm-tools component wit --json`. " +
          "With --fmt, lays the files out anew instead: comments stay, and so does the order of everything.",
      )
      .argument(
        "[path]",
        `a WIT file, a folder (with deps/), an encoded package or a component (default: ${DEFAULT_WIT})`,
      )
      .option("--json", "print JSON")
      .addOption(
        new Option("--fmt", "format the file, or the .wit files of the folder, in place").conflicts([
          "json",
          "features",
          "allFeatures",
        ]),
      )
      .option("--check", "with --fmt: write nothing, list what would change"),
  )
    .addHelpText(
      "after",
      helpBelow(
        [
          "hostwright wit",
          "hostwright wit wit/deps/http",
          "hostwright wit --json | jq '.worlds[].name'",
          "hostwright wit --fmt --check",
        ],
        {
          0: "it is printed, or formatted",
          1: "--check: a file is not formatted",
          2: "bad WIT, or a wrong option",
        },
      ),
    )
    .action(async (path: string = DEFAULT_WIT, flags: WitFlags) => {
      if (flags.check === true && flags.fmt !== true) command.error("error: --check needs --fmt");
      if (flags.fmt === true) return format(path, flags.check === true, context);
      const { loadWit, printWit } = await import("../wit/index.ts");
      const { features, allFeatures } = flags;
      const resolve = await loadWit(path, { features, allFeatures });
      const text = flags.json === true ? `${JSON.stringify(resolve, undefined, 2)}\n` : printWit(resolve);
      context.terminal.stdout.write(text);
    });
}

async function format(path: string, check: boolean, { terminal, exit }: CommandContext): Promise<void> {
  const { formatFiles } = await import("../wit/index.ts");
  const { stdout } = terminal;
  const files = formatFiles(path, { check });
  const changed = files.filter((file) => file.changed);
  for (const file of changed) {
    stdout.line(`${stdout.paint("yellow", check ? "not formatted" : "formatted")}  ${printable(file.path)}`);
  }
  const total = files.length === 1 ? "1 file" : `${files.length} files`;
  if (changed.length === 0) stdout.line(`${total} formatted already`);
  else if (check) {
    stdout.line(`${changed.length} of ${total} would change. To mend it:\n`);
    stdout.line(`  npx hostwright wit --fmt ${printable(path)}`);
    exit(ExitCode.no);
  }
}
