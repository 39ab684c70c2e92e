/**
 * Functions that a component exports.
 *
 * Source: wasmtime's `component::Func` and `TypedFunc`.
 */
import type { HostFunction } from "../abi/compile.ts";
import type { FuncType } from "../model/value-type.ts";
import { needsAsyncSupport } from "./async-support.ts";

/** A function of a guest, seen with the TypeScript types that its WIT type has. */
export interface TypedFunc<Args extends readonly unknown[], Result> {
  /** Its WIT type. */
  readonly type: FuncType;
  /**
   * Calls the guest. Arguments are checked against their WIT types.
   *
   * @throws ComponentError with the `err` of a function that returns a `result`.
   * @throws ValueError if an argument does not fit; the guest has not run then, and the store stays usable.
   * @throws Trap if the guest was stopped; the store is poisoned then.
   * @throws StorePoisonedError, StoreDisposedError, ConfigError if the store is not fit to run.
   */
  call(...args: Args): Result;
  /** Not in this version. Rejects with an `UnsupportedError`. */
  callAsync(...args: Args): Promise<Result>;
}

/** An exported function whose types are known at run time only. */
export class Func implements TypedFunc<unknown[], unknown> {
  /** Its WIT type. */
  readonly type: FuncType;
  /** See `TypedFunc`. A property of its own, not a method: it is the compiled glue itself, with nothing in between. */
  readonly call: (...args: unknown[]) => unknown;

  /** @internal */
  constructor(type: FuncType, call: HostFunction) {
    this.type = type;
    this.call = call;
  }

  /** Not in this version. Rejects with an `UnsupportedError`. */
  callAsync(..._args: unknown[]): Promise<unknown> {
    return Promise.reject(needsAsyncSupport("callAsync", "use call"));
  }
}
