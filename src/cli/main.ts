/**
 * The process behind `hostwright`: the only place of the command line that touches its streams, its
 * environment and its exit code.
 *
 * Nothing calls `process.exit`, so what has been written always arrives; Ctrl-C keeps its default
 * meaning, which ends the process at once, even inside a guest that never returns.
 */
import process from "node:process";
import { ConfigError } from "../model/errors.ts";
import { osReason } from "../model/os-error.ts";
import { ExitCode } from "./exit-code.ts";
import { runProgram } from "./program.ts";
import { reportError } from "./report-error.ts";
import { Output } from "./terminal.ts";

async function main(): Promise<void> {
  const terminal = {
    stdout: new Output(process.stdout, process.env),
    stderr: new Output(process.stderr, process.env),
  };
  let isLost = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // A reader that has gone (`hostwright wit | head`) is no error; the command still ends with its own exit code.
      if (error.code === "EPIPE" || isLost) return;
      isLost = true;
      process.exitCode = ExitCode.error;
      reportError(new ConfigError(`cannot write the output: ${osReason(error)}`), terminal.stderr, {
        stack: false,
      });
    });
  }
  const code = await runProgram(process.argv.slice(2), terminal, process.env);
  process.exitCode = isLost ? ExitCode.error : code;
}

void main();
