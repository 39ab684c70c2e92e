/**
 * The command line: which commands there are, and what every one of them has in common.
 *
 * Commands load the rooms that they need when they run, so that none pays for another.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { defineCheck } from "./check.ts";
import { COMMANDS, type CommandName } from "./commands.ts";
import type { CommandContext, CommandEnv } from "./context.ts";
import { defineDoctor } from "./doctor.ts";
import { ExitCode } from "./exit-code.ts";
import { defineGenerate } from "./generate.ts";
import { defineInspect } from "./inspect.ts";
import { reportError } from "./report-error.ts";
import { defineRun } from "./run.ts";
import { defineScaffold } from "./scaffold.ts";
import type { Terminal } from "./terminal.ts";
import { defineWit } from "./wit.ts";

/**
 * Runs one command.
 *
 * @param args what stands after `hostwright` on the command line
 * @param env the environment: see `CommandEnv`
 * @returns the exit code; everything that can go wrong has then been reported on `terminal.stderr`
 */
export async function runProgram(
  args: readonly string[],
  terminal: Terminal,
  env: CommandEnv,
): Promise<number> {
  let exitCode: number = ExitCode.ok;
  const context: CommandContext = {
    env,
    terminal,
    exit: (code) => {
      exitCode = code;
    },
  };
  const program = defineProgram(args[0], context);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has reported what it throws; help and version end this way too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.error;
    const debug = program.opts<{ verbose?: true }>().verbose === true || (env.HOSTWRIGHT_DEBUG ?? "") !== "";
    reportError(error, terminal.stderr, { stack: debug });
    return ExitCode.error;
  }
}

/** @param first the first argument: the name of a command, mostly */
function defineProgram(first: string | undefined, context: CommandContext): Command {
  const { stdout, stderr } = context.terminal;
  const program = new Command("hostwright")
    .description("Typed host bindings from WIT, and limited stores that run the components behind them.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .option("--verbose", "with an error, print its stack")
    .helpCommand(false)
    .showHelpAfterError("(add --help for usage)")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => stdout.paint("bold", title) })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, stderr.paint("red", "error:"))),
      // Colours are decided by `Output.paint`; commander need not remove any.
      getOutHasColors: () => true,
      getErrHasColors: () => true,
    });
  // The one command that is named; all of them for help, and for a name that is none.
  const named = COMMANDS.find((name) => name === first);
  for (const name of named === undefined ? COMMANDS : [named]) {
    // `program.command` rather than `addCommand`: only so do commands inherit the settings above.
    definitions[name](program.command(name), context);
  }
  // That of commander does not say that there is no such command.
  program
    .command("help [command]")
    .description("print help for a command")
    .action((name?: string) => {
      const command = name === undefined ? program : program.commands.find((each) => each.name() === name);
      if (command === undefined) return program.error(`error: unknown command '${name}'`);
      command.help();
    });
  return program;
}

const definitions: Readonly<Record<CommandName, (command: Command, context: CommandContext) => void>> = {
  generate: defineGenerate,
  check: defineCheck,
  scaffold: defineScaffold,
  wit: defineWit,
  inspect: defineInspect,
  run: defineRun,
  doctor: defineDoctor,
};

function version(): string {
  const manifest = new URL("../../package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return version;
}
