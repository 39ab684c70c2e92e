/** What a host's own errors are to a guest. */
import type { Denied } from "./bindings/test/rules-error-map/disk.js";
import type { Error as WitError } from "./bindings/test/rules-error-map/types.js";

export class DiskError extends Error {
  readonly kind: "missing" | "locked";
  constructor(kind: "missing" | "locked") {
    super(kind);
    this.kind = kind;
  }
}

export function toError(error: unknown): WitError | undefined {
  if (!(error instanceof DiskError)) return undefined;
  return error.kind === "missing" ? "not-found" : "busy";
}

export default function toDenied(error: unknown): Denied | undefined {
  return error instanceof RangeError ? { by: error.message } : undefined;
}
