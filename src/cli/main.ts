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
import { StandardStream } from "./standard-stream.ts";
import { Output } from "./terminal.ts";

async function main(): Promise<void> {
  let isLost = false;
  const lose = (error: Error): void => {
    if (isLost) return;
    isLost = true;
    process.exitCode = ExitCode.error;
    reportError(new ConfigError(`cannot write the output: ${osReason(error)}`), terminal.stderr, {
      stack: false,
    });
  };
  const terminal = {
    stdout: new Output(new StandardStream(1, lose), process.env),
    stderr: new Output(new StandardStream(2, lose), process.env),
  };
  const code = await runProgram(process.argv.slice(2), terminal, process.env);
  process.exitCode = isLost ? ExitCode.error : code;
}

void main();
