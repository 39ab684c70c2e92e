/** What is charged, and what `getFuel` says afterwards, however a call ends. */
import { describe, expect, it } from "vitest";
import {
  Engine,
  type EngineConfig,
  type Instance,
  Store,
  type StoreOptions,
} from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, guestText, MEMORY, REALLOC, Setup } from "./guest.ts";

const FUEL = 10_000_000n;
const SLICE = 250_000n;

/** Passes strings and bytes on, and ends in every way after a loop of a given length. */
const GUEST = guestText({
  imports: `(import "take" (func $take (param "s" string)))
    (import "take-list" (func $take-list (param "l" (list u8))))
    (import "take-strings" (func $take-strings (param "l" (list string))))
    (import "give" (func $give (result string)))
    (import "host" (func $host))`,
  lowered: `(core func $take (canon lower (func $take) ${MEMORY}))
    (core func $take-list (canon lower (func $take-list) ${MEMORY}))
    (core func $take-strings (canon lower (func $take-strings) ${MEMORY}))
    (core func $give (canon lower (func $give) ${REALLOC}))
    (core func $host (canon lower (func $host)))`,
  uses: ["take", "take-list", "take-strings", "give", "host"],
  main: `
    (import "host" "take" (func $take (param i32 i32)))
    (import "host" "take-list" (func $take-list (param i32 i32)))
    (import "host" "take-strings" (func $take-strings (param i32 i32)))
    (import "host" "give" (func $give (param i32)))
    (import "host" "host" (func $host))
    (table 1 5 funcref)
    (func $spend (param $n i32)
      (loop $l (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
    (func (export "take") (param i32) (call $take (i32.const 1024) (local.get 0)))
    (func (export "take-list") (param i32) (call $take-list (i32.const 1024) (local.get 0)))
    ;; All strings of the list are the same 1000 bytes.
    (func (export "take-strings") (param $n i32)
      (local $i i32)
      (loop $l
        (i32.store (i32.mul (local.get $i) (i32.const 8)) (i32.const 30000))
        (i32.store offset=4 (i32.mul (local.get $i) (i32.const 8)) (i32.const 1000))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
      (call $take-strings (i32.const 0) (local.get $n)))
    (func (export "give") (call $give (i32.const 16)))
    (func (export "text") (param i32 i32))
    (func (export "return") (param $n i32) (call $spend (local.get $n)))
    (func (export "unreachable") (param $n i32) (call $spend (local.get $n)) unreachable)
    (func (export "host") (param $n i32) (call $spend (local.get $n)) (call $host))
    (func (export "memory") (param $n i32) (call $spend (local.get $n)) (drop (memory.grow (i32.const 65000))))
    (func (export "table") (param $n i32) (call $spend (local.get $n)) (drop (table.grow (ref.null func) (i32.const 1))))
    (func (export "far") (param $n i32) (call $spend (local.get $n)) (drop (i32.load (i32.const -1))))
    (func (export "divide") (param $n i32) (call $spend (local.get $n)) (drop (i32.div_u (i32.const 1) (i32.const 0))))
    (func $deep (export "deep") (param $n i32) (call $deep (local.get $n)) (call $deep (local.get $n)))
    (func (export "spin") (param $n i32) (loop $l (br $l)))`,
  exports: `
    ${[
      "take",
      "take-list",
      "take-strings",
      "return",
      "unreachable",
      "host",
      "memory",
      "table",
      "far",
      "divide",
      "deep",
      "spin",
    ]
      .map((name) => `(func (export "do-${name}") (param "n" u32) (canon lift (core func $main "${name}")))`)
      .join("\n")}
    (func (export "do-give") (canon lift (core func $main "give")))
    (func (export "text") (param "s" string) (canon lift (core func $main "text") ${REALLOC}))`,
});

interface Host {
  readonly taken: unknown[];
  given: string;
}

async function setupOf(config: EngineConfig = {}): Promise<Setup<Host>> {
  const setup = await Setup.on<Host>(new Engine({ consumeFuel: true, ...config }), GUEST);
  const take = ({ data }: { data: Host }, value: unknown) => void data.taken.push(value);
  setup.linker
    .root()
    .func("take", take)
    .func("take-list", take)
    .func("take-strings", take)
    .func("give", ({ data }) => data.given)
    .func("host", () => {
      throw new Error("no");
    });
  return setup;
}

function start(setup: Setup<Host>, options: StoreOptions = {}) {
  const data: Host = { taken: [], given: "" };
  const store = new Store(setup.engine, data, { fuel: FUEL, ...options });
  const instance = setup.linker.instantiate(store, setup.component);
  /** The fuel that a call takes. */
  const used = (name: string, ...args: unknown[]): bigint => {
    const before = store.getFuel();
    call(instance, name, ...args);
    return before - store.getFuel();
  };
  return { data, store, instance, used };
}

describe("what calls move", () => {
  it.each([
    ["a string", "do-take"],
    ["a list of bytes", "do-take-list"],
  ])("costs as a bulk operator does: %s that the host is passed", async (_, name) => {
    const { used } = start(await setupOf());
    const base = used(name, 0);
    for (const bytes of [1, 7, 1000, 50_000]) expect(used(name, bytes) - base).toBe(BigInt(bytes));
  });

  it("costs also where it is the same again and again", async () => {
    const { used } = start(await setupOf());
    const perString = (used("do-take-strings", 200) - used("do-take-strings", 100)) / 100n;
    expect(perString).toBeGreaterThan(1000n);
    expect(perString).toBeLessThan(1100n);
  });

  it("costs where it goes into the guest: results, and arguments of the host's", async () => {
    const { used, data } = start(await setupOf());
    const give = (text: string) => {
      data.given = text;
      return used("do-give");
    };
    expect(give("a".repeat(1000)) - give("a".repeat(10))).toBe(990n);
    expect(give("é".repeat(100)) - give("a".repeat(100))).toBe(100n);
    expect(used("text", "a".repeat(1000)) - used("text", "a".repeat(10))).toBe(990n);
  });

  it("costs what the table says", async () => {
    for (const [bulkByte, price] of [
      [3, 3n],
      [0, 0n],
    ] as const) {
      const { used } = start(await setupOf({ operatorCost: { bulkByte } }));
      expect(used("do-take", 1000) - used("do-take", 0)).toBe(1000n * price);
    }
  });

  it("is counted exactly, whether or not the last slice has begun", async () => {
    const setup = await setupOf();
    const base = start(setup).used("do-take", 0);
    for (const fuel of [SLICE / 2n, SLICE, SLICE + 1n, SLICE + 60_000n, 2n * SLICE + 1n, 2n ** 64n - 1n]) {
      const { store, instance } = start(setup, { fuel });
      let left = fuel;
      for (let i = 0; i < 20 && left > 60_000n + base; i++) {
        call(instance, "do-take", 60_000);
        left -= 60_000n + base;
        expect(store.getFuel()).toBe(left);
      }
    }
  });

  it("that cannot be paid for does not reach the host", async () => {
    const setup = await setupOf();
    const { data, store, instance } = start(setup, { fuel: 1000 });
    expect(thrownBy(() => call(instance, "do-take", 2000))).toMatchObject({
      name: "Trap",
      code: "out-of-fuel",
      message: "take: all fuel was consumed by what a call moves",
    });
    expect(data.taken).toEqual([]);
    expect(store.getFuel()).toBe(0n);
    const text = start(setup, { fuel: 1000 });
    expect(thrownBy(() => call(text.instance, "text", "a".repeat(2000)))).toMatchObject({
      code: "out-of-fuel",
    });
    const strings = start(setup, { fuel: 1_000_000 });
    expect(thrownBy(() => call(strings.instance, "do-take-strings", 2000))).toMatchObject({
      code: "out-of-fuel",
    });
  });
});

describe("the fuel that is left", () => {
  /** How a call ends that spends some rounds first, and what it has used by then. */
  async function endOf(name: string, rounds: number, options: StoreOptions = {}) {
    const setup = await setupOf();
    const { store, instance } = start(setup, options);
    const error = thrownBy(() => call(instance, name, rounds)) as { code: string };
    return { code: error.code, used: FUEL - store.getFuel() };
  }

  const limits = { memorySize: 1_000_000, tableElements: 1 };

  it.each([
    ["unreachable", "do-unreachable", "unreachable"],
    ["an error of the host", "do-host", "host-error"],
    ["the limit of memory", "do-memory", "out-of-memory"],
    ["the limit of tables", "do-table", "table-growth"],
  ])("is exact after %s", async (_, name, code) => {
    const returned = start(await setupOf());
    const perRound = (returned.used("do-return", 2000) - returned.used("do-return", 1000)) / 1000n;
    const [few, many] = [await endOf(name, 10, { limits }), await endOf(name, 100_010, { limits })];
    expect(few.code).toBe(code);
    expect(many.code).toBe(code);
    expect(many.used - few.used).toBe(perRound * 100_000n);
    expect(few.used - perRound * 10n).toBeLessThan(15n);
  });

  it.each([
    ["memory-out-of-bounds", "do-far"],
    ["integer-divide-by-zero", "do-divide"],
  ])("is at most a slice too much after a trap of wasm's own: %s", async (code, name) => {
    const returned = start(await setupOf());
    const exact = returned.used("do-return", 100_000);
    const trapped = await endOf(name, 100_000);
    expect(trapped.code).toBe(code);
    expect(trapped.used).toBeLessThanOrEqual(exact + 10n);
    expect(trapped.used).toBeGreaterThanOrEqual(exact - SLICE);
  });

  it("is nothing when all was consumed, and can be given again in a new store only", async () => {
    const setup = await setupOf();
    const { store, instance } = start(setup);
    expect(thrownBy(() => call(instance, "do-spin", 0))).toMatchObject({ code: "out-of-fuel" });
    expect(store.getFuel()).toBe(0n);
    store.setFuel(1000);
    expect(thrownBy(() => call(instance, "do-return", 1))).toMatchObject({ code: "store-poisoned" });
  });
});

describe("setFuel in a host function", () => {
  const TEXT = `(component
    (import "host" (func $host))
    (core func $host (canon lower (func $host)))
    (core module $m (import "" "f" (func $f)) (func (export "run") (loop $l (call $f) (br $l))))
    (core instance $m (instantiate $m (with "" (instance (export "f" (func $host))))))
    (func (export "run") (canon lift (core func $m "run"))))`;

  const run = async (host: (store: Store<undefined>, calls: number) => void, fuel: bigint) => {
    const setup = await Setup.of(TEXT, { consumeFuel: true });
    let calls = 0;
    setup.linker.root().func("host", ({ store }) => host(store, ++calls));
    const { store, instance } = setup.start(undefined, { fuel });
    const error = thrownBy(() => call(instance as Instance, "run"));
    return { error, calls, store };
  };

  it("refills: the guest goes on for as long as it is fed", async () => {
    const { error, calls } = await run((store, n) => n <= 10_000 && store.setFuel(100), 100n);
    expect(error).toMatchObject({ code: "out-of-fuel" });
    expect(calls).toBeGreaterThan(10_000);
    expect(calls).toBeLessThan(10_100);
  });

  it("can take fuel away: the guest ends there", async () => {
    const { error, calls, store } = await run((host, n) => n === 5 && host.setFuel(0), 2n ** 60n);
    expect(error).toMatchObject({ code: "out-of-fuel" });
    expect(calls).toBe(5);
    expect(store.getFuel()).toBe(0n);
  });
});
