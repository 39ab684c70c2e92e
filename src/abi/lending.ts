/**
 * Emits what a call does about the handles that it borrows, so that all of them are given back when it ends.
 *
 * Source: CanonicalABI.md, `lift_borrow`, `lower_borrow` (`Subtask.add_lender`, `Task.num_borrows`).
 */
import type { FlatSignature } from "../model/flatten.ts";
import type { FuncType } from "../model/value-type.ts";
import { contains } from "./contains.ts";
import type { Emitter } from "./emitter.ts";

/** What a call by a guest does about the handles that it lends. */
export interface Borrowing {
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly begin: string;
  readonly end: readonly string[];
}

/** Undefined if `type` borrows nothing. A call that fails need end nothing: its store is poisoned. */
export function borrow(e: Emitter, signature: FlatSignature, type: FuncType): Borrowing | undefined {
  if (!type.params.some((param) => contains(param.type, "borrow"))) return undefined;
  const lent = lentParams(signature, type);
  const types = resourceTypes(e, lent, type);
  const hosts = types.map(([, value]) => `${value}.implementedBy === undefined`);
  // Only values of a guest's resources, and what is not in registers, leave something to be ended.
  const all = lent.length > 0 && !borrowsElsewhere(type, lent) ? hosts.join(" && ") : "false";
  return {
    variables: [...types, ["allOfHost", all]],
    begin: "const loans = cx.loans.length;",
    end: [...lent.map((i) => `h${i}.lends--;`), "if (!allOfHost) cx.endLoans(loans);"],
  };
}

/** An expression for the value that the callee is lent for the handle in `h`: if it is the host's own, the representation. */
export function borrowed(param: number): string {
  return `allOfHost ? h${param}.rep : t${param}.toBorrowed(h${param}.rep, cx.loans)`;
}

/** What a call of a guest does about the handles that it is lent. */
export interface Lending {
  /** Whether the guest may be given handles that it could keep. */
  readonly gives: boolean;
  /** What `end` and `fail` need. It calls nothing. */
  readonly declare: string;
  readonly begin: string;
  readonly end: readonly string[];
  /** Where the call has failed, at any point. */
  readonly fail: string;
}

/**
 * Undefined if `type` borrows nothing.
 *
 * @param foreign whether handles in registers may be of resources that other instances implement. A guest's own resource
 *   is passed to it as the representation itself: there is no handle that it could keep.
 */
export function lend(signature: FlatSignature, type: FuncType, foreign: boolean): Lending | undefined {
  const lent = lentParams(signature, type);
  const handles = lent.map((i) => `h${i}`);
  const declare = handles.length === 0 ? "" : `let ${handles.join(", ")};`;
  // What comes after may fail as well, and must not end it twice.
  const end = handles.map((h) => `${h}.lends--; ${h} = undefined;`);
  const fail = handles.map((h) => `if (${h} !== undefined) ${h}.lends--;`).join(" ");
  if (borrowsElsewhere(type, lent)) {
    return {
      gives: true,
      declare: `${declare} const loans = cx.loans.length, scope = instance.scope;`,
      begin: BEGIN,
      end: ["cx.checkBorrows();", "cx.endLoans(loans);", ...end, "instance.scope = scope;"],
      fail: `cx.endLoans(loans); ${fail} instance.scope = scope;`,
    };
  }
  if (handles.length === 0) return undefined;
  if (!foreign) return { gives: false, declare, begin: "", end, fail };
  return {
    gives: true,
    declare: `${declare} const scope = instance.scope;`,
    begin: BEGIN,
    end: ["cx.checkBorrows();", "instance.scope = scope;", ...end],
    fail: `instance.scope = scope; ${fail}`,
  };
}

const BEGIN = "instance.beginScope();";

/** Names and values of the resource types of the parameters `lent`: `t0` is that of `a0`. */
export function resourceTypes(e: Emitter, lent: readonly number[], type: FuncType): [string, string][] {
  return lent.flatMap((i): [string, string][] => {
    const param = type.params[i]?.type;
    return param?.kind === "borrow" ? [[`t${i}`, `cx.resources[${e.resource(param.resource)}]`]] : [];
  });
}

/** The parameters that are borrowed handles in registers, such as a method's `self`: no list of loans is kept for them. */
export function lentParams(signature: FlatSignature, type: FuncType): number[] {
  if (signature.paramsInMemory) return [];
  return type.params.flatMap((param, i) => (param.type.kind === "borrow" ? [i] : []));
}

function borrowsElsewhere(type: FuncType, lent: readonly number[]): boolean {
  return type.params.some((param, i) => !lent.includes(i) && contains(param.type, "borrow"));
}
