/**
 * The places in wasm code that the stack of an error names.
 */
import type { CodeLocation } from "../../src/instrument/index.ts";

/** As V8 prints them, innermost first. */
export function stackPlaces(error: unknown): CodeLocation[] {
  if (!(error instanceof Error)) return [];
  return Array.from(
    (error.stack ?? "").matchAll(/wasm-function\[(\d+)\]:0x([0-9a-f]+)/g),
    ([, index, offset]) => ({
      functionIndex: Number(index),
      offset: Number.parseInt(offset ?? "", 16),
    }),
  );
}
