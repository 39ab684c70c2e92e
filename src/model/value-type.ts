/**
 * Value types of the component model, as structure.
 *
 * This is the form that the canonical ABI, the runtime and the generated bindings exchange: it has
 * no names but those of fields and cases. What WIT text says beyond it (names, docs, owners) is in
 * `resolve.ts`.
 *
 * Source: component-model `Binary.md`, section "Type Definitions" (`defvaltype`).
 */

/** The kinds of value types that have no parts. */
export type PrimitiveKind =
  | "bool"
  | "s8"
  | "u8"
  | "s16"
  | "u16"
  | "s32"
  | "u32"
  | "s64"
  | "u64"
  | "f32"
  | "f64"
  | "char"
  | "string"
  | "error-context";

export interface PrimitiveType {
  readonly kind: PrimitiveKind;
}

/** A named field of a record, or a named parameter of a function. */
export interface FieldType {
  readonly name: string;
  readonly type: ValueType;
}

export interface CaseType {
  readonly name: string;
  readonly type: ValueType | undefined;
}

export interface RecordType {
  readonly kind: "record";
  readonly fields: readonly FieldType[];
}

export interface VariantType {
  readonly kind: "variant";
  readonly cases: readonly CaseType[];
}

export interface ListType {
  readonly kind: "list";
  readonly element: ValueType;
}

export interface FixedLengthListType {
  readonly kind: "fixed-length-list";
  readonly element: ValueType;
  /** The number of elements, at least 1. */
  readonly length: number;
}

export interface MapType {
  readonly kind: "map";
  readonly key: ValueType;
  readonly value: ValueType;
}

export interface TupleType {
  readonly kind: "tuple";
  readonly elements: readonly ValueType[];
}

export interface FlagsType {
  readonly kind: "flags";
  readonly names: readonly string[];
}

export interface EnumType {
  readonly kind: "enum";
  readonly names: readonly string[];
}

export interface OptionType {
  readonly kind: "option";
  readonly some: ValueType;
}

export interface ResultType {
  readonly kind: "result";
  readonly ok: ValueType | undefined;
  readonly err: ValueType | undefined;
}

/** An owning (`own`) or borrowing (`borrow`) handle to a resource. */
export interface HandleType {
  readonly kind: "own" | "borrow";
  readonly resource: ResourceType;
}

export interface StreamType {
  readonly kind: "stream";
  readonly element: ValueType | undefined;
}

export interface FutureType {
  readonly kind: "future";
  readonly element: ValueType | undefined;
}

/** The type of a value that crosses the border of a component, resolved: no names are left but those of resources. */
export type ValueType =
  | PrimitiveType
  | RecordType
  | VariantType
  | ListType
  | FixedLengthListType
  | MapType
  | TupleType
  | FlagsType
  | EnumType
  | OptionType
  | ResultType
  | HandleType
  | StreamType
  | FutureType;

/** The kind of a value type: the tag that every switch over value types is exhaustive in. */
export type ValueKind = ValueType["kind"];

/**
 * A resource type. Resource types are nominal: two of them are the same type only if they are the
 * same object (or have been unified by the type check of a linker). The name is for messages.
 */
export interface ResourceType {
  readonly kind: "resource";
  readonly name: string;
}

/** The type of a component-level function. */
export interface FuncType {
  readonly kind: "func";
  readonly async: boolean;
  readonly params: readonly FieldType[];
  readonly result: ValueType | undefined;
}
