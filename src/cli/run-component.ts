/**
 * What `hostwright run` does: a store with limits, one call, and a report for people.
 */
import { Component, ComponentError, Engine, type Instance, Linker, Store, Trap } from "../runtime/index.ts";
import { ExitCode } from "./exit-code.ts";
import type { RunFlags } from "./run.ts";
import { defaultTarget, invokeTarget, type RunTarget } from "./run-target.ts";
import { type Output, printable, type Terminal } from "./terminal.ts";
import { printResult, printValue } from "./wave/index.ts";

/** How often the clock is looked at, at most; a short timeout is looked at more often. */
const TICK_MS = 10;

/**
 * @returns the exit code
 * @throws HostwrightError if the component, or the call, cannot be run at all
 */
export async function runComponent(file: string, flags: RunFlags, terminal: Terminal): Promise<number> {
  const engine = new Engine({
    consumeFuel: flags.fuel !== "unlimited",
    epochInterruption: flags.timeout !== "unlimited",
  });
  const component = await Component.fromFile(engine, file);
  const target =
    flags.invoke === undefined
      ? defaultTarget(component.exports)
      : invokeTarget(component.exports, flags.invoke);
  const linker = new Linker<undefined>(engine).defineUnknownImportsAsTraps(component);
  const memory = flags.maxMemory;
  const store = new Store(engine, undefined, {
    limits: memory === "unlimited" ? "unlimited" : { memorySize: memory, totalMemorySize: memory },
    ...(flags.fuel !== "unlimited" && { fuel: flags.fuel }),
    ...(flags.timeout !== "unlimited" && { epochDeadline: Math.ceil(flags.timeout / TICK_MS) }),
  });
  const ticker = engine.startEpochTicker({ intervalMs: TICK_MS });
  try {
    const instance = linker.instantiate(store, component);
    const { ok, text } = call(instance, target);
    // `run` says what it has to say by its exit code; a function that was asked for has a result to show.
    if (flags.invoke !== undefined && text !== undefined) terminal.stdout.line(text);
    return ok ? ExitCode.ok : ExitCode.no;
  } catch (error) {
    if (!(error instanceof Trap)) throw error;
    reportTrap(error, terminal.stderr);
    if (flags.fuel !== "unlimited") reportFuel(flags.fuel, store.getFuel(), terminal.stderr);
    return ExitCode.trap;
  } finally {
    ticker.stop();
    store[Symbol.dispose]();
  }
}

/** Calls, and puts what comes back, answer or declared error, into WAVE. */
function call(
  instance: Instance,
  target: RunTarget,
): { readonly ok: boolean; readonly text: string | undefined } {
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
    if (!(error instanceof ComponentError) || result?.kind !== "result") throw error;
    return { ok: false, text: printResult({ tag: "err", val: error.payload }, result) };
  }
}
