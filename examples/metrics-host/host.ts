/**
 * A complete small host: it implements the imports of the world `amal:obs/hosted`, and runs guests it does not
 * trust, each in a store with limits of its own.
 *
 *   npx hostwright generate wit --out examples/metrics-host/bindings --import-extension .ts
 *   node scripts/guests.ts requests
 *   node examples/metrics-host/main.ts .tmp/guests/requests-*.wasm
 */
import { Component, Engine, Linker, MiB, Store } from "hostwright/runtime";
import type * as metrics from "./bindings/amal/obs/metrics.ts";
import { Hosted } from "./bindings/hosted.ts";

/** The host's side of the interface `amal:obs/metrics`: what the guest's calls end up in. */
export class Metrics implements metrics.Host {
  readonly counters = new Map<string, bigint>();
  readonly gauges = new Map<string, number>();

  counter(name: string, value: bigint): void {
    this.counters.set(name, (this.counters.get(name) ?? 0n) + value);
  }

  gauge(name: string, value: number): void {
    this.gauges.set(name, value);
  }
}

/** How far a guest may go; what is left out gets a modest default. */
export interface GuestLimits {
  readonly fuel?: bigint;
  readonly milliseconds?: number;
  readonly memory?: number;
}

const TICK_MS = 10;

/** One engine and one linker per process; a short-lived store per run. */
export class MetricsHost {
  readonly #engine = new Engine({ consumeFuel: true, epochInterruption: true });
  readonly #ticker = this.#engine.startEpochTicker({ intervalMs: TICK_MS });
  readonly #linker = new Linker<{ metrics: Metrics }>(this.#engine);

  constructor() {
    Hosted.addToLinker(this.#linker, (data) => data);
  }

  load(path: string): Promise<Component> {
    return Component.fromFile(this.#engine, path);
  }

  /**
   * Runs the guest once.
   *
   * @returns the fuel that it used
   * @throws Trap if it went past a limit, or did something else that a guest must not do
   */
  run(guest: Component, metrics: Metrics, limits: GuestLimits = {}): bigint {
    const { fuel = 1_000_000_000n, milliseconds = 5_000, memory = 32 * MiB } = limits;
    const store = new Store(
      this.#engine,
      { metrics },
      {
        limits: { memorySize: memory, tableElements: 10_000, instances: 16 },
        fuel,
        epochDeadline: Math.ceil(milliseconds / TICK_MS),
      },
    );
    try {
      Hosted.instantiate(store, guest, this.#linker).run();
      return fuel - store.getFuel();
    } finally {
      store[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    this.#ticker.stop();
  }
}
