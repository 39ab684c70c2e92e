/** The functions that compiled glue calls by name, beside the methods of `LiftLowerContext`. */
import { isNativeError } from "node:util/types";
import { ComponentError } from "./component-error.ts";
import { AbiFault, BadValue } from "./faults.ts";
import { isChar, isTypedArray } from "./value-check.ts";

/** A value does not fit its type. */
function bad(): never {
  throw new BadValue();
}

function badDiscriminant(discriminant: number): never {
  throw new AbiFault("abi", `unexpected discriminant: ${discriminant >>> 0}`);
}

/** Source: `convert_i32_to_char`. */
function char(code: number): string {
  if (code >= 0x11_0000 || (code >= 0xd800 && code <= 0xdfff)) {
    throw new AbiFault("abi", `converted integer out of range for char: 0x${code.toString(16)}`);
  }
  return String.fromCodePoint(code);
}

/** Source: `char_to_i32`. */
function charCode(value: unknown): number {
  if (!isChar(value)) bad();
  return value.codePointAt(0) ?? 0;
}

const scratch = new DataView(new ArrayBuffer(8));

/** Source: `core_f32_reinterpret_i32`. */
function f32OfBits(bits: number): number {
  scratch.setInt32(0, bits, true);
  return scratch.getFloat32(0, true);
}

/** Source: `core_i32_reinterpret_f32`. */
function bitsOfF32(value: number): number {
  scratch.setFloat32(0, value, true);
  return scratch.getInt32(0, true);
}

/** Source: `core_f64_reinterpret_i64`. */
function f64OfBits(bits: bigint): number {
  scratch.setBigInt64(0, bits, true);
  return scratch.getFloat64(0, true);
}

/** Source: `core_i64_reinterpret_f64`. */
function bitsOfF64(value: number): bigint {
  scratch.setFloat64(0, value, true);
  return scratch.getBigInt64(0, true);
}

const getLength = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "length")?.get;

/** How many elements a typed array has: what is copied, whatever a property `length` of its own or of its class says. */
function lengthOf(value: object): number {
  try {
    return getLength?.call(value) as number;
  } catch {
    // Only its prototype is that of a typed array.
    return bad();
  }
}

/**
 * The payload of a declared error that a host function has thrown: of any object with a `payload`, or a bare
 * value that is no Error. Any other error is not for the guest, and is thrown on.
 */
function payloadOf(error: unknown): unknown {
  if (typeof error === "object" && error !== null) {
    if ("payload" in error) return error.payload;
    if (isNativeError(error) || error instanceof Error || error instanceof WebAssembly.Exception) throw error;
  }
  return error;
}

function throwError(payload: unknown): never {
  throw new ComponentError(payload);
}

/** By the names under which glue knows them. */
export const intrinsics = {
  bad,
  badDiscriminant,
  bitsOfF32,
  bitsOfF64,
  char,
  charCode,
  f32OfBits,
  f64OfBits,
  hasOwn: Object.hasOwn,
  isTypedArray,
  lengthOf,
  payloadOf,
  throwError,
} as const;
