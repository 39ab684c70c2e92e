/**
 * What the instances of all stores of an engine take of the process: memories, and counts.
 *
 * Without `pooling` memories are made when they are wanted, and only their number is bounded. With it they are reused,
 * and everything that is counted has a total.
 *
 * Source: wasmtime's `InstanceAllocator`, with `OnDemandInstanceAllocator` and `PoolingInstanceAllocator`.
 */

import type { Demand } from "../demand.ts";
import { type LimitError, PoolConcurrencyLimitError } from "../errors.ts";
import { makeMemory } from "./memory.ts";
import type { PoolingAllocatorMetrics } from "./metrics.ts";
import { PoolTotals } from "./pool-totals.ts";
import type { PoolingAllocationConfig } from "./pooling-config.ts";
import { WaitQueue } from "./wait-queue.ts";
import { WarmMemories } from "./warm-memories.ts";

/** What has been taken for one instance. */
export interface Allocation {
  readonly demand: Demand;
  /** As `demand.memories`: of the size that each declares, and all zeros. */
  readonly memories: readonly WebAssembly.Memory[];
}

export class InstanceAllocator {
  readonly #totals: PoolTotals;
  readonly #waitTimeoutMs: number;
  readonly #warm: WarmMemories;
  readonly #queue: WaitQueue;
  /** Stores that nobody disposes of give back what they hold when they are collected. */
  readonly #abandoned = new FinalizationRegistry<Allocation[]>((allocations) => this.free(allocations));
  #peakMemories = 0;
  #reused = 0;

  /** @param config undefined for allocation on demand */
  constructor(config: Required<PoolingAllocationConfig> | undefined) {
    this.#totals = new PoolTotals(config);
    this.#waitTimeoutMs = config?.waitTimeoutMs ?? 0;
    this.#warm = new WarmMemories({
      slots: config?.maxUnusedWarmSlots ?? 0,
      maxBytes: config?.linearMemoryKeepResident ?? 0,
    });
    this.#queue = new WaitQueue(this.#waitTimeoutMs);
  }

  /** Why no memory may have so many bytes, or undefined if it may. */
  refuseMemory(bytes: number): LimitError | undefined {
    return this.#totals.refuseMemory(bytes);
  }

  /** Why no table may have so many elements, or undefined if it may. */
  refuseTable(elements: number): LimitError | undefined {
    return this.#totals.refuseTable(elements);
  }

  /**
   * Takes what `demand` says, all or nothing.
   *
   * @throws PoolConcurrencyLimitError if there is no room for it now; LimitError if there never is.
   */
  allocate(demand: Demand): Allocation {
    this.#totals.checkFits(demand);
    const full = this.#totals.full(demand);
    if (full !== undefined) throw full;
    return this.#take(demand);
  }

  /**
   * As `allocate`, and waits for room for as long as `waitTimeoutMs` says. Who has asked first gets it first.
   *
   * @throws as `allocate`
   */
  async wait(demand: Demand): Promise<Allocation> {
    if (this.#waitTimeoutMs === 0) return this.allocate(demand);
    this.#totals.checkFits(demand);
    if (this.#queue.length === 0 && this.#totals.full(demand) === undefined) return this.#take(demand);
    return this.#queue.wait(
      () => (this.#totals.full(demand) === undefined ? this.#take(demand) : undefined),
      () => this.#totals.full(demand) ?? behindOthers(this.#waitTimeoutMs),
    );
  }

  /** Sees to it that `allocations`, to which more may be added, are freed when `owner` is no more. */
  freeWith(owner: object, allocations: Allocation[]): void {
    this.#abandoned.register(owner, allocations);
  }

  /** Takes everything back, and leaves `allocations` empty. */
  free(allocations: Allocation[]): void {
    for (const { demand, memories } of allocations.splice(0)) {
      this.#totals.remove(demand);
      for (const [i, memory] of memories.entries()) {
        const type = demand.memories[i];
        if (type !== undefined) this.#warm.put(memory, type);
      }
    }
    this.#queue.serve();
  }

  get metrics(): PoolingAllocatorMetrics {
    return {
      ...this.#totals.live,
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
    this.#totals.add(demand);
    this.#peakMemories = Math.max(this.#peakMemories, this.#totals.live.memories);
    return { demand, memories };
  }
}

/** For one who wants little, and whose time was up before that of one who wants much. */
function behindOthers(waitTimeoutMs: number): PoolConcurrencyLimitError {
  return new PoolConcurrencyLimitError(
    "pooling.waitTimeoutMs",
    `pooling allocator: others were first to wait for room, for longer than pooling.waitTimeoutMs (${waitTimeoutMs})`,
  );
}
