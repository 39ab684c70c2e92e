/** The log of calls. */
import type { Arguments, DoubleShape, FunctionName, Returns, Self } from "./shape.ts";

/** One call, as the log has it. */
export type Call<S extends DoubleShape> = { [K in FunctionName<S>]: CallOf<S, K> }[FunctionName<S>];

/** A call of one function: `name` tells which, and so the types of all else. */
export interface CallOf<S extends DoubleShape, K extends FunctionName<S>> {
  /** What the component calls the interface: "amal:obs/metrics@0.1.0"; for a world's own functions, the world. */
  readonly interface: string;
  readonly name: K;
  readonly args: Arguments<S["functions"][K]>;
  /** The object, of a method that is called on one, or of a drop. */
  readonly self?: Self<S, K>;
  /** What has come back, once it has: for a promise, what it holds. */
  readonly result?: Awaited<Returns<S["functions"][K]>>;
  /** What was thrown, if anything was. */
  readonly error?: unknown;
}

/** A call of a function whose types are not known. */
export interface AnyCall {
  readonly interface: string;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly self?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** The calls of several doubles. */
export type CallsOf<D extends object> = {
  [K in keyof D]: D[K] extends { readonly calls: readonly (infer C)[] } ? C : never;
}[keyof D];
