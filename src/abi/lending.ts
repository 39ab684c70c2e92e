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
  /** A variable that lasts from call to call. */
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
  const declare = handles.length === 0 ? "" : `let ${handles.join(", ")};`;
  const end = handles.map((h) => `${h}.lends--;`);
  const fail = handles.map((h) => `if (${h} !== undefined) ${h}.lends--;`).join(" ");
  if (type.params.some((param, i) => !lent.includes(i) && contains(param.type, "borrow"))) {
    return {
      state: "",
      begin: `${declare} const loans = cx.loans.length, scope = instance.beginScope();`,
      end: ["cx.checkBorrows();", "cx.endLoans(loans);", ...end, "instance.scope = scope;"],
      fail: `cx.endLoans(loans); ${fail} instance.scope = scope;`,
    };
  }
  if (handles.length === 0) return undefined;
  // A method of a guest's own resource gets the representation itself: there is no handle that it could keep.
  const resources = type.params.flatMap((param) =>
    param.type.kind === "borrow" ? [e.resource(param.type.resource)] : [],
  );
  return {
    state: `const foreign = cx.isForeign([${resources.join(", ")}]);`,
    begin: `${declare} const scope = foreign ? instance.beginScope() : undefined;`,
    end: ["if (foreign) { cx.checkBorrows(); instance.scope = scope; }", ...end],
    fail: `if (foreign) instance.scope = scope; ${fail}`,
  };
}

/** The parameters that are borrowed handles in registers, such as a method's `self`: no list of loans is kept for them. */
export function lentParams(signature: FlatSignature, type: FuncType): number[] {
  if (signature.paramsInMemory) return [];
  return type.params.flatMap((param, i) => (param.type.kind === "borrow" ? [i] : []));
}
