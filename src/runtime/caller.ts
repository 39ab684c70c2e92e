/** What a host function gets as its first argument. */
import type { Store } from "./store.ts";

/** The store whose guest calls. Source: wasmtime's `StoreContextMut`, as a host function gets it. */
export interface Caller<T> {
  /** What the store was made with. */
  readonly data: T;
  /** To look at its fuel, say, or to move its deadline. */
  readonly store: Store<T>;
}
