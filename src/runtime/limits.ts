/**
 * What a store's guests may take of the machine.
 *
 * Source: wasmtime's `StoreLimits` and `ResourceLimiter` (`crates/wasmtime/src/runtime/limits.rs`), with defaults
 * that are finite.
 */
import { ConfigError } from "../model/errors.ts";
import { checkOptions, isCount, oneOf } from "./check-options.ts";
import { MiB } from "./units.ts";

/** Limits of a store. What is left out has the default. */
export interface StoreLimits {
  /** Bytes of one linear memory. Default: 256 MiB. */
  readonly memorySize?: number;
  /**
   * Bytes of all linear memories of the store together, of all tables, at 32 bytes per element, and of all structs, arrays
   * and exceptions that its guests have made: only V8 knows which of those are garbage by now, so all of them count.
   * Default: 512 MiB.
   */
  readonly totalMemorySize?: number;
  /** Elements of one table. Default: 100,000. */
  readonly tableElements?: number;
  /** Core instances. Default: 256. */
  readonly instances?: number;
  /** Linear memories. Default: 64. */
  readonly memories?: number;
  /** Tables. Default: 256. */
  readonly tables?: number;
  /** Resource handles that are alive at one time. Default: 100,000. */
  readonly resources?: number;
  /**
   * What becomes of a guest that asks for more memory, or table elements, than it may have. `"trap"` (default):
   * a Trap with code `out-of-memory` or `table-growth`. `"return-minus-one"`: it is told so, as wasm has it.
   */
  readonly onGrowFailure?: "trap" | "return-minus-one";
}

/**
 * Decides about growth in a way of its own. Passed as `limits` of a store.
 *
 * Source: wasmtime's `ResourceLimiter`.
 */
export interface ResourceLimiter {
  /**
   * Asked before a memory grows, and before one is made (`current` is 0 then). Not asked about growth by 0, nor when
   * the memory's own maximum, or the engine's pool, forbids it. `false` refuses: `memory.grow` gives -1, and a component
   * whose memory is to be made is not instantiated. Throwing traps, or ends the instantiation. What guests allocate on
   * V8's heap is asked for as the growth of one more memory, which never shrinks; refusing that traps.
   *
   * @param current bytes
   * @param desired bytes
   * @param maximum bytes, if the memory declares a maximum
   */
  memoryGrowing(current: number, desired: number, maximum: number | undefined): boolean;
  /** As `memoryGrowing`, for tables, in elements. */
  tableGrowing(current: number, desired: number, maximum: number | undefined): boolean;
  /**
   * Told of growth, or of a new memory, that `memoryGrowing` has allowed and that did not come about: the engine's pool
   * has no room, or V8 has none. (Growth that V8 refuses becomes known when the memory is to grow again; throwing traps
   * then.)
   */
  memoryGrowFailed?(current: number, desired: number, error: Error): void;
  /** As `memoryGrowFailed`, for a table that was to be made. */
  tableGrowFailed?(current: number, desired: number, error: Error): void;
  /** How many core instances the store may hold. Default: 256. */
  instances?(): number;
  /** How many linear memories. Default: 64. */
  memories?(): number;
  /** How many tables. Default: 256. */
  tables?(): number;
  /** How many resource handles. Default: 100,000. */
  resources?(): number;
}

/** Bytes of an element of a table, for the total: V8 takes 25 to 27. */
export const TABLE_ELEMENT = 32;

const defaults: Required<StoreLimits> = {
  // Larger than guests of today's toolchains start with (a JavaScript guest takes some 20 MiB), small enough that
  // a dozen greedy guests do not end a host of a few GiB.
  memorySize: 256 * MiB,
  // Two full memories.
  totalMemorySize: 512 * MiB,
  // A large guest has some 20,000 functions in its table; an element takes some 27 bytes.
  tableElements: 100_000,
  // A component takes three to five; a composition of dozens still fits.
  instances: 256,
  // V8 reserves 10 GiB of address space for each.
  memories: 64,
  tables: 256,
  // 100,000 handles take some 10 MB of the host's heap.
  resources: 100_000,
  onGrowFailure: "trap",
};

/** The counts that bound what a store may hold. */
export interface StoreCounts {
  readonly instances: number;
  readonly memories: number;
  readonly tables: number;
  readonly resources: number;
}

/** The limits of a store, in the one form that the runtime asks. */
export interface Limiter {
  readonly counts: StoreCounts;
  readonly trapOnGrowFailure: boolean;
  /** Why a memory may not have `desired` bytes, or undefined if it may. `total` is of all else in the store, in bytes. */
  memory(current: number, desired: number, maximum: number | undefined, total: number): Refusal | undefined;
  /** As `memory`, in elements; `total` in bytes. */
  table(current: number, desired: number, maximum: number | undefined, total: number): Refusal | undefined;
  /** As `memory`, for what guests have allocated on V8's heap. */
  heap(current: number, desired: number, total: number): Refusal | undefined;
  /** What was allowed did not come about. */
  memoryGrowFailed(current: number, desired: number, error: Error): void;
  tableGrowFailed(current: number, desired: number, error: Error): void;
}

export interface Refusal {
  /** The option that stands in the way. */
  readonly limit: string;
  readonly message: string;
}

/** @throws ConfigError if a limit is unknown or not a whole number. */
export function makeLimiter(limits: "unlimited" | StoreLimits | ResourceLimiter = {}): Limiter {
  if (limits === "unlimited") return unlimited;
  if (isResourceLimiter(limits)) return customLimiter(limits);
  checkOptions<StoreLimits>("limits", limits, {
    memorySize: isCount,
    totalMemorySize: isCount,
    tableElements: isCount,
    instances: isCount,
    memories: isCount,
    tables: isCount,
    resources: isCount,
    onGrowFailure: oneOf("trap", "return-minus-one"),
  });
  const given = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
  return storeLimiter({ ...defaults, ...given });
}

const ignore = (): void => {};

const unlimited: Limiter = {
  counts: {
    instances: Number.POSITIVE_INFINITY,
    memories: Number.POSITIVE_INFINITY,
    tables: Number.POSITIVE_INFINITY,
    resources: Number.POSITIVE_INFINITY,
  },
  trapOnGrowFailure: false,
  memory: () => undefined,
  table: () => undefined,
  heap: () => undefined,
  memoryGrowFailed: ignore,
  tableGrowFailed: ignore,
};

function storeLimiter(limits: Required<StoreLimits>): Limiter {
  const refuseTotal = (bytes: number): Refusal | undefined => {
    if (bytes <= limits.totalMemorySize) return undefined;
    return {
      limit: "totalMemorySize",
      message: `memories, tables and garbage-collected values of ${bytes} bytes together exceed limits.totalMemorySize (${limits.totalMemorySize})`,
    };
  };
  return {
    counts: limits,
    trapOnGrowFailure: limits.onGrowFailure === "trap",
    memory(_current, desired, _maximum, total) {
      if (desired > limits.memorySize) {
        return {
          limit: "memorySize",
          message: `a memory of ${desired} bytes exceeds limits.memorySize (${limits.memorySize})`,
        };
      }
      return refuseTotal(total + desired);
    },
    table(_current, desired, _maximum, total) {
      if (desired > limits.tableElements) {
        return {
          limit: "tableElements",
          message: `a table of ${desired} elements exceeds limits.tableElements (${limits.tableElements})`,
        };
      }
      return refuseTotal(total + desired * TABLE_ELEMENT);
    },
    heap: (_current, desired, total) => refuseTotal(total + desired),
    memoryGrowFailed: ignore,
    tableGrowFailed: ignore,
  };
}

function customLimiter(limiter: ResourceLimiter): Limiter {
  const refusal = (what: string, desired: number): Refusal => ({
    limit: `${what}Growing`,
    message: `the store's ResourceLimiter refuses a ${what} of ${desired} ${what === "memory" ? "bytes" : "elements"}`,
  });
  const count = (name: keyof StoreCounts): number => {
    const value = limiter[name]?.() ?? defaults[name];
    const expected = isCount(value);
    if (expected !== undefined) throw new ConfigError(`limits.${name}() must return ${expected}`);
    return value;
  };
  return {
    counts: {
      instances: count("instances"),
      memories: count("memories"),
      tables: count("tables"),
      resources: count("resources"),
    },
    trapOnGrowFailure: false,
    memory: (current, desired, maximum) =>
      limiter.memoryGrowing(current, desired, maximum) ? undefined : refusal("memory", desired),
    table: (current, desired, maximum) =>
      limiter.tableGrowing(current, desired, maximum) ? undefined : refusal("table", desired),
    heap: (current, desired) =>
      limiter.memoryGrowing(current, desired, undefined) ? undefined : refusal("memory", desired),
    memoryGrowFailed: (current, desired, error) => limiter.memoryGrowFailed?.(current, desired, error),
    tableGrowFailed: (current, desired, error) => limiter.tableGrowFailed?.(current, desired, error),
  };
}

function isResourceLimiter(limits: StoreLimits | ResourceLimiter): limits is ResourceLimiter {
  return (
    typeof limits === "object" &&
    limits !== null &&
    typeof (limits as Partial<ResourceLimiter>).memoryGrowing === "function" &&
    typeof (limits as Partial<ResourceLimiter>).tableGrowing === "function"
  );
}
