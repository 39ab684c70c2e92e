/** Values that do not fit their type: glue refuses exactly those in which `findMismatch` finds a fault. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadValue } from "../../src/abi/faults.ts";
import { findMismatch, describe as inWords } from "../../src/abi/value-check.ts";
import * as types from "../../src/model/types.ts";
import type { ValueType } from "../../src/model/value-type.ts";
import { typedValue, valuesOf, valueType } from "../support/arbitrary.ts";
import { Failure, lifted, Machine, roundTrip } from "./harness.ts";

/** Whether compiled glue lowers the value, on its own and in a list. */
function lowers(type: ValueType, value: unknown): boolean {
  const results = [
    [type, value],
    [types.list(types.tuple([type])), [[value]]],
  ].map(([t, v]) => {
    try {
      lifted(new Machine(), types.func([["value", t as ValueType]]), () => undefined)(v);
      return true;
    } catch (error) {
      if (error instanceof Failure && error.error instanceof BadValue) return false;
      throw error;
    }
  });
  expect(new Set(results).size).toBe(1);
  return results[0] as boolean;
}

const garbage = fc.oneof(
  fc.anything({ withBigInt: true, withMap: true, withTypedArray: true, withDate: true }),
  fc.constantFrom(Symbol("s"), () => 1, new Proxy({}, {}), -0, 2 ** 32, -1, 1.5, 2n ** 64n, "\ud800", "ab"),
);

describe("checking values", () => {
  it("agrees with the compiled glue on any value at all", () => {
    fc.assert(
      fc.property(valueType, garbage, (type, value) => {
        expect(lowers(type, value)).toBe(findMismatch(type, value) === undefined);
      }),
      { numRuns: 1500 },
    );
  });

  it("agrees with the compiled glue on values of another type", () => {
    fc.assert(
      fc.property(valueType, typedValue, (type, [, value]) => {
        expect(lowers(type, value)).toBe(findMismatch(type, value) === undefined);
      }),
      { numRuns: 500 },
    );
  });

  it("finds nothing wrong with a value of the type", () => {
    fc.assert(
      fc.property(typedValue, ([type, value]) => {
        expect(findMismatch(type, value)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it("finds one wrong part among many", () => {
    const item = types.record([
      ["name", types.string],
      ["size", types.u8],
    ]);
    const type = types.record([["line-items", types.list(types.option(item))]]);
    fc.assert(
      fc.property(valuesOf(types.list(item)), (items) => {
        const good = items as object[];
        const value = { lineItems: [...good, undefined, { name: "x" }] };
        expect(findMismatch(type, value)).toEqual({
          path: `lineItems[${good.length + 1}].size`,
          expected: "u8 (an integer from 0 to 255)",
          got: "undefined",
        });
      }),
    );
  });
});

describe("messages", () => {
  it.each([
    [types.u32, -1, "u32 (an integer from 0 to 4294967295)", "number -1"],
    [types.u64, 5, "u64 (a bigint of 64 bits, not negative)", "number 5"],
    [types.s64, 2n ** 63n, "s64 (a bigint of 64 bits)", "bigint 9223372036854775808n"],
    [types.string, undefined, "string", "undefined"],
    [
      types.string,
      Promise.resolve("x"),
      "string",
      "a promise (this function is synchronous: await before returning)",
    ],
    [types.char, "\ud800", "char (a string of one Unicode scalar value)", 'string "\\ud800"'],
    [types.enumeration(["a", "b"]), "c", 'one of "a", "b"', 'string "c"'],
    [types.list(types.u8), "abc", "Uint8Array", 'string "abc"'],
    [types.list(types.string), new Set(), "list (an array)", "a Set"],
    [types.tuple([types.u8, types.u8]), [1], "tuple of 2 (an array)", "an array of 1"],
  ] as const)("%j %s", (type, value, expected, got) => {
    expect(findMismatch(type, value)).toEqual({ path: "", expected, got });
  });

  it("name the tag and the payload of variants", () => {
    const type = types.variant([["none"], ["some-text", types.string]]);
    expect(findMismatch(type, { tag: "other" })).toMatchObject({ path: "tag", got: 'string "other"' });
    expect(findMismatch(type, { tag: "some-text", val: 1 })).toMatchObject({ path: "val" });
    expect(findMismatch(types.result(type), { tag: "ok", val: { tag: "some-text" } })).toMatchObject({
      path: "val.val",
      got: "undefined",
    });
  });

  it("run no code of the value's own, and stay short", () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error("looked at");
        },
        getPrototypeOf() {
          throw new Error("looked at");
        },
      },
    );
    expect(inWords({ toString: null, toJSON: null })).toBe("an object");
    expect(inWords("x".repeat(1e6)).length).toBeLessThan(100);
    expect(inWords(10n ** 10_000n).length).toBeLessThan(100);
    expect(inWords(hostile)).toBe("an object");
  });
});

describe("maps", () => {
  const type = types.map(types.string, types.u8);

  it("may be arrays of pairs, with a key more than once; the last counts", () => {
    const pairs = [
      ["a", 1],
      ["b", 2],
      ["a", 3],
    ];
    expect(findMismatch(type, pairs)).toBeUndefined();
    expect(roundTrip(type, pairs).seen).toEqual(new Map(pairs as [string, number][]));
    expect(lowers(type, [["a", 1, 2]])).toBe(false);
    expect(
      findMismatch(type, [
        ["a", 1],
        ["b", 300],
      ]),
    ).toMatchObject({ path: '.get(string "b")' });
  });
});

describe("names that every object has", () => {
  const type = types.record([
    ["constructor", types.option(types.string)],
    ["to-string", types.option(types.string)],
    ["has-own-property", types.option(types.bool)],
  ]);

  it("are read only if someone has set them", () => {
    expect(lowers(type, {})).toBe(true);
    expect(findMismatch(type, {})).toBeUndefined();
    expect(findMismatch(type, { constructor: 1 })).toMatchObject({ path: "constructor", got: "number 1" });
    expect(lowers(types.flags(["constructor", "value-of"]), {})).toBe(true);
  });

  it("cannot change a prototype", () => {
    const odd = types.record([["__proto__", types.string]]);
    const machine = new Machine();
    const lift = lifted(machine, types.func([], odd), () => {
      machine.view.setUint32(8, 64, true);
      machine.view.setUint32(12, 1, true);
      machine.view.setUint8(64, 0x78);
      return 8;
    });
    const value = lift() as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(value, "__proto__")?.value).toBe("x");
  });
});
