/**
 * What is alive in all stores of an engine together, against the totals of its pool.
 *
 * Whoever is refused is told which option it was, and whether to try again: what does not fit an empty pool never fits.
 */
import type { Demand } from "../demand.ts";
import { LimitError, PoolConcurrencyLimitError } from "../errors.ts";
import { PAGE } from "./memory.ts";
import { MAX_LIVE_MEMORIES, type PoolingAllocationConfig } from "./pooling-config.ts";

type Counted = "componentInstances" | "coreInstances" | "memories" | "tables";

/** For each, the option that bounds it, what messages call it, and how many an instance takes. */
const counted = {
  componentInstances: {
    option: "totalComponentInstances",
    label: "component instances",
    wanted: (_: Demand) => 1,
  },
  coreInstances: {
    option: "totalCoreInstances",
    label: "core instances",
    wanted: (demand: Demand) => demand.instances,
  },
  memories: {
    option: "totalMemories",
    label: "memories",
    wanted: (demand: Demand) => demand.memories.length,
  },
  tables: { option: "totalTables", label: "tables", wanted: (demand: Demand) => demand.tables.length },
} as const;

const COUNTED = Object.keys(counted) as readonly Counted[];

export class PoolTotals {
  readonly #config: Required<PoolingAllocationConfig> | undefined;
  readonly #live: Record<Counted, number> = {
    componentInstances: 0,
    coreInstances: 0,
    memories: 0,
    tables: 0,
  };

  /** @param config undefined without a pool: only the number of memories is bounded then */
  constructor(config: Required<PoolingAllocationConfig> | undefined) {
    this.#config = config;
  }

  get live(): Readonly<Record<Counted, number>> {
    return this.#live;
  }

  add(demand: Demand): void {
    for (const name of COUNTED) this.#live[name] += counted[name].wanted(demand);
  }

  remove(demand: Demand): void {
    for (const name of COUNTED) this.#live[name] -= counted[name].wanted(demand);
  }

  /** Why no memory may have so many bytes, or undefined if it may. */
  refuseMemory(bytes: number): LimitError | undefined {
    const { maxMemorySize } = this.#config ?? {};
    if (maxMemorySize === undefined || bytes <= maxMemorySize) return undefined;
    return neverFits("maxMemorySize", "memory size", `a memory of ${bytes} bytes`, maxMemorySize);
  }

  /** As `refuseMemory`, for a table. */
  refuseTable(elements: number): LimitError | undefined {
    const { tableElements } = this.#config ?? {};
    if (tableElements === undefined || elements <= tableElements) return undefined;
    return neverFits("tableElements", "table size", `a table of ${elements} elements`, tableElements);
  }

  /** @throws LimitError for what does not even fit an empty pool */
  checkFits(demand: Demand): void {
    if (this.#config === undefined) return;
    for (const { min } of demand.memories) raise(this.refuseMemory(Number(min) * PAGE));
    for (const { min } of demand.tables) raise(this.refuseTable(Number(min)));
    for (const name of COUNTED) {
      const { option, label, wanted } = counted[name];
      const needed = wanted(demand);
      const total = this.#total(name);
      if (needed > total) throw neverFits(option, label, `a component with ${needed}`, total);
    }
  }

  /** Why there is no room now, or undefined if there is. */
  full(demand: Demand): PoolConcurrencyLimitError | undefined {
    for (const name of COUNTED) {
      const { option, label, wanted } = counted[name];
      const needed = wanted(demand);
      const live = this.#live[name];
      const total = this.#total(name);
      if (live + needed <= total) continue;
      if (this.#config === undefined) {
        return new PoolConcurrencyLimitError(
          "address-space",
          `${live} memories are alive, and V8 has address space for few more than ${total}: dispose of stores that are done`,
        );
      }
      return new PoolConcurrencyLimitError(
        `pooling.${option}`,
        `pooling allocator: ${label} limit exceeded: the pool is full now, with ${live} of ${total} in use and ${needed} more needed: ` +
          `dispose of stores that are done, raise pooling.${option}, or wait with pooling.waitTimeoutMs and instantiateAsync`,
      );
    }
    return undefined;
  }

  #total(name: Counted): number {
    if (this.#config !== undefined) return this.#config[counted[name].option];
    return name === "memories" ? MAX_LIVE_MEMORIES : Number.POSITIVE_INFINITY;
  }
}

function neverFits(
  option: keyof PoolingAllocationConfig,
  label: string,
  what: string,
  limit: number,
): LimitError {
  return new LimitError(
    `pooling.${option}`,
    `pooling allocator: ${label} limit exceeded: ${what} never fits pooling.${option} (${limit})`,
  );
}

function raise(error: LimitError | undefined): void {
  if (error !== undefined) throw error;
}
