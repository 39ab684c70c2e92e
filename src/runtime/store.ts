/**
 * A store: the guests of one request, say, with the data of the host for them, and their limits.
 *
 * Source: wasmtime's `Store`.
 */
import { DEFAULT_HOSTCALL_FUEL } from "../abi/limits.ts";
import { ConfigError } from "../model/errors.ts";
import { needsAsyncSupport } from "./async-support.ts";
import type { Caller } from "./caller.ts";
import { anything, checkOptions, isCount } from "./check-options.ts";
import { Engine } from "./engine.ts";
import { makeLimiter, type ResourceLimiter, type StoreLimits } from "./limits.ts";
import { StoreState } from "./store-state.ts";

/** A store's limits, and what its guests may consume. */
export interface StoreOptions {
  /** Default: every limit of `StoreLimits` at its default, which is finite. */
  readonly limits?: "unlimited" | StoreLimits | ResourceLimiter;
  /** What guests may execute, in the units of the engine's `operatorCost`. Required with `consumeFuel`. */
  readonly fuel?: bigint | number;
  /** Ticks from now at which guests are stopped. Required with `epochInterruption`. */
  readonly epochDeadline?: number;
  /** Bytes that one call may make the host allocate for what a guest passes. Default: 128 MiB. */
  readonly hostcallFuel?: number;
}

const MAX_FUEL = 2n ** 64n - 1n;

/**
 * Guests, their limits and the host's data for them. Stores are cheap and short-lived: make one for each unit of
 * work, and dispose of it afterwards. A trap poisons the store, and nothing but the store.
 *
 * @example
 * using store = new Store(engine, { metrics }, { fuel: 1_000_000_000n, limits: { memorySize: 32 * MiB } });
 */
export class Store<T> implements Disposable {
  /** The host's data, as host functions find it in `caller.data`. */
  readonly data: T;
  readonly #engine: Engine;
  readonly #state: StoreState;
  readonly #caller: Caller<T>;

  /** @throws ConfigError for an unknown option, a wrong value, or one that the engine is not set up for. */
  constructor(engine: Engine, data: T, options: StoreOptions = {}) {
    Engine.check(engine, "Store");
    checkOptions<StoreOptions>("Store", options, {
      limits: anything,
      fuel: isFuel,
      epochDeadline: isCount,
      hostcallFuel: isCount,
    });
    this.data = data;
    this.#engine = engine;
    const { hostcallFuel = DEFAULT_HOSTCALL_FUEL } = options;
    this.#state = new StoreState(Engine.state(engine), makeLimiter(options.limits), hostcallFuel);
    this.#caller = Object.freeze({ data, store: this });
    this.#state.caller = this.#caller;
    if (options.fuel !== undefined) this.setFuel(options.fuel);
    if (options.epochDeadline !== undefined) this.setEpochDeadline(options.epochDeadline);
  }

  /**
   * The fuel that is left. Exact whenever no guest is running, also after a host function has failed, after `unreachable`,
   * and after a limit was reached; after any other trap of wasm's own it may be up to 250,000 too high, since what has been
   * consumed since the guest last called the host, or had its count checked, is lost then.
   *
   * @throws ConfigError if the engine does not consume fuel; StoreDisposedError
   */
  getFuel(): bigint {
    this.#requireFuel();
    return this.#state.meter.fuel;
  }

  /**
   * Sets the fuel that is left. A host function may do so for the guest that calls it.
   *
   * @param fuel in units of the engine's `operatorCost`, up to 2^64 - 1
   * @throws ConfigError if the engine does not consume fuel, or for anything but a whole number from 0; StoreDisposedError
   */
  setFuel(fuel: bigint | number): void {
    this.#requireFuel();
    const expected = isFuel(fuel);
    if (expected !== undefined)
      throw new ConfigError(`setFuel: fuel must be ${expected}, got ${String(fuel)}`);
    this.#state.meter.fuel = BigInt(fuel);
    this.#state.settle();
  }

  /**
   * Guests are stopped when the engine's epoch has moved on by `ticks` from now. They look at it when they enter a function,
   * go round a loop, before they touch much memory at once, and when a host function returns.
   *
   * @throws ConfigError if the engine does not interrupt by epoch; StoreDisposedError
   */
  setEpochDeadline(ticks: number): void {
    this.#requireEpochs();
    const expected = isCount(ticks);
    if (expected !== undefined)
      throw new ConfigError(`setEpochDeadline: ticks must be ${expected}, got ${String(ticks)}`);
    this.#state.meter.setDeadline(ticks);
    this.#state.settle();
  }

  /** At the deadline guests trap with code `interrupt`. This is how it is from the start. */
  epochDeadlineTrap(): void {
    this.#requireEpochs();
    this.#state.meter.onDeadline = undefined;
  }

  /**
   * At the deadline `fn` is asked. It returns the ticks that the guest may go on for, or `"trap"`. An error that
   * it throws ends the guest with a trap of code `host-error`.
   */
  epochDeadlineCallback(fn: (caller: Caller<T>) => number | "trap"): void {
    this.#requireEpochs();
    this.#state.meter.onDeadline = () => {
      const ticks = fn(this.#caller);
      if (ticks === "trap") return undefined;
      const expected = isCount(ticks);
      if (expected === undefined) return ticks;
      throw new ConfigError(`the callback of epochDeadlineCallback must return "trap" or ${expected}`);
    };
  }

  /** Not in this version. @throws UnsupportedError */
  epochDeadlineAsyncYieldAndUpdate(_ticks: number): void {
    throw needsAsyncSupport("epochDeadlineAsyncYieldAndUpdate", "use setEpochDeadline");
  }

  /** Not in this version. @throws UnsupportedError */
  fuelAsyncYieldInterval(_fuel: bigint | null): void {
    throw needsAsyncSupport("fuelAsyncYieldInterval", "use setFuel");
  }

  /**
   * Lets go of all instances, disposes of what they hold of the host's resources, and gives back to the engine what they
   * have taken of it: their memories, above all. Using the store afterwards, or anything that was made in it, throws
   * `StoreDisposedError`; disposing of it again does nothing, nor does disposing of its resources.
   *
   * A store that nobody disposes of gives back what it has taken when it is collected as garbage.
   *
   * @throws ConfigError from inside a call of one of its guests.
   */
  [Symbol.dispose](): void {
    this.#state.dispose();
  }

  #requireFuel(): void {
    this.#state.checkAlive();
    if (this.#state.engine.fuel !== undefined) return;
    throw new ConfigError("fuel consumption is not enabled: pass consumeFuel: true to the Engine");
  }

  #requireEpochs(): void {
    this.#state.checkAlive();
    if (this.#state.engine.epochInterruption) return;
    throw new ConfigError("epoch interruption is not enabled: pass epochInterruption: true to the Engine");
  }

  /** @internal */
  static state(store: Store<unknown>): StoreState {
    return store.#state;
  }

  /** @internal */
  static engine(store: Store<unknown>): Engine {
    return store.#engine;
  }
}

function isFuel(value: unknown): string | undefined {
  const ok = typeof value === "bigint" ? value >= 0n && value <= MAX_FUEL : isCount(value) === undefined;
  return ok ? undefined : "a whole number from 0 to 2^64 - 1";
}
