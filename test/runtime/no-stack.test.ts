/** Calls that begin where the host's own stack is all but used up, so that there is none left to say what went wrong. */
import { expect, it } from "vitest";
import { types } from "../../src/runtime/index.ts";
import { call, Setup } from "./guest.ts";

const CORE = `
  (core module $m
    (func $deep (param i32) (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))))
    (func (export "deep") (call $deep (i32.const 50)))
    (func (export "nothing")))
  (core instance $m (instantiate $m))`;

const EXPORTS = `
  (func (export "deep") (canon lift (core func $m "deep")))
  (func (export "nothing") (canon lift (core func $m "nothing")))`;

/** A guest whose function \`deep\` takes a handle that it is lent, of the type that is given. */
const lent = (name: "borrow" | "list", param: string) => `(component
  (import "h" (instance $h (export "r" (type (sub resource)))))
  (alias export $h "r" (type $r))
  (core func $drop (canon resource.drop $r))
  ${CORE}
  (core module $n
    (import "" "deep" (func $deep))
    (import "" "drop" (func $drop (param i32)))
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16))
    (func (export "borrow") (param i32) (call $deep) (call $drop (local.get 0)))
    (func (export "list") (param i32 i32) (call $deep) (call $drop (i32.load (local.get 0)))))
  (core instance $n (instantiate $n (with "" (instance
    (export "deep" (func $m "deep")) (export "drop" (func $drop))))))
  (func (export "deep") (param "r" ${param})
    (canon lift (core func $n "${name}") (memory (core memory $n "memory")) (realloc (core func $n "realloc"))))
  (func (export "nothing") (canon lift (core func $m "nothing"))))`;

const guests: [name: string, text: string, args: unknown[]][] = [
  ["a component", `(component ${CORE} ${EXPORTS})`, []],
  [
    "a component within another",
    `(component
      (component $C ${CORE} ${EXPORTS})
      (instance $c (instantiate $C))
      (export "deep" (func $c "deep"))
      (export "nothing" (func $c "nothing")))`,
    [],
  ],
  ["one that is lent a handle", lent("borrow", "(borrow $r)"), [{}]],
  ["one that is lent a list of handles", lent("list", "(list (borrow $r))"), [[{}]]],
];

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

it.each(guests)(
  "leave a store that is as it was or poisoned, and can be disposed of: %s",
  async (_, text, args) => {
    const setup = await Setup.of(text, { pooling: { totalComponentInstances: 1 } });
    setup.linker.instance("h").resource("r", types.resource("r"));
    const after = new Set<unknown>();
    for (let frames = 0; frames < 150; frames += 3) {
      const { store, instance } = setup.start(undefined);
      const deep = instance.getFunc("deep");
      // Compiles the glue, which takes more stack than to run it.
      deep?.call(...args);
      call(instance, "nothing");
      try {
        atEndOfStack(frames, () => deep?.call(...args));
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
  },
);

function thrownByOrNothing(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { readonly code: unknown }).code;
  }
}
