/** `hostwright wit`: shows what a WIT package resolves to. */
import type { Command } from "commander";
import { addFeatureOptions, DEFAULT_WIT, type FeatureFlags } from "./bindings-options.ts";
import type { CommandContext } from "./context.ts";
import { helpBelow } from "./help.ts";

interface WitFlags extends FeatureFlags {
  readonly json?: true;
}

export function defineWit(command: Command, context: CommandContext): void {
  addFeatureOptions(
    command
      .summary("print a resolved WIT package")
      .description(
        "Parses and resolves WIT, and prints it: as WIT, or as JSON in the form of `wasm-tools component wit --json`.",
      )
      .argument("[path]", "a WIT file, a folder (with deps/), or an encoded package", DEFAULT_WIT)
      .option("--json", "print JSON"),
  )
    .addHelpText(
      "after",
      helpBelow(
        ["hostwright wit", "hostwright wit wit/deps/http", "hostwright wit --json | jq '.worlds[].name'"],
        {
          0: "it is printed",
          2: "bad WIT, or a wrong option",
        },
      ),
    )
    .action(async (path: string, flags: WitFlags) => {
      const { loadWit, printWit } = await import("../wit/index.ts");
      const { features, allFeatures } = flags;
      const resolve = await loadWit(path, { features, allFeatures });
      const text = flags.json === true ? `${JSON.stringify(resolve, undefined, 2)}\n` : printWit(resolve);
      context.terminal.stdout.write(text);
    });
}
