/**
 * Runs all attempts in a process of their own, and starts another where one ends or hangs: that, too, is an
 * answer.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Attempt, LimitName } from "./attempt.ts";
import type { Outcome } from "./examine.ts";

/** One attempt against one limit. */
export interface Run {
  readonly attempt: Attempt;
  readonly limit: LimitName;
}

export function runsOf(corpus: readonly Attempt[]): readonly Run[] {
  return corpus.flatMap((attempt) => attempt.attacks.map((limit) => ({ attempt, limit })));
}

export interface SuperviseOptions {
  /** The command that does the runs from a number on, and prints each outcome as a line of JSON. */
  readonly command: (from: number) => readonly [program: string, ...args: string[]];
  /** Milliseconds that one run may take before it counts as escaped. */
  readonly patience: number;
  readonly onOutcome?: (run: Run, outcome: Outcome) => void;
}

/** The outcomes of all runs, in their order. */
export async function supervise(
  runs: readonly Run[],
  options: SuperviseOptions,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const add = (outcome: Outcome): void => {
    const run = runs[outcomes.length];
    if (run === undefined) return;
    outcomes.push(outcome);
    options.onOutcome?.(run, outcome);
  };
  while (outcomes.length < runs.length) {
    const before = outcomes.length;
    const end = await follow(options, before, add);
    // The run during which the process ended is the one that ended it.
    if (outcomes.length < runs.length) add({ kind: "escaped", reason: end });
  }
  return outcomes;
}

/** Follows one process to its end, and says how that came. */
function follow(
  { command, patience }: SuperviseOptions,
  from: number,
  add: (outcome: Outcome) => void,
): Promise<string> {
  const [program, ...args] = command(from);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
  let hung = false;
  const watchdog = (): NodeJS.Timeout =>
    setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, patience);
  let timer = watchdog();
  createInterface(child.stdout).on("line", (line) => {
    clearTimeout(timer);
    timer = watchdog();
    add(JSON.parse(line) as Outcome);
  });
  return new Promise((resolve) => {
    const end = (text: string): void => {
      clearTimeout(timer);
      resolve(text);
    };
    child.on("error", (error) => end(`it could not be run: ${error.message}`));
    child.on("close", (code, signal) => {
      end(hung ? `it was not stopped within ${patience} ms` : `it ended the process (${signal ?? code})`);
    });
  });
}
