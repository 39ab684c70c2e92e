/** Runs one attempt against a limit, in this process: what does not stop it can hang or end the process. */
import {
  Component,
  Engine,
  HostwrightError,
  Linker,
  Store,
  Trap,
  UnsupportedError,
} from "../runtime/index.ts";
import type { Attempt, LimitName } from "./attempt.ts";

/** The user's own limits. */
export interface DoctorSettings {
  /** Units of the engine's cost table. */
  readonly fuel: number;
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes. */
  readonly maxMemory: number;
  /** Whether the engine pools memories. */
  readonly pooling: boolean;
}

export type Outcome =
  | {
      readonly kind: "held";
      readonly code: string;
      /** Milliseconds from the start to the end of the guest. */
      readonly took: number;
    }
  /** This Node cannot even compile the guest. */
  | { readonly kind: "not here"; readonly reason: string }
  /** It came to another end than it should, or to none. */
  | { readonly kind: "escaped"; readonly reason: string };

/** One millisecond each. */
const TICK_MS = 1;
/** What is not to stop a guest lets it run for this long, in ticks, so that a mistake ends at all. */
const LONG = 20_000;
const PLENTY = 2n ** 50n;
/** How often a guest runs that looks for the leftovers of others. */
const ROUNDS = 3;

export function examine(attempt: Attempt, limit: LimitName, settings: DoctorSettings): Outcome {
  const engine = new Engine({
    consumeFuel: true,
    epochInterruption: true,
    ...(settings.pooling && { pooling: { maxMemorySize: settings.maxMemory } }),
  });
  const bytes = Buffer.from(attempt.component, "base64");
  let component: Component;
  try {
    component = Component.fromBytes(engine, bytes);
  } catch (error) {
    if (error instanceof UnsupportedError) return { kind: "not here", reason: error.message };
    throw error;
  }
  const linker = hostFor(engine, component);
  const ticker = engine.startEpochTicker({ intervalMs: TICK_MS });
  const wanted = attempt.ends.map((end) => (end === "stopped" ? stopOf(limit) : end));
  let last: Outcome = { kind: "escaped", reason: "it was not run" };
  try {
    for (let round = 0; round < (limit === "isolation" ? ROUNDS : 1); round++) {
      last = runOnce(component, linker, engine, limit, settings, wanted);
      if (last.kind !== "held") break;
    }
  } finally {
    ticker.stop();
  }
  return last;
}

function runOnce(
  component: Component,
  linker: Linker<undefined>,
  engine: Engine,
  limit: LimitName,
  settings: DoctorSettings,
  wanted: readonly string[],
): Outcome {
  const store = new Store(engine, undefined, {
    limits: {
      memorySize: settings.maxMemory,
      totalMemorySize: settings.maxMemory,
      resources: 1000,
    },
    hostcallFuel: 64 * 1024 * 1024,
    fuel: limit === "fuel" ? settings.fuel : PLENTY,
    epochDeadline: limit === "deadline" ? Math.max(1, Math.ceil(settings.timeout / TICK_MS)) : LONG,
  });
  const start = performance.now();
  try {
    const code = endOf(() => {
      linker.instantiate(store, component).getFunc("run")?.call();
    });
    const took = performance.now() - start;
    if (wanted.includes(code)) return { kind: "held", code, took };
    return { kind: "escaped", reason: `it ended with ${code}, not with ${wanted.join(" or ")}` };
  } finally {
    store[Symbol.dispose]();
  }
}

function endOf(run: () => void): string {
  try {
    run();
    return "returns";
  } catch (error) {
    if (error instanceof Trap) return error.code;
    if (error instanceof HostwrightError) return String((error as { code?: unknown }).code);
    return `an error that is none of ours: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function stopOf(limit: LimitName): string {
  return limit === "fuel" ? "out-of-fuel" : "interrupt";
}

/** What the guests import. Nothing of it gives them anything. */
function hostFor(engine: Engine, component: Component): Linker<undefined> {
  const linker = new Linker<undefined>(engine);
  if (component.imports.size === 0) return linker;
  linker
    .instance("hostwright:doctor/host")
    .resource("blob", { kind: "resource", name: "blob" })
    .func("tick", () => undefined)
    .func("fail", () => {
      throw new Error("the host failed");
    })
    .func("text", () => undefined)
    .func("texts", () => undefined)
    .func("answer", () => "an answer")
    .func("make", () => ({}))
    .func("use", () => undefined);
  return linker;
}
