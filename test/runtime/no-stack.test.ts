/** Calls that begin where the host's own stack is all but used up, so that there is none left to say what went wrong. */
import { expect, it } from "vitest";
import { call, Setup } from "./guest.ts";

const GUEST = `(component
  (core module $m
    (func $deep (param i32) (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))))
    (func (export "deep") (call $deep (i32.const 50)))
    (func (export "nothing")))
  (core instance $m (instantiate $m))
  (func (export "deep") (canon lift (core func $m "deep")))
  (func (export "nothing") (canon lift (core func $m "nothing"))))`;

/** Runs `attempt` at the end of the stack, and then `frames` calls above it. */
function atEndOfStack(frames: number, attempt: () => void): void {
  let left = frames;
  let done = false;
  const descend = (): void => {
    try {
      descend();
    } catch (error) {
      if (done) return;
      if (left-- > 0) throw error;
      attempt();
      done = true;
    }
  };
  descend();
}

it("leave a store that is as it was or poisoned, and can be disposed of", async () => {
  const setup = await Setup.of(GUEST, { pooling: { totalComponentInstances: 1 } });
  const after = new Set<unknown>();
  for (let frames = 0; frames < 60; frames++) {
    const { store, instance } = setup.start(undefined);
    // Compiles the glue.
    call(instance, "nothing");
    const deep = instance.getFunc("deep");
    try {
      atEndOfStack(frames, () => deep?.call());
    } catch {
      // There may be no stack for a trap; then V8's own error is all that there is.
    }
    const then = thrownByOrNothing(() => call(instance, "nothing"));
    expect([undefined, "stack-overflow", "store-poisoned"]).toContain(then);
    after.add(then);
    // The pool has room for one.
    store[Symbol.dispose]();
  }
  // Some calls had the stack that they needed.
  expect(after).toContain(undefined);
});

function thrownByOrNothing(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { readonly code: unknown }).code;
  }
}
