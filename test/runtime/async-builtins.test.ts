/** Built-ins of the asynchronous part of the model, in guests whose exports are synchronous. */
import { describe, expect, it } from "vitest";
import { UnsupportedError } from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, guestText, MEMORY, Setup } from "./guest.ts";

/** A guest that calls one built-in, of core type `type`, with zeros. */
function guest(builtin: string, type: string, definitions = ""): string {
  const params = [...type.matchAll(/\(param ([^)]*)\)/g)].flatMap(([, names = ""]) => names.split(" "));
  const drop = type.includes("result") ? "(drop" : "(nop";
  return guestText({
    imports: definitions,
    lowered: `(core func $builtin (canon ${builtin}))`,
    uses: ["builtin"],
    main: `
      (import "host" "builtin" (func $builtin ${type}))
      (func (export "use") ${drop} (call $builtin ${params.map((name) => `(${name}.const 0)`).join(" ")})))
      (func (export "other") (result i32) (i32.const 42))`.replace("(nop (call", "(block (call"),
    exports: `
      (func (export "use") (canon lift (core func $main "use")))
      (func (export "other") (result u32) (canon lift (core func $main "other")))`,
  });
}

describe("a guest that carries a built-in", () => {
  it.each([
    ["task.return", "", "", "abi"],
    ["task.cancel", "", "", "abi"],
    ["subtask.drop", "(param i32)", "", "abi"],
    ["subtask.cancel", "(param i32) (result i32)", "", "abi"],
    ["waitable-set.drop", "(param i32)", "", "abi"],
    ["waitable.join", "(param i32 i32)", "", "abi"],
    ["stream.drop-readable $s", "(param i32)", "(type $s (stream u8))", "abi"],
    ["stream.new $s", "(result i64)", "(type $s (stream u8))", "host-error"],
    ["future.new $f", "(result i64)", "(type $f (future))", "host-error"],
    ["backpressure.dec", "", "", "abi"],
  ])(
    "%s runs as long as it does not call it, and traps if it does",
    async (builtin, type, definitions, code) => {
      const setup = await Setup.of(guest(builtin, type, definitions));
      expect(call(setup.instantiate(undefined), "other")).toBe(42);
      const trap = thrownBy(() => call(setup.instantiate(undefined), "use"));
      expect(trap).toMatchObject({ name: "Trap", code });
      if (code === "host-error") {
        const { cause } = trap as Error;
        expect(cause).toBeInstanceOf(UnsupportedError);
        expect(cause).toMatchObject({ feature: builtin.split(" ")[0] });
      }
    },
  );

  it.each([
    ["backpressure.inc", ""],
    ["thread.yield", "(result i32)"],
    ["waitable-set.new", "(result i32)"],
  ])("%s can call it", async (builtin, type) => {
    const setup = await Setup.of(guest(builtin, type));
    const instance = setup.instantiate(undefined);
    call(instance, "use");
    expect(call(instance, "other")).toBe(42);
  });
});

describe("waitable sets", () => {
  const text = guestText({
    lowered: `
      (core func $new (canon waitable-set.new))
      (core func $drop (canon waitable-set.drop))
      (core func $poll (canon waitable-set.poll ${MEMORY}))
      (core func $wait (canon waitable-set.wait ${MEMORY}))`,
    uses: ["new", "drop", "poll", "wait"],
    main: `
      (import "host" "new" (func $new (result i32)))
      (import "host" "drop" (func $drop (param i32)))
      (import "host" "poll" (func $poll (param i32 i32) (result i32)))
      (import "host" "wait" (func $wait (param i32 i32) (result i32)))
      (func (export "new") (result i32) (call $new))
      (func (export "drop") (param i32) (call $drop (local.get 0)))
      (func (export "wait") (param i32) (drop (call $wait (local.get 0) (i32.const 8))))
      (func (export "poll") (param i32 i32) (result i32)
        (i64.store (i32.const 8) (i64.const -1))
        (i32.add
          (call $poll (local.get 0) (local.get 1))
          (i32.add (i32.load (i32.const 8)) (i32.load (i32.const 12)))))`,
    exports: `
      (func (export "new") (result u32) (canon lift (core func $main "new")))
      (func (export "drop") (param "set" u32) (canon lift (core func $main "drop")))
      (func (export "wait") (param "set" u32) (canon lift (core func $main "wait")))
      (func (export "poll") (param "set" u32) (param "at" u32) (result u32) (canon lift (core func $main "poll")))`,
  });

  it("are handles like others, and nothing ever happens in one", async () => {
    const instance = (await Setup.of(text)).instantiate(undefined);
    expect(call(instance, "new")).toBe(1);
    expect(call(instance, "new")).toBe(2);
    expect(call(instance, "poll", 1, 8)).toBe(0);
    call(instance, "drop", 1);
    expect(call(instance, "new")).toBe(1);
    expect(thrownBy(() => call(instance, "drop", 3))).toMatchObject({ code: "abi" });
  });

  it("count as handles", async () => {
    const instance = (await Setup.of(text)).instantiate(undefined, { limits: { resources: 2 } });
    call(instance, "new");
    call(instance, "new");
    expect(thrownBy(() => call(instance, "new"))).toMatchObject({ code: "resource-limit" });
  });

  it("cannot be waited for: a synchronous task does not block", async () => {
    const instance = (await Setup.of(text)).instantiate(undefined);
    call(instance, "new");
    expect(thrownBy(() => call(instance, "wait", 1))).toMatchObject({
      code: "abi",
      message: expect.stringMatching(/cannot block a synchronous task/),
    });
  });

  it.each([2, 65532])("are not polled into %i", async (at) => {
    const instance = (await Setup.of(text)).instantiate(undefined);
    call(instance, "new");
    expect(thrownBy(() => call(instance, "poll", 1, at))).toMatchObject({ code: "abi" });
  });
});

describe("the storage of a thread", () => {
  it("is zero in each call, also in realloc, and is still there after an inner call and in post-return", async () => {
    const setup = await Setup.of(
      guestText({
        imports: '(import "ask" (func $ask (result string)))',
        lowered: `
          (core func $get (canon context.get i32 0))
          (core func $set (canon context.set i32 0))
          (core func $get1 (canon context.get i32 1))
          (core module $realloc
            (import "" "get" (func $get (result i32)))
            (global $seen (export "seen") (mut i32) (i32.const -1))
            (func (export "realloc") (param i32 i32 i32 i32) (result i32)
              (global.set $seen (call $get))
              (i32.const 1024)))
          (core instance $realloc (instantiate $realloc (with "" (instance (export "get" (func $get))))))
          (core func $ask (canon lower (func $ask) ${MEMORY} (realloc (core func $realloc "realloc"))))
          (core func $seen (canon context.get i32 0))`,
        uses: ["get", "set", "get1", "ask"],
        main: `
          (import "host" "get" (func $get (result i32)))
          (import "host" "set" (func $set (param i32)))
          (import "host" "get1" (func $get1 (result i32)))
          (import "host" "ask" (func $ask (param i32)))
          (global $after (mut i32) (i32.const -1))
          (func (export "first") (result i32) (i32.add (call $get) (call $get1)))
          (func (export "set") (result i32)
            (call $set (i32.const 7))
            (call $ask (i32.const 64))
            (i32.add (call $get) (call $get1)))
          (func (export "post") (param i32) (global.set $after (call $get)))
          (func (export "after") (result i32) (global.get $after))`,
        exports: `
          (core module $peek
            (import "" "seen" (global $seen (mut i32)))
            (func (export "seen") (result i32) (global.get $seen)))
          (core instance $peek (instantiate $peek (with "" (instance (export "seen" (global $realloc "seen"))))))
          (func (export "seen") (result s32) (canon lift (core func $peek "seen")))
          (func (export "first") (result u32) (canon lift (core func $main "first")))
          (func (export "set") (result u32)
            (canon lift (core func $main "set") (post-return (core func $main "post"))))
          (func (export "after") (result s32) (canon lift (core func $main "after")))`,
      }),
    );
    setup.linker.root().func("ask", () => "text");
    const instance = setup.instantiate(undefined);
    expect(call(instance, "first")).toBe(0);
    expect(call(instance, "set")).toBe(7);
    expect(call(instance, "seen")).toBe(0);
    expect(call(instance, "after")).toBe(7);
    expect(call(instance, "first")).toBe(0);
  });
});

describe("functions of an async type", () => {
  it("cannot be imported from a host that defines them, and are no obstacle if it does not", async () => {
    const text = `(component
      (core module $M (memory (export "m") 1) (func (export "quick") (result i32) (i32.const 1)))
      (core instance $m (instantiate $M))
      (import "a:b/c" (instance $i (export "slow" (func async))))
      (core func (canon lower (func $i "slow") async (memory (core memory $m "m"))))
      (func (export "quick") (result u32) (canon lift (core func $m "quick"))))`;
    const defined = await Setup.of(text);
    defined.linker.instance("a:b/c").func("slow", () => undefined);
    expect(thrownBy(() => defined.instantiate(undefined))).toMatchObject({
      feature: "async functions",
      message: expect.stringMatching(/^the import a:b\/c#slow: async functions/),
    });
    const left = await Setup.of(text);
    left.linker.defineUnknownImportsAsTraps(left.component);
    expect(call(left.instantiate(undefined), "quick")).toBe(1);
  });

  const text = `(component
    (core module $M
      (memory (export "m") 1)
      (func (export "slow") (result i32) (i32.const 0))
      (func (export "callback") (param i32 i32 i32) (result i32) (i32.const 0))
      (func (export "quick") (result i32) (i32.const 1)))
    (core instance $m (instantiate $M))
    (component $Inner
      (import "slow" (func $slow async))
      (core module $Memory (memory (export "m") 1))
      (core instance $memory (instantiate $Memory))
      (core func $lowered (canon lower (func $slow) async (memory (core memory $memory "m"))))
      (core module $Use
        (import "" "slow" (func $slow (result i32)))
        (func (export "use") (result i32) (call $slow)))
      (core instance $use (instantiate $Use (with "" (instance (export "slow" (func $lowered))))))
      (func (export "use") (result u32) (canon lift (core func $use "use"))))
    (func $slow async (canon lift (core func $m "slow") async (callback (core func $m "callback"))))
    (instance $inner (instantiate $Inner (with "slow" (func $slow))))
    (export "slow" (func $slow))
    (export "use" (func $inner "use"))
    (func (export "quick") (result u32) (canon lift (core func $m "quick"))))`;

  it("do not keep others from being called", async () => {
    const instance = (await Setup.of(text)).instantiate(undefined);
    expect(call(instance, "quick")).toBe(1);
    expect(thrownBy(() => instance.getFunc("slow"))).toMatchObject({
      name: "UnsupportedError",
      feature: "async functions",
      message: "the export slow: async functions: not supported by this version of hostwright",
    });
    expect(call(instance, "quick")).toBe(1);
    expect(thrownBy(() => call(instance, "use"))).toMatchObject({
      name: "Trap",
      code: "host-error",
      cause: { name: "UnsupportedError", feature: "async functions" },
    });
  });
});
