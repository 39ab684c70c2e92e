/** What the stores of one engine may hold together, and what becomes of one that wants more. */
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  Engine,
  LimitError,
  PoolConcurrencyLimitError,
  type PoolingAllocationConfig,
  type ResourceLimiter,
  Store,
  type StoreOptions,
} from "../../../src/runtime/index.ts";
import { makeMemory } from "../../../src/runtime/pool/memory.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { call, Setup } from "../guest.ts";

const PAGE = 65_536;

/** One component instance, two core instances, two memories, two tables. */
const GUEST = `(component
  (core module $a (memory 1) (table 3 funcref) (func (export "f") (result i32) (i32.const 5)))
  (core module $b (memory 2 4) (table 1 funcref)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "grow-table") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))
  (core instance $a (instantiate $a))
  (core instance $b (instantiate $b))
  (func (export "f") (result u32) (canon lift (core func $a "f")))
  (func (export "grow") (param "n" u32) (result s32) (canon lift (core func $b "grow")))
  (func (export "grow-table") (param "n" u32) (result s32) (canon lift (core func $b "grow-table"))))`;

async function pooled(pooling: PoolingAllocationConfig) {
  const setup = await Setup.of(GUEST, { pooling });
  const newStore = (options: StoreOptions = {}) => new Store(setup.engine, undefined, options);
  return {
    ...setup,
    newStore,
    start: (store: Store<undefined> = newStore()) => setup.linker.instantiate(store, setup.component),
    wait: (store: Store<undefined> = newStore()) => setup.linker.instantiateAsync(store, setup.component),
    metrics: () => setup.engine.poolingAllocatorMetrics(),
  };
}

const ENOUGH = {
  totalComponentInstances: 2,
  totalCoreInstances: 4,
  totalMemories: 4,
  totalTables: 4,
} as const;

describe("a pool", () => {
  it.each([
    [
      "totalComponentInstances",
      1,
      /component instances limit exceeded: .* with 1 of 1 in use and 1 more needed/,
    ],
    ["totalCoreInstances", 3, /core instances limit exceeded: .* with 2 of 3 in use and 2 more needed/],
    ["totalMemories", 3, /memories limit exceeded: .* with 2 of 3 in use and 2 more needed/],
    ["totalTables", 3, /tables limit exceeded: .* with 2 of 3 in use and 2 more needed/],
  ] as const)("that is full says so, and %s, until there is room", async (option, total, message) => {
    const { start, newStore, metrics } = await pooled({ ...ENOUGH, [option]: total });
    const first = newStore();
    start(first);
    const second = newStore();
    const error = thrownBy(() => start(second));
    expect(error).toBeInstanceOf(PoolConcurrencyLimitError);
    expect(error).toBeInstanceOf(LimitError);
    expect(error).toMatchObject({
      name: "PoolConcurrencyLimitError",
      code: "pool-concurrency-limit",
      limit: `pooling.${option}`,
      message: expect.stringMatching(message),
    });
    expect((error as Error).message).toMatch(/^pooling allocator: .*: the pool is full now/);
    expect(metrics()).toMatchObject({ componentInstances: 1, coreInstances: 2, memories: 2, tables: 2 });
    first[Symbol.dispose]();
    // The store that was refused is as it was.
    expect(call(start(second), "f")).toBe(5);
  });

  it.each([
    ["totalComponentInstances", 0],
    ["totalCoreInstances", 1],
    ["totalMemories", 1],
    ["totalTables", 1],
    ["maxMemorySize", 2 * PAGE - 1],
    ["tableElements", 2],
  ] as const)("says what never fits, and %s", async (option, value) => {
    const { start, wait } = await pooled({ ...ENOUGH, [option]: value, waitTimeoutMs: 60_000 });
    const error = thrownBy(() => start());
    expect(error).toBeInstanceOf(LimitError);
    expect(error).not.toBeInstanceOf(PoolConcurrencyLimitError);
    expect(error).toMatchObject({ code: "limit", limit: `pooling.${option}` });
    expect((error as Error).message).toMatch(/^pooling allocator: .*limit exceeded.*never fits/);
    expect((error as Error).message).toContain(`pooling.${option} (${value})`);
    // Nor does waiting help.
    await expect(wait()).rejects.toMatchObject({ code: "limit" });
  });

  it("bounds growth as a limit of the store does", async () => {
    const { start, newStore } = await pooled({ maxMemorySize: 3 * PAGE, tableElements: 4 });
    for (const [limits, fails] of [
      [{ onGrowFailure: "return-minus-one" }, false],
      ["unlimited", false],
      [{}, true],
    ] as const) {
      const grow = (name: string, n: number) => () => call(start(newStore({ limits })), name, n);
      expect(grow("grow", 1)()).toBe(2);
      expect(grow("grow-table", 3)()).toBe(1);
      if (!fails) {
        expect(grow("grow", 2)()).toBe(-1);
        expect(grow("grow-table", 4)()).toBe(-1);
        continue;
      }
      expect(thrownBy(grow("grow", 2))).toMatchObject({
        code: "out-of-memory",
        message: expect.stringContaining("pooling.maxMemorySize (196608)"),
      });
      expect(thrownBy(grow("grow-table", 4))).toMatchObject({
        code: "table-growth",
        message: expect.stringContaining("pooling.tableElements (4)"),
      });
    }
  });

  it("keeps no more memories than it is told, and none that are large", async () => {
    const rounds = async (pooling: PoolingAllocationConfig) => {
      const { start, newStore, metrics } = await pooled(pooling);
      for (let i = 0; i < 3; i++) {
        const stores = [newStore(), newStore()];
        for (const store of stores) start(store);
        for (const store of stores) store[Symbol.dispose]();
      }
      return metrics();
    };
    expect(await rounds({})).toMatchObject({
      unusedWarmMemories: 4,
      unusedMemoryBytesResident: 6 * PAGE,
      reusedMemories: 8,
      peakMemories: 4,
      memories: 0,
    });
    expect(await rounds({ maxUnusedWarmSlots: 1 })).toMatchObject({ unusedWarmMemories: 1 });
    expect(await rounds({ maxUnusedWarmSlots: 0 })).toMatchObject({
      unusedWarmMemories: 0,
      reusedMemories: 0,
    });
    expect(await rounds({ linearMemoryKeepResident: PAGE })).toMatchObject({
      unusedWarmMemories: 2,
      unusedMemoryBytesResident: 2 * PAGE,
    });
  });

  it("lets go of what was wanted longest ago", async () => {
    const engine = new Engine({ pooling: { maxUnusedWarmSlots: 1 } });
    const ofPages = (n: number) =>
      Setup.on(engine, `(component (core module $m (memory ${n})) (core instance (instantiate $m)))`);
    const [one, two] = await Promise.all([ofPages(1), ofPages(2)]);
    const use = (setup: Setup<undefined>) => {
      using store = new Store(engine, undefined);
      setup.linker.instantiate(store, setup.component);
    };
    use(one);
    use(two);
    expect(engine.poolingAllocatorMetrics()).toMatchObject({
      unusedWarmMemories: 1,
      unusedMemoryBytesResident: 2 * PAGE,
    });
  });

  it("gets back what stores hold that nobody disposes of", async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    const { start, metrics } = await pooled({ totalMemories: 4 });
    const hold = () => {
      start();
      return start();
    };
    let kept: unknown = hold();
    expect(metrics()?.memories).toBe(4);
    const collected = async (memories: number) => {
      for (let i = 0; i < 200 && metrics()?.memories !== memories; i++) {
        gc();
        await sleep(5);
      }
      return metrics()?.memories;
    };
    // An instance keeps its store.
    expect(await collected(2)).toBe(2);
    expect(kept).toBeDefined();
    kept = undefined;
    expect(await collected(0)).toBe(0);
  });

  it("is not asked to make what the store's limits forbid", async () => {
    const { start, newStore, metrics } = await pooled({});
    expect(thrownBy(() => start(newStore({ limits: { memories: 1 } })))).toMatchObject({ limit: "memories" });
    expect(metrics()).toMatchObject({ memories: 0, peakMemories: 0 });
  });

  it("tells a limiter of what it could not make", async () => {
    const { start, newStore } = await pooled({ totalMemories: 3 });
    start();
    const failed: unknown[] = [];
    const limits: ResourceLimiter = {
      memoryGrowing: () => true,
      tableGrowing: () => true,
      memoryGrowFailed: (...args) => failed.push(["memory", ...args]),
      tableGrowFailed: (...args) => failed.push(["table", ...args]),
    };
    const error = thrownBy(() => start(newStore({ limits })));
    expect(failed).toEqual([
      ["memory", 0, PAGE, error],
      ["memory", 0, 2 * PAGE, error],
      ["table", 0, 3, error],
      ["table", 0, 1, error],
    ]);
  });

  it("has no metrics where there is none", () => {
    expect(new Engine().poolingAllocatorMetrics()).toBeUndefined();
  });
});

describe("waiting for room", () => {
  const FULL = { ...ENOUGH, totalComponentInstances: 1 };

  it("is served in order", async () => {
    const { start, wait, newStore, metrics } = await pooled({ ...FULL, waitTimeoutMs: 60_000 });
    const first = newStore();
    start(first);
    const served: string[] = [];
    const waiting = ["a", "b", "c"].map(async (name) => {
      using store = newStore();
      const instance = await wait(store);
      served.push(name);
      expect(call(instance, "f")).toBe(5);
      await sleep(1);
    });
    expect(metrics()?.waiting).toBe(3);
    // One that does not wait fails at once.
    expect(thrownBy(() => start())).toMatchObject({ code: "pool-concurrency-limit" });
    first[Symbol.dispose]();
    await Promise.all(waiting);
    expect(served).toEqual(["a", "b", "c"]);
    expect(metrics()).toMatchObject({ waiting: 0, componentInstances: 0 });
  });

  it("ends with the error of a full pool when the time is up", async () => {
    const { start, wait, newStore, metrics } = await pooled({ ...FULL, waitTimeoutMs: 5 });
    const first = newStore();
    start(first);
    const second = newStore();
    await expect(wait(second)).rejects.toMatchObject({
      code: "pool-concurrency-limit",
      limit: "pooling.totalComponentInstances",
    });
    expect(metrics()?.waiting).toBe(0);
    first[Symbol.dispose]();
    expect(call(await wait(second), "f")).toBe(5);
  });

  it("is not done without a timeout", async () => {
    const { start, wait } = await pooled(FULL);
    start();
    await expect(wait()).rejects.toMatchObject({ code: "pool-concurrency-limit" });
  });

  it("in a store that is disposed of meanwhile takes nothing", async () => {
    const { start, wait, newStore, metrics } = await pooled({ ...FULL, waitTimeoutMs: 60_000 });
    const first = newStore();
    start(first);
    const second = newStore();
    const waiting = expect(wait(second)).rejects.toMatchObject({ code: "store-disposed" });
    second[Symbol.dispose]();
    first[Symbol.dispose]();
    await waiting;
    expect(metrics()).toMatchObject({ componentInstances: 0, memories: 0 });
  });
});

describe("memories of the engine's", () => {
  it.each([
    ["several in a module", "(memory $a 1) (memory $b 2)", "(i32.add (memory.size $a) (memory.size $b))", 3],
    ["with addresses of 64 bits", "(memory i64 1 3)", "(i32.wrap_i64 (memory.size))", 1],
    ["without a page", "(memory 0)", "(memory.size)", 0],
  ])("serve modules with memories %s", async (_, memories, size, expected) => {
    const setup = await Setup.of(
      `(component
        (core module $m ${memories} (func (export "size") (result i32) ${size}))
        (core instance $m (instantiate $m))
        (func (export "size") (result u32) (canon lift (core func $m "size"))))`,
      { pooling: {} },
    );
    for (let i = 0; i < 2; i++) {
      using store = new Store(setup.engine, undefined);
      expect(call(setup.linker.instantiate(store, setup.component), "size")).toBe(expected);
    }
    expect(setup.engine.poolingAllocatorMetrics()?.unusedWarmMemories).toBeGreaterThan(0);
  });

  it("link to modules that import them, with the maximum that they declare", async () => {
    const setup = await Setup.of(
      `(component
        (core module $a (memory (export "m") 1 5))
        (core module $b (import "a" "m" (memory 1 5))
          (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
        (core instance $a (instantiate $a))
        (core instance $b (instantiate $b (with "a" (instance $a))))
        (func (export "grow") (param "n" u32) (result s32) (canon lift (core func $b "grow"))))`,
      { pooling: {} },
    );
    const instance = setup.instantiate(undefined);
    expect(call(instance, "grow", 4)).toBe(1);
    expect(call(instance, "grow", 1)).toBe(-1);
  });

  it("that V8 cannot make end in a LimitError", () => {
    const error = thrownBy(() => makeMemory({ index: 0, min: 65_537n, max: undefined, is64: false }));
    expect(error).toBeInstanceOf(LimitError);
    expect(error).toMatchObject({
      limit: "address-space",
      message: expect.stringMatching(/dispose of stores/),
    });
  });

  it("are bounded in number also without a pool", async () => {
    const setup = await Setup.of("(component (core module $m (memory 0)) (core instance (instantiate $m)))");
    const stores: Store<undefined>[] = [];
    const error = thrownBy(() => {
      for (let i = 0; i < 13_000; i++) stores.push(setup.start(undefined).store);
    });
    expect(error).toBeInstanceOf(PoolConcurrencyLimitError);
    expect(error).toMatchObject({ limit: "address-space" });
    expect(stores).toHaveLength(12_000);
    for (const store of stores) store[Symbol.dispose]();
    expect(setup.start(undefined).instance).toBeDefined();
  });
});
