/** Random component types, and random values of them in the form that the runtime exchanges. */
import fc from "fast-check";
import { camelCase } from "../../../src/model/names.ts";
import * as types from "../../../src/model/types.ts";
import type { ValueType } from "../../../src/model/value-type.ts";

/** WIT names, those that are WAVE keywords or members of Object.prototype well represented. */
const name = fc.oneof(
  fc.constantFrom("some", "none", "ok", "err", "true", "nan", "constructor", "then", "to-string", "HTTP-get"),
  fc.stringMatching(/^[a-z][a-z0-9]{0,5}(-[a-z][a-z0-9]{0,3}){0,2}$/),
);
const names = fc.uniqueArray(name, {
  minLength: 1,
  maxLength: 5,
  selector: (text) => camelCase(text).toLowerCase(),
});

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
const key = fc.constantFrom<ValueType>(types.bool, types.u8, types.s64, types.char, types.string);

export const anyType: fc.Arbitrary<ValueType> = fc.letrec<{ type: ValueType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    primitive,
    tie("type").map(types.list),
    fc
      .tuple(tie("type"), fc.integer({ min: 1, max: 4 }))
      .map(([element, n]) => types.fixedLengthList(element, n)),
    fc.tuple(key, tie("type")).map(([k, v]) => types.map(k, v)),
    fc.array(tie("type"), { minLength: 1, maxLength: 4 }).map(types.tuple),
    names
      .chain((fields) =>
        fc.tuple(...fields.map((field) => tie("type").map((type) => [field, type] as const))),
      )
      .map(types.record),
    names
      .chain((cases) =>
        fc.tuple(
          ...cases.map((label) =>
            fc
              .option(tie("type"), { nil: undefined })
              .map((type) => (type === undefined ? ([label] as const) : ([label, type] as const))),
          ),
        ),
      )
      .map(types.variant),
    names.map(types.enumeration),
    names.map(types.flags),
    tie("type").map(types.option),
    fc
      .tuple(fc.option(tie("type"), { nil: undefined }), fc.option(tie("type"), { nil: undefined }))
      .map(([ok, err]) => types.result(ok, err)),
  ),
})).type;

export function anyValueOf(type: ValueType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "bool":
      return fc.boolean();
    case "s8":
      return fc.integer({ min: -128, max: 127 });
    case "u8":
      return fc.integer({ min: 0, max: 255 });
    case "s16":
      return fc.integer({ min: -32768, max: 32767 });
    case "u16":
      return fc.integer({ min: 0, max: 65535 });
    case "s32":
      return fc.integer();
    case "u32":
      return fc.integer({ min: 0, max: 4294967295 });
    case "s64":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "u64":
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case "f32":
      return fc.float();
    case "f64":
      return fc.double();
    case "char":
      return fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
    case "string":
      return fc.string({ unit: "binary" });
    case "list":
      return fc
        .array(anyValueOf(type.element), { maxLength: 4 })
        .map((values) => listOf(type.element, values));
    case "fixed-length-list":
      return fc.array(anyValueOf(type.element), { minLength: type.length, maxLength: type.length });
    case "map":
      return fc
        .array(fc.tuple(anyValueOf(type.key), anyValueOf(type.value)), { maxLength: 4 })
        .map((entries) => new Map(entries));
    case "tuple":
      return fc.tuple(...type.elements.map(anyValueOf));
    case "record":
      return fc
        .tuple(...type.fields.map((field) => anyValueOf(field.type)))
        .map((values) =>
          Object.fromEntries(type.fields.map((field, i) => [camelCase(field.name), values[i]])),
        );
    case "variant":
      return fc.oneof(
        ...type.cases.map(({ name: tag, type: payload }) =>
          payload === undefined ? fc.constant({ tag }) : anyValueOf(payload).map((val) => ({ tag, val })),
        ),
      );
    case "enum":
      return fc.constantFrom(...type.names);
    case "flags":
      return fc
        .tuple(...type.names.map(() => fc.boolean()))
        .map((set) => Object.fromEntries(type.names.map((flag, i) => [camelCase(flag), set[i]])));
    case "option":
      return type.some.kind === "option"
        ? fc.oneof(
            fc.constant({ tag: "none" }),
            anyValueOf(type.some).map((val) => ({ tag: "some", val })),
          )
        : fc.option(anyValueOf(type.some), { nil: undefined });
    case "result":
      return fc.oneof(
        (type.ok === undefined ? fc.constant(undefined) : anyValueOf(type.ok)).map((val) => ({
          tag: "ok",
          val,
        })),
        (type.err === undefined ? fc.constant(undefined) : anyValueOf(type.err)).map((val) => ({
          tag: "err",
          val,
        })),
      );
    default:
      throw new Error(`no values of ${type.kind}`);
  }
}

function listOf(element: ValueType, values: unknown[]): unknown {
  switch (element.kind) {
    case "s8":
      return Int8Array.from(values as number[]);
    case "u8":
      return Uint8Array.from(values as number[]);
    case "s16":
      return Int16Array.from(values as number[]);
    case "u16":
      return Uint16Array.from(values as number[]);
    case "s32":
      return Int32Array.from(values as number[]);
    case "u32":
      return Uint32Array.from(values as number[]);
    case "s64":
      return BigInt64Array.from(values as bigint[]);
    case "u64":
      return BigUint64Array.from(values as bigint[]);
    case "f32":
      return Float32Array.from(values as number[]);
    case "f64":
      return Float64Array.from(values as number[]);
    default:
      return values;
  }
}
