/** Sizes, alignments and flattenings, against figures worked out by hand from CanonicalABI.md. */
import { describe, expect, it } from "vitest";
import { Flattening, join } from "../../src/model/flatten.ts";
import { discriminantSize, flagsSize, Layouts } from "../../src/model/layout.ts";
import * as types from "../../src/model/types.ts";
import type { ValueType } from "../../src/model/value-type.ts";

const blob = types.resource("blob");
const names = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`);

const table: readonly (readonly [
  name: string,
  type: ValueType,
  size: number,
  alignment: number,
  flat: string,
])[] = [
  ["bool", types.bool, 1, 1, "i32"],
  ["s8", types.s8, 1, 1, "i32"],
  ["u16", types.u16, 2, 2, "i32"],
  ["s32", types.s32, 4, 4, "i32"],
  ["u64", types.u64, 8, 8, "i64"],
  ["f32", types.f32, 4, 4, "f32"],
  ["f64", types.f64, 8, 8, "f64"],
  ["char", types.char, 4, 4, "i32"],
  ["string", types.string, 8, 4, "i32 i32"],
  ["list<u64>", types.list(types.u64), 8, 4, "i32 i32"],
  ["map<string, u8>", types.map(types.string, types.u8), 8, 4, "i32 i32"],
  ["list<u16, 3>", types.fixedLengthList(types.u16, 3), 6, 2, "i32 i32 i32"],
  ["own", types.own(blob), 4, 4, "i32"],
  ["borrow", types.borrow(blob), 4, 4, "i32"],
  ["tuple<u8>", types.tuple([types.u8]), 1, 1, "i32"],
  ["tuple<u8, u32, u8>", types.tuple([types.u8, types.u32, types.u8]), 12, 4, "i32 i32 i32"],
  [
    "record { a: u8, b: u64, c: u16 }",
    types.record([
      ["a", types.u8],
      ["b", types.u64],
      ["c", types.u16],
    ]),
    24,
    8,
    "i32 i64 i32",
  ],
  ["option<u8>", types.option(types.u8), 2, 1, "i32 i32"],
  ["option<u64>", types.option(types.u64), 16, 8, "i32 i64"],
  ["option<string>", types.option(types.string), 12, 4, "i32 i32 i32"],
  ["result", types.result(), 1, 1, "i32"],
  ["result<u32, f32>", types.result(types.u32, types.f32), 8, 4, "i32 i32"],
  ["result<u32, f64>", types.result(types.u32, types.f64), 16, 8, "i32 i64"],
  ["result<f32, f64>", types.result(types.f32, types.f64), 16, 8, "i32 i64"],
  ["result<_, string>", types.result(undefined, types.string), 12, 4, "i32 i32 i32"],
  [
    "variant { a, b(u16), c(tuple<f64, u8>) }",
    types.variant([["a"], ["b", types.u16], ["c", types.tuple([types.f64, types.u8])]]),
    24,
    8,
    "i32 i64 i32",
  ],
  ["enum of 256", types.enumeration(names(256)), 1, 1, "i32"],
  ["enum of 257", types.enumeration(names(257)), 2, 2, "i32"],
  ["enum of 65537", types.enumeration(names(65_537)), 4, 4, "i32"],
  ["flags of 8", types.flags(names(8)), 1, 1, "i32"],
  ["flags of 9", types.flags(names(9)), 2, 2, "i32"],
  ["flags of 32", types.flags(names(32)), 4, 4, "i32"],
];

describe("layout and flattening", () => {
  it.each(table)("of %s", (_, type, size, alignment, flat) => {
    expect(new Layouts().of(type)).toMatchObject({ size, alignment });
    expect(new Flattening().of(type).join(" ")).toBe(flat);
  });

  it("refuses more flags than an i32 has bits", () => {
    expect(flagsSize(32)).toBe(4);
    expect(() => flagsSize(33)).toThrow(/more than 32 flags/);
  });

  it("picks the smallest discriminant", () => {
    expect([1, 256, 257, 65_536, 65_537].map(discriminantSize)).toEqual([1, 1, 2, 2, 4]);
  });

  it("joins core types as the specification does", () => {
    expect(join("i32", "f32")).toBe("i32");
    expect(join("f32", "f64")).toBe("i64");
    expect(join("i32", "f64")).toBe("i64");
    expect(join("f64", "f64")).toBe("f64");
  });
});

describe("function signatures", () => {
  const flattening = new Flattening();
  const params = (count: number) => Array.from({ length: count }, (_, i) => [`p${i}`, types.u32] as const);

  it("pass up to 16 core values, and one pointer for more", () => {
    expect(flattening.signature(types.func(params(16)), "lift")).toMatchObject({
      params: Array(16).fill("i32"),
      paramsInMemory: false,
    });
    expect(flattening.signature(types.func(params(17)), "lower")).toMatchObject({
      params: ["i32"],
      paramsInMemory: true,
    });
  });

  it("return one core value, and go through memory for more", () => {
    const pair = types.func([["a", types.f64]], types.string);
    expect(flattening.signature(pair, "lift")).toMatchObject({ params: ["f64"], results: ["i32"] });
    expect(flattening.signature(pair, "lower")).toMatchObject({ params: ["f64", "i32"], results: [] });
    expect(flattening.signature(types.func([], types.f32), "lower")).toMatchObject({
      params: [],
      results: ["f32"],
    });
  });

  it("stay small for types that are huge", () => {
    const huge = types.fixedLengthList(types.u8, 2 ** 27);
    expect(flattening.signature(types.func([["a", huge]], huge), "lower").params).toEqual(["i32", "i32"]);
  });
});
