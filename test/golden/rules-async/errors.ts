import type { Error as DbError } from "./bindings/test/rules-async/db.js";

export function toGone(error: unknown): DbError | undefined {
  return error instanceof RangeError ? { tag: "gone" } : undefined;
}
