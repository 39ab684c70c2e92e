/** Guests that try to keep, to drop or to give away a resource of the host's while, or after, it is lent. */
import { describe, expect, it } from "vitest";
import { Trap, types } from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, guestText, Setup } from "./guest.ts";

const HOSTILE = guestText({
  imports: `(import "a:b/blobs" (instance $blobs
    (export "blob" (type $blob (sub resource)))
    (export "make" (func (result (own $blob))))
    (export "both" (func (param "lent" (borrow $blob)) (param "given" (own $blob))))
    (export "twice" (func (param "a" (borrow $blob)) (param "b" (borrow $blob)) (result u32)))))
    (alias export $blobs "blob" (type $blob))`,
  lowered: `
    (core func $make (canon lower (func $blobs "make")))
    (core func $both (canon lower (func $blobs "both")))
    (core func $twice (canon lower (func $blobs "twice")))
    (core func $drop (canon resource.drop $blob))`,
  uses: ["make", "both", "twice", "drop"],
  main: `
    (import "host" "make" (func $make (result i32)))
    (import "host" "both" (func $both (param i32 i32)))
    (import "host" "twice" (func $twice (param i32 i32) (result i32)))
    (import "host" "drop" (func $drop (param i32)))
    (global $kept (mut i32) (i32.const 0))
    (func (export "lend-and-give") (local i32)
      (local.set 0 (call $make))
      (call $both (local.get 0) (local.get 0)))
    (func (export "give-borrowed") (param i32)
      (call $both (call $make) (local.get 0)))
    (func (export "twice") (result i32) (local i32 i32)
      (local.set 0 (call $make))
      (local.set 1 (call $twice (local.get 0) (local.get 0)))
      (call $drop (local.get 0))
      (local.get 1))
    (func (export "keep") (param i32)
      (global.set $kept (local.get 0))
      (call $drop (local.get 0)))
    (func (export "use-kept") (result i32) (call $twice (global.get $kept) (global.get $kept)))
    (func (export "drop-twice") (param i32) (call $drop (local.get 0)) (call $drop (local.get 0)))
    (func (export "return-borrowed") (param i32) (result i32) (local.get 0))`,
  exports: `
    (func (export "lend-and-give") (canon lift (core func $main "lend-and-give")))
    (func (export "give-borrowed") (param "blob" (borrow $blob)) (canon lift (core func $main "give-borrowed")))
    (func (export "twice") (result u32) (canon lift (core func $main "twice")))
    (func (export "keep") (param "blob" (borrow $blob)) (canon lift (core func $main "keep")))
    (func (export "use-kept") (result u32) (canon lift (core func $main "use-kept")))
    (func (export "drop-twice") (param "blob" (borrow $blob)) (canon lift (core func $main "drop-twice")))
    (func (export "return-borrowed") (param "blob" (borrow $blob)) (result (own $blob))
      (canon lift (core func $main "return-borrowed")))`,
});

async function hostile() {
  const setup = await Setup.of(HOSTILE);
  const dropped: object[] = [];
  let calls = 0;
  setup.linker
    .instance("a:b/blobs")
    .resource("blob", types.resource("blob"), (_, value) => void dropped.push(value))
    .func("make", () => ({}))
    .func("both", () => void calls++)
    .func("twice", () => ++calls);
  return { ...setup.start(undefined), dropped, calls: () => calls };
}

describe("a resource of the host's that is lent", () => {
  it("can be lent twice in one call, and dropped after it", async () => {
    const { instance, dropped } = await hostile();
    expect(call(instance, "twice")).toBe(1);
    expect(call(instance, "twice")).toBe(2);
    expect(dropped).toHaveLength(2);
  });

  it("cannot be given away in the call that borrows it", async () => {
    const { instance, calls } = await hostile();
    const error = thrownBy(() => call(instance, "lend-and-give"));
    expect(error).toBeInstanceOf(Trap);
    expect(error).toMatchObject({
      message: expect.stringMatching(/cannot remove owned resource while borrowed/),
    });
    expect(calls()).toBe(0);
  });

  it.each(["give-borrowed", "drop-twice", "return-borrowed"])(
    "to a guest is not the guest's: %s",
    async (name) => {
      const { instance, dropped, calls } = await hostile();
      const lent = {};
      expect(thrownBy(() => call(instance, name, lent))).toBeInstanceOf(Trap);
      expect(calls()).toBe(0);
      expect(dropped).not.toContain(lent);
    },
  );

  it("is not reached by the number that it had, once the call is over", async () => {
    const { instance, dropped, calls } = await hostile();
    call(instance, "keep", {});
    expect(dropped).toEqual([]);
    const error = thrownBy(() => call(instance, "use-kept"));
    expect(error).toMatchObject({ message: expect.stringMatching(/unknown handle index/) });
    expect(calls()).toBe(0);
  });
});
