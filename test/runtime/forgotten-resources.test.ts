/** Guest resources that the host forgets to dispose of are dropped when they are collected. */
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { thrownBy } from "../support/thrown-by.ts";
import { call, Setup } from "./guest.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** A resource whose destructor counts; it traps for 666, and drops may be watched by the host. */
const TEXT = `(component
  (import "on-drop" (func $on-drop (param "rep" u32)))
  (core func $on-drop (canon lower (func $on-drop)))
  (core module $state
    (import "host" "on-drop" (func $on-drop (param i32)))
    (global $dropped (mut i32) (i32.const 0))
    (func (export "dtor") (param i32)
      (global.set $dropped (i32.add (global.get $dropped) (i32.const 1)))
      (if (i32.eq (local.get 0) (i32.const 666)) (then (unreachable)))
      (call $on-drop (local.get 0)))
    (func (export "dropped") (result i32) (global.get $dropped)))
  (core instance $state (instantiate $state (with "host" (instance (export "on-drop" (func $on-drop))))))
  (type $thing (resource (rep i32) (dtor (core func $state "dtor"))))
  (export $t "thing" (type $thing))
  (core func $new (canon resource.new $thing))
  (core module $main
    (import "host" "new" (func $new (param i32) (result i32)))
    (import "host" "on-drop" (func $on-drop (param i32)))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "take") (param i32) (result i32) (local.get 0))
    (func (export "call-back") (call $on-drop (i32.const 0))))
  (core instance $main (instantiate $main (with "host" (instance
    (export "new" (func $new)) (export "on-drop" (func $on-drop))))))
  (func (export "make") (param "rep" u32) (result (own $t)) (canon lift (core func $main "make")))
  (func (export "take") (param "thing" (own $t)) (result u32) (canon lift (core func $main "take")))
  (func (export "call-back") (canon lift (core func $main "call-back")))
  (func (export "dropped") (result u32) (canon lift (core func $state "dropped"))))`;

async function things(onDrop: (rep: number) => void = () => undefined) {
  const setup = await Setup.of(TEXT);
  setup.linker.root().func("on-drop", (_, rep: number) => onDrop(rep));
  return setup.start(undefined);
}

/** Collects until `done`, or until it is clear that it will not come. What `done` looks at is alive in that turn. */
async function collectUntil(done: () => boolean, rounds = 50): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    await delay(2);
    collect();
    await delay(2);
    if (done()) return;
  }
}

describe("a resource that nobody disposes of", () => {
  it("is dropped once it is collected; those that are in use, passed on or dropped are not", async () => {
    const dropped: number[] = [];
    const { instance } = await things((rep) => dropped.push(rep));
    const kept = call(instance, "make", 1) as Disposable;
    (() => {
      call(instance, "make", 2);
      call(instance, "take", call(instance, "make", 3));
      (call(instance, "make", 4) as Disposable)[Symbol.dispose]();
    })();
    await collectUntil(() => dropped.length >= 2);
    await collectUntil(() => dropped.length > 2, 10);
    expect(dropped).toEqual([4, 2]);
    kept[Symbol.dispose]();
    expect(dropped).toEqual([4, 2, 1]);
    expect(call(instance, "dropped")).toBe(3);
  });

  it("poisons its store if its destructor traps, and says so to who uses it next", async () => {
    const { instance } = await things();
    (() => void call(instance, "make", 666))();
    let error: unknown;
    await collectUntil(() => {
      try {
        call(instance, "dropped");
        return false;
      } catch (thrown) {
        error = thrown;
        return true;
      }
    });
    expect(error).toMatchObject({ code: "store-poisoned", cause: { code: "unreachable" } });
  });

  it("is left alone when its store has ended", async () => {
    const dropped: number[] = [];
    const { store, instance } = await things((rep) => dropped.push(rep));
    (() => void call(instance, "make", 5))();
    store[Symbol.dispose]();
    await collectUntil(() => dropped.length > 0, 10);
    expect(dropped).toEqual([]);
    expect(thrownBy(() => call(instance, "dropped"))).toMatchObject({ code: "store-disposed" });
  });

  it("does not keep its store alive", async () => {
    const setup = await Setup.of(TEXT);
    setup.linker.root().func("on-drop", () => undefined);
    const stores = await (async () => {
      const { store, instance } = setup.start(undefined);
      call(instance, "make", 7);
      return [new WeakRef(store)];
    })();
    await collectUntil(() => stores[0]?.deref() === undefined);
    expect(stores[0]?.deref()).toBeUndefined();
  });
});
