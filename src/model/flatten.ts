/**
 * How values travel as core wasm values: the flattening of types and of function types.
 *
 * Source: CanonicalABI.md, "Flattening". Pointers are `i32`.
 */

import { casesOf, fieldTypesOf, type VariantLike } from "./layout.ts";
import type { FuncType, ValueType } from "./value-type.ts";

/** Core values in which parameters, or a result, travel before they go through memory. */
export const MAX_FLAT_PARAMS = 16;
export const MAX_FLAT_RESULTS = 1;

export type FlatType = "i32" | "i64" | "f32" | "f64";

export interface FlatSignature {
  readonly params: readonly FlatType[];
  readonly results: readonly FlatType[];
  /** The parameters lie in memory, behind one pointer. */
  readonly paramsInMemory: boolean;
  /** The result lies in memory, behind a pointer that is returned (lift) or passed as the last parameter (lower). */
  readonly resultInMemory: boolean;
}

/** The smallest type that holds both (`join`). */
export function join(a: FlatType, b: FlatType): FlatType {
  if (a === b) return a;
  if ((a === "i32" && b === "f32") || (a === "f32" && b === "i32")) return "i32";
  return "i64";
}

/** More values than can ever travel flat: longer flattenings are cut here, so that none is huge. */
const ENOUGH = MAX_FLAT_PARAMS + 1;

const I32: readonly FlatType[] = ["i32"];
const I64: readonly FlatType[] = ["i64"];
const F32: readonly FlatType[] = ["f32"];
const F64: readonly FlatType[] = ["f64"];
const POINTER_PAIR: readonly FlatType[] = ["i32", "i32"];

/** The flattenings of a set of types, each computed once however often it is shared. */
export class Flattening {
  readonly #known = new Map<ValueType, readonly FlatType[]>();

  /** The core types of a value, cut off after 17 of them. Source: `flatten_type`. */
  of(type: ValueType): readonly FlatType[] {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const flat = this.#compute(type);
    this.#known.set(type, flat);
    return flat;
  }

  /** Source: `flatten_types`. */
  all(types: readonly ValueType[]): readonly FlatType[] {
    const flat: FlatType[] = [];
    for (const type of types) {
      flat.push(...this.of(type));
      if (flat.length >= ENOUGH) break;
    }
    return flat.slice(0, ENOUGH);
  }

  /** Source: `flatten_functype`, for synchronous functions. */
  signature(type: FuncType, context: "lift" | "lower"): FlatSignature {
    const flatParams = this.all(type.params.map((p) => p.type));
    const flatResults = type.result === undefined ? [] : this.of(type.result);
    const paramsInMemory = flatParams.length > MAX_FLAT_PARAMS;
    const resultInMemory = flatResults.length > MAX_FLAT_RESULTS;
    const params = paramsInMemory ? I32 : flatParams;
    if (!resultInMemory) return { params, results: flatResults, paramsInMemory, resultInMemory };
    return context === "lift"
      ? { params, results: I32, paramsInMemory, resultInMemory }
      : { params: [...params, "i32"], results: [], paramsInMemory, resultInMemory };
  }

  #compute(type: ValueType): readonly FlatType[] {
    switch (type.kind) {
      case "bool":
      case "s8":
      case "u8":
      case "s16":
      case "u16":
      case "s32":
      case "u32":
      case "char":
      case "flags":
      case "error-context":
      case "own":
      case "borrow":
      case "stream":
      case "future":
        return I32;
      case "s64":
      case "u64":
        return I64;
      case "f32":
        return F32;
      case "f64":
        return F64;
      case "string":
      case "list":
      case "map":
        return POINTER_PAIR;
      case "fixed-length-list": {
        const element = this.of(type.element);
        const flat: FlatType[] = [];
        for (let i = 0; i < type.length && flat.length < ENOUGH; i++) flat.push(...element);
        return flat.slice(0, ENOUGH);
      }
      case "record":
      case "tuple":
        return this.all(fieldTypesOf(type));
      case "variant":
      case "enum":
      case "option":
      case "result":
        return this.#variant(type);
    }
  }

  /** Source: `flatten_variant`. */
  #variant(type: VariantLike): readonly FlatType[] {
    const joined: FlatType[] = ["i32"];
    for (const payload of casesOf(type)) {
      if (payload === undefined) continue;
      const flat = this.of(payload);
      for (let i = 0; i < flat.length && i + 1 < ENOUGH; i++) {
        const have = joined[i + 1];
        const more = flat[i];
        if (more === undefined) break;
        joined[i + 1] = have === undefined ? more : join(have, more);
      }
    }
    return joined;
  }
}
