/** Values that cross the border are checked against their WIT type, and the error says which part does not fit. */
import { describe, expect, it } from "vitest";
import type { ValueType } from "../../src/model/value-type.ts";
import { StorePoisonedError, Trap, types, ValueError } from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, guestText, REALLOC, Setup } from "./guest.ts";
import { WatType } from "./wat-type.ts";

/** Exports `put`, which takes a list of values and answers 7, and `pull`, which has `get` of the host return one. */
function exchanging(type: ValueType): string {
  const wat = new WatType();
  const text = wat.of(type);
  return guestText({
    imports: `${wat.imports()}
      (import "amal:test/host@0.1.0" (instance $host (export "get" (func (result (list ${text}))))))`,
    lowered: `(core func $get (canon lower (func $host "get") ${REALLOC}))`,
    uses: ["get"],
    main: `
      (import "host" "get" (func $get (param i32)))
      (func (export "pull") try (call $get (i32.const 8)) catch_all end)
      (func (export "put") (param i32 i32) (result i32) (i32.const 7))`,
    exports: `
      (func (export "pull") (canon lift (core func $main "pull")))
      (func (export "put") (param "values" (list ${text})) (result u32)
        (canon lift (core func $main "put") ${REALLOC}))`,
  });
}

async function exchange(type: ValueType, value: unknown = undefined) {
  const setup = await Setup.of(exchanging(type));
  setup.linker.instance("amal:test/host@0.1.0").func("get", () => [value]);
  const { instance, store } = setup.start(undefined);
  return {
    instance,
    store,
    put: (given: unknown) => call(instance, "put", [given]),
    pull: () => call(instance, "pull"),
  };
}

const point = types.record([
  ["x", types.s32],
  ["y-pos", types.s32],
]);
const shape = types.variant([["empty"], ["dot", point], ["path", types.list(point)]]);
const rights = types.flags(["read", "write-all"]);
const colour = types.enumeration(["red", "dark-blue"]);
const nested = types.option(types.option(types.u32));
const outcome = types.result(types.u32, types.string);
const plainOutcome = types.result();
const three: ValueType = { kind: "fixed-length-list", element: types.u16, length: 3 };
const table: ValueType = { kind: "map", key: types.string, value: types.list(types.u32) };
const hostile = types.record([
  ["constructor", types.u32],
  ["then", types.string],
  ["has-own-property", types.option(types.u8)],
]);

const fields = (...entries: [string, unknown][]) => Object.fromEntries(entries);

/** A good value, then bad ones: where in them, and what the message says. */
const cases: readonly (readonly [
  name: string,
  type: ValueType,
  good: unknown,
  bad: readonly (readonly [value: unknown, path: string, says: RegExp])[],
])[] = [
  ["bool", types.bool, true, [[1, "", /expected bool .*got number 1/]]],
  [
    "u8",
    types.u8,
    255,
    [
      [256, "", /u8 .*number 256/],
      [1n, "", /bigint 1n/],
      ["1", "", /string "1"/],
      [0.5, "", /number 0.5/],
    ],
  ],
  [
    "s32",
    types.s32,
    -1,
    [
      [2 ** 31, "", /s32/],
      [Number.NaN, "", /number NaN/],
    ],
  ],
  [
    "u64",
    types.u64,
    2n ** 64n - 1n,
    [
      [5, "", /u64 \(a bigint.*got number 5/],
      [-1n, "", /bigint -1n/],
      [2n ** 200n, "", /more than 128 bits/],
    ],
  ],
  ["f64", types.f64, Number.NaN, [["0", "", /f64/]]],
  [
    "char",
    types.char,
    "😀",
    [
      ["ab", "", /char/],
      ["\ud800", "", /char/],
      ["", "", /char/],
    ],
  ],
  [
    "string",
    types.string,
    "x",
    [
      [undefined, "", /expected string, got undefined/],
      [null, "", /got null/],
      [Symbol("s"), "", /a symbol/],
    ],
  ],
  [
    "bytes",
    types.list(types.u8),
    Uint8Array.of(1),
    [
      ["ab", "", /Uint8Array/],
      [[1, -1], "[1]", /u8/],
      [Array<number>(2), "[0]", /got undefined/],
    ],
  ],
  [
    "list",
    types.list(types.string),
    ["a"],
    [
      [{ length: 1, 0: "a" }, "", /list \(an array\), got an object/],
      [["a", 2], "[1]", /expected string, got number 2/],
    ],
  ],
  [
    "fixed-length list",
    three,
    [1, 2, 3],
    [
      [[1, 2], "", /list of 3 elements/],
      [[1, 2, 70_000], "[2]", /u16/],
    ],
  ],
  [
    "tuple",
    types.tuple([types.u8, types.string]),
    [1, "a"],
    [
      [[1], "", /tuple of 2/],
      [[1, 2], "[1]", /string/],
    ],
  ],
  [
    "record",
    point,
    { x: 1, yPos: 2 },
    [
      [{ x: 1, "y-pos": 2 }, "yPos", /got undefined/],
      [null, "", /record/],
      [7, "", /record/],
    ],
  ],
  [
    "variant",
    shape,
    { tag: "path", val: [{ x: 1, yPos: 2 }] },
    [
      [
        {
          tag: "path",
          val: [
            { x: 1, yPos: 2 },
            { x: 1, yPos: "2" },
          ],
        },
        "val[1].yPos",
        /s32 .*string "2"/,
      ],
      [{ tag: "square" }, "tag", /one of "empty", "dot", "path", got string "square"/],
      [{ tag: "dot" }, "val", /record \(an object\), got undefined/],
      [{}, "tag", /got undefined/],
      ["empty", "", /variant/],
    ],
  ],
  [
    "enum",
    colour,
    "dark-blue",
    [
      ["darkBlue", "", /one of "red", "dark-blue"/],
      [1, "", /got number 1/],
      ["constructor", "", /one of/],
    ],
  ],
  [
    "flags",
    rights,
    { read: true, writeAll: undefined },
    [
      [{ writeAll: 1 }, "writeAll", /a boolean or undefined, got number 1/],
      ["read", "", /flags/],
    ],
  ],
  ["option", types.option(types.u32), undefined, [["", "", /u32/]]],
  [
    "nested option",
    nested,
    { tag: "some", val: undefined },
    [
      [undefined, "", /tag "none" or "some"/],
      [{ tag: "some", val: -1 }, "val", /u32/],
    ],
  ],
  [
    "result",
    outcome,
    { tag: "err", val: "no" },
    [
      [{ tag: "err", val: 1 }, "val", /string/],
      [{ tag: "ok" }, "val", /u32/],
      [{ tag: "fine" }, "tag", /one of "ok", "err"/],
    ],
  ],
  [
    "result without payloads",
    plainOutcome,
    { tag: "ok" },
    [
      [{ ok: 1 }, "tag", /got undefined/],
      [true, "", /tag "ok" or "err"/],
    ],
  ],
  [
    "map",
    table,
    new Map([["a", Uint32Array.of(1)]]),
    [
      [{ a: [1] }, "", /map \(a Map\), got an object/],
      [
        new Map<unknown, unknown>([
          ["a", [1]],
          ["b", [2, -1]],
        ]),
        '.get(string "b")[1]',
        /u32/,
      ],
      [new Map([[1, []]]), " key 0", /string/],
      [[["a", [1], 2]], "[0]", /a pair/],
    ],
  ],
  [
    "fields with the names of inherited members",
    hostile,
    fields(["constructor", 1], ["then", "x"], ["hasOwnProperty", 2]),
    [
      [fields(["then", "x"]), "constructor", /u32 .*got undefined/],
      [{ constructor: 1 }, "then", /string, got undefined/],
      [fields(["constructor", 1], ["then", ""], ["hasOwnProperty", "no"]), "hasOwnProperty", /u8/],
    ],
  ],
];

describe.each(cases)("%s", (_, type, good, bad) => {
  it("is taken if it fits, and refused with the path if not; the caller's store stays usable", async () => {
    const { put } = await exchange(type);
    expect(put(good)).toBe(7);
    for (const [value, path, says] of bad) {
      const error = thrownBy(() => put(value));
      expect(error).toBeInstanceOf(ValueError);
      expect(error).toMatchObject({
        code: "value",
        path: `[0]${path === "" || /^[[. ]/.test(path) ? path : `.${path}`}`,
      });
      expect((error as Error).message).toMatch(says);
      expect((error as Error).message).toMatch(/^put\(\) argument `values`: field `/);
    }
    expect(put(good)).toBe(7);
  });

  it("may be returned by the host if it fits, and is a trap that names the path if not", async () => {
    const fits = await exchange(type, good);
    expect(fits.pull()).toBeUndefined();
    for (const [value, path, says] of bad) {
      const { pull } = await exchange(type, value);
      const trap = thrownBy(pull);
      expect(trap).toBeInstanceOf(Trap);
      expect(trap).toMatchObject({ code: "host-error", cause: { name: "ValueError" } });
      expect((trap as Trap).message).toMatch(/^amal:test\/host\.get\(\) result: field `\[0\]/);
      expect((trap as Trap).message).toMatch(says);
      expect(((trap as Trap).cause as ValueError).path).toContain(path);
      expect(thrownBy(pull)).toBeInstanceOf(StorePoisonedError);
    }
  });
});

describe("objects that do not do what objects do", () => {
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  const throwing = (error: unknown) =>
    new Proxy(
      {},
      {
        get() {
          throw error;
        },
        getPrototypeOf() {
          throw error;
        },
      },
    );
  /** Reads as `first`, and then as `later`. */
  const changing = (first: unknown, later: () => unknown) => {
    let reads = 0;
    return {
      x: 1,
      get yPos() {
        return reads++ === 0 ? first : later();
      },
    };
  };
  const fail = (): never => {
    throw new Error("of the getter's own");
  };

  it("may have no prototype, be frozen, or be proxies", async () => {
    const { put } = await exchange(point);
    const plain = { x: 1, yPos: 2 };
    for (const value of [
      Object.assign(Object.create(null), plain),
      Object.freeze(plain),
      new Proxy(plain, {}),
    ]) {
      expect(put(value)).toBe(7);
    }
    class Point {
      readonly x = 1;
      get yPos(): number {
        return 2;
      }
    }
    expect(put(new Point())).toBe(7);
  });

  it("may have more than the type has", async () => {
    const record = await exchange(point);
    expect(record.put({ x: 1, yPos: 2, z: 3 })).toBe(7);
    const flags = await exchange(rights);
    expect(flags.put({ read: true, execute: true })).toBe(7);
  });

  it("let their own errors reach the caller, whose store stays usable", async () => {
    const { put } = await exchange(point);
    const error = new Error("no");
    expect(thrownBy(() => put(throwing(error)))).toBe(error);
    expect(thrownBy(() => put(revoked()))).toBeInstanceOf(TypeError);
    expect(thrownBy(() => put(changing("2", () => 2)))).toBeInstanceOf(ValueError);
    expect(thrownBy(() => put(changing("2", fail)))).toBeInstanceOf(Error);
    expect(put({ x: 1, yPos: 2 })).toBe(7);
  });

  it.each<readonly [string, unknown]>([
    [
      "a getter that throws",
      {
        x: 1,
        get yPos() {
          return fail();
        },
      },
    ],
    ["a getter that throws the second time", changing("2", fail)],
    ["a getter that changes its mind", changing("2", () => 2)],
    ["a proxy whose traps throw", throwing(new Error("no"))],
    ["a proxy that throws what cannot be told from an error", throwing(throwing(new Error("no")))],
    ["a revoked proxy", revoked()],
  ])("end the guest with a trap that it cannot catch: %s", async (_, value) => {
    const { pull, put } = await exchange(point, value);
    expect(thrownBy(pull)).toMatchObject({ name: "Trap", code: "host-error" });
    expect(thrownBy(() => put(1))).toBeInstanceOf(StorePoisonedError);
  });

  it("end the guest also when the host throws them", async () => {
    const wat = new WatType();
    const setup = await Setup.of(
      guestText({
        imports: `${wat.imports()} (import "f" (func $f (result (result u32 (error string)))))`,
        lowered: `(core func $f (canon lower (func $f) ${REALLOC}))`,
        uses: ["f"],
        main: `
          (import "host" "f" (func $f (param i32)))
          (func (export "run") try (call $f (i32.const 8)) catch_all end)`,
        exports: '(func (export "run") (canon lift (core func $main "run")))',
      }),
    );
    for (const value of [
      throwing(new Error("no")),
      revoked(),
      throwing(throwing(1)),
      { payload: throwing(1) },
    ]) {
      setup.linker
        .allowShadowing(true)
        .root()
        .func("f", () => {
          throw value;
        });
      expect(thrownBy(() => call(setup.instantiate(undefined), "run"))).toMatchObject({
        name: "Trap",
        code: "host-error",
      });
    }
  });
});
