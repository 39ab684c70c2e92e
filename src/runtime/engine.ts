/**
 * What is decided once per process: how guests are metered, the epoch, and what all stores may hold together.
 *
 * Source: wasmtime's `Engine` and `Config`.
 */
import { randomBytes } from "node:crypto";
import { type OperatorCosts, type OperatorGroup, resolveOperatorCosts } from "../instrument/index.ts";
import { ConfigError, UnsupportedError } from "../model/errors.ts";
import { needsAsyncSupport } from "./async-support.ts";
import { checkOptions, isBoolean, isObject } from "./check-options.ts";
import { EpochClock } from "./epoch-clock.ts";
import { NativeTraps } from "./native-traps.ts";
import { InstanceAllocator } from "./pool/instance-allocator.ts";
import type { PoolingAllocatorMetrics } from "./pool/metrics.ts";
import { type PoolingAllocationConfig, resolvePooling } from "./pool/pooling-config.ts";
import { uncatchableTrap } from "./uncatchable.ts";

/** What an engine is able to enforce. It is compiled into the components that are made with it. */
export interface EngineConfig {
  /**
   * Guests consume fuel for what they execute, and for the strings and lists that calls move across their border, and trap
   * when their store has none left. It is deterministic: the same work always takes the same fuel. Default: false.
   */
  readonly consumeFuel?: boolean;
  /**
   * Guests look at their store's epoch deadline as they run. On its own it is cheaper than fuel, and it bounds time,
   * which fuel does not. Default: false.
   */
  readonly epochInterruption?: boolean;
  /** Not in this version: `true` is refused with an `UnsupportedError`. */
  readonly asyncSupport?: boolean;
  /**
   * Memories of guests are reused, which makes instances several times cheaper, and what all stores of the engine hold
   * together is bounded. Default: false, which makes memories anew, and up to 12,000 of them at a time.
   */
  readonly pooling?: false | PoolingAllocationConfig;
  /**
   * Fuel per operator of a group; what is left out costs what it costs in wasmtime. `bulkByte` is also the price of each
   * byte that a call moves: of the host's memory for what a guest passes, as `hostcallFuel` counts it, and of the
   * guest's for what it is given. Needs `consumeFuel`.
   */
  readonly operatorCost?: Partial<Record<OperatorGroup, number>>;
}

/** A running epoch ticker: `stop()` it, or let `using` do so. */
export interface EpochTicker extends Disposable {
  stop(): void;
}

/** Ten ticks a second, as in wasmtime's own examples. */
const DEFAULT_TICK_MS = 100;

/**
 * Settings that all components and stores made with it share. One per process is the rule; components, linkers
 * and stores of different engines cannot be mixed.
 *
 * @example
 * const engine = new Engine({
 *   consumeFuel: true,
 *   epochInterruption: true,
 *   pooling: { totalComponentInstances: 200, maxMemorySize: 64 * MiB },
 * });
 * engine.startEpochTicker({ intervalMs: 100 });
 */
export class Engine {
  readonly #state: EngineState;

  /** @throws ConfigError for an unknown setting, a wrong value, or one that cannot be enforced here. */
  constructor(config: EngineConfig = {}) {
    this.#state = new EngineState(checkConfig(config));
  }

  /** Moves the epoch on by one tick. */
  incrementEpoch(): void {
    this.#state.clock.increment();
  }

  /**
   * Moves the epoch on with the clock, every `intervalMs` milliseconds (default 100), until it is stopped. It
   * holds no timer: the process may exit, and the epoch goes on while a guest blocks the thread.
   *
   * @throws ConfigError if a ticker is running, or the interval is not a positive number.
   */
  startEpochTicker(options: { readonly intervalMs?: number } = {}): EpochTicker {
    const { intervalMs = DEFAULT_TICK_MS } = checkOptions<{ intervalMs?: number }>(
      "startEpochTicker",
      options,
      { intervalMs: isPositive },
    );
    const stop = this.#state.clock.start(intervalMs);
    return { stop, [Symbol.dispose]: stop };
  }

  /** What of the engine's pool is in use now; undefined without `pooling`. */
  poolingAllocatorMetrics(): PoolingAllocatorMetrics | undefined {
    const { allocator, pooling } = this.#state;
    return pooling === undefined ? undefined : allocator.metrics;
  }

  /** Not in this version. @throws UnsupportedError */
  precompileComponent(_bytes: Uint8Array): Uint8Array {
    throw new UnsupportedError("precompiled components");
  }

  /** @internal */
  static check(engine: unknown, what: string): asserts engine is Engine {
    if (!(engine instanceof Engine)) throw new ConfigError(`${what}: expected an Engine`);
  }

  /** @internal */
  static state(engine: Engine): EngineState {
    return engine.#state;
  }
}

/**
 * What an engine holds for the rest of the runtime.
 *
 * @internal
 */
export class EngineState {
  /** The costs of operators, or undefined if guests consume no fuel. */
  readonly fuel: OperatorCosts | undefined;
  readonly epochInterruption: boolean;
  readonly clock = new EpochClock();
  readonly pooling: Required<PoolingAllocationConfig> | undefined;
  readonly allocator: InstanceAllocator;
  /** Executes a real `unreachable`. */
  readonly trap = uncatchableTrap();
  #nativeTraps: NativeTraps | undefined;
  /** Stands for this engine in the names of modules, which other engines must not have. */
  readonly #tag = randomBytes(4).toString("hex");
  #modules = 0;

  constructor(config: EngineConfig) {
    this.fuel = config.consumeFuel === true ? resolveOperatorCosts(config.operatorCost) : undefined;
    this.epochInterruption = config.epochInterruption === true;
    const { pooling = false } = config;
    this.pooling = pooling === false ? undefined : resolvePooling(pooling);
    this.allocator = new InstanceAllocator(this.pooling);
  }

  /** A name that no other module of the process has, so that V8's stack traces tell which module they mean. */
  nextModuleName(): string {
    return `hostwright-${this.#tag}-${this.#modules++}`;
  }

  /** Learnt when the first trap has to be told from others. */
  get nativeTraps(): NativeTraps {
    this.#nativeTraps ??= new NativeTraps();
    return this.#nativeTraps;
  }
}

function checkConfig(config: EngineConfig): EngineConfig {
  checkOptions<EngineConfig>("Engine", config, {
    consumeFuel: isBoolean,
    epochInterruption: isBoolean,
    asyncSupport: isBoolean,
    pooling: isPooling,
    operatorCost: isObject,
  });
  if (config.asyncSupport === true) {
    throw needsAsyncSupport("asyncSupport: true", "leave it out");
  }
  if (config.operatorCost !== undefined && config.consumeFuel !== true) {
    throw new ConfigError("operatorCost has no effect without fuel: pass consumeFuel: true to the Engine");
  }
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) {
    throw new UnsupportedError("big-endian machines");
  }
  return config;
}

function isPooling(value: unknown): string | undefined {
  return value === false || isObject(value) === undefined
    ? undefined
    : "false or an object; `pooling: {}` has the defaults";
}

function isPositive(value: unknown): string | undefined {
  return typeof value === "number" && value > 0 && value < Number.POSITIVE_INFINITY
    ? undefined
    : "a positive number of milliseconds";
}
