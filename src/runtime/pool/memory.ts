/** Linear memories as objects: modules import the memories that they define, so that the engine can supply them. */
import type { DefinedLimits } from "../../instrument/index.ts";
import { LimitError } from "../errors.ts";
import { KiB } from "../units.ts";

/** Bytes of a page. */
export const PAGE = 64 * KiB;

/** Pages that a memory can have at most, by the type of its addresses: V8's bound, for those of 64 bits. */
const MAX_PAGES = 65_536;
const MAX_PAGES_64 = 262_144;

/** The size beyond which a memory cannot grow, in pages. */
export function maximumPages({ max, is64 }: DefinedLimits): number {
  const bound = is64 ? MAX_PAGES_64 : MAX_PAGES;
  return max === undefined || max > BigInt(bound) ? bound : Number(max);
}

export function pagesOf(memory: WebAssembly.Memory): number {
  return memory.buffer.byteLength / PAGE;
}

/**
 * A new memory, zeroed.
 *
 * @throws LimitError if V8 has no room for it.
 */
export function makeMemory(type: DefinedLimits): WebAssembly.Memory {
  try {
    return construct(type);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new LimitError(
      "address-space",
      `V8 cannot make a memory of ${type.min} pages (${error.message}): dispose of stores that are done`,
    );
  }
}

/** A declared maximum stays one: another module may import the memory only if it has it. */
function construct(type: DefinedLimits): WebAssembly.Memory {
  const { min, max, is64 } = type;
  const maximum = max === undefined ? undefined : maximumPages(type);
  return is64
    ? new WebAssembly.Memory({
        address: "i64",
        initial: min,
        ...(maximum !== undefined && { maximum: BigInt(maximum) }),
      })
    : new WebAssembly.Memory({ initial: Number(min), ...(maximum !== undefined && { maximum }) });
}
