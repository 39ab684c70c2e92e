/**
 * What the instances of all stores of an engine take of the process: memories, and counts.
 *
 * Without `pooling` memories are made when they are wanted, and only their number is bounded. With it they are reused,
 * and everything that is counted has a total.
 *
 * Source: wasmtime's `InstanceAllocator`, with `OnDemandInstanceAllocator` and `PoolingInstanceAllocator`.
 */
import type { Demand } from "../demand.ts";
import { LimitError, PoolConcurrencyLimitError } from "../errors.ts";
import { makeMemory, PAGE } from "./memory.ts";
import { MAX_LIVE_MEMORIES, type PoolingAllocationConfig } from "./pooling-config.ts";
import { WaitQueue } from "./wait-queue.ts";
import { WarmMemories } from "./warm-memories.ts";

/** What has been taken for one instance. */
export interface Allocation {
  readonly demand: Demand;
  /** As `demand.memories`: of the size that each declares, and all zeros. */
  readonly memories: readonly WebAssembly.Memory[];
}

/** What of a pool is in use. Source: wasmtime's `PoolingAllocatorMetrics`. */
export interface PoolingAllocatorMetrics {
  /** Instances of components that are alive. */
  readonly componentInstances: number;
  readonly coreInstances: number;
  readonly memories: number;
  readonly tables: number;
  /** The most memories that have been alive at a time. */
  readonly peakMemories: number;
  /** Memories that are kept, cleared, for the next instances. */
  readonly unusedWarmMemories: number;
  /** Bytes of those. */
  readonly unusedMemoryBytesResident: number;
  /** Memories that have been handed out without making a new one, since the engine was made. */
  readonly reusedMemories: number;
  /** Calls of `instantiateAsync` that wait for room. */
  readonly waiting: number;
}

type Counted = "componentInstances" | "coreInstances" | "memories" | "tables";

/** The option that bounds each, and what messages call it. */
const totals = {
  componentInstances: { option: "totalComponentInstances", label: "component instances" },
  coreInstances: { option: "totalCoreInstances", label: "core instances" },
  memories: { option: "totalMemories", label: "memories" },
  tables: { option: "totalTables", label: "tables" },
} as const satisfies Record<Counted, { option: keyof PoolingAllocationConfig; label: string }>;

const COUNTED = Object.keys(totals) as readonly Counted[];

export class InstanceAllocator {
  readonly #config: Required<PoolingAllocationConfig> | undefined;
  readonly #live: Record<Counted, number> = {
    componentInstances: 0,
    coreInstances: 0,
    memories: 0,
    tables: 0,
  };
  readonly #warm: WarmMemories;
  readonly #queue: WaitQueue;
  /** Stores that nobody disposes of give back what they hold when they are collected. */
  readonly #abandoned = new FinalizationRegistry<Allocation[]>((allocations) => this.free(allocations));
  #peakMemories = 0;
  #reused = 0;

  /** @param config undefined for allocation on demand */
  constructor(config: Required<PoolingAllocationConfig> | undefined) {
    this.#config = config;
    this.#warm = new WarmMemories({
      slots: config?.maxUnusedWarmSlots ?? 0,
      maxBytes: config?.linearMemoryKeepResident ?? 0,
    });
    this.#queue = new WaitQueue(config?.waitTimeoutMs ?? 0);
  }

  /**
   * Whether one memory may have `bytes`, whoever owns it: undefined, or the reason why not.
   */
  refuseMemory(bytes: number): LimitError | undefined {
    const { maxMemorySize } = this.#config ?? {};
    if (maxMemorySize === undefined || bytes <= maxMemorySize) return undefined;
    return new LimitError(
      "pooling.maxMemorySize",
      `pooling allocator: memory size limit exceeded: a memory of ${bytes} bytes never fits pooling.maxMemorySize (${maxMemorySize})`,
    );
  }

  /** As `refuseMemory`, for a table. */
  refuseTable(elements: number): LimitError | undefined {
    const { tableElements } = this.#config ?? {};
    if (tableElements === undefined || elements <= tableElements) return undefined;
    return new LimitError(
      "pooling.tableElements",
      `pooling allocator: table size limit exceeded: a table of ${elements} elements never fits pooling.tableElements (${tableElements})`,
    );
  }

  /**
   * Takes what `demand` says, all or nothing.
   *
   * @throws PoolConcurrencyLimitError if there is no room for it now; LimitError if there never is.
   */
  allocate(demand: Demand): Allocation {
    this.#checkFits(demand);
    const full = this.#full(demand);
    if (full !== undefined) throw full;
    return this.#take(demand);
  }

  /**
   * As `allocate`, and waits for room for as long as `waitTimeoutMs` says. Who has asked first gets it first.
   *
   * @throws as `allocate`
   */
  async wait(demand: Demand): Promise<Allocation> {
    const waitTimeoutMs = this.#config?.waitTimeoutMs ?? 0;
    if (waitTimeoutMs === 0) return this.allocate(demand);
    this.#checkFits(demand);
    if (this.#queue.length === 0 && this.#full(demand) === undefined) return this.#take(demand);
    return this.#queue.wait(
      () => (this.#full(demand) === undefined ? this.#take(demand) : undefined),
      () => this.#full(demand) ?? behindOthers(waitTimeoutMs),
    );
  }

  /** Sees to it that `allocations`, to which more may be added, are freed when `owner` is no more. */
  freeWith(owner: object, allocations: Allocation[]): void {
    this.#abandoned.register(owner, allocations);
  }

  /** Takes everything back, and leaves `allocations` empty. */
  free(allocations: Allocation[]): void {
    for (const { demand, memories } of allocations.splice(0)) {
      this.#count(demand, -1);
      for (const [i, memory] of memories.entries()) {
        const type = demand.memories[i];
        if (type !== undefined) this.#warm.put(memory, type);
      }
    }
    this.#queue.serve();
  }

  get metrics(): PoolingAllocatorMetrics {
    return {
      ...this.#live,
      peakMemories: this.#peakMemories,
      unusedWarmMemories: this.#warm.count,
      unusedMemoryBytesResident: this.#warm.bytes,
      reusedMemories: this.#reused,
      waiting: this.#queue.length,
    };
  }

  #take(demand: Demand): Allocation {
    const memories = demand.memories.map((type) => {
      const warm = this.#warm.take(type);
      if (warm !== undefined) this.#reused++;
      return warm ?? makeMemory(type);
    });
    this.#count(demand, 1);
    this.#peakMemories = Math.max(this.#peakMemories, this.#live.memories);
    return { demand, memories };
  }

  #count(demand: Demand, by: 1 | -1): void {
    for (const counted of COUNTED) this.#live[counted] += by * wanted(demand, counted);
  }

  /** @throws LimitError for what does not even fit an empty pool. */
  #checkFits(demand: Demand): void {
    for (const { min } of demand.memories) raise(this.refuseMemory(Number(min) * PAGE));
    for (const { min } of demand.tables) raise(this.refuseTable(Number(min)));
    for (const counted of COUNTED) {
      const { option, label } = totals[counted];
      const total = this.#total(counted);
      if (wanted(demand, counted) <= total) continue;
      throw new LimitError(
        `pooling.${option}`,
        `pooling allocator: ${label} limit exceeded: the component needs ${wanted(demand, counted)}, which never fits pooling.${option} (${total})`,
      );
    }
  }

  /** Why there is no room now. */
  #full(demand: Demand): PoolConcurrencyLimitError | undefined {
    for (const counted of COUNTED) {
      const { option, label } = totals[counted];
      const total = this.#total(counted);
      const needed = wanted(demand, counted);
      if (this.#live[counted] + needed <= total) continue;
      if (this.#config === undefined) {
        return new PoolConcurrencyLimitError(
          "address-space",
          `${this.#live.memories} memories are alive, and V8 has address space for few more than ${total}: dispose of stores that are done`,
        );
      }
      return new PoolConcurrencyLimitError(
        `pooling.${option}`,
        `pooling allocator: ${label} limit exceeded: the pool is full now, with ${this.#live[counted]} of ${total} in use and ${needed} more needed: ` +
          `dispose of stores that are done, raise pooling.${option}, or wait with pooling.waitTimeoutMs and instantiateAsync`,
      );
    }
    return undefined;
  }

  #total(counted: Counted): number {
    if (this.#config !== undefined) return this.#config[totals[counted].option];
    return counted === "memories" ? MAX_LIVE_MEMORIES : Number.POSITIVE_INFINITY;
  }
}

function wanted(demand: Demand, counted: Counted): number {
  switch (counted) {
    case "componentInstances":
      return 1;
    case "coreInstances":
      return demand.instances;
    case "memories":
      return demand.memories.length;
    case "tables":
      return demand.tables.length;
  }
}

/** For one who wants little, and whose time was up before that of one who wants much. */
function behindOthers(waitTimeoutMs: number): PoolConcurrencyLimitError {
  return new PoolConcurrencyLimitError(
    "pooling.waitTimeoutMs",
    `pooling allocator: others were first to wait for room, for longer than pooling.waitTimeoutMs (${waitTimeoutMs})`,
  );
}

function raise(error: LimitError | undefined): void {
  if (error !== undefined) throw error;
}
