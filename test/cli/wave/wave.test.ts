/** WAVE: values as text, read and written. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseArguments, parseValue, printValue, WaveError } from "../../../src/cli/wave/index.ts";
import { HostwrightError } from "../../../src/model/errors.ts";
import * as types from "../../../src/model/types.ts";
import type { ValueType } from "../../../src/model/value-type.ts";
import { typedValue, valueType } from "../../support/arbitrary.ts";

const point = types.record([
  ["x", types.s32],
  ["label-text", types.option(types.string)],
]);
const shape = types.variant([["empty"], ["circle", types.f64], ["err", types.string]]);

describe("properties", () => {
  test("parse(print(value)) is value", () => {
    fc.assert(
      fc.property(typedValue, ([type, value]) => {
        // Not toStrictEqual, which takes a field named "constructor" for the class of the object.
        expect(isDeepStrictEqual(parseValue(printValue(value, type), type), value)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("any text gives a value or a typed error", () => {
    fc.assert(
      fc.property(
        valueType,
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.string({ unit: fc.constantFrom(...`{}[]():,"'%\\-.1eausomenk \n`) }),
        ),
        (type, text) => {
          try {
            parseValue(text, type);
          } catch (error) {
            expect(error).toBeInstanceOf(HostwrightError);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("a mutated value gives a value or a typed error", () => {
    fc.assert(
      fc.property(typedValue, fc.nat(), fc.string({ maxLength: 2 }), ([type, value], at, inserted) => {
        const text = printValue(value, type);
        const cut = at % (text.length + 1);
        try {
          parseValue(text.slice(0, cut) + inserted + text.slice(cut + inserted.length), type);
        } catch (error) {
          expect(error).toBeInstanceOf(WaveError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("reads", () => {
  const cases: [text: string, type: ValueType, value: unknown][] = [
    ["true", types.bool, true],
    [" 7 // seven", types.u8, 7],
    ["-9223372036854775808", types.s64, -(2n ** 63n)],
    ["6.022e+23", types.f64, 6.022e23],
    ["0.1", types.f32, Math.fround(0.1)],
    ["-inf", types.f32, Number.NEGATIVE_INFINITY],
    ["nan", types.f64, Number.NaN],
    ["'\\u{1F600}'", types.char, "😀"],
    ["'\"'", types.char, '"'],
    [`"it's \\"\\t\\\\"`, types.string, `it's "\t\\`],
    ['"""\n    indented\n      twice\n    """', types.string, "indented\n  twice"],
    ['"""\r\n"quoted", \\u{41}\r\n\r\n"""', types.string, '"quoted", A\n'],
    ["[1, 2,]", types.list(types.u8), Uint8Array.of(1, 2)],
    ["[]", types.list(types.string), []],
    ["[1, 2]", types.fixedLengthList(types.u8, 2), [1, 2]],
    ['("a", 1n)'.replace("n", ""), types.tuple([types.string, types.u64]), ["a", 1n]],
    ["{label-text: none, x: 1,}", point, { x: 1, labelText: undefined }],
    ['{%x: 1, label-text: "flat"}', point, { x: 1, labelText: "flat" }],
    ["{:}", types.record([["a", types.option(types.u8)]]), { a: undefined }],
    ["empty", shape, { tag: "empty" }],
    ["circle ( 1.5 )", shape, { tag: "circle", val: 1.5 }],
    ['%err("no")', shape, { tag: "err", val: "no" }],
    ["%ok", types.enumeration(["ok", "not-found"]), "ok"],
    ["{write}", types.flags(["read", "write"]), { read: false, write: true }],
    ["{}", types.flags(["read"]), { read: false }],
    ["some(1)", types.option(types.u8), 1],
    ["1", types.option(types.u8), 1],
    ["some(none)", types.option(types.option(types.u8)), { tag: "some", val: undefined }],
    ["none", types.option(types.option(types.u8)), { tag: "none" }],
    ["ok", types.result(), { tag: "ok", val: undefined }],
    ["5", types.result(types.u8, types.string), { tag: "ok", val: 5 }],
    ['err("oops")', types.result(undefined, types.string), { tag: "err", val: "oops" }],
    [
      '{1: "a", 2: "b"}',
      types.map(types.u8, types.string),
      new Map([
        [1, "a"],
        [2, "b"],
      ]),
    ],
  ];
  test.each(cases)("%s", (text, type, value) => {
    expect(parseValue(text, type)).toStrictEqual(value);
  });
});

describe("refuses, pointing at the place", () => {
  const cases: [text: string, type: ValueType, reason: string, column: number][] = [
    ["tru", types.bool, "expected a bool (`true` or `false`), got `tru`", 1],
    ["256", types.u8, "256 is not in the range of u8: 0 to 255", 1],
    ["1.5", types.u32, "expected an integer (u32), got `1.5`", 1],
    ["01", types.u32, "expected an integer (u32), got `01`", 1],
    ["1 2", types.u32, "expected nothing more, got `2`", 3],
    ["'ab'", types.char, "a char holds one character: is this a string? Use double quotes", 1],
    ["''", types.char, "a char holds one character", 1],
    ["'a", types.char, "this char is not closed", 1],
    ['"abc', types.string, "this string is not closed", 1],
    ['"\\x"', types.string, `unknown escape: use \\\\, \\", \\', \\t, \\n, \\r or \\u{1f600}`, 2],
    ['"é\\u{d800}"', types.string, "this is not a Unicode scalar value", 3],
    ["{x: 1, lable-text: none}", point, "there is no field `lable-text`: did you mean `label-text`?", 8],
    ["{x: 1, x: 2}", point, "field `x` is given twice", 8],
    ["{label-text: none}", point, "field `x: s32` is missing", 1],
    ["err(1)", shape, "the case `err` is written `%err`: without the % it is a keyword", 1],
    ["circel(1)", shape, "there is no case `circel`: did you mean `circle`?", 1],
    ["circle", shape, "expected `(` and a f64 after `circle`, got the end", 7],
    ["empty(1)", shape, "expected no payload: the case `empty` has none, got `(`", 6],
    ["{exec}", types.flags(["read", "write"]), "there is no flag `exec`: there is `read`, `write`", 2],
    ["(1, 2, 3)", types.tuple([types.u8, types.u8]), "expected `)`: this tuple has 2 elements, got `3`", 8],
    ["(1)", types.tuple([types.u8, types.u8]), "expected 2 elements, got 1", 1],
    ["[1]", types.fixedLengthList(types.u8, 2), "expected 2 elements, got 1", 1],
    ["[1 2]", types.list(types.u8), "expected `,` or `]`, got `2`", 4],
    ["[,]", types.list(types.u8), "expected an integer (u8), got `,`", 2],
    ["1", types.option(types.option(types.u8)), "expected `some(...)` or `none`, got `1`", 1],
    ["some", types.option(types.u8), "expected `(` and a u8 after `some`, got the end", 5],
    ["ok(1)", types.result(), "expected no payload: this result has no `ok` type, got `(`", 3],
  ];
  test.each(cases)("%s", (text, type, reason, column) => {
    const error = waveError(() => parseValue(text, type));
    expect(error.reason).toBe(reason);
    expect(error.column).toBe(column);
  });

  test("with a code frame", () => {
    const error = waveError(() => parseValue('{x: 1, label-text: "é" 3}', point));
    expect(error.message).toBe(
      [
        "expected `,` or `}`, got `3` (column 24)",
        '  {x: 1, label-text: "é" 3}',
        "                         ^",
      ].join("\n"),
    );
  });

  test("on a line of its own", () => {
    const error = waveError(() => parseValue("[1,\n  x]", types.list(types.u8)));
    expect([error.line, error.column]).toEqual([2, 3]);
  });

  test("what has no text form", () => {
    expect(() => parseValue("1", types.own(types.resource("blob")))).toThrow(
      expect.objectContaining({ code: "unsupported" }),
    );
  });
});

describe("arguments", () => {
  const { params } = types.func([
    ["name", types.string],
    ["value", types.u64],
    ["note", types.option(types.string)],
  ]);

  test("are read from after the name", () => {
    expect(parseArguments('f("x", 1, "why")', 1, params)).toEqual(["x", 1n, "why"]);
  });

  test("may leave trailing options out", () => {
    expect(parseArguments('f("x", 1)', 1, params)).toEqual(["x", 1n, undefined]);
    expect(parseArguments("f()", 1, [])).toEqual([]);
  });

  test.each([
    ['f("x")', "expected an argument for `value: u64`, got `)`", 6],
    ['f("x", "y")', 'expected an integer (u64), got `"`', 8],
    ["f(1)", 'expected a string such as "text", got `1`', 3],
    ['f("x", 1, none, 4)', "expected `)`: the function takes 3 arguments, got `4`", 17],
    ["f", "expected `(` before the arguments, got the end", 2],
    ['f("x", 1) g', "expected nothing more, got `g`", 11],
  ])("%s", (text, reason, column) => {
    const error = waveError(() => parseArguments(text, 1, params));
    expect(error.reason).toBe(reason);
    expect(error.column).toBe(column);
  });
});

describe("prints", () => {
  test.each<[unknown, ValueType, string]>([
    [Math.fround(0.1), types.f32, "0.1"],
    [-0, types.f64, "-0"],
    [Number.NaN, types.f64, "nan"],
    ["it's", types.string, `"it's"`],
    ["'", types.char, `'\\''`],
    ["\u001b[31m\u202e", types.string, '"\\u{1b}[31m\\u{202e}"'],
    [{ x: 1, labelText: undefined }, point, "{x: 1}"],
    [{ a: undefined }, types.record([["a", types.option(types.u8)]]), "{:}"],
    ["none", types.enumeration(["none"]), "%none"],
    [{ tag: "ok", val: 1 }, types.result(types.u8), "ok(1)"],
    [undefined, types.option(types.u8), "none"],
    [1, types.option(types.u8), "some(1)"],
    [{ readOnly: true }, types.flags(["read-only", "write"]), "{read-only}"],
  ])("%j", (value, type, text) => {
    expect(printValue(value, type)).toBe(text);
  });
});

function waveError(run: () => unknown): WaveError {
  try {
    run();
  } catch (error) {
    if (error instanceof WaveError) return error;
    throw error;
  }
  throw new Error("did not throw");
}
