/**
 * What a lifted value costs the host in memory, roughly: the price list of `hostcallFuel`.
 *
 * A guest chooses how many values the host makes. It must not get more of the host's memory for its
 * budget than the budget says, so elements are priced by what they become (a record of one `bool` is
 * a JavaScript object), not by the bytes that they take in the guest.
 *
 * Figures are V8's on 64 bits without pointer compression. Source: wasmtime's hostcall fuel, which prices
 * elements by their Rust size likewise.
 */

import { casesOf, fieldTypesOf } from "../model/layout.ts";
import type { ListType, ValueType } from "../model/value-type.ts";

const SLOT = 8;
const OBJECT_HEADER = 24;
const ARRAY_HEADER = 48;
/** A typed array with its buffer. */
const TYPED_ARRAY = 200;
const MAP_ENTRY = 40;
const BOXED_NUMBER = 16;
const STRING_HEADER = 24;

/** The element kinds whose lists are typed arrays, with the constructor's name. */
const typedArrays = {
  u8: "Uint8Array",
  s8: "Int8Array",
  u16: "Uint16Array",
  s16: "Int16Array",
  u32: "Uint32Array",
  s32: "Int32Array",
  u64: "BigUint64Array",
  s64: "BigInt64Array",
  f32: "Float32Array",
  f64: "Float64Array",
} as const;

export type TypedArrayName = (typeof typedArrays)[keyof typeof typedArrays];

/** The typed array that a list is in JavaScript, or undefined if it is an ordinary array. */
export function typedArrayOf(type: ListType): TypedArrayName | undefined {
  const kind = type.element.kind;
  return Object.hasOwn(typedArrays, kind) ? typedArrays[kind as keyof typeof typedArrays] : undefined;
}

/** Prices of types in bytes, each computed once however often it is shared. */
export class HostSizes {
  readonly #known = new Map<ValueType, number>();

  /** A value with its slot in an array or object. What strings and lists of any kind hold is charged when it is lifted. */
  of(type: ValueType): number {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const size = SLOT + this.#compute(type);
    this.#known.set(type, size);
    return size;
  }

  #compute(type: ValueType): number {
    switch (type.kind) {
      case "bool":
      case "s8":
      case "u8":
      case "s16":
      case "u16":
      case "enum":
        return 0;
      case "s32":
      case "u32":
      case "f32":
      case "f64":
        return BOXED_NUMBER;
      case "s64":
      case "u64":
      case "char":
      case "string":
        return STRING_HEADER;
      case "list":
        return typedArrayOf(type) === undefined ? ARRAY_HEADER : TYPED_ARRAY;
      case "map":
        return TYPED_ARRAY;
      case "fixed-length-list":
        return ARRAY_HEADER;
      case "flags":
        return OBJECT_HEADER + type.names.length * SLOT;
      case "record":
      case "tuple":
        return fieldTypesOf(type).reduce((sum, field) => sum + this.of(field), OBJECT_HEADER + BOXED_NUMBER);
      case "option":
        return OBJECT_HEADER + this.of(type.some);
      case "variant":
      case "result": {
        let largest = 0;
        for (const payload of casesOf(type)) {
          if (payload !== undefined) largest = Math.max(largest, this.of(payload));
        }
        return OBJECT_HEADER + SLOT + largest;
      }
      case "own":
      case "borrow":
      case "error-context":
      case "stream":
      case "future":
        return OBJECT_HEADER + 4 * SLOT;
    }
  }

  /** One entry of a map. */
  mapEntry(key: ValueType, value: ValueType): number {
    return MAP_ENTRY + this.of(key) + this.of(value);
  }
}
