/**
 * What the canonical ABI keeps for each component instance.
 *
 * Source: CanonicalABI.md, "Component Instances" (`ComponentInstance`), without what only async needs.
 */
import { AbiFault } from "./faults.ts";
import { type BorrowScope, type HandleBudget, HandleTable, ResourceHandle } from "./handle-table.ts";
import type { ResourceRuntime } from "./resource.ts";

/** Source: `Thread`: what `thread.index` and `context.get` give. */
export interface Thread {
  readonly index: number;
  readonly storage: [number, number];
}

export class InstanceState {
  /**
   * False while a call into the instance is in progress, and once it is closed. One flag for both, and a boolean that
   * nothing else is ever written to, so that a call costs one comparison and two stores.
   */
  mayEnter = true;
  /** True if no call may begin ever again. */
  #closed = false;
  /**
   * Set as soon as a call by the host has failed, by an assignment, which takes no stack; cleared when the failure has
   * been dealt with. Where the stack was too full for that, it stays. Only that of the outermost instance is used.
   */
  failed = false;
  /** The outermost instance that contains, or is, this one. */
  readonly root: InstanceState;
  /** False while `realloc` or a post-return function runs: neither may call imports. */
  mayLeave = true;
  /** Of the call in progress, if it has been lent handles. */
  scope: BorrowScope = { borrows: 0 };
  readonly handles: HandleTable;
  /** What the guest can see of the thread that runs in it. */
  thread: Thread = { index: 0, storage: [0, 0] };
  /** A guest's own count, which only async tasks would wait for. */
  backpressure = 0;
  /** The instance that instantiated this one; undefined if the host did. Entering this enters that. */
  readonly parent: InstanceState | undefined;

  constructor(budget: HandleBudget, parent?: InstanceState) {
    this.handles = new HandleTable(budget);
    this.parent = parent;
    this.root = parent?.root ?? this;
  }

  /** The innermost instance that contains, or is, both this and `other`. */
  commonAncestor(other: InstanceState): InstanceState | undefined {
    const around = new Set<InstanceState>();
    for (let at: InstanceState | undefined = other; at !== undefined; at = at.parent) around.add(at);
    let at: InstanceState | undefined = this;
    while (at !== undefined && !around.has(at)) at = at.parent;
    return at;
  }

  /**
   * Enters this instance and those around it, but for `within` and what is around that: the caller is inside of
   * them already, so that a component may call back into the one that contains it ("donut wrapping").
   *
   * Source: `may_enter_from` and `enter_from`, where `within` stands for the caller.
   *
   * @returns false, and changes nothing, if one of them is running.
   */
  enter(within: InstanceState | undefined): boolean {
    let at: InstanceState | undefined = this;
    for (; at !== within && at !== undefined; at = at.parent) {
      if (!at.mayEnter) return false;
    }
    for (at = this; at !== within && at !== undefined; at = at.parent) at.mayEnter = false;
    return true;
  }

  /** Undoes `enter`. Source: `leave_to`. */
  leave(within: InstanceState | undefined): void {
    for (let at: InstanceState | undefined = this; at !== within && at !== undefined; at = at.parent) {
      at.mayEnter = true;
      at.failed = false;
    }
  }

  /** Undoes `enter` after a failure that has ended the store: from now on nobody is let in. */
  abandon(): void {
    for (let at: InstanceState | undefined = this; at !== undefined; at = at.parent) {
      at.#closed = true;
      at.failed = false;
    }
  }

  /** True while a call into the instance is in progress. */
  get running(): boolean {
    return !this.mayEnter && !this.#closed && !this.failed;
  }

  /** Lets nobody in any more. Does nothing while a call is in progress: to be called again when that has ended. */
  close(): void {
    if (!this.mayEnter) return;
    this.mayEnter = false;
    this.#closed = true;
  }

  /** Begins a call that is lent handles. The `scope` from before it is to be put back when it ends. */
  beginScope(): void {
    // An instance has two calls in progress only where a component is called back by one that it contains. A scope with
    // no borrows left serves for both: the inner call leaves none behind.
    if (this.scope.borrows !== 0) this.scope = { borrows: 0 };
  }

  /** @throws AbiFault if the instance may not call out now. */
  checkMayLeave(): void {
    if (!this.mayLeave) {
      throw new AbiFault(
        "cannot-enter",
        "cannot leave component instance: realloc and post-return may not call imports",
      );
    }
  }

  /** Source: `canon_resource_new`. */
  resourceNew(type: ResourceRuntime, rep: number): number {
    this.checkMayLeave();
    return this.handles.add(new ResourceHandle(type, rep, true));
  }

  /** Source: `canon_resource_rep`. */
  resourceRep(type: ResourceRuntime, index: number): unknown {
    return this.handles.get(index, type).rep;
  }

  /** Source: `canon_resource_drop`. */
  resourceDrop(type: ResourceRuntime, index: number): void {
    this.checkMayLeave();
    const handle = this.handles.remove(index, type);
    if (handle.own) type.drop(handle.rep, this);
    else if (handle.scope !== undefined) handle.scope.borrows--;
  }
}
