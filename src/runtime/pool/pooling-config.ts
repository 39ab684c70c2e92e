/**
 * The settings of the pooling allocator.
 *
 * Source: wasmtime's `PoolingAllocationConfig`, whose names and defaults these are where it has them.
 */
import { ConfigError } from "../../model/errors.ts";
import { checkOptions, isCount } from "../check-options.ts";
import { GiB, MiB } from "../units.ts";

/** All totals count what is alive in all stores of the engine together, until a store is disposed of. */
export interface PoolingAllocationConfig {
  /** Instances of components. Default: 1,000. */
  readonly totalComponentInstances?: number;
  /** Core instances; a component takes some three to five. Default: 1,000. */
  readonly totalCoreInstances?: number;
  /** Linear memories; at most 12,000, since V8 has address space for few more. Default: 1,000. */
  readonly totalMemories?: number;
  /** Tables. Default: 1,000. */
  readonly totalTables?: number;
  /** Bytes that one memory may have, from the start or by growth. Default: 4 GiB. */
  readonly maxMemorySize?: number;
  /** Elements that one table may have, from the start or by growth. Default: 20,000. */
  readonly tableElements?: number;
  /** Memories that are kept for the next instances when nobody uses them. Default: 100. */
  readonly maxUnusedWarmSlots?: number;
  /**
   * Bytes of the largest memory that is kept. A memory is cleared before it is kept, and from some size on a new one
   * is cheaper than a cleared one. Default: 8 MiB.
   */
  readonly linearMemoryKeepResident?: number;
  /**
   * Milliseconds that `instantiateAsync` waits for room when the pool is full, in the order of the calls. `instantiate`
   * never waits. Default: 0.
   */
  readonly waitTimeoutMs?: number;
}

/**
 * Memories that may be alive in one engine at a time. V8 reserves 8 to 10 GiB of address space for each, so that a process
 * can have 16,368 with Node 26, and 13,089 with Node 20; what is left serves those of others, such as the parser
 * of HTTP in `fetch`.
 */
export const MAX_LIVE_MEMORIES = 12_000;

const defaults: Required<PoolingAllocationConfig> = {
  totalComponentInstances: 1000,
  totalCoreInstances: 1000,
  totalMemories: 1000,
  totalTables: 1000,
  maxMemorySize: 4 * GiB,
  tableElements: 20_000,
  maxUnusedWarmSlots: 100,
  // To clear 8 MiB takes as long as V8 takes for a new memory of which the guest then touches little.
  linearMemoryKeepResident: 8 * MiB,
  waitTimeoutMs: 0,
};

/** @throws ConfigError for an unknown setting, or a value that it cannot have. */
export function resolvePooling(config: PoolingAllocationConfig): Required<PoolingAllocationConfig> {
  checkOptions<PoolingAllocationConfig>("pooling", config, {
    totalComponentInstances: isCount,
    totalCoreInstances: isCount,
    totalMemories: isCount,
    totalTables: isCount,
    maxMemorySize: isCount,
    tableElements: isCount,
    maxUnusedWarmSlots: isCount,
    linearMemoryKeepResident: isCount,
    waitTimeoutMs: isTimeout,
  });
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  const resolved = { ...defaults, ...given };
  if (resolved.totalMemories > MAX_LIVE_MEMORIES) {
    throw new ConfigError(
      `pooling: totalMemories must be at most ${MAX_LIVE_MEMORIES}, got ${resolved.totalMemories}: ` +
        "V8 reserves some 10 GiB of address space for each memory",
    );
  }
  return resolved;
}

/** The longest time that timers of JavaScript take. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

function isTimeout(value: unknown): string | undefined {
  return typeof value === "number" && value >= 0 && value <= MAX_TIMEOUT_MS
    ? undefined
    : `a number of milliseconds from 0 to ${MAX_TIMEOUT_MS}`;
}
