/** Stores that end while a guest of theirs is waiting for the host: by code of the host's that only looks like data. */
import { describe, expect, it } from "vitest";
import { type Instance, type Store, StorePoisonedError } from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, guestText, MEMORY, Setup } from "./guest.ts";

/** A guest that traps, that adds, and that asks its host for a value, or for memory. */
const GUEST = guestText({
  imports: `
    (type $point' (record (field "x" u32) (field "y" u32)))
    (import "point" (type $point (eq $point')))
    (import "ask" (func $ask (result $point)))
    (import "ran" (func $ran))`,
  lowered: `
    (core func $ask-lowered (canon lower (func $ask) ${MEMORY}))
    (core func $ran-lowered (canon lower (func $ran)))`,
  main: `
    (func (export "trap") (unreachable))
    (func (export "sum") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "grow") (result i32) (memory.grow (i32.const 1)))`,
  exports: `
    (core module $asking
      (import "libc" "memory" (memory 1))
      (import "host" "ask" (func $ask (param i32)))
      (import "host" "ran" (func $ran))
      (func (export "ask") (call $ask (i32.const 16)) (call $ran)))
    (core instance $asking (instantiate $asking
      (with "libc" (instance $libc))
      (with "host" (instance
        (export "ask" (func $ask-lowered)) (export "ran" (func $ran-lowered))))))
    (func (export "trap") (canon lift (core func $main "trap")))
    (func (export "sum") (param "p" $point) (result u32) (canon lift (core func $main "sum")))
    (func (export "grow") (result s32) (canon lift (core func $main "grow")))
    (func (export "ask") (canon lift (core func $asking "ask")))`,
});

const TRAPPED = { name: "Trap", code: "unreachable" };

async function setUp({ byLimiter = false } = {}) {
  const setup = await Setup.of(GUEST);
  let other: Instance | undefined;
  /** Ends the store by a trap in another instance, and hides that. */
  const end = () => {
    if (other !== undefined) thrownBy(() => call(other as Instance, "trap"));
    return 1;
  };
  let ran = 0;
  setup.linker
    .root()
    .func("ask", () => ({
      x: 1,
      get y() {
        return end();
      },
    }))
    .func("ran", () => {
      ran++;
    });
  const limits = { memoryGrowing: () => end() === 1, tableGrowing: () => true };
  const { store, instance } = setup.start(undefined, byLimiter ? { limits } : {});
  other = setup.linker.instantiate(store, setup.component);
  return { store, instance, end, ran: () => ran };
}

function expectEnded(store: Store<undefined>, instance: Instance): void {
  expect(thrownBy(() => call(instance, "sum", { x: 1, y: 2 }))).toBeInstanceOf(StorePoisonedError);
  // Nothing runs any more.
  store[Symbol.dispose]();
}

describe("a store that ends while a guest waits", () => {
  it("by a getter of an argument: the guest is not run", async () => {
    const { store, instance, end } = await setUp();
    expect(call(instance, "sum", { x: 1, y: 2 })).toBe(3);
    const point = {
      x: 1,
      get y() {
        return end();
      },
    };
    expect(thrownBy(() => call(instance, "sum", point))).toMatchObject(TRAPPED);
    expectEnded(store, instance);
  });

  it("by a getter of a host function's result: the guest does not go on", async () => {
    const { store, instance, ran } = await setUp();
    expect(thrownBy(() => call(instance, "ask"))).toMatchObject(TRAPPED);
    expect(ran()).toBe(0);
    expectEnded(store, instance);
  });

  it("by a limiter: the guest does not get its memory", async () => {
    const { store, instance } = await setUp({ byLimiter: true });
    expect(thrownBy(() => call(instance, "grow"))).toMatchObject(TRAPPED);
    expectEnded(store, instance);
  });
});
