/** The errors of the runtime other than traps. */
import { HostwrightError } from "../model/errors.ts";

/** A component and a linker do not fit together. */
export class LinkError extends HostwrightError {
  override readonly name = "LinkError";
  readonly code = "link";
  /** What the component imports and the linker does not define: ["amal:obs/metrics@0.1.0", "counter"]. */
  readonly missing: readonly (readonly string[])[];
  /** What the linker defines as something else than the component imports. */
  readonly mismatched: readonly (readonly string[])[];

  constructor(
    message: string,
    imports: { readonly missing?: LinkError["missing"]; readonly mismatched?: LinkError["mismatched"] } = {},
  ) {
    super(message);
    this.missing = imports.missing ?? [];
    this.mismatched = imports.mismatched ?? [];
  }
}

/**
 * A component needs more than the store's limits allow before it has even started: it was not instantiated,
 * and the store is as it was. (A guest that exceeds a limit while it runs ends in a `Trap`.)
 */
export class LimitError extends HostwrightError {
  override readonly name: "LimitError" | "PoolConcurrencyLimitError" = "LimitError";
  readonly code: "limit" | "pool-concurrency-limit" = "limit";
  /** The option that stands in the way: "memorySize" of `StoreLimits`, or "pooling.totalMemories" of the Engine. */
  readonly limit: string;

  constructor(limit: string, message: string) {
    super(message);
    this.limit = limit;
  }
}

/**
 * There is no room in the engine's pool now, and there will be when other stores are disposed of: try again, or wait with
 * `instantiateAsync`. What never fits is a plain `LimitError`.
 *
 * Source: wasmtime's `PoolConcurrencyLimitError`.
 */
export class PoolConcurrencyLimitError extends LimitError {
  override readonly name = "PoolConcurrencyLimitError";
  override readonly code = "pool-concurrency-limit";
}

/**
 * The store was used after a trap. What a trap leaves behind is not consistent, so nothing in its store can be
 * used any more; `cause` is the trap.
 */
export class StorePoisonedError extends HostwrightError {
  override readonly name = "StorePoisonedError";
  readonly code = "store-poisoned";
}

/** The store was used after it had been disposed of. */
export class StoreDisposedError extends HostwrightError {
  override readonly name = "StoreDisposedError";
  readonly code = "store-disposed";
}
