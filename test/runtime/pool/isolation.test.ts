/** A guest must not learn anything of the guests before it: whatever they did, the next sees what a first one sees. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Engine, type EngineConfig, type Instance, MiB, Store } from "../../../src/runtime/index.ts";
import { thrownBy } from "../../support/thrown-by.ts";
import { call, Setup } from "../guest.ts";

const PAGE = 65_536;
const PAGES = 3;

/** Does as it is told, and tells all that it can see. */
const GUEST = `(component
  (import "host" (func $host))
  (core func $host (canon lower (func $host)))
  (core module $main
    (import "host" "f" (func $host))
    (memory ${PAGES} 8)
    (data (i32.const 1000) "initialised")
    (table $t 4 20 funcref)
    (elem (table $t) (i32.const 1) func $self)
    (global $g (mut i32) (i32.const 7))
    (func $self)
    (func (export "fill") (param $from i32) (param $byte i32) (param $n i32)
      (global.set $g (local.get $byte))
      (table.set $t (i32.const 0) (ref.func $self))
      (memory.fill (local.get $from) (local.get $byte) (local.get $n)))
    (func (export "store") (param $at i32) (param $value i64) (i64.store (local.get $at) (local.get $value)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "grow-table") (param i32) (result i32)
      (table.grow $t (ref.func $self) (local.get 0)))
    (func (export "trap") (param $at i32) (i32.store8 (local.get $at) (i32.const 255)) (unreachable))
    (func (export "far") (param $at i32) (drop (i32.load8_u (local.get $at))))
    (func $deep (export "deep") (param $at i32)
      (i32.store8 (local.get $at) (i32.const 1))
      (call $deep (i32.add (i32.rem_u (local.get $at) (i32.const 100000)) (i32.const 1))))
    (func (export "spin") (param $at i32)
      (loop $l
        (i32.store8 (local.get $at) (i32.const 9))
        (local.set $at (i32.rem_u (i32.add (local.get $at) (i32.const 1)) (i32.const 100000)))
        (br $l)))
    (func (export "call") (call $host))
    ;; A hash of all bytes of the memory.
    (func (export "hash") (result i64)
      (local $h i64) (local $p i32)
      (local.set $h (i64.const 14695981039346656037))
      (loop $l
        (local.set $h (i64.mul (i64.xor (local.get $h) (i64.load (local.get $p))) (i64.const 1099511628211)))
        (br_if $l (i32.lt_u
          (local.tee $p (i32.add (local.get $p) (i32.const 8)))
          (i32.mul (memory.size) (i32.const 65536)))))
      (local.get $h))
    (func (export "size") (result i32) (memory.size))
    (func (export "table-size") (result i32) (table.size $t))
    (func (export "null") (param i32) (result i32) (ref.is_null (table.get $t (local.get 0))))
    (func (export "global") (result i32) (global.get $g)))
  (core instance $m (instantiate $main (with "host" (instance (export "f" (func $host))))))
  (func (export "fill") (param "from" u32) (param "byte" u32) (param "n" u32) (canon lift (core func $m "fill")))
  (func (export "store") (param "at" u32) (param "value" u64) (canon lift (core func $m "store")))
  (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $m "grow")))
  (func (export "grow-table") (param "n" u32) (result s32) (canon lift (core func $m "grow-table")))
  (func (export "trap") (param "at" u32) (canon lift (core func $m "trap")))
  (func (export "far") (param "at" u32) (canon lift (core func $m "far")))
  (func (export "deep") (param "at" u32) (canon lift (core func $m "deep")))
  (func (export "spin") (param "at" u32) (canon lift (core func $m "spin")))
  (func (export "call") (canon lift (core func $m "call")))
  (func (export "hash") (result u64) (canon lift (core func $m "hash")))
  (func (export "size") (result u32) (canon lift (core func $m "size")))
  (func (export "table-size") (result u32) (canon lift (core func $m "table-size")))
  (func (export "null") (param "i" u32) (result bool) (canon lift (core func $m "null")))
  (func (export "global") (result u32) (canon lift (core func $m "global"))))`;

const OPTIONS = {
  fuel: 2_000_000n,
  limits: { memorySize: 8 * PAGE, onGrowFailure: "return-minus-one" },
} as const;

type Deed = readonly [name: string, ...args: (number | bigint)[]];

const at = fc.integer({ min: 0, max: PAGES * PAGE - 8 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  at.chain((from) =>
    fc.tuple(
      fc.constant("fill" as const),
      fc.constant(from),
      fc.integer({ min: 1, max: 255 }),
      fc.integer({ min: 1, max: PAGES * PAGE - from }),
    ),
  ),
  fc.tuple(fc.constant("store" as const), at, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  fc.tuple(fc.constant("grow" as const), fc.integer({ min: 0, max: 9 })),
  fc.tuple(fc.constant("grow-table" as const), fc.integer({ min: 0, max: 30 })),
  fc.tuple(fc.constantFrom("trap", "far", "deep", "spin"), at),
  fc.constant(["far", 8 * PAGE] as const),
  fc.constant(["call"] as const),
);

/** All that a guest can see of where it is, in an order that does not disturb what comes after. */
function seenBy(instance: Instance): unknown[] {
  const tableSize = call(instance, "table-size") as number;
  return [
    call(instance, "size"),
    call(instance, "hash"),
    call(instance, "global"),
    tableSize,
    ...Array.from({ length: tableSize }, (_, i) => call(instance, "null", i)),
    call(instance, "grow", 5),
    call(instance, "hash"),
    call(instance, "grow", 1),
    call(instance, "grow-table", 16),
    call(instance, "grow-table", 1),
    (thrownBy(() => call(instance, "far", 8 * PAGE)) as Error).message,
  ];
}

describe("a guest in a memory that others have used", () => {
  let pooled: Setup<undefined>;
  let expected: unknown[];

  const define = (setup: Setup<undefined>) =>
    setup.linker.root().func("host", () => {
      throw new Error("no");
    });

  beforeAll(async () => {
    const config: EngineConfig = { consumeFuel: true };
    const fresh = await Setup.of(GUEST, config);
    define(fresh);
    expected = seenBy(fresh.instantiate(undefined, OPTIONS));
    pooled = await Setup.of(GUEST, { ...config, pooling: { totalMemories: 2, maxUnusedWarmSlots: 2 } });
    define(pooled);
  });

  it("sees what the first guest sees, whatever the others did", () => {
    fc.assert(
      fc.property(fc.array(fc.array(deed, { maxLength: 4 }), { minLength: 1, maxLength: 3 }), (guests) => {
        for (const deeds of guests) {
          using store = new Store(pooled.engine, undefined, OPTIONS);
          const instance = pooled.linker.instantiate(store, pooled.component);
          try {
            for (const [name, ...args] of deeds) call(instance, name, ...args);
          } catch {
            // Traps, and what comes after them.
          }
        }
        using store = new Store(pooled.engine, undefined, OPTIONS);
        expect(seenBy(pooled.linker.instantiate(store, pooled.component))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
    expect(pooled.engine.poolingAllocatorMetrics()?.reusedMemories).toBeGreaterThan(30);
    expect(pooled.engine.poolingAllocatorMetrics()?.memories).toBe(0);
  });

  it("gets another memory, if that one has grown", () => {
    const reused = () => pooled.engine.poolingAllocatorMetrics()?.reusedMemories ?? Number.NaN;
    const use = (deeds: readonly Deed[]) => {
      using store = new Store(pooled.engine, undefined, OPTIONS);
      const instance = pooled.linker.instantiate(store, pooled.component);
      for (const [name, ...args] of deeds) call(instance, name, ...args);
      expect(call(instance, "size")).toBeGreaterThanOrEqual(PAGES);
    };
    // Leaves nothing warm.
    for (let i = 0; i < 2; i++) use([["grow", 1]]);
    const before = reused();
    use([["grow", 1]]);
    use([]);
    expect(reused()).toBe(before);
    use([]);
    expect(reused()).toBe(before + 1);
  });
});

describe("a memory whose guest failed to start", () => {
  it.each([
    ["traps", "(func $start (i32.store (i32.const 70000) (i32.const -1)) unreachable) (start $start)"],
    ["has a segment that does not fit", '(data (i32.const 5) "secret") (data (i32.const 131072) "x")'],
  ])("because it %s is cleared", async (_, main) => {
    const engine = new Engine({ pooling: { totalMemories: 1 } });
    const failing = await Setup.on(
      engine,
      `(component
      (core module $m (memory 2) ${main})
      (core instance (instantiate $m)))`,
    );
    const probe = await Setup.on(
      engine,
      `(component
      (core module $m (memory 2)
        (func (export "sum") (result i32) (local $p i32) (local $sum i32)
          (loop $l
            (local.set $sum (i32.or (local.get $sum) (i32.load (local.get $p))))
            (br_if $l (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 131072))))
          (local.get $sum)))
      (core instance $m (instantiate $m))
      (func (export "sum") (result u32) (canon lift (core func $m "sum"))))`,
    );
    for (let i = 0; i < 3; i++) {
      const store = new Store(engine, undefined);
      expect(thrownBy(() => failing.linker.instantiate(store, failing.component))).toMatchObject({
        name: "Trap",
      });
      store[Symbol.dispose]();
      using next = new Store(engine, undefined);
      expect(call(probe.linker.instantiate(next, probe.component), "sum")).toBe(0);
    }
    expect(engine.poolingAllocatorMetrics()).toMatchObject({
      memories: 0,
      peakMemories: 1,
      reusedMemories: 5,
    });
  });
});

describe("memories of one size", () => {
  it("are not shared by modules that declare another maximum", async () => {
    const engine = new Engine({ pooling: {} });
    const growing = (limits: string) =>
      Setup.on(
        engine,
        `(component
        (core module $m (memory ${limits}) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
        (core instance $m (instantiate $m))
        (func (export "grow") (param "n" u32) (result s32) (canon lift (core func $m "grow"))))`,
      );
    const [small, large, open] = await Promise.all([growing("1 2"), growing("1 9"), growing("1")]);
    for (let round = 0; round < 2; round++) {
      for (const [setup, wanted, answer] of [
        [small, 1, 1],
        [small, 2, -1],
        [large, 8, 1],
        [large, 9, -1],
        [open, 100, 1],
      ] as const) {
        using store = new Store(engine, undefined, { limits: { memorySize: 16 * MiB } });
        expect(call(setup.linker.instantiate(store, setup.component), "grow", wanted)).toBe(answer);
      }
    }
  });
});
