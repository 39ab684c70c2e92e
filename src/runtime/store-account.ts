/**
 * What the guests of one store have taken so far, against its limits.
 */
import type { DefinedLimits } from "../instrument/index.ts";
import type { Demand } from "./demand.ts";
import { LimitError } from "./errors.ts";
import { type Limiter, type Refusal, type StoreCounts, TABLE_ELEMENT } from "./limits.ts";
import type { InstanceAllocator } from "./pool/instance-allocator.ts";
import { maximumPages, PAGE, pagesOf } from "./pool/memory.ts";

/** A memory or a table. Sizes are in pages or elements. */
export interface Sized {
  /** What it has been allowed to have. */
  size: number;
  /** The maximum that it declares. */
  readonly maximum: number | undefined;
  /** The size beyond which it cannot grow, whatever is declared. */
  readonly bound: number;
  /** What it really has, where that can be seen: V8 may have refused growth that was allowed. */
  readonly actual?: () => number;
}

export function sizedMemory(type: DefinedLimits, memory: WebAssembly.Memory): Sized {
  return {
    size: pagesOf(memory),
    maximum: declaredPages(type),
    bound: maximumPages(type),
    actual: () => pagesOf(memory),
  };
}

export function sizedTable(type: DefinedLimits): Sized {
  const maximum = declaredElements(type);
  return { size: Number(type.min), maximum, bound: maximum ?? Number.POSITIVE_INFINITY };
}

function declaredPages(memory: DefinedLimits): number | undefined {
  return memory.max === undefined ? undefined : maximumPages(memory);
}

/** One beyond exact numbers is as good as none. */
function declaredElements({ max }: DefinedLimits): number | undefined {
  return max === undefined || max > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(max);
}

export class StoreAccount {
  readonly limiter: Limiter;
  readonly #allocator: InstanceAllocator;
  #instances = 0;
  #memories = 0;
  #tables = 0;
  /** Bytes of all memories. */
  #memoryBytes = 0;
  /** Bytes of all tables. */
  #tableBytes = 0;
  /** Bytes of all that guests have allocated on V8's heap. */
  #heapBytes = 0;

  constructor(limiter: Limiter, allocator: InstanceAllocator) {
    this.limiter = limiter;
    this.#allocator = allocator;
  }

  /**
   * Takes what a component starts with, before any of it is made.
   *
   * @throws LimitError if it is more than the store may hold; nothing has been taken then.
   */
  reserve(demand: Demand): void {
    this.#checkCount("instances", this.#instances + demand.instances);
    this.#checkCount("memories", this.#memories + demand.memories.length);
    this.#checkCount("tables", this.#tables + demand.tables.length);
    let total = this.#totalBytes;
    for (const memory of demand.memories) {
      const size = Number(memory.min) * PAGE;
      refuse(this.limiter.memory(0, size, inBytes(declaredPages(memory)), total));
      total += size;
    }
    for (const table of demand.tables) {
      const elements = Number(table.min);
      refuse(this.limiter.table(0, elements, declaredElements(table), total));
      total += elements * TABLE_ELEMENT;
    }
    if (demand.heap > 0) {
      const desired = this.#heapBytes + demand.heap;
      refuse(this.limiter.heap(this.#heapBytes, desired, total - this.#heapBytes));
    }
    this.#add(demand, 1);
  }

  /** Gives back what a component has been granted that could not be made after all, because of `error`. */
  cancel(demand: Demand, error: Error): void {
    this.#add(demand, -1);
    for (const { min } of demand.memories) this.limiter.memoryGrowFailed(0, Number(min) * PAGE, error);
    for (const { min } of demand.tables) this.limiter.tableGrowFailed(0, Number(min), error);
  }

  /**
   * A memory wants to grow by `delta` pages. False if it cannot, whoever is asked.
   *
   * @returns the refusal if the limits forbid it
   */
  growMemory(memory: Sized, delta: bigint): Refusal | boolean {
    this.#settle(memory);
    const pages = memory.size + Number(BigInt.asUintN(64, delta));
    if (pages > memory.bound) return false;
    const current = memory.size * PAGE;
    const desired = pages * PAGE;
    const refusal =
      this.#allocator.refuseMemory(desired) ??
      this.limiter.memory(current, desired, inBytes(memory.maximum), this.#totalBytes - current);
    if (refusal !== undefined) return refusal;
    this.#memoryBytes += desired - current;
    memory.size = pages;
    return true;
  }

  /** As `growMemory`, for a table and elements. */
  growTable(table: Sized, delta: bigint): Refusal | boolean {
    const elements = table.size + Number(BigInt.asUintN(64, delta));
    if (elements > table.bound) return false;
    const refusal =
      this.#allocator.refuseTable(elements) ??
      this.limiter.table(table.size, elements, table.maximum, this.#totalBytes - table.size * TABLE_ELEMENT);
    if (refusal !== undefined) return refusal;
    this.#tableBytes += (elements - table.size) * TABLE_ELEMENT;
    table.size = elements;
    return true;
  }

  /** Guests are about to allocate `bytes` more on V8's heap. Returns the refusal if the limits forbid it. */
  growHeap(bytes: number): Refusal | undefined {
    const desired = this.#heapBytes + bytes;
    const refusal = this.limiter.heap(this.#heapBytes, desired, this.#totalBytes - this.#heapBytes);
    if (refusal === undefined) this.#heapBytes = desired;
    return refusal;
  }

  get #totalBytes(): number {
    return this.#memoryBytes + this.#tableBytes + this.#heapBytes;
  }

  #add(demand: Demand, sign: 1 | -1): void {
    this.#instances += sign * demand.instances;
    this.#memories += sign * demand.memories.length;
    this.#tables += sign * demand.tables.length;
    this.#heapBytes += sign * demand.heap;
    for (const { min } of demand.memories) this.#memoryBytes += sign * Number(min) * PAGE;
    for (const { min } of demand.tables) this.#tableBytes += sign * Number(min) * TABLE_ELEMENT;
  }

  /** Takes note of growth that was allowed and did not come about. */
  #settle(memory: Sized): void {
    const actual = memory.actual?.() ?? memory.size;
    if (actual === memory.size) return;
    const desired = memory.size * PAGE;
    this.#memoryBytes += actual * PAGE - desired;
    memory.size = actual;
    const error = new LimitError("address-space", `V8 has refused a memory of ${desired} bytes`);
    this.limiter.memoryGrowFailed(actual * PAGE, desired, error);
  }

  #checkCount(name: keyof StoreCounts, wanted: number): void {
    const limit = this.limiter.counts[name];
    if (wanted <= limit) return;
    throw new LimitError(
      name,
      `the store would hold ${wanted} ${label[name]}, more than limits.${name} (${limit})`,
    );
  }
}

const label: Record<keyof StoreCounts, string> = {
  instances: "core instances",
  memories: "memories",
  tables: "tables",
  resources: "resource handles",
};

function inBytes(pages: number | undefined): number | undefined {
  return pages === undefined ? undefined : pages * PAGE;
}

function refuse(refusal: Refusal | undefined): void {
  if (refusal !== undefined) throw new LimitError(refusal.limit, refusal.message);
}
