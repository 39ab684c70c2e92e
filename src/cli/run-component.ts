/**
 * What `hostwright run` does: a store with limits, one call, and a report for people.
 */
import { ConfigError } from "../model/errors.ts";
import {
  Component,
  ComponentError,
  Engine,
  type Instance,
  LimitError,
  Linker,
  Store,
  Trap,
} from "../runtime/index.ts";
import { ExitCode } from "./exit-code.ts";
import { reportTrap } from "./report-trap.ts";
import type { RunFlags } from "./run.ts";
import { defaultTarget, invokeTarget, type RunTarget } from "./run-target.ts";
import type { Terminal } from "./terminal.ts";
import { printResult, printValue } from "./wave/index.ts";

/** How exact `--timeout` is. */
const TICK_MS = 10;

/**
 * @returns the exit code
 * @throws HostwrightError if the component, or the call, cannot be run at all
 */
export async function runComponent(file: string, flags: RunFlags, terminal: Terminal): Promise<number> {
  const { fuel, timeout, maxMemory } = flags;
  const engine = new Engine({
    consumeFuel: fuel !== "unlimited",
    epochInterruption: timeout !== "unlimited",
  });
  const component = await Component.fromFile(engine, file);
  const target =
    flags.invoke === undefined
      ? defaultTarget(component.exports)
      : invokeTarget(component.exports, flags.invoke);
  const linker = new Linker<undefined>(engine).defineUnknownImportsAsTraps(component);
  const store = new Store(engine, undefined, {
    limits: maxMemory === "unlimited" ? "unlimited" : { memorySize: maxMemory, totalMemorySize: maxMemory },
    ...(fuel !== "unlimited" && { fuel }),
    ...(timeout !== "unlimited" && { epochDeadline: Math.ceil(timeout / TICK_MS) + 1 }),
  });
  const ticker = engine.startEpochTicker({ intervalMs: TICK_MS });
  const start = performance.now();
  try {
    const answer = call(linker.instantiate(store, component), target);
    // `run` says all it has to say by the exit code; a function that was asked for has a result to show.
    if (flags.invoke !== undefined && answer.text !== undefined) terminal.stdout.line(answer.text);
    return answer.ok ? ExitCode.ok : ExitCode.no;
  } catch (error) {
    if (error instanceof LimitError && /memory/i.test(error.limit)) {
      throw new ConfigError(`It cannot start within --max-memory: ${error.message}`, { cause: error });
    }
    if (!(error instanceof Trap)) throw error;
    const milliseconds = performance.now() - start;
    const usage = {
      fuel: fuel === "unlimited" ? undefined : { used: fuel - store.getFuel(), given: fuel },
      milliseconds,
    };
    reportTrap(error, usage, terminal.stderr);
    // The host that `run` is has no functions of its own that could throw.
    if (error.code === "host-error" && error.cause === undefined) {
      terminal.stderr.line(
        "`hostwright run` gives a component no imports: for these, write a host (hostwright generate)",
      );
    }
    return ExitCode.trap;
  } finally {
    ticker.stop();
    store[Symbol.dispose]();
  }
}

interface Answer {
  readonly ok: boolean;
  /** In WAVE; undefined for a function without result. */
  readonly text: string | undefined;
}

function call(instance: Instance, target: RunTarget): Answer {
  const func = instance.getFunc(...target.path);
  if (func === undefined) throw new ConfigError(`The component exports no function ${target.path.join("#")}`);
  const { result } = func.type;
  try {
    const value = func.call(...target.args);
    if (result === undefined) return { ok: true, text: undefined };
    const text =
      result.kind === "result" ? printResult({ tag: "ok", val: value }, result) : printValue(value, result);
    return { ok: true, text };
  } catch (error) {
    // The declared error of the function is an answer, too.
    if (!(error instanceof ComponentError) || result?.kind !== "result") throw error;
    return { ok: false, text: printResult({ tag: "err", val: error.payload }, result) };
  }
}
