/** Random WIT types, and random values of them, for property tests. */
import fc from "fast-check";
import { fieldKeys, flagKeys } from "../../src/model/name-scope.ts";
import * as types from "../../src/model/types.ts";
import type { ValueType } from "../../src/model/value-type.ts";

/** Names that are legal in WIT, among them those that are traps in JavaScript, and words of WAVE. */
const names = [
  "a",
  "b1",
  "get-item",
  "HTTP-status",
  "constructor",
  "to-string",
  "value-of",
  "has-own-property",
  "then",
  "tag",
  "val",
  "length",
  "default",
  "x-y-z",
  "some",
  "none",
  "ok",
  "err",
  "true",
  "nan",
];

const someNames = (max: number) =>
  fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: max });

const primitive = fc.constantFrom<ValueType>(
  types.bool,
  types.s8,
  types.u8,
  types.s16,
  types.u16,
  types.s32,
  types.u32,
  types.s64,
  types.u64,
  types.f32,
  types.f64,
  types.char,
  types.string,
);

/** As many flags as a type may have. */
const manyFlags = fc
  .integer({ min: 15, max: 32 })
  .map((count) =>
    types.flags(Array.from({ length: count }, (_, i) => `flag-${String.fromCharCode(97 + (i % 26))}${i}`)),
  );

/** Any value type without handles, up to a few levels deep. */
export const valueType: fc.Arbitrary<ValueType> = typesOf(primitive);

/** Value types that are made of `leaf`. */
export function typesOf(leaf: fc.Arbitrary<ValueType>): fc.Arbitrary<ValueType> {
  return fc.letrec<{ type: ValueType }>((tie) => ({
    type: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      tie("type").map(types.list),
      tie("type").map(types.option),
      fc.array(tie("type"), { minLength: 1, maxLength: 4 }).map(types.tuple),
      fc
        .tuple(someNames(6), fc.array(tie("type"), { minLength: 6, maxLength: 6 }))
        .map(([fields, parts]) => types.record(fields.map((name, i) => [name, parts[i] ?? types.bool]))),
      fc
        .tuple(
          someNames(6),
          fc.array(fc.option(tie("type"), { nil: undefined }), { minLength: 6, maxLength: 6 }),
        )
        .map(([cases, parts]) =>
          types.variant(cases.map((name, i) => (parts[i] === undefined ? [name] : [name, parts[i]]))),
        ),
      fc
        .tuple(fc.option(tie("type"), { nil: undefined }), fc.option(tie("type"), { nil: undefined }))
        .map(([ok, err]) => types.result(ok, err)),
      someNames(14).map(types.enumeration),
      someNames(14).map(types.flags),
      manyFlags,
      fc
        .tuple(tie("type"), fc.integer({ min: 1, max: 20 }))
        .map(([element, n]) => types.fixedLengthList(element, n)),
      fc
        .tuple(fc.constantFrom(types.string, types.u32, types.char), tie("type"))
        .map(([k, v]) => types.map(k, v)),
    ),
  })).type;
}

/** Any JavaScript value that fits `type`. */
export function valuesOf(type: ValueType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "bool":
      return fc.boolean();
    case "s8":
      return fc.integer({ min: -0x80, max: 0x7f });
    case "u8":
      return fc.integer({ min: 0, max: 0xff });
    case "s16":
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case "u16":
      return fc.integer({ min: 0, max: 0xffff });
    case "s32":
      return fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
    case "u32":
      return fc.integer({ min: 0, max: 0xffff_ffff });
    case "s64":
      return fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
    case "u64":
      return fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    case "f32":
      return fc.float();
    case "f64":
      return fc.double();
    case "char":
      return fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
    case "string":
      return fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.string({ maxLength: 40 }));
    case "list":
      return listOf(type.element);
    case "fixed-length-list":
      return fc.array(valuesOf(type.element), { minLength: type.length, maxLength: type.length });
    case "map":
      return fc
        .array(fc.tuple(valuesOf(type.key), valuesOf(type.value)), { maxLength: 4 })
        .map((e) => new Map(e));
    case "tuple":
      return fc.tuple(...type.elements.map(valuesOf));
    case "record":
      return fc
        .tuple(...type.fields.map((field) => valuesOf(field.type)))
        .map((values) => Object.fromEntries(fieldKeys(type.fields).map((key, i) => [key, values[i]])));
    case "variant":
      return fc.oneof(
        ...type.cases.map((c) =>
          c.type === undefined
            ? fc.constant({ tag: c.name })
            : valuesOf(c.type).map((val) => ({ tag: c.name, val })),
        ),
      );
    case "enum":
      return fc.constantFrom(...type.names);
    case "flags":
      return fc
        .array(fc.boolean(), { minLength: type.names.length, maxLength: type.names.length })
        .map((bits) => Object.fromEntries(flagKeys(type.names).map((key, i) => [key, bits[i]])));
    case "option":
      if (type.some.kind === "option") {
        return fc.oneof(
          fc.constant({ tag: "none" }),
          valuesOf(type.some).map((val) => ({ tag: "some", val })),
        );
      }
      return fc.oneof(fc.constant(undefined), valuesOf(type.some));
    case "result":
      return fc.oneof(resultOf("ok", type.ok), resultOf("err", type.err));
    case "own":
    case "borrow":
      return fc.nat().map((id) => ({ id }));
    case "stream":
    case "future":
    case "error-context":
      throw new Error(`no values of ${type.kind} here`);
  }
}

/** A type with a value of it. */
export const typedValue: fc.Arbitrary<readonly [ValueType, unknown]> = valueType.chain((type) =>
  valuesOf(type).map((value) => [type, value] as const),
);

function resultOf(tag: string, payload: ValueType | undefined): fc.Arbitrary<unknown> {
  const values = payload === undefined ? fc.constant(undefined) : valuesOf(payload);
  return values.map((val) => ({ tag, val }));
}

function listOf(element: ValueType): fc.Arbitrary<unknown> {
  switch (element.kind) {
    case "u8":
      return fc.uint8Array({ maxLength: 40 });
    case "s8":
      return fc.int8Array({ maxLength: 40 });
    case "u16":
      return fc.uint16Array({ maxLength: 20 });
    case "s16":
      return fc.int16Array({ maxLength: 20 });
    case "u32":
      return fc.uint32Array({ maxLength: 20 });
    case "s32":
      return fc.int32Array({ maxLength: 20 });
    case "u64":
      return fc.bigUint64Array({ maxLength: 10 });
    case "s64":
      return fc.bigInt64Array({ maxLength: 10 });
    case "f32":
      return fc.float32Array({ maxLength: 20 });
    case "f64":
      return fc.float64Array({ maxLength: 20 });
    default:
      return fc.array(valuesOf(element), { maxLength: 5 });
  }
}
