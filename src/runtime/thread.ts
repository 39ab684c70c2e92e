/**
 * The thread that a call into a component instance runs in, as far as its guest can see it: each call has one of its own.
 *
 * Source: CanonicalABI.md, "Threads" (`Thread`), for calls that never block.
 */
import type { InstanceState } from "../abi/instance-state.ts";

/**
 * Makes calls of `run` a new thread of `state`.
 *
 * Source: `canon_lift`, `LiftLowerContext.reallocate`.
 */
export function inNewThread<Args extends unknown[], Result>(
  state: InstanceState,
  run: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => {
    const outer = state.thread;
    state.thread = { index: outer.index + 1, storage: [0, 0] };
    try {
      return run(...args);
    } finally {
      state.thread = outer;
    }
  };
}
