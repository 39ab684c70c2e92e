/**
 * What compiled glue asks of the store that it runs in.
 *
 * The glue knows types and memory; who may call, what a failure ends, and what is thrown to whom is the
 * runtime's business. One `Guard` serves all glue of a store.
 */
import type { FuncType } from "../model/value-type.ts";
import type { InstanceState } from "./instance-state.ts";

/** How far a call had come when something was thrown. */
export const PHASE = {
  /** Lifting the arguments of a host call, or lowering those of a guest call. */
  arguments: 0,
  /** In the function that was called. */
  call: 1,
  /** Lowering the result of a host call, or lifting that of a guest call. */
  result: 2,
  /** As `result`, for the payload of a declared error. */
  error: 3,
  /** In the post-return function. */
  postReturn: 4,
} as const;

export type Phase = (typeof PHASE)[keyof typeof PHASE];

/** Whether there is something to look at when a host function returns. */
export const ATTENTION = {
  nothing: 0,
  /** A deadline: every so many returns of a function will do, as `attend` says. */
  deadline: 1,
  /** Something that has just happened: at the very next return. */
  now: 2,
} as const;

export type Attention = (typeof ATTENTION)[keyof typeof ATTENTION];

/** Which function a piece of glue belongs to. */
export interface CallSite {
  /** As messages show it: "amal:obs/metrics.counter". */
  readonly name: string;
  readonly type: FuncType;
  /** Who does the work. What a component throws is never the host's fault. */
  readonly callee: "host" | "component";
  /** For a call by another component: the innermost instance that contains, or is, both the caller and the callee. */
  readonly within?: InstanceState | undefined;
}

export interface Guard {
  attention: Attention;
  /**
   * Looks at it. Throws if the guest may not go on. Returns how many returns of the same host function may pass before
   * it is called again, if `attention` is `deadline` all the while.
   */
  attend(): number;
  /** True if `payForBytes` does anything. */
  readonly bytesCostFuel: boolean;
  /**
   * The guest pays for what the glue is about to move across its border. Throws if it cannot.
   *
   * @param bytes of the host's memory, for what a guest passes (as `hostcallFuel` counts them); of the guest's own, for what it is given.
   */
  payForBytes(bytes: number): void;
  /** A host function that returns nothing has returned this. Throws if it is a promise. */
  unexpected(result: unknown): void;
  /**
   * Ends a host call that failed, by a trap that the guest cannot catch.
   *
   * @param value what was being lowered when `phase` is `result` or `error`.
   */
  hostCallFailed(error: unknown, site: CallSite, phase: Phase, value: unknown): never;
  /** The host passes more arguments than the function has parameters. Throws. */
  tooManyArguments(site: CallSite, given: number): never;
  /**
   * Begins a call by the host. Throws if the store is not fit to run, or the instance is running.
   *
   * Glue does without it for an instance that has no parent, and whose `mayEnter` is true: the guard closes it as soon
   * as the store is not fit to run.
   */
  enter(instance: InstanceState): void;
  /** Ends a call by the host that returned. */
  leave(instance: InstanceState): void;
  /**
   * Begins a call by another component. Throws if an instance that it enters is running.
   *
   * @param within what the caller and `instance` are both inside of, so that it is entered already.
   */
  enterFromComponent(instance: InstanceState, within: InstanceState | undefined): void;
  /** Ends a call by another component that returned. */
  leaveToComponent(instance: InstanceState, within: InstanceState | undefined): void;
  /** What to throw when a call by the host failed. `args` are the caller's. */
  guestCallFailed(
    error: unknown,
    site: CallSite,
    phase: Phase,
    args: readonly unknown[],
    instance: InstanceState,
  ): unknown;
}
