/** `hostwright run`: runs an exported function of a component in a limited store. */
import type { Command, Option } from "commander";
import { ConfigError } from "../model/errors.ts";
import type { CommandContext } from "./context.ts";
import { helpBelow } from "./help.ts";
import { quantity } from "./limit-option.ts";
import { parseCount, parseDuration, parseSize } from "./quantity.ts";

export interface RunFlags {
  readonly invoke?: string;
  /** In units of the engine's cost table: about one per operator. */
  readonly fuel: Limit<bigint>;
  /** Milliseconds. */
  readonly timeout: Limit<number>;
  /** Bytes. */
  readonly maxMemory: Limit<number>;
}

export type Limit<T> = T | "unlimited";

export function defineRun(command: Command, context: CommandContext): void {
  command
    .summary("run a function of a component in a limited store")
    .usage("[options] <component> [-- args...]")
    .description(
      "Runs an exported function of a component in a limited store, and prints its result in WAVE. " +
        "The component is given nothing: this version has no WASI, so calling any function that it imports is a " +
        "trap. To give it functions, write a host: see `hostwright generate`. A limit can be `unlimited`.",
    )
    .argument("<component>", "a component (.wasm)")
    .argument("[args...]", "after --: arguments of the program; they need WASI, so this version refuses them")
    .option(
      "--invoke <call>",
      "the function to call, its arguments in WAVE (default: run, or that of wasi:cli/run)",
    )
    .addOption(limit("--fuel <n>", "how many operators it may execute", parseCount, "100_000_000_000"))
    .addOption(limit("--timeout <duration>", "how long it may take", parseDuration, "1m"))
    .addOption(limit("--max-memory <size>", "how much memory it may have in total", parseSize, "256MiB"))
    .addHelpText(
      "after",
      helpBelow(
        [
          "hostwright run guest.wasm",
          "hostwright run guest.wasm --fuel 1_000_000 --timeout 500ms --max-memory 32MiB",
          "hostwright run math.wasm --invoke 'add(1, 2)'",
          `hostwright run api.wasm --invoke 'amal:obs/api@0.1.0#find("x", {limit: 3})'`,
        ],
        {
          0: "it ran",
          1: "it ran, and answered with an error",
          2: "wrong usage, or not a component that can run",
          134: "it was stopped by a trap, such as going past a limit",
        },
      ),
    )
    .action(async (file: string, args: readonly string[], flags: RunFlags) => {
      if (args.length > 0) {
        throw new ConfigError(
          "Arguments reach a program through WASI, which this version does not have: leave them out",
        );
      }
      const { runComponent } = await import("./run-component.ts");
      context.exit(await runComponent(file, flags, context.terminal));
    });
}

/** An option whose value is a quantity or `unlimited`. */
function limit<T>(flags: string, description: string, parse: (text: string) => T, preset: string): Option {
  return quantity<Limit<T>>(
    flags,
    description,
    (text) => (text === "unlimited" ? text : parse(text)),
    preset,
  );
}
