/**
 * The core function types that `canon lift` and `canon lower` give and expect.
 *
 * Source: CanonicalABI.md, "Flattening", for 32-bit linear memories.
 */
import type { CoreFuncType } from "../../model/extern-type.ts";
import { type Flattening, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from "../../model/flatten.ts";
import type { FuncType } from "../../model/value-type.ts";
import { MAX_FLAT_ASYNC_PARAMS } from "../limits.ts";

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
export function flattenFuncType(type: FuncType, form: LoweringForm, flattening: Flattening): Lowering {
  const most = form.async && form.direction === "lower" ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS;
  const flatParams = flattening.all(type.params.map((param) => param.type));
  const flatResults = type.result === undefined ? [] : flattening.of(type.result);
  const indirectParams = flatParams.length > most;
  const params = indirectParams ? ["i32"] : [...flatParams];
  if (form.async) {
    if (form.direction === "lift") {
      return {
        type: { params, results: form.callback ? ["i32"] : [] },
        indirectParams,
        indirectResult: false,
      };
    }
    const indirectResult = flatResults.length > 0;
    return {
      type: { params: indirectResult ? [...params, "i32"] : params, results: ["i32"] },
      indirectParams,
      indirectResult,
    };
  }
  if (flatResults.length <= MAX_FLAT_RESULTS) {
    return { type: { params, results: flatResults }, indirectParams, indirectResult: false };
  }
  return {
    type:
      form.direction === "lift" ? { params, results: ["i32"] } : { params: [...params, "i32"], results: [] },
    indirectParams,
    indirectResult: true,
  };
}
