/** Limits of stores: memory, tables and counts, and what a guest sees of them. */
import { describe, expect, it } from "vitest";
import { LimitError, MiB, type ResourceLimiter, type StoreOptions, Trap } from "../../src/runtime/index.ts";
import { makeLimiter } from "../../src/runtime/limits.ts";
import { InstanceAllocator } from "../../src/runtime/pool/instance-allocator.ts";
import { StoreAccount } from "../../src/runtime/store-account.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { GUEST, METERED, started } from "./growing-guest.ts";
import { call, Setup } from "./guest.ts";

const PAGE = 65_536;

describe("memory", () => {
  it("grows up to the limit, and traps beyond", async () => {
    const { instance } = await started({}, { limits: { memorySize: 10 * PAGE } });
    expect(call(instance, "grow", 9)).toBe(1);
    expect(call(instance, "grow", 0)).toBe(10);
    expect(thrownBy(() => call(instance, "grow", 1))).toMatchObject({
      code: "out-of-memory",
      message: expect.stringMatching(/720896 bytes exceeds limits.memorySize \(655360\)/),
    });
  });

  it("that may not grow can be told so instead", async () => {
    const limits = { memorySize: 10 * PAGE, onGrowFailure: "return-minus-one" } as const;
    const { instance } = await started({}, { limits });
    expect(call(instance, "grow", 10)).toBe(-1);
    expect(call(instance, "grow", 9)).toBe(1);
  });

  it("has a maximum of its own, which is no matter of limits", async () => {
    const { instance } = await started({}, {});
    expect(call(instance, "grow", 1000)).toBe(-1);
    expect(call(instance, "grow", -1 >>> 0)).toBe(-1);
    expect(call(instance, "grow", 99)).toBe(1);
  });

  it("is limited over all instances of a store together", async () => {
    // Each has a table of one element, which counts as 32 bytes.
    const { setup, store, instance } = await started({}, { limits: { totalMemorySize: 20 * PAGE + 64 } });
    const second = setup.linker.instantiate(store, setup.component);
    expect(call(instance, "grow", 14)).toBe(1);
    expect(call(second, "grow", 4)).toBe(1);
    expect(thrownBy(() => call(second, "grow", 1))).toMatchObject({
      code: "out-of-memory",
      message: expect.stringMatching(/limits.totalMemorySize/),
    });
  });

  it("that a component starts with is checked before it is made", async () => {
    const setup = await Setup.of(GUEST);
    setup.linker.root().func("host", () => undefined);
    for (const [limits, limit] of [
      [{ memorySize: PAGE - 1 }, "memorySize"],
      [{ totalMemorySize: PAGE - 1 }, "totalMemorySize"],
      [{ tableElements: 0 }, "tableElements"],
      [{ instances: 0 }, "instances"],
      [{ memories: 0 }, "memories"],
      [{ tables: 0 }, "tables"],
    ] as const) {
      const error = thrownBy(() => setup.start(undefined, { limits }));
      expect(error).toBeInstanceOf(LimitError);
      expect(error).toMatchObject({ code: "limit", limit });
    }
  });

  it("beyond what V8 could allocate is refused by the limit, not by V8", async () => {
    const setup = await Setup.of(
      "(component (core module $m (memory 65536)) (core instance (instantiate $m)))",
    );
    expect(thrownBy(() => setup.start(undefined))).toMatchObject({ code: "limit", limit: "memorySize" });
  });

  it("that is refused leaves the store as it was", async () => {
    const setup = await Setup.of(GUEST);
    setup.linker.root().func("host", () => undefined);
    const { store, instance } = setup.start(undefined, { limits: { instances: 1 } });
    expect(thrownBy(() => setup.linker.instantiate(store, setup.component))).toBeInstanceOf(LimitError);
    expect(call(instance, "count", 2)).toBe(3);
  });

  it("of another module is the same memory", async () => {
    const setup = await Setup.of(`(component
      (core module $a (memory (export "m") 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
      (core module $b (import "a" "m" (memory 1)) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
      (core instance $a (instantiate $a))
      (core instance $b (instantiate $b (with "a" (instance $a))))
      (func (export "a") (param "n" u32) (result s32) (canon lift (core func $a "grow")))
      (func (export "b") (param "n" u32) (result s32) (canon lift (core func $b "grow"))))`);
    const instance = setup.instantiate(undefined, { limits: { memorySize: 4 * PAGE, memories: 1 } });
    expect(call(instance, "a", 1)).toBe(1);
    expect(call(instance, "b", 2)).toBe(2);
    expect(thrownBy(() => call(instance, "b", 1))).toMatchObject({ code: "out-of-memory" });
  });
});

describe("tables", () => {
  it("grow up to the limit, and trap beyond", async () => {
    const { instance } = await started({}, { limits: { tableElements: 10 } });
    expect(call(instance, "grow-table", 9)).toBe(1);
    expect(thrownBy(() => call(instance, "grow-table", 1))).toMatchObject({
      code: "table-growth",
      message: expect.stringMatching(/limits.tableElements/),
    });
  });

  it("have a maximum of their own", async () => {
    const { instance } = await started({}, {});
    expect(call(instance, "grow-table", 50)).toBe(-1);
    expect(call(instance, "grow-table", 49)).toBe(1);
  });
});

describe("a table that two modules grow", () => {
  it("is one table to its limit, whichever of the exporter's tables it is", async () => {
    const grow = (table: number) =>
      `(func (export "grow") (param i32) (result i32) (table.grow ${table} (ref.null func) (local.get 0)))`;
    const setup = await Setup.of(`(component
      (core module $a (table 1 funcref) (table (export "t") 1 funcref) ${grow(1)})
      (core instance $a (instantiate $a))
      (core module $b (import "a" "t" (table 1 funcref)) ${grow(0)})
      (core instance $b (instantiate $b (with "a" (instance $a))))
      (func (export "a") (param "n" u32) (result s32) (canon lift (core func $a "grow")))
      (func (export "b") (param "n" u32) (result s32) (canon lift (core func $b "grow"))))`);
    for (const [first, second] of [
      ["a", "b"],
      ["b", "a"],
    ] as const) {
      const instance = setup.instantiate(undefined, { limits: { tableElements: 1000 } });
      expect(call(instance, first, 900)).toBe(1);
      expect(call(instance, second, 99)).toBe(901);
      expect(thrownBy(() => call(instance, second, 1))).toMatchObject({ code: "table-growth" });
    }
  });
});

describe("tables and memories", () => {
  it("share a total", async () => {
    const limits = { totalMemorySize: 3 * PAGE, tableElements: 10_000 };
    const setup = await Setup.of(`(component
      (core module $m (memory 1) (table 1000 funcref)
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "grow-table") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))
      (core instance $m (instantiate $m))
      (func (export "grow") (param "n" u32) (result s32) (canon lift (core func $m "grow")))
      (func (export "grow-table") (param "n" u32) (result s32) (canon lift (core func $m "grow-table"))))`);
    // Of 196,608 bytes, 65,536 are of the memory and 32,000 of the table.
    const most = Math.floor((2 * PAGE - 32_000) / 32);
    const { instance } = setup.start(undefined, { limits });
    expect(call(instance, "grow-table", most)).toBe(1000);
    expect(thrownBy(() => call(instance, "grow-table", 1))).toMatchObject({
      code: "table-growth",
      message: expect.stringContaining("totalMemorySize (196608)"),
    });
    const other = setup.start(undefined, { limits }).instance;
    expect(call(other, "grow", 1)).toBe(1);
    expect(thrownBy(() => call(other, "grow", 1))).toMatchObject({ code: "out-of-memory" });
    expect(
      thrownBy(() => setup.start(undefined, { limits: { totalMemorySize: PAGE + 31_999 } })),
    ).toMatchObject({
      limit: "totalMemorySize",
    });
  });

  it("that V8 does not let grow are not counted", () => {
    const told: unknown[] = [];
    const limiter = makeLimiter({
      memoryGrowing: () => true,
      tableGrowing: () => true,
      memoryGrowFailed: (...args) => told.push(args),
    });
    const account = new StoreAccount(limiter, new InstanceAllocator(undefined));
    let pages = 1;
    const memory = { size: 1, maximum: undefined, bound: 100, actual: () => pages };
    expect(account.growMemory(memory, 5n)).toBe(true);
    // V8 refuses; the guest asks for less.
    expect(account.growMemory(memory, 2n)).toBe(true);
    expect(told).toEqual([[PAGE, 6 * PAGE, expect.any(LimitError)]]);
    pages = 3;
    expect(account.growMemory(memory, 97n)).toBe(true);
    expect(account.growMemory(memory, 100n)).toBe(false);
  });
});

describe("a limiter of the host's own", () => {
  it("is asked, in bytes and elements, and its answer counts", async () => {
    const asked: unknown[] = [];
    const limiter: ResourceLimiter = {
      memoryGrowing(...args) {
        asked.push(["memory", ...args]);
        return args[1] <= 2 * PAGE;
      },
      tableGrowing(...args) {
        asked.push(["table", ...args]);
        return args[1] <= 2;
      },
    };
    const { instance } = await started({}, { limits: limiter });
    expect(call(instance, "grow", 1)).toBe(1);
    expect(call(instance, "grow", 1)).toBe(-1);
    expect(call(instance, "grow", 0)).toBe(2);
    expect(call(instance, "grow-table", 2)).toBe(-1);
    expect(asked).toEqual([
      ["memory", 0, PAGE, 100 * PAGE],
      ["table", 0, 1, 50],
      ["memory", PAGE, 2 * PAGE, 100 * PAGE],
      ["memory", 2 * PAGE, 3 * PAGE, 100 * PAGE],
      ["table", 1, 3, 50],
    ]);
  });

  it("that throws ends the guest", async () => {
    let made = false;
    const limits: ResourceLimiter = {
      memoryGrowing() {
        if (made) throw new Error("quota");
        made = true;
        return true;
      },
      tableGrowing: () => true,
    };
    const { instance } = await started({}, { limits });
    expect(thrownBy(() => call(instance, "grow", 1))).toMatchObject({
      code: "host-error",
      cause: { message: "quota" },
    });
  });

  it("or none at all", async () => {
    const { instance } = await started({}, { limits: "unlimited" });
    expect(call(instance, "grow", 99)).toBe(1);
  });
});

describe("defaults", () => {
  it("are finite", async () => {
    const setup = await Setup.of(`(component
      (core module $m (memory 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
      (core instance $m (instantiate $m))
      (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $m "grow"))))`);
    const instance = setup.instantiate(undefined);
    expect(thrownBy(() => call(instance, "grow", (256 * MiB) / PAGE))).toMatchObject({
      code: "out-of-memory",
    });
  });
});

describe("garbage-collected values", () => {
  const guest = (main: string) => `(component
    (core module $main
      (type $node (struct (field (ref null $node))))
      (type $bytes (array (mut i8)))
      (tag $e)
      ${main})
    (core instance $main (instantiate $main))
    (func (export "run") (canon lift (core func $main "run"))))`;
  const instanceOf = async (main: string, limits: NonNullable<StoreOptions["limits"]>) =>
    (await Setup.of(guest(main), METERED)).start(undefined, { limits, fuel: 1_000_000_000n }).instance;
  const run = async (main: string, limits: NonNullable<StoreOptions["limits"]>) => {
    const instance = await instanceOf(main, limits);
    return thrownBy(() => call(instance, "run"));
  };
  const SMALL = { totalMemorySize: 16 * MiB };

  it.each([
    [
      "a chain of structs",
      `(func (export "run") (local $list (ref null $node))
        (loop $again (local.set $list (struct.new $node (local.get $list))) (br $again)))`,
    ],
    ["one large array", '(func (export "run") (drop (array.new_default $bytes (i32.const 100000000))))'],
    [
      "the same within catch_all",
      `(func (export "run") (loop $again
        (block $caught (try_table (catch_all $caught) (drop (array.new_default $bytes (i32.const 1000000)))))
        (br $again)))`,
    ],
    [
      "exceptions",
      `(func (export "run") (loop $again
        (block $caught (result exnref) (try_table (result exnref) (catch_all_ref $caught) (throw $e))) drop
        (br $again)))`,
    ],
  ])("cannot exhaust the host: %s", async (_name, main) => {
    const error = await run(main, SMALL);
    expect(error).toBeInstanceOf(Trap);
    expect(error).toMatchObject({ code: "out-of-memory" });
    expect(String(error)).toContain("totalMemorySize (16777216)");
  });

  it("fit up to the limit, and are refused beyond it", async () => {
    const array = (bytes: number) =>
      `(func (export "run") (drop (array.new_default $bytes (i32.const ${bytes}))))`;
    const fits = await instanceOf(array(16 * MiB - 1024), SMALL);
    expect(call(fits, "run")).toBeUndefined();
    expect(await run(array(16 * MiB), SMALL)).toMatchObject({ code: "out-of-memory" });
  });

  it("made by instantiation count too", async () => {
    const setup = await Setup.of(
      guest(`(global (ref $bytes) (array.new_default $bytes (i32.const 20000000))) (func (export "run"))`),
    );
    expect(thrownBy(() => setup.start(undefined, { limits: SMALL }))).toBeInstanceOf(LimitError);
    expect(setup.start(undefined, { limits: "unlimited" }).instance).toBeDefined();
  });

  it("are a custom limiter's business like memories", async () => {
    const asked: number[] = [];
    const limits: ResourceLimiter = {
      memoryGrowing: (_current, desired) => asked.push(desired) > 0 && desired < MiB,
      tableGrowing: () => true,
    };
    const error = await run(
      '(func (export "run") (drop (array.new_default $bytes (i32.const 2000000))))',
      limits,
    );
    expect(error).toMatchObject({ code: "out-of-memory" });
    expect(Math.max(...asked)).toBeGreaterThan(2_000_000);
  });
});
