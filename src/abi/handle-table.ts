/**
 * The handles of one component instance: what its `i32` indices stand for.
 *
 * Source: CanonicalABI.md, "Table State" and "Resource State".
 */
import { AbiFault } from "./faults.ts";
import { MAX_HANDLES } from "./limits.ts";
import type { ResourceRuntime } from "./resource.ts";

/** How many handles a store may hold at a time, over all of its tables. */
export interface HandleBudget {
  live: number;
  readonly limit: number;
}

/** Counts what a call has been lent and not yet dropped. Source: `Task.num_borrows`. */
export interface BorrowScope {
  borrows: number;
}

/** Source: `ResourceHandle`. */
export class ResourceHandle {
  readonly type: ResourceRuntime;
  /** A number for a resource that a guest defines; the host's own object for one that the host defines. */
  readonly rep: unknown;
  readonly own: boolean;
  /** Of a borrowed handle: the call that it has been lent to. */
  readonly scope: BorrowScope | undefined;
  /** How many calls in progress this handle has been lent to. */
  lends = 0;

  /** @param scope if it is not owned */
  constructor(type: ResourceRuntime, rep: unknown, own: boolean, scope?: BorrowScope) {
    this.type = type;
    this.rep = rep;
    this.own = own;
    this.scope = scope;
  }

  /** Ends one loan of it (`Subtask.deliver_resolve`). */
  endBorrow(): void {
    this.lends--;
  }
}

/** Source: `Table`. Index 0 is never used. */
export class HandleTable {
  readonly #entries: (ResourceHandle | undefined)[] = [undefined];
  readonly #free: number[] = [];
  readonly #budget: HandleBudget;

  constructor(budget: HandleBudget) {
    this.#budget = budget;
  }

  /** @throws AbiFault `resource-limit` if the store holds as many handles as it may. */
  add(handle: ResourceHandle): number {
    const budget = this.#budget;
    if (budget.live >= budget.limit) {
      throw new AbiFault("resource-limit", `more than ${budget.limit} resource handles (limits.resources)`);
    }
    const reused = this.#free.pop();
    const index = reused ?? this.#entries.length;
    if (index > MAX_HANDLES) throw new AbiFault("resource-limit", "the table of resource handles is full");
    this.#entries[index] = handle;
    budget.live++;
    return index;
  }

  /** @throws AbiFault `abi` if there is no such handle, or it is of another type. */
  get(index: number, type: ResourceRuntime): ResourceHandle {
    const handle = this.#entries[index];
    if (handle === undefined) throw new AbiFault("abi", `unknown handle index ${index}`);
    if (handle.type !== type) {
      throw new AbiFault(
        "abi",
        `handle index ${index} used with the wrong type, expected ${type.name}, found ${handle.type.name}`,
      );
    }
    return handle;
  }

  /** @throws AbiFault `abi` if there is no such handle, it is of another type, or it is lent out. */
  remove(index: number, type: ResourceRuntime): ResourceHandle {
    const handle = this.get(index, type);
    if (handle.lends !== 0) {
      throw new AbiFault("abi", `cannot remove owned resource while borrowed (handle index ${index})`);
    }
    this.#entries[index] = undefined;
    this.#free.push(index);
    this.#budget.live--;
    return handle;
  }

  /** The handles that are in it, for the end of a store. */
  handles(): ResourceHandle[] {
    return this.#entries.filter((handle) => handle !== undefined);
  }
}
