/**
 * Emits what a call does about the handles that it borrows, so that all of them are given back when it ends.
 *
 * Source: CanonicalABI.md, `lift_borrow`, `lower_borrow` (`Subtask.add_lender`, `Task.num_borrows`).
 */
import type { FlatSignature } from "../model/flatten.ts";
import type { FuncType } from "../model/value-type.ts";
import type { Emitter } from "./emitter.ts";
import { contains } from "./type-parts.ts";

/** What a call of a guest does about the handles that it is lent. */
export interface Lending {
  /** Constants that last from call to call; one is `foreign`: whether the guest may be given handles that it could keep. */
  readonly state: string;
  readonly begin: string;
  readonly end: readonly string[];
  /** Where the call has failed, at any point. */
  readonly fail: string;
}

/** Undefined if `type` borrows nothing. */
export function lend(e: Emitter, signature: FlatSignature, type: FuncType): Lending | undefined {
  const lent = lentParams(signature, type);
  const handles = lent.map((i) => `h${i}`);
  const types = resourceTypes(e, signature, type);
  const declare = handles.length === 0 ? "" : `let ${handles.join(", ")};`;
  const end = handles.map((h) => `${h}.lends--;`);
  const fail = handles.map((h) => `if (${h} !== undefined) ${h}.lends--;`).join(" ");
  if (type.params.some((param, i) => !lent.includes(i) && contains(param.type, "borrow"))) {
    return {
      state: `${types}\nconst foreign = true;`,
      begin: `${declare} const loans = cx.loans.length, scope = instance.beginScope();`,
      end: ["cx.checkBorrows();", "cx.endLoans(loans);", ...end, "instance.scope = scope;"],
      fail: `cx.endLoans(loans); ${fail} instance.scope = scope;`,
    };
  }
  if (handles.length === 0) return undefined;
  return {
    // A method of a guest's own resource gets the representation itself: there is no handle that it could keep.
    state: `${types}\nconst foreign = ${lent.map((i) => `t${i}.implementedBy !== instance`).join(" || ")};`,
    begin: `${declare} const scope = foreign ? instance.beginScope() : undefined;`,
    end: ["if (foreign) { cx.checkBorrows(); instance.scope = scope; }", ...end],
    fail: `if (foreign) instance.scope = scope; ${fail}`,
  };
}

/** Constants for the resource types of the parameters that are borrowed handles in registers: `t0` is that of `a0`. */
export function resourceTypes(e: Emitter, signature: FlatSignature, type: FuncType): string {
  return lentParams(signature, type)
    .map((i) => {
      const { type: param } = type.params[i] as FuncType["params"][number];
      return param.kind === "borrow" ? `const t${i} = cx.resources[${e.resource(param.resource)}];` : "";
    })
    .join("\n");
}

/** The parameters that are borrowed handles in registers, such as a method's `self`: no list of loans is kept for them. */
export function lentParams(signature: FlatSignature, type: FuncType): number[] {
  if (signature.paramsInMemory) return [];
  return type.params.flatMap((param, i) => (param.type.kind === "borrow" ? [i] : []));
}
