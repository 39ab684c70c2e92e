/**
 * Builders of value types, as generated bindings use them to state the type of each host function.
 *
 * @example types.func([["name", types.string], ["value", types.u64]])
 */
import type {
  CaseType,
  EnumType,
  FixedLengthListType,
  FlagsType,
  FuncType,
  FutureType,
  HandleType,
  ListType,
  MapType,
  OptionType,
  PrimitiveType,
  RecordType,
  ResourceType,
  ResultType,
  StreamType,
  TupleType,
  ValueType,
  VariantType,
} from "./value-type.ts";

export const bool: PrimitiveType = { kind: "bool" };
export const s8: PrimitiveType = { kind: "s8" };
export const u8: PrimitiveType = { kind: "u8" };
export const s16: PrimitiveType = { kind: "s16" };
export const u16: PrimitiveType = { kind: "u16" };
export const s32: PrimitiveType = { kind: "s32" };
export const u32: PrimitiveType = { kind: "u32" };
export const s64: PrimitiveType = { kind: "s64" };
export const u64: PrimitiveType = { kind: "u64" };
export const f32: PrimitiveType = { kind: "f32" };
export const f64: PrimitiveType = { kind: "f64" };
export const char: PrimitiveType = { kind: "char" };
export const string: PrimitiveType = { kind: "string" };
export const errorContext: PrimitiveType = { kind: "error-context" };

type NamedType = readonly [name: string, type: ValueType];

export function record(fields: readonly NamedType[]): RecordType {
  return { kind: "record", fields: fields.map(([name, type]) => ({ name, type })) };
}

export function variant(cases: readonly (readonly [name: string, type?: ValueType])[]): VariantType {
  return { kind: "variant", cases: cases.map(([name, type]): CaseType => ({ name, type })) };
}

export function list(element: ValueType): ListType {
  return { kind: "list", element };
}

export function fixedLengthList(element: ValueType, length: number): FixedLengthListType {
  return { kind: "fixed-length-list", element, length };
}

export function map(key: ValueType, value: ValueType): MapType {
  return { kind: "map", key, value };
}

export function tuple(elements: readonly ValueType[]): TupleType {
  return { kind: "tuple", elements };
}

export function flags(names: readonly string[]): FlagsType {
  return { kind: "flags", names };
}

/** An enum (the word itself is reserved in TypeScript). */
export function enumeration(names: readonly string[]): EnumType {
  return { kind: "enum", names };
}

export function option(some: ValueType): OptionType {
  return { kind: "option", some };
}

export function result(ok?: ValueType, err?: ValueType): ResultType {
  return { kind: "result", ok, err };
}

export function own(resource: ResourceType): HandleType {
  return { kind: "own", resource };
}

export function borrow(resource: ResourceType): HandleType {
  return { kind: "borrow", resource };
}

export function stream(element?: ValueType): StreamType {
  return { kind: "stream", element };
}

export function future(element?: ValueType): FutureType {
  return { kind: "future", element };
}

/** A new resource type, distinct from every other; `name` is for messages. */
export function resource(name: string): ResourceType {
  return { kind: "resource", name };
}

export function func(params: readonly NamedType[], result?: ValueType): FuncType {
  return { kind: "func", async: false, params: params.map(([name, type]) => ({ name, type })), result };
}

export function asyncFunc(params: readonly NamedType[], result?: ValueType): FuncType {
  return { ...func(params, result), async: true };
}
