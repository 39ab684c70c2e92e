/** Resources of the host and of guests: handles, ownership, borrows, destructors. */
import { describe, expect, it } from "vitest";
import { types, ValueError } from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, guestText, Setup } from "./guest.ts";

class Blob implements Disposable {
  disposed = 0;
  readonly size: number;
  constructor(size: number) {
    this.size = size;
  }
  [Symbol.dispose](): void {
    this.disposed++;
  }
}

/** A guest that is given blobs of the host's, by handle, and does as it is told with them. */
const HOLDER = guestText({
  imports: `(import "a:b/blobs" (instance $blobs
    (export "blob" (type $blob (sub resource)))
    (export "make" (func (param "size" u32) (result (own $blob))))
    (export "size" (func (param "self" (borrow $blob)) (result u32)))
    (export "take" (func (param "blob" (own $blob))))))
    (alias export $blobs "blob" (type $blob))`,
  lowered: `
    (core func $make (canon lower (func $blobs "make")))
    (core func $size (canon lower (func $blobs "size")))
    (core func $take (canon lower (func $blobs "take")))
    (core func $drop (canon resource.drop $blob))`,
  uses: ["make", "size", "take", "drop"],
  main: `
    (import "host" "make" (func $make (param i32) (result i32)))
    (import "host" "size" (func $size (param i32) (result i32)))
    (import "host" "take" (func $take (param i32)))
    (import "host" "drop" (func $drop (param i32)))
    (func (export "make") (param i32) (result i32) (call $make (local.get 0)))
    (func (export "size") (param i32) (result i32) (call $size (local.get 0)))
    (func (export "take") (param i32) (call $take (local.get 0)))
    (func (export "drop") (param i32) (call $drop (local.get 0)))
    (func (export "keep") (param i32) (result i32) (local.get 0))
    (func (export "give") (param i32) (result i32) (local.get 0))
    (func (export "look") (param i32) (result i32)
      (call $size (local.get 0))
      (call $drop (local.get 0)))
    (func (export "look-and-keep") (param i32))`,
  exports: `
    (func (export "make") (param "size" u32) (result u32) (canon lift (core func $main "make")))
    (func (export "size") (param "handle" u32) (result u32) (canon lift (core func $main "size")))
    (func (export "take") (param "handle" u32) (canon lift (core func $main "take")))
    (func (export "drop") (param "handle" u32) (canon lift (core func $main "drop")))
    (func (export "keep") (param "blob" (own $blob)) (result u32) (canon lift (core func $main "keep")))
    (func (export "give") (param "handle" u32) (result (own $blob)) (canon lift (core func $main "give")))
    (func (export "look") (param "blob" (borrow $blob)) (result u32) (canon lift (core func $main "look")))
    (func (export "look-and-keep") (param "blob" (borrow $blob)) (canon lift (core func $main "look-and-keep")))`,
});

async function holder(options: { drop?: (value: object) => void; make?: (size: number) => unknown } = {}) {
  const setup = await Setup.of(HOLDER);
  const made: Blob[] = [];
  const taken: unknown[] = [];
  const { drop } = options;
  setup.linker
    .instance("a:b/blobs")
    .resource("blob", types.resource("blob"), drop && ((_, value) => drop(value)))
    .func("make", (_, size: number) => {
      if (options.make) return options.make(size);
      const blob = new Blob(size);
      made.push(blob);
      return blob;
    })
    .func("size", (_, blob: Blob) => blob.size)
    .func("take", (_, blob: unknown) => {
      taken.push(blob);
    });
  const start = (limits = {}) => setup.start(undefined, { limits });
  return { start, made, taken };
}

describe("a resource of the host", () => {
  it("is the host's own object, by way of a handle", async () => {
    const { start, made, taken } = await holder();
    const { instance } = start();
    const a = call(instance, "make", 10);
    const b = call(instance, "make", 20);
    expect([a, b]).toEqual([1, 2]);
    expect(call(instance, "size", a)).toBe(10);
    call(instance, "take", b);
    expect(taken).toEqual([made[1]]);
    expect(made[1]?.disposed).toBe(0);
    call(instance, "drop", a);
    expect(made[0]?.disposed).toBe(1);
    expect(call(instance, "make", 30)).toBe(1);
  });

  it("can be passed in, and given back", async () => {
    const { start } = await holder();
    const { instance } = start();
    const blob = new Blob(5);
    const handle = call(instance, "keep", blob);
    expect(call(instance, "size", handle)).toBe(5);
    expect(call(instance, "give", handle)).toBe(blob);
    expect(thrownBy(() => call(instance, "size", handle))).toMatchObject({
      code: "abi",
      message: expect.stringMatching(/unknown handle index 1/),
    });
  });

  it("can be lent for a call, and has to be given back by its end", async () => {
    const { start } = await holder();
    const { instance } = start();
    const blob = new Blob(5);
    expect(call(instance, "look", blob)).toBe(5);
    expect(blob.disposed).toBe(0);
    expect(thrownBy(() => call(instance, "look-and-keep", blob))).toMatchObject({
      code: "abi",
      message: expect.stringMatching(/borrow handles still remain/),
    });
  });

  it("is dropped as the linker says", async () => {
    const dropped: unknown[] = [];
    const { start, made } = await holder({ drop: (value) => dropped.push(value) });
    const { instance } = start();
    call(instance, "drop", call(instance, "make", 1));
    expect(dropped).toEqual(made);
    expect(made[0]?.disposed).toBe(0);
  });

  it("whose disposal throws is the host's error", async () => {
    const { start } = await holder({
      drop: () => {
        throw new Error("stuck");
      },
    });
    const { instance } = start();
    const handle = call(instance, "make", 1);
    expect(thrownBy(() => call(instance, "drop", handle))).toMatchObject({
      code: "host-error",
      cause: { message: "stuck" },
    });
  });

  it("is disposed of at the end of the store, if a guest still owns it", async () => {
    const { start, made } = await holder();
    const { store, instance } = start();
    call(instance, "make", 1);
    call(instance, "take", call(instance, "make", 2));
    store[Symbol.dispose]();
    expect(made.map((blob) => blob.disposed)).toEqual([1, 0]);
  });

  it("has to be an object", async () => {
    const { start } = await holder({ make: () => 7 });
    const { instance } = start();
    expect(thrownBy(() => call(instance, "make", 1))).toMatchObject({
      code: "host-error",
      message: "a:b/blobs.make() result: expected blob (an object), got number 7",
    });
    const other = (await holder()).start().instance;
    expect(thrownBy(() => call(other, "keep", "no"))).toBeInstanceOf(ValueError);
    expect(thrownBy(() => call(other, "look", undefined))).toBeInstanceOf(ValueError);
    expect(call(other, "look", new Blob(3))).toBe(3);
  });

  it.each([
    ["a number out of the air", 99],
    ["zero", 0],
    ["a negative number", 0xffff_ffff],
  ])("is not reached by %s", async (_, handle) => {
    for (const name of ["size", "take", "drop", "give"]) {
      const { start } = await holder();
      const { instance } = start();
      call(instance, "make", 1);
      expect(thrownBy(() => call(instance, name, handle))).toMatchObject({ name: "Trap", code: "abi" });
    }
  });

  it("is not reached after it has been dropped", async () => {
    const { start, made } = await holder();
    const { instance } = start();
    const handle = call(instance, "make", 1);
    call(instance, "drop", handle);
    expect(thrownBy(() => call(instance, "drop", handle))).toMatchObject({ code: "abi" });
    expect(made[0]?.disposed).toBe(1);
  });

  it("takes handles, of which there are only so many", async () => {
    const { start } = await holder();
    const { instance } = start({ resources: 2 });
    call(instance, "make", 1);
    call(instance, "drop", call(instance, "make", 1));
    call(instance, "make", 1);
    expect(thrownBy(() => call(instance, "make", 1))).toMatchObject({
      code: "resource-limit",
      message: expect.stringMatching(/more than 2 resource handles \(limits.resources\)/),
    });
  });
});

/** A component that defines a counter, exports it as an interface, and records what is destroyed. */
const COUNTER = `(component
  (core module $state
    (global (export "destroyed") (mut i32) (i32.const 0))
    (func (export "dtor") (param i32)
      (global.set 0 (i32.add (global.get 0) (local.get 0)))
      (if (i32.eq (local.get 0) (i32.const 666)) (then (unreachable))))
    (func (export "get") (result i32) (global.get 0)))
  (core instance $state (instantiate $state))
  (type $counter (resource (rep i32) (dtor (core func $state "dtor"))))
  (core func $new (canon resource.new $counter))
  (core func $rep (canon resource.rep $counter))
  (core func $drop (canon resource.drop $counter))
  (core module $main
    (import "host" "new" (func $new (param i32) (result i32)))
    (import "host" "rep" (func $rep (param i32) (result i32)))
    (import "host" "drop" (func $drop (param i32)))
    (func (export "new") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "value") (param i32) (result i32) (local.get 0))
    (func (export "sum") (param i32 i32) (result i32)
      (local $s i32)
      (local.set $s (i32.add (call $rep (local.get 0)) (call $rep (local.get 1))))
      (call $drop (local.get 0))
      (call $drop (local.get 1))
      (call $new (local.get $s)))
    (func (export "pass") (param i32) (result i32) (local.get 0)))
  (core instance $main (instantiate $main (with "host" (instance
    (export "new" (func $new)) (export "rep" (func $rep)) (export "drop" (func $drop))))))
  (func $new-counter (param "start" u32) (result (own $counter)) (canon lift (core func $main "new")))
  (func $value (param "self" (borrow $counter)) (result u32) (canon lift (core func $main "value")))
  (func $sum (param "a" (own $counter)) (param "b" (own $counter)) (result (own $counter))
    (canon lift (core func $main "sum")))
  (func $pass (param "a" (own $counter)) (result (own $counter)) (canon lift (core func $main "pass")))
  (func $destroyed (result u32) (canon lift (core func $state "get")))
  (component $interface
    (import "counter" (type $counter (sub resource)))
    (import "new" (func $new (param "start" u32) (result (own $counter))))
    (import "value" (func $value (param "self" (borrow $counter)) (result u32)))
    (import "sum" (func $sum (param "a" (own $counter)) (param "b" (own $counter)) (result (own $counter))))
    (import "pass" (func $pass (param "a" (own $counter)) (result (own $counter))))
    (export $c "counter" (type $counter))
    (export "[constructor]counter" (func $new) (func (param "start" u32) (result (own $c))))
    (export "[method]counter.value" (func $value) (func (param "self" (borrow $c)) (result u32)))
    (export "[static]counter.sum" (func $sum) (func (param "a" (own $c)) (param "b" (own $c)) (result (own $c))))
    (export "pass" (func $pass) (func (param "a" (own $c)) (result (own $c)))))
  (instance $counters (instantiate $interface
    (with "counter" (type $counter)) (with "new" (func $new-counter)) (with "value" (func $value))
    (with "sum" (func $sum)) (with "pass" (func $pass))))
  (export "a:b/counters" (instance $counters))
  (export "destroyed" (func $destroyed)))`;

interface Counter extends Disposable {
  value(): number;
}

interface CounterClass {
  new (start: number): Counter;
  sum(a: Counter, b: Counter): Counter;
}

async function counters() {
  const setup = await Setup.of(COUNTER);
  const start = () => {
    const { store, instance } = setup.start(undefined);
    const destroyed = () => call(instance, "destroyed");
    return {
      store,
      instance,
      destroyed,
      Counter: instance.getResourceClass("a:b/counters", "counter") as CounterClass,
    };
  };
  return { setup, start, ...start() };
}

describe("a resource of a guest", () => {
  it("is a class with the constructor, methods and statics of its WIT", async () => {
    const { Counter, destroyed } = await counters();
    const five = new Counter(5);
    expect(five).toBeInstanceOf(Counter);
    expect(five.value()).toBe(5);
    const nine = Counter.sum(five, new Counter(4));
    expect(nine).toBeInstanceOf(Counter);
    expect(nine.value()).toBe(9);
    expect(destroyed()).toBe(9);
    expect(Object.getOwnPropertyNames(Object.getPrototypeOf(nine)).sort()).toEqual(["constructor", "value"]);
    expect((Counter as unknown as { name: string }).name).toBe("Counter");
  });

  it("has its class, too, if components pass it to each other before there is an instance", async () => {
    const early = `
      (component $early
        (import "counters" (instance $c
          (export "counter" (type $t (sub resource)))
          (export "[constructor]counter" (func (param "start" u32) (result (own $t))))))
        (alias export $c "counter" (type $r))
        (core func $new (canon lower (func $c "[constructor]counter")))
        (core func $drop (canon resource.drop $r))
        (core module $M
          (import "" "new" (func $new (param i32) (result i32)))
          (import "" "drop" (func $drop (param i32)))
          (func $start (call $drop (call $new (i32.const 7))))
          (start $start))
        (core instance (instantiate $M (with "" (instance
          (export "new" (func $new)) (export "drop" (func $drop)))))))
      (instance (instantiate $early (with "counters" (instance $counters))))
      (export "destroyed" (func $destroyed))`;
    const instance = (
      await Setup.of(COUNTER.replace('(export "destroyed" (func $destroyed))', () => early))
    ).instantiate(undefined);
    expect(call(instance, "destroyed")).toBe(7);
    const Counter = instance.getResourceClass("a:b/counters", "counter") as CounterClass;
    expect(new Counter(5).value()).toBe(5);
  });

  it("is destroyed once, when the host disposes of it", async () => {
    const { Counter, destroyed } = await counters();
    const counter = new Counter(3);
    counter[Symbol.dispose]();
    counter[Symbol.dispose]();
    expect(destroyed()).toBe(3);
    expect(thrownBy(() => counter.value())).toMatchObject({
      code: "value",
      message: expect.stringMatching(/counter cannot be used any more: it has been dropped/),
    });
  });

  it("cannot be used after it has been passed on", async () => {
    const { instance, Counter } = await counters();
    const counter = new Counter(3);
    const back = call(instance, ["a:b/counters", "pass"], counter) as Counter;
    expect(back.value()).toBe(3);
    expect(thrownBy(() => counter.value())).toMatchObject({ message: expect.stringMatching(/passed on/) });
    counter[Symbol.dispose]();
    expect(back.value()).toBe(3);
  });

  it("stays the caller's if another argument does not fit, for the guest has not run", async () => {
    const { instance, Counter, destroyed } = await counters();
    const [two, three] = [new Counter(2), new Counter(3)];
    expect(thrownBy(() => Counter.sum(two, {} as Counter))).toBeInstanceOf(ValueError);
    expect(thrownBy(() => Counter.sum(two, two))).toBeInstanceOf(ValueError);
    expect(two.value()).toBe(2);
    expect(Counter.sum(two, three).value()).toBe(5);
    expect(destroyed()).toBe(5);
    expect(call(instance, ["a:b/counters", "pass"], new Counter(1))).toBeInstanceOf(Counter);
  });

  it("belongs to its instance", async () => {
    const { Counter, start } = await counters();
    const other = start();
    const foreign = new other.Counter(1);
    const own = new Counter(2);
    expect(thrownBy(() => Counter.sum(own, foreign))).toMatchObject({
      code: "value",
      message: expect.stringMatching(/of another/),
    });
    for (const forged of [{}, null, Object.create(Counter.prototype), 7]) {
      expect(thrownBy(() => Counter.sum(forged as Counter, forged as Counter))).toBeInstanceOf(ValueError);
    }
  });

  it("whose destructor traps poisons the store, after which disposing does nothing", async () => {
    const { Counter } = await counters();
    const first = new Counter(1);
    expect(thrownBy(() => new Counter(666)[Symbol.dispose]())).toMatchObject({
      name: "Trap",
      code: "unreachable",
    });
    expect(first[Symbol.dispose]()).toBeUndefined();
  });

  it("does not outlive its store", async () => {
    const { Counter, store } = await counters();
    const counter = new Counter(1);
    store[Symbol.dispose]();
    expect(counter[Symbol.dispose]()).toBeUndefined();
    expect(thrownBy(() => counter.value())).toMatchObject({ code: "store-disposed" });
  });

  it("is named where there is none", async () => {
    const { instance } = await counters();
    expect((thrownBy(() => instance.getResourceClass("a:b/counters", "count")) as Error).message).toMatch(
      /exports no resource a:b\/counters#count/,
    );
  });
});
