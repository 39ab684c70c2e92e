/**
 * The epoch of an engine: a number that only grows, by hand or with the time.
 *
 * A ticker needs no timer. The epoch is worked out from the clock whenever it is asked for, so it goes on
 * while a guest blocks the thread, when no timer could fire.
 */
import { performance } from "node:perf_hooks";
import { ConfigError } from "../model/errors.ts";

/** Milliseconds of a clock that nobody sets. Taken once, so that fake timers in a user's tests do not stop it. */
const now = /* @__PURE__ */ performance.now.bind(performance);

interface Ticking {
  readonly since: number;
  readonly intervalMs: number;
}

export class EpochClock {
  #counted = 0;
  #ticking: Ticking | undefined;
  #readAt = 0;

  /** The epoch at this moment. */
  get epoch(): number {
    const ticking = this.#ticking;
    if (ticking === undefined) return this.#counted;
    this.#readAt = now();
    return this.#counted + Math.floor((this.#readAt - ticking.since) / ticking.intervalMs);
  }

  /** True if asking for the epoch reads the clock of the platform, which takes some 45 ns. */
  get ticking(): boolean {
    return this.#ticking !== undefined;
  }

  /** When the clock was last read, in milliseconds. */
  get readAt(): number {
    return this.#readAt;
  }

  increment(): void {
    this.#counted++;
  }

  /** @throws ConfigError if it ticks already. */
  start(intervalMs: number): () => void {
    if (this.#ticking !== undefined) {
      throw new ConfigError("the engine's epoch ticker is running already: stop it before starting another");
    }
    const ticking = { since: now(), intervalMs };
    this.#ticking = ticking;
    return () => {
      if (this.#ticking !== ticking) return;
      this.#counted = this.epoch;
      this.#ticking = undefined;
    };
  }
}
