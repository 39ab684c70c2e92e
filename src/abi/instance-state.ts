/**
 * What the canonical ABI keeps for each component instance.
 *
 * Source: CanonicalABI.md, "Component Instances" (`ComponentInstance`), without what only async needs.
 */
import { AbiFault } from "./faults.ts";
import { type HandleBudget, HandleTable, ResourceHandle } from "./handle-table.ts";
import type { ResourceRuntime } from "./resource.ts";

export class InstanceState {
  /** False while a call into the instance is in progress. */
  mayEnter = true;
  /** False while `realloc` or a post-return function runs: neither may call imports. */
  mayLeave = true;
  /** Borrowed handles that the call in progress has been given and not yet dropped (`Task.num_borrows`). */
  borrows = 0;
  readonly handles: HandleTable;
  /** The instance that the host made, which contains this one (or is it): entering this enters that. */
  readonly root: InstanceState;

  constructor(budget: HandleBudget, root?: InstanceState) {
    this.handles = new HandleTable(budget);
    this.root = root ?? this;
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
    else this.borrows--;
  }
}
