/**
 * What the guests of one store have taken so far, against its limits.
 */
import { LimitError } from "./errors.ts";
import type { Limiter, Refusal, StoreCounts } from "./limits.ts";
import { KiB } from "./units.ts";

const PAGE = 64 * KiB;

/** Pages of 64 KiB that a 32-bit memory can have at most. */
const MAX_PAGES = 65_536;

/** A memory or a table. Sizes are in pages or elements. */
export interface Sized {
  size: number;
  readonly maximum: number | undefined;
}

/** Sizes of memories and tables as modules declare them. */
export interface DeclaredSize {
  readonly min: bigint;
  readonly max: bigint | undefined;
}

/** What instantiating a component adds. */
export interface Demand {
  readonly instances: number;
  readonly memories: readonly DeclaredSize[];
  readonly tables: readonly DeclaredSize[];
  /** Bytes on V8's heap. */
  readonly heap: number;
}

export class StoreAccount {
  readonly limiter: Limiter;
  #instances = 0;
  #memories = 0;
  #tables = 0;
  /** Bytes of all memories. */
  #memoryBytes = 0;
  /** Bytes of all that guests have allocated on V8's heap. */
  #heapBytes = 0;

  constructor(limiter: Limiter) {
    this.limiter = limiter;
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
    let bytes = this.#memoryBytes;
    for (const memory of demand.memories) {
      const size = Number(memory.min) * PAGE;
      refuse(this.limiter.memory(0, size, toBytes(sizeLimit(memory.max)), bytes + this.#heapBytes));
      bytes += size;
    }
    for (const table of demand.tables) {
      refuse(this.limiter.table(0, Number(table.min), sizeLimit(table.max)));
    }
    if (demand.heap > 0) {
      refuse(this.limiter.heap(this.#heapBytes, this.#heapBytes + demand.heap, bytes));
    }
    this.#heapBytes += demand.heap;
    this.#instances += demand.instances;
    this.#memories += demand.memories.length;
    this.#tables += demand.tables.length;
    this.#memoryBytes = bytes;
  }

  /**
   * A memory wants to grow by `delta` pages. False if it cannot, whoever is asked.
   *
   * @returns the refusal if the limits forbid it
   */
  growMemory(memory: Sized, delta: bigint): Refusal | boolean {
    const pages = memory.size + Number(BigInt.asUintN(64, delta));
    if (pages > (memory.maximum ?? MAX_PAGES)) return false;
    const current = memory.size * PAGE;
    const others = this.#memoryBytes - current;
    const refusal = this.limiter.memory(
      current,
      pages * PAGE,
      toBytes(memory.maximum),
      others + this.#heapBytes,
    );
    if (refusal !== undefined) return refusal;
    this.#memoryBytes = others + pages * PAGE;
    memory.size = pages;
    return true;
  }

  /** As `growMemory`, for a table and elements. */
  growTable(table: Sized, delta: bigint): Refusal | boolean {
    const elements = table.size + Number(BigInt.asUintN(64, delta));
    if (table.maximum !== undefined && elements > table.maximum) return false;
    const refusal = this.limiter.table(table.size, elements, table.maximum);
    if (refusal !== undefined) return refusal;
    table.size = elements;
    return true;
  }

  /** Guests are about to allocate `bytes` more on V8's heap. Returns the refusal if the limits forbid it. */
  growHeap(bytes: number): Refusal | undefined {
    const desired = this.#heapBytes + bytes;
    const refusal = this.limiter.heap(this.#heapBytes, desired, this.#memoryBytes);
    if (refusal === undefined) this.#heapBytes = desired;
    return refusal;
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

/** A declared maximum as a number; one beyond exact numbers is as good as none. */
export function sizeLimit(max: bigint | undefined): number | undefined {
  return max === undefined || max > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(max);
}

function toBytes(pages: number | undefined): number | undefined {
  return pages === undefined ? undefined : pages * PAGE;
}

function refuse(refusal: Refusal | undefined): void {
  if (refusal !== undefined) throw new LimitError(refusal.limit, refusal.message);
}
