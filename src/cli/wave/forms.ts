/**
 * What the parser and the printer agree on about the JavaScript form of values.
 */
import type { OptionType, ValueKind, ValueType } from "../../model/value-type.ts";

export const INTEGER_RANGES = {
  s8: [-128n, 127n],
  u8: [0n, 255n],
  s16: [-32768n, 32767n],
  u16: [0n, 65535n],
  s32: [-2147483648n, 2147483647n],
  u32: [0n, 4294967295n],
  s64: [-9223372036854775808n, 9223372036854775807n],
  u64: [0n, 18446744073709551615n],
} as const satisfies Partial<Record<ValueKind, readonly [bigint, bigint]>>;

type NumericArrayConstructor = { from(values: readonly unknown[]): ArrayLike<number | bigint> };

const NUMERIC_ARRAYS: ReadonlyMap<ValueKind, NumericArrayConstructor> = new Map<
  ValueKind,
  { from(values: never): ArrayLike<number | bigint> }
>([
  ["s8", Int8Array],
  ["u8", Uint8Array],
  ["s16", Int16Array],
  ["u16", Uint16Array],
  ["s32", Int32Array],
  ["u32", Uint32Array],
  ["s64", BigInt64Array],
  ["u64", BigUint64Array],
  ["f32", Float32Array],
  ["f64", Float64Array],
]) as ReadonlyMap<ValueKind, NumericArrayConstructor>;

/** The typed array that a list of such elements is; undefined for elements that make a plain array. */
export function numericArray(element: ValueKind): NumericArrayConstructor | undefined {
  return NUMERIC_ARRAYS.get(element);
}

/** An option of an option is `{ tag: "some", val } | { tag: "none" }`, as `undefined` could mean either. */
export function isTaggedOption(type: OptionType): boolean {
  return type.some.kind === "option";
}

/** WAVE lets the `some` and `ok` of such a payload be left out. */
export function isFlatPayload(payload: ValueType): boolean {
  return payload.kind !== "option" && payload.kind !== "result";
}
