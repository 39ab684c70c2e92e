/**
 * The process behind `hostwright`: the only place of the command line that touches its streams, its
 * environment and its exit code.
 *
 * Nothing calls `process.exit`, so what has been written always arrives; Ctrl-C keeps its default
 * meaning, which ends the process at once, even inside a guest that never returns.
 */
import process from "node:process";
import { runProgram } from "./program.ts";
import { Output } from "./terminal.ts";

async function main(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    // A reader that has gone (`hostwright wit | head`) is no error; the command still ends with its own exit code.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  const terminal = {
    stdout: new Output(process.stdout, process.env),
    stderr: new Output(process.stderr, process.env),
  };
  process.exitCode = await runProgram(process.argv.slice(2), terminal, process.env);
}

void main();
