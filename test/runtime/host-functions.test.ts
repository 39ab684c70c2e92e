/** Host functions: what they get, what they may return and throw, and what becomes of it. */
import { describe, expect, it } from "vitest";
import {
  type Caller,
  ComponentError,
  StorePoisonedError,
  Trap,
  ValueError,
} from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, guestText, MEMORY, REALLOC, Setup } from "./guest.ts";

interface Data {
  readonly log: unknown[];
}

/** A guest that calls the import `f` of `type`, whose core signature is `core`, and returns nothing. */
function calling(type: string, core: string, args: string, options = REALLOC): string {
  return guestText({
    imports: `(import "amal:test/host@0.1.0" (instance $host ${type}))`,
    lowered: `(core func $f (canon lower (func $host "f") ${options}))`,
    uses: ["f"],
    main: `
      (import "host" "f" (func $f ${core}))
      (data (i32.const 16) "text")
      (func (export "run") ${args})`,
    exports: '(func (export "run") (canon lift (core func $main "run")))',
  });
}

const NOTHING = calling('(export "f" (func))', "", "(call $f)");
const STRING = calling('(export "f" (func (result string)))', "(param i32)", "(call $f (i32.const 8))");
const ITEMS = calling(
  `(type $item (record (field "name" string) (field "in-stock" bool)))
   (export "item" (type $i (eq $item)))
   (export "f" (func (result (list $i))))`,
  "(param i32)",
  "(call $f (i32.const 8))",
);

async function setupOf(text: string, fn: (caller: Caller<Data>, ...args: unknown[]) => unknown) {
  const setup = await Setup.of<Data>(text);
  setup.linker.instance("amal:test/host@0.1.0").func("f", fn);
  const { store, instance } = setup.start({ log: [] });
  return { store, instance, run: () => call(instance, "run") };
}

describe("arguments", () => {
  it("are the caller, with the store and its data, and what the guest passes", async () => {
    const text = calling(
      '(export "f" (func (param "a" string) (param "b" u64)))',
      "(param i32 i32 i64)",
      "(call $f (i32.const 16) (i32.const 4) (i64.const -1))",
      MEMORY,
    );
    const { store, run } = await setupOf(text, (caller, ...args) => {
      caller.data.log.push(...args, caller.store);
    });
    run();
    expect(store.data.log).toEqual(["text", 2n ** 64n - 1n, store]);
  });
});

describe("what a host function returns", () => {
  it("is checked, and the message names the place", async () => {
    const items = [{ name: "a", inStock: true }, { name: "b", inStock: false }, { inStock: true }];
    const { run } = await setupOf(ITEMS, () => items);
    const trap = thrownBy(run) as Trap;
    expect(trap).toMatchObject({
      name: "Trap",
      code: "host-error",
      message: "amal:test/host.f() result: field `[2].name`: expected string, got undefined",
    });
    expect(trap.cause).toBeInstanceOf(ValueError);
    expect(trap.cause).toMatchObject({ path: "[2].name" });
  });

  it("may not be a promise, not even where nothing is expected", async () => {
    const returning = await setupOf(STRING, async () => "text");
    expect(thrownBy(returning.run)).toMatchObject({
      code: "host-error",
      message: expect.stringMatching(/expected string, got a promise/),
    });
    const ignoring = await setupOf(NOTHING, async () => {});
    expect(thrownBy(ignoring.run)).toMatchObject({
      code: "host-error",
      message: expect.stringMatching(/a promise was returned/),
    });
  });

  it("may be a promise that is rejected: that does not end the process", async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", listener);
    try {
      for (const type of [STRING, NOTHING]) {
        const { run } = await setupOf(type, () => Promise.reject(new Error("too late")));
        expect(thrownBy(run)).toMatchObject({ code: "host-error" });
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    } finally {
      process.off("unhandledRejection", listener);
    }
    expect(unhandled).toEqual([]);
  });

  it("is ignored where nothing is expected", async () => {
    const { run } = await setupOf(NOTHING, ({ data }) => data.log.push(1));
    expect(run()).toBeUndefined();
  });

  it("may be read by a getter that throws, which is the host's error", async () => {
    const { run } = await setupOf(ITEMS, () => [
      {
        get name() {
          throw new TypeError("no name");
        },
      },
    ]);
    const trap = thrownBy(run) as Trap;
    expect(trap).toMatchObject({ code: "host-error", message: expect.stringMatching(/no name/) });
    expect(trap.cause).toBeInstanceOf(TypeError);
  });
});

describe("what a host function throws", () => {
  it.each([
    new TypeError("bad"),
    new Error("bad"),
    "bad",
    undefined,
    null,
    { message: "bad" },
    new WebAssembly.RuntimeError("unreachable"),
  ])("is the cause of a trap: %o", async (error) => {
    const { store, instance, run } = await setupOf(NOTHING, () => {
      throw error;
    });
    const trap = thrownBy(run) as Trap;
    expect(trap).toBeInstanceOf(Trap);
    expect(trap.code).toBe("host-error");
    expect(trap.cause).toBe(error);
    expect(trap.message).toMatch(/^amal:test\/host\.f: the host function threw/);

    const poisoned = thrownBy(run) as StorePoisonedError;
    expect(poisoned).toBeInstanceOf(StorePoisonedError);
    expect(poisoned.cause).toBe(trap);
    expect(poisoned.message).toMatch(/make a new store/);
    expect(thrownBy(() => call(instance, "run"))).toBeInstanceOf(StorePoisonedError);
    expect(store.data.log).toEqual([]);
  });

  it("may be a trap of another store, which does not spill over", async () => {
    const inner = await setupOf(NOTHING, () => {
      throw new Error("inner");
    });
    const outer = await setupOf(NOTHING, () => inner.run());
    const trap = thrownBy(outer.run) as Trap;
    expect(trap.code).toBe("host-error");
    expect(trap.cause).toMatchObject({ code: "host-error", cause: { message: "inner" } });
  });

  it("shows the wasm functions that were running", async () => {
    const { run } = await setupOf(NOTHING, () => {
      throw new Error("bad");
    });
    const { frames } = thrownBy(run) as Trap;
    expect(frames.length).toBeGreaterThanOrEqual(1);
  });
});

describe("a function that returns a result", () => {
  /** Returns 0 for ok, and the discriminant of the error and its payload otherwise. */
  const text = guestText({
    imports: `(import "amal:test/host@0.1.0" (instance $host
      (type $e (variant (case "none") (case "some" string)))
      (export "e" (type $err (eq $e)))
      (export "f" (func (result (result u32 (error $err)))))))`,
    lowered: `(core func $f (canon lower (func $host "f") ${REALLOC}))`,
    uses: ["f"],
    main: `
      (import "host" "f" (func $f (param i32)))
      (func (export "run") (result i32) (call $f (i32.const 64)) (i32.const 64))`,
    exports: `
      (type $e (variant (case "none") (case "some" string)))
      (export $err "e" (type $e))
      (func (export "run") (result (result u32 (error $err))) (canon lift (core func $main "run") ${MEMORY}))`,
  });

  it("returns the value of ok", async () => {
    const { run } = await setupOf(text, () => 7);
    expect(run()).toBe(7);
  });

  it.each([
    ["a ComponentError", () => new ComponentError({ tag: "some", val: "x" })],
    ["any error with a payload", () => Object.assign(new Error("e"), { payload: { tag: "some", val: "x" } })],
    ["an object with a payload", () => ({ payload: { tag: "some", val: "x" } })],
    ["the bare value", () => ({ tag: "some", val: "x" })],
  ])("throws %s for err, and is no trap", async (_, make) => {
    let fails = true;
    const { run } = await setupOf(text, () => {
      if (fails) throw make();
      return 1;
    });
    const error = thrownBy(run);
    expect(error).toBeInstanceOf(ComponentError);
    expect(error).toMatchObject({ code: "component-error", payload: { tag: "some", val: "x" } });
    fails = false;
    expect(run()).toBe(1);
  });

  it("traps for any other error, and for a payload of another type", async () => {
    const other = await setupOf(text, () => {
      throw new RangeError("not declared");
    });
    expect(thrownBy(other.run)).toMatchObject({ code: "host-error", cause: { message: "not declared" } });
    const wrong = await setupOf(text, () => {
      throw new ComponentError({ tag: "some" });
    });
    expect(thrownBy(wrong.run)).toMatchObject({
      code: "host-error",
      message: "amal:test/host.f() error: field `val`: expected string, got undefined",
    });
    const value = await setupOf(text, () => "seven");
    expect(thrownBy(value.run)).toMatchObject({
      message: expect.stringMatching(/f\(\) result: expected u32 .*got string "seven"/),
    });
  });
});

describe("calls into a guest", () => {
  const text = guestText({
    main: `
      (func (export "len") (param i32 i32 i32) (result i32) (local.get 1))
      (func (export "fail") (result i32) (i32.const 1))`,
    exports: `
      (func (export "len") (param "the-text" string) (param "n" u8) (result u32)
        (canon lift (core func $main "len") ${REALLOC}))
      (func (export "fail") (result (result)) (canon lift (core func $main "fail")))`,
  });

  it("check their arguments, and leave the store usable", async () => {
    const setup = await Setup.of(text);
    const instance = setup.instantiate(undefined);
    for (const [args, message] of [
      [[1, 2], "len() argument `the-text`: expected string, got number 1"],
      [["a", 256], "len() argument `n`: expected u8 (an integer from 0 to 255), got number 256"],
      [["a"], "len() argument `n`: expected u8 (an integer from 0 to 255), got undefined"],
      [["a", 1, 2], "len() takes 2 arguments, got 3"],
    ] as const) {
      const error = thrownBy(() => call(instance, "len", ...args));
      expect(error).toBeInstanceOf(ValueError);
      expect(error).toMatchObject({ code: "value", message });
    }
    expect(call(instance, "len", "abc", 1)).toBe(3);
  });

  it("throw the declared error, even one without a payload", async () => {
    const instance = (await Setup.of(text)).instantiate(undefined);
    for (let i = 0; i < 2; i++) {
      expect(thrownBy(() => call(instance, "fail"))).toMatchObject({
        code: "component-error",
        payload: undefined,
      });
    }
  });

  it("are found by name, once", async () => {
    const instance = (await Setup.of(text)).instantiate(undefined);
    expect(instance.getFunc("len")).toBe(instance.getFunc("len"));
    expect(instance.getFunc("constructor")).toBeUndefined();
    expect(instance.getFunc()).toBeUndefined();
    expect(instance.getFunc("len", "x")).toBeUndefined();
    expect(instance.getTypedFunc<[string, number], number>("len").call("é", 0)).toBe(2);
    expect((thrownBy(() => instance.getTypedFunc("lem")) as Error).message).toMatch(/did you mean len\?/);
    expect("then" in instance).toBe(false);
  });
});

describe("re-entrance", () => {
  it("of a running instance is a trap, and poisons the store", async () => {
    const setup = await Setup.of<Data>(NOTHING);
    let inner: unknown;
    let run = (): unknown => undefined;
    setup.linker.instance("amal:test/host@0.1.0").func("f", () => {
      inner = thrownBy(run);
    });
    const { instance } = setup.start({ log: [] });
    run = () => call(instance, "run");
    const outer = thrownBy(run);
    expect(inner).toMatchObject({ name: "Trap", code: "cannot-enter" });
    expect(outer).toBe(inner);
  });

  it("of another instance in the store is allowed", async () => {
    const setup = await Setup.of<Data>(NOTHING);
    const calls: string[] = [];
    let other = (): unknown => undefined;
    setup.linker.instance("amal:test/host@0.1.0").func("f", () => {
      calls.push("f");
      if (calls.length === 1) other();
    });
    const { store, instance } = setup.start({ log: [] });
    const second = setup.linker.instantiate(store, setup.component);
    other = () => call(second, "run");
    call(instance, "run");
    expect(calls).toEqual(["f", "f"]);
  });

  it("cannot go on in a store that was poisoned meanwhile, whatever the host swallows", async () => {
    const setup = await Setup.of<Data>(NOTHING);
    let first = true;
    let other = (): unknown => undefined;
    setup.linker.instance("amal:test/host@0.1.0").func("f", () => {
      if (!first) throw new Error("inner");
      first = false;
      thrownBy(other);
    });
    const { store, instance } = setup.start({ log: [] });
    const second = setup.linker.instantiate(store, setup.component);
    other = () => call(second, "run");
    expect(thrownBy(() => call(instance, "run"))).toMatchObject({
      code: "host-error",
      cause: { message: "inner" },
    });
  });
});

describe("the end of a store", () => {
  it("is final, and comes once", async () => {
    const { store, run } = await setupOf(NOTHING, () => undefined);
    run();
    store[Symbol.dispose]();
    store[Symbol.dispose]();
    expect(thrownBy(run)).toMatchObject({ code: "store-disposed" });
  });

  it("does not come while a guest is running", async () => {
    const { run, store } = await setupOf(NOTHING, (caller) => {
      caller.data.log.push(thrownBy(() => caller.store[Symbol.dispose]()));
    });
    run();
    expect(store.data.log).toMatchObject([{ code: "config" }]);
    run();
  });
});
