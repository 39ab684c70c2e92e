/**
 * The core function types that `canon lift` and `canon lower` give and expect.
 *
 * Source: CanonicalABI.md, "Flattening", for 32-bit linear memories.
 */
import type { CoreFuncType, CoreValueType } from "../../model/extern-type.ts";
import type { FuncType, ValueType } from "../../model/value-type.ts";
import { MAX_FLAT_ASYNC_PARAMS, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from "../limits.ts";

type Flat = readonly CoreValueType[];

/** Flattens types, stopping where a type takes more core values than any signature can hold. */
export class Flattener {
  readonly #memo = new Map<ValueType, Flat | undefined>();

  /** The core types that a value takes, or undefined if they are more than `MAX_FLAT_PARAMS`. */
  flatten(type: ValueType): Flat | undefined {
    if (!this.#memo.has(type)) {
      this.#memo.set(type, this.#compute(type));
    }
    return this.#memo.get(type);
  }

  /** As `flatten`, for values that stand side by side. */
  flattenAll(types: Iterable<ValueType>): Flat | undefined {
    const flat: CoreValueType[] = [];
    for (const type of types) {
      const part = this.flatten(type);
      if (part === undefined || flat.length + part.length > MAX_FLAT_PARAMS) {
        return undefined;
      }
      flat.push(...part);
    }
    return flat;
  }

  #compute(type: ValueType): Flat | undefined {
    switch (type.kind) {
      case "s64":
      case "u64":
        return ["i64"];
      case "f32":
      case "f64":
        return [type.kind];
      case "string":
      case "list":
      case "map":
        return ["i32", "i32"];
      case "record":
        return this.flattenAll(type.fields.map((field) => field.type));
      case "tuple":
        return this.flattenAll(type.elements);
      case "fixed-length-list":
        return this.#repeat(type.element, type.length);
      case "variant":
        return this.#variant(type.cases.map((c) => c.type));
      case "option":
        return this.#variant([undefined, type.some]);
      case "result":
        return this.#variant([type.ok, type.err]);
      default:
        return ["i32"];
    }
  }

  #repeat(type: ValueType, times: number): Flat | undefined {
    const part = this.flatten(type);
    if (part === undefined || part.length * times > MAX_FLAT_PARAMS) {
      return undefined;
    }
    return Array.from({ length: times }, () => part).flat();
  }

  #variant(payloads: readonly (ValueType | undefined)[]): Flat | undefined {
    const joined: CoreValueType[] = [];
    for (const payload of payloads) {
      const flat = payload === undefined ? [] : this.flatten(payload);
      if (flat === undefined) {
        return undefined;
      }
      flat.forEach((type, i) => {
        const other = joined[i];
        joined[i] = other === undefined ? type : join(other, type);
      });
    }
    return joined.length + 1 > MAX_FLAT_PARAMS ? undefined : ["i32", ...joined];
  }
}

function join(a: CoreValueType, b: CoreValueType): CoreValueType {
  if (a === b) {
    return a;
  }
  const floatAsInt = (a === "i32" && b === "f32") || (a === "f32" && b === "i32");
  return floatAsInt ? "i32" : "i64";
}

/** What a function's core signature is, and what passing its values needs. */
export interface Lowering {
  readonly type: CoreFuncType;
  /** Parameters that are passed in memory, because they do not fit into core values. */
  readonly indirectParams: boolean;
  /** A result that is passed in memory. */
  readonly indirectResult: boolean;
}

export interface LoweringForm {
  readonly direction: "lift" | "lower";
  readonly async: boolean;
  readonly callback: boolean;
}

/** `flatten_functype`. */
export function flattenFuncType(type: FuncType, form: LoweringForm, flattener: Flattener): Lowering {
  const most = form.async && form.direction === "lower" ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS;
  const flatParams = flattener.flattenAll(type.params.map((param) => param.type));
  const flatResults = type.result === undefined ? [] : flattener.flatten(type.result);
  const indirectParams = flatParams === undefined || flatParams.length > most;
  const params = indirectParams ? ["i32"] : [...flatParams];
  if (form.async) {
    if (form.direction === "lift") {
      return {
        type: { params, results: form.callback ? ["i32"] : [] },
        indirectParams,
        indirectResult: false,
      };
    }
    const indirectResult = flatResults === undefined || flatResults.length > 0;
    return {
      type: { params: indirectResult ? [...params, "i32"] : params, results: ["i32"] },
      indirectParams,
      indirectResult,
    };
  }
  if (flatResults !== undefined && flatResults.length <= MAX_FLAT_RESULTS) {
    return { type: { params, results: flatResults }, indirectParams, indirectResult: false };
  }
  return {
    type:
      form.direction === "lift" ? { params, results: ["i32"] } : { params: [...params, "i32"], results: [] },
    indirectParams,
    indirectResult: true,
  };
}
