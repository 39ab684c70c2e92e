/** `hostwright doctor`: tries to break every limit on this machine, and tells which hold. */
import process from "node:process";
import { type Command, Option } from "commander";
import type { DoctorSettings, LimitReport } from "../doctor/index.ts";
import { ConfigError } from "../model/errors.ts";
import type { CommandContext } from "./context.ts";
import { ExitCode } from "./exit-code.ts";
import { helpBelow } from "./help.ts";
import { quantity } from "./limit-option.ts";
import { formatSize, parseCount, parseDuration, parseSize } from "./quantity.ts";
import { type Output, printable } from "./terminal.ts";

interface DoctorFlags {
  readonly fuel: bigint;
  readonly timeout: number;
  readonly maxMemory: number;
  readonly pooling?: true;
  readonly json?: true;
  /** What a child process does: the runs from this one on. */
  readonly runsFrom?: string;
}

/** More than the longest run takes on a slow machine. */
const PATIENCE_MS = 60_000;

/** With less, its guests could not start. */
const MIN_MEMORY = 2 ** 20;

export function defineDoctor(command: Command, context: CommandContext): void {
  command
    .summary("try to break every limit on this machine")
    .description(
      "Runs guests that try to get past each limit, and out of the sandbox, on this Node and with these settings, in a " +
        "process of their own. Tells which limits hold.",
    )
    .addOption(quantity("--fuel <n>", "what a guest may execute", parseCount, "10_000_000"))
    .addOption(quantity("--timeout <duration>", "how long it may take", parseDuration, "100ms"))
    .addOption(quantity("--max-memory <size>", "how much memory it may have", parseSize, "16MiB"))
    .option("--pooling", "with an engine that pools memories")
    .option("--json", "print JSON")
    .addOption(new Option("--runs-from <n>").hideHelp())
    .addHelpText(
      "after",
      helpBelow(["hostwright doctor", "hostwright doctor --timeout 2s --max-memory 128MiB --pooling"], {
        0: "every limit holds",
        1: "one does not",
        2: "a wrong option",
      }),
    )
    .action(async (flags: DoctorFlags) => {
      if (flags.maxMemory < MIN_MEMORY) {
        throw new ConfigError(
          `The guests of the doctor need --max-memory of at least ${formatSize(MIN_MEMORY)}`,
        );
      }
      const doctor = await import("../doctor/index.ts");
      const settings: DoctorSettings = {
        fuel: Number(flags.fuel),
        timeout: flags.timeout,
        maxMemory: flags.maxMemory,
        pooling: flags.pooling === true,
      };
      const runs = doctor.runsOf(doctor.corpus);
      const { stdout } = context.terminal;
      if (flags.runsFrom !== undefined) {
        for (const { attempt, limit } of runs.slice(Number(flags.runsFrom))) {
          stdout.line(JSON.stringify(doctor.examine(attempt, limit, settings)));
        }
        return;
      }
      const outcomes = await doctor.supervise(runs, {
        command: (from) => [process.execPath, ...childArgs(flags, from)],
        patience: PATIENCE_MS + flags.timeout,
      });
      const limits = doctor.reportLimits(runs, outcomes, settings);
      const ok = limits.every((limit) => limit.holds);
      if (flags.json === true) {
        stdout.line(JSON.stringify({ ok, node: process.version, settings, limits }, undefined, 2));
      } else printLimits(limits, settings, stdout);
      if (!ok) context.exit(ExitCode.no);
    });
}

/** The same Node, with the same flags of its own: those decide about limits as well. */
function childArgs(flags: DoctorFlags, from: number): readonly string[] {
  const [, script = ""] = process.argv;
  return [
    ...process.execArgv,
    script,
    "doctor",
    ...["--runs-from", String(from)],
    ...["--fuel", String(flags.fuel)],
    ...["--timeout", `${flags.timeout}ms`],
    ...["--max-memory", `${flags.maxMemory}B`],
    ...(flags.pooling === true ? ["--pooling"] : []),
  ];
}

function printLimits(limits: readonly LimitReport[], settings: DoctorSettings, output: Output): void {
  const { fuel, timeout, maxMemory, pooling } = settings;
  output.line(
    `Node ${process.version}, ${fuel} fuel, ${timeout} ms, ${formatSize(maxMemory)} of memory${pooling ? ", pooling" : ""}`,
  );
  output.line();
  for (const { limit, promise, holds, held, attempts, notHere, escaped, late } of limits) {
    const verdict = holds ? output.paint("green", "holds") : output.paint("red", "FAILS");
    const lateness = late === undefined ? "" : `, at most ${Math.max(late, 0).toFixed(1)} ms late`;
    output.line(`${verdict}  ${limit.padEnd(14)} ${promise}`);
    output.line(
      `       ${"".padEnd(14)} ${output.paint("dim", `${held} of ${attempts} attempts stopped${lateness}`)}`,
    );
    if (notHere.length > 0) {
      const names = output.paint("dim", `this Node does not compile: ${notHere.join(", ")}`);
      output.line(`       ${"".padEnd(14)} ${names}`);
    }
    for (const { attempt, what, reason } of escaped) {
      output.line(
        `       ${"".padEnd(14)} ${output.paint("red", printable(`${attempt} (a guest that ${what}): ${reason}`))}`,
      );
    }
  }
}
