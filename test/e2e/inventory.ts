/** A host for `test:inventory` that keeps a log, and calls of the guest: what they give, and what the host sees of them. */
import { type Exports, type Imports, type Outcome, outcome } from "./sides.ts";

interface Item {
  readonly name: string;
  readonly count: number;
  readonly price: number;
  readonly tags: readonly string[];
  readonly unit: "piece" | "gram" | "litre";
  readonly care: Care;
  readonly parent: string | undefined;
}

interface Care {
  readonly fragile: boolean;
  readonly keepCold: boolean;
  readonly heavy: boolean;
}

type Query =
  | { readonly tag: "all" }
  | { readonly tag: "by-name"; readonly val: string }
  | { readonly tag: "by-price"; readonly val: readonly [number, number] }
  | { readonly tag: "by-care"; readonly val: Care };

const none: Care = { fragile: false, keepCold: false, heavy: false };

export const crate: Item = {
  name: "crate",
  count: 4,
  price: 12.5,
  tags: [],
  unit: "piece",
  care: { ...none, heavy: true },
  parent: undefined,
};
export const box: Item = {
  ...crate,
  name: "Kästchen",
  price: 0.1,
  tags: ["", "wood", "😀"],
  parent: "crate",
};
export const milk: Item = {
  ...crate,
  name: "milk",
  // More than a C int is not for the QuickJS guest, which has no other numbers inside.
  count: 2_000_000_000,
  price: -0,
  tags: ["fresh"],
  unit: "litre",
  care: { ...none, fragile: true, keepCold: true },
  parent: "Kästchen",
};
export const items: readonly Item[] = [crate, box, milk];

/** A declared error of the host, as jco's hosts throw them too. */
function fail(payload: unknown): never {
  throw Object.assign(new Error("declared"), { payload });
}

export function inventoryHost(log: (entry: unknown) => void): Imports {
  const matches = (query: Query): ((item: Item) => boolean) => {
    switch (query.tag) {
      case "all":
        return () => true;
      case "by-name":
        return ({ name }) => name === query.val;
      case "by-price":
        return ({ price }) => price >= query.val[0] && price <= query.val[1];
      case "by-care":
        return ({ care }) => care.heavy === query.val.heavy && care.fragile === query.val.fragile;
    }
  };
  return {
    "test:inventory/store": {
      find(query: Query) {
        log(["find", query]);
        if (query.tag === "by-name" && query.val === "secret") fail({ tag: "refused" });
        if (query.tag === "by-name" && query.val === "short") fail({ tag: "short-of", val: ["ß", 7] });
        return items.filter(matches(query));
      },
      put(item: Item) {
        log(["put", item]);
        if (item.count === 0) fail({ tag: "not-found", val: `no ${item.name} left` });
        return 2n ** 40n + BigInt(item.count);
      },
      locate(name: string) {
        log(["locate", name]);
        return items.find((item) => item.name === name);
      },
      note(text: string) {
        log(["note", text]);
      },
      checksum(bytes: Uint8Array) {
        log(["checksum", bytes.length]);
        return bytes.reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7);
      },
    },
  };
}

const careless: Query = { tag: "by-care", val: { ...none, heavy: true } };
const named = (val: string): Query => ({ tag: "by-name", val });
const notes = (...names: string[]): unknown[] => names.map((name) => ["note", `found ${name}`]);

export interface Call {
  /** Of `test:inventory/desk`. */
  readonly func: string;
  readonly args: readonly unknown[];
  readonly gives: Outcome;
  /** Calls of the host, in their order. */
  readonly host: readonly unknown[];
  /** A guest whose own glue is wrong, so that the call traps under jco as well. */
  readonly brokenIn?: string;
}

export const inventoryCalls: readonly Call[] = [
  {
    func: "search",
    args: [{ tag: "all" }],
    gives: { ok: [["crate", "Kästchen", "milk"], 2_000_000_008] },
    host: [["find", { tag: "all" }], ...notes("crate", "Kästchen", "milk")],
  },
  {
    func: "search",
    args: [careless],
    gives: { ok: [["crate", "Kästchen"], 8] },
    host: [["find", careless], ...notes("crate", "Kästchen")],
  },
  {
    func: "search",
    args: [{ tag: "by-price", val: [-0.5, 1] }],
    gives: { ok: [["Kästchen", "milk"], 2_000_000_004] },
    host: [["find", { tag: "by-price", val: [-0.5, 1] }], ...notes("Kästchen", "milk")],
    // Its glue does not take a float that shares a slot of 64 bits with a pointer.
    brokenIn: "starlingmonkey",
  },
  { func: "search", args: [named("")], gives: { ok: [[], 0] }, host: [["find", named("")]] },
  {
    func: "search",
    args: [named("secret")],
    gives: { err: { tag: "refused" } },
    host: [["find", named("secret")]],
  },
  {
    func: "search",
    args: [named("short")],
    gives: { err: { tag: "short-of", val: ["ß", 7] } },
    host: [["find", named("short")]],
  },
  {
    func: "take",
    args: ["Kästchen", 3],
    gives: { ok: [{ ...box, count: 1 }, 2n ** 40n + 1n] },
    host: [
      ["find", named("Kästchen")],
      ["put", { ...box, count: 1 }],
    ],
  },
  {
    func: "take",
    args: ["milk", 5],
    gives: { ok: [{ ...milk, count: 1_999_999_995 }, 2n ** 40n + 1_999_999_995n] },
    host: [
      ["find", named("milk")],
      ["put", { ...milk, count: 1_999_999_995 }],
    ],
  },
  {
    func: "take",
    args: ["crate", 4],
    gives: { err: { tag: "not-found", val: "no crate left" } },
    host: [
      ["find", named("crate")],
      ["put", { ...crate, count: 0 }],
    ],
  },
  {
    func: "take",
    args: ["crate", 10],
    gives: { err: { tag: "short-of", val: ["crate", 6] } },
    host: [["find", named("crate")]],
  },
  {
    func: "take",
    args: ["nobody's", 0],
    gives: { err: { tag: "not-found", val: "nobody's" } },
    host: [["find", named("nobody's")]],
  },
  {
    func: "take",
    args: ["secret", 1],
    gives: { err: { tag: "refused" } },
    host: [["find", named("secret")]],
  },
  {
    func: "survey",
    args: [[named("secret"), { tag: "all" }, named("short"), named("Kästchen"), named("?")]],
    gives: {
      ok: [
        { tag: "err", val: { tag: "refused" } },
        { tag: "ok", val: items },
        { tag: "err", val: { tag: "short-of", val: ["ß", 7] } },
        { tag: "ok", val: [box] },
        { tag: "ok", val: [] },
      ],
    },
    host: [
      ["find", named("secret")],
      ["find", { tag: "all" }],
      ["find", named("short")],
      ["find", named("Kästchen")],
      ["find", named("?")],
    ],
  },
  { func: "survey", args: [[]], gives: { ok: [] }, host: [] },
  { func: "total", args: [[crate, box], 2n ** 33n], gives: { ok: [2n ** 33n + 8n, 6.3] }, host: [] },
  { func: "total", args: [[], 0n], gives: { ok: [0n, undefined] }, host: [] },
  {
    func: "label",
    args: ["nut", 3, "piece", { ...none, fragile: true, heavy: true }],
    gives: { ok: "3 piece of nut (fragile, heavy)" },
    host: [],
  },
  { func: "label", args: ["Öl", 0, "litre", none], gives: { ok: "0 litre of Öl" }, host: [] },
  {
    func: "label",
    args: ["", 1, "gram", { ...none, keepCold: true }],
    gives: { ok: "1 gram of  (keep-cold)" },
    host: [],
  },
  {
    func: "opposite",
    args: [{ ...none, keepCold: true }],
    gives: { ok: { fragile: true, keepCold: false, heavy: true } },
    host: [],
  },
  { func: "mirror", args: [["a", "ß", "€", "😀", "\0"]], gives: { ok: "\0😀€ßa" }, host: [] },
  { func: "mirror", args: [[]], gives: { ok: "" }, host: [] },
  {
    func: "checksums",
    args: [[Uint8Array.of(1, 2), Uint8Array.of(), new Uint8Array(70_000)]],
    gives: { ok: Uint32Array.of(6760, 7, 3_828_522_503) },
    host: [
      ["checksum", 2],
      ["checksum", 0],
      ["checksum", 70_000],
    ],
  },
  {
    func: "widen",
    args: [255, -128, 65_535, -32_768, -2_147_483_648, 0n, 0.1],
    gives: { ok: [-2_147_450_754n, Math.fround(0.1)] },
    host: [],
  },
  {
    func: "widen",
    args: [0, 127, 0, 32_767, 2_147_483_647, 2n ** 52n, Number.NaN],
    gives: { ok: [2n ** 52n + 2_147_516_541n, Number.NaN] },
    host: [],
  },
  {
    func: "ancestors",
    args: ["milk"],
    gives: { ok: ["milk", "Kästchen", "crate"] },
    host: [
      ["locate", "milk"],
      ["locate", "Kästchen"],
      ["locate", "crate"],
    ],
  },
  { func: "ancestors", args: ["nobody"], gives: { ok: [] }, host: [["locate", "nobody"]] },
];

/** Makes one call, after which the guest must hold no memory of it. */
export function callDesk(exports: Exports, { func, args }: Call): Outcome {
  const desk = exports["test:inventory/desk@1.0.0"];
  const result = outcome(() => desk[func](...args));
  const left: unknown = desk.outstanding();
  if (left !== 0) throw new Error(`${func} has left ${String(left)} blocks of the guest's memory`);
  return result;
}
