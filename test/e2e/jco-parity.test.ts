/**
 * The same JavaScript-made guest, with the same host, under hostwright and under jco's transpiled output: equal
 * results, equal errors, and equal calls of the host.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { Catalog } from "../../examples/shop-host/host.ts";
import { buildGuest } from "../../scripts/guests.ts";
import { camelCase } from "../../src/model/names.ts";
import { Component, Engine, Linker, Store } from "../../src/runtime/index.ts";
import { instantiateWithJco } from "./jco-oracle.ts";

const CHECKOUT = "amal:shop/checkout@0.1.0";
const ECHO = "amal:shop/echo@0.1.0";

type Call = readonly [interfaceName: string, func: string, ...args: unknown[]];

const nut = { sku: "nut", quantity: 3 };
const nail = { sku: "nail", quantity: 100 };

const calls: readonly Call[] = [
  [CHECKOUT, "price", { tag: "single", val: nut }, { member: true }, "eur"],
  [CHECKOUT, "price", { tag: "many", val: [nut, nail] }, { member: true, bulkOrder: true }, "usd"],
  [CHECKOUT, "price", { tag: "empty" }, {}, "usd"],
  [CHECKOUT, "price", { tag: "single", val: { sku: "nothing", quantity: 1 } }, {}, "usd"],
  [CHECKOUT, "price", { tag: "single", val: { sku: "closed", quantity: 1 } }, {}, "usd"],
  [CHECKOUT, "catalogue", "n"],
  [CHECKOUT, "catalogue", ""],
  [CHECKOUT, "catalogue", "none of these"],
  [ECHO, "booleans", true, false],
  [ECHO, "small-integers", -128, 255, -32768, 65535, -2147483648, 4294967295],
  [ECHO, "small-integers", 127, 0, 32767, 1, 2147483647, 2147483648],
  [ECHO, "big-integers", -(2n ** 53n) + 1n, 2n ** 53n - 1n],
  [ECHO, "floats", 0.1, 0.1],
  [ECHO, "floats", Number.NaN, -0],
  [ECHO, "floats", Number.POSITIVE_INFINITY, Number.MIN_VALUE],
  [ECHO, "text", "a", ""],
  [ECHO, "text", "😀", "héllo \0 \u{10ffff} \ufeff"],
  [ECHO, "bytes", Uint8Array.from({ length: 100_000 }, (_, i) => i)],
  [ECHO, "bytes", new Uint8Array()],
  [ECHO, "numbers", Float64Array.of(1.5, -0, Number.NEGATIVE_INFINITY)],
  [ECHO, "words", ["a", "", "ü".repeat(5_000)]],
  [ECHO, "words", []],
  [ECHO, "table", [Int32Array.of(1, -2), Int32Array.of()]],
  [ECHO, "maybe", "x"],
  [ECHO, "maybe", undefined],
  [ECHO, "perhaps", { tag: "some", val: 1 }],
  [ECHO, "perhaps", { tag: "some", val: undefined }],
  [ECHO, "perhaps", { tag: "none" }],
  [
    ECHO,
    "outcomes",
    [
      { tag: "ok", val: 1 },
      { tag: "err", val: "no" },
    ],
  ],
  [ECHO, "a-basket", { tag: "empty" }],
  [ECHO, "a-basket", { tag: "single", val: nut }],
  [ECHO, "a-basket", { tag: "many", val: [nut, nail] }],
  [ECHO, "some-discounts", { seasonal: true }],
  [ECHO, "some-discounts", {}],
  [ECHO, "a-currency", "usd"],
  [
    ECHO,
    "a-receipt",
    {
      lines: [
        ["nut", 1, 2n],
        ["nail", 3, 4n],
      ],
      total: 6n,
      currency: "eur",
      heaviest: "nut",
      initial: "é",
    },
  ],
];

/** Calls a function of the guest. */
type Guest = (interfaceName: string, func: string, args: readonly unknown[]) => unknown;

let hostwright: Guest;
let jco: Guest;
const logs: Record<"hostwright" | "jco", unknown[][]> = { hostwright: [], jco: [] };

/** The example's catalog, as an import object that keeps a log of the calls. */
function loggedCatalog(log: unknown[][]): Record<string, object> {
  const catalog = new Catalog();
  return {
    "amal:shop/catalog": {
      find(sku: string) {
        log.push(["find", sku]);
        return catalog.find(sku);
      },
      search(prefix: string, limit: number) {
        log.push(["search", prefix, limit]);
        return catalog.search(prefix, limit);
      },
    },
  };
}

beforeAll(async () => {
  const path = await buildGuest("shop");
  const engine = new Engine({ consumeFuel: true });
  const component = await Component.fromFile(engine, path);
  const linker = new Linker<undefined>(engine).defineImports(loggedCatalog(logs.hostwright));
  const store = new Store(engine, undefined, { fuel: 10n ** 12n });
  const instance = linker.instantiate(store, component);
  hostwright = (interfaceName, func, args) => instance.getFunc(interfaceName, func)?.call(...args);
  const exports = await instantiateWithJco(readFileSync(path), loggedCatalog(logs.jco));
  jco = (interfaceName, func, args) => exports[interfaceName]?.[camelCase(func)]?.(...args);
});

describe("equal under hostwright and jco", () => {
  test.each(calls.map((call) => [`${call[0]}#${call[1]}`, call] as const))(
    "%s %#",
    (_, [name, func, ...args]) => {
      const ours = outcome(() => hostwright(name, func, args));
      expect(ours).toStrictEqual(outcome(() => jco(name, func, args)));
      // The oracle could be wrong in the same way: what is echoed is what was sent.
      if (name === ECHO && func !== "some-discounts")
        expect(ours).toEqual({ ok: args.length === 1 ? args[0] : echoed(func, args) });
    },
  );

  test("the host was called alike", () => {
    expect(logs.hostwright.length).toBeGreaterThan(5);
    expect(logs.hostwright).toStrictEqual(logs.jco);
  });
});

/** An f32 is sent with less precision than it was given. */
function echoed(func: string, args: readonly unknown[]): readonly unknown[] {
  return func === "floats" ? [Math.fround(args[0] as number), args[1]] : args;
}

/** What a call returns, or the payload of the error that it throws. */
function outcome(call: () => unknown): { readonly ok: unknown } | { readonly err: unknown } {
  try {
    return { ok: call() };
  } catch (error) {
    if (error instanceof Error && "payload" in error) return { err: error.payload };
    throw error;
  }
}
