/**
 * The `metadata.code.branch_hint` section: the guest's hints, and those that keep checks out of line.
 *
 * Source: the branch-hinting proposal. Offsets count from the start of a function's body, locals
 * included. The section is custom: one that is not well formed is dropped, as engines do.
 */
import { MalformedComponentError } from "../model/errors.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { ByteReader } from "./byte-reader.ts";

export const BRANCH_HINT_SECTION = "metadata.code.branch_hint";

/** Whether a custom section says something about instructions at offsets of the code. */
export function isCodeMetadata(name: string): boolean {
  return name.startsWith("metadata.code.");
}

/** The guest's hints of one function: offsets ascending. */
interface FunctionHints {
  readonly offsets: readonly number[];
  readonly values: readonly number[];
}

export class BranchHints {
  readonly #guest: ReadonlyMap<number, FunctionHints>;
  readonly #mapFunction: (index: number) => number;
  /** The encoded entries of the functions so far, and how many those are. */
  readonly #functions = new ByteBuffer(1024);
  #functionCount = 0;
  /** The encoded hints of the current function. */
  readonly #current = new ByteBuffer(1024);
  #currentCount = 0;
  #currentIndex = 0;
  #pending: FunctionHints | undefined;
  #pendingAt = 0;
  /** The offset of the guest's next hint in the current function; past the end if there is none. */
  next = Number.POSITIVE_INFINITY;

  constructor(guest: Uint8Array | undefined, mapFunction: (index: number) => number) {
    this.#guest = guest ? readHints(guest) : new Map();
    this.#mapFunction = mapFunction;
  }

  startFunction(index: number): void {
    this.#currentIndex = index;
    this.#pending = this.#guest.size > 0 ? this.#guest.get(index) : undefined;
    this.restartFunction();
  }

  /** Drops the hints of the current function: it is rewritten once more. */
  restartFunction(): void {
    this.#current.length = 0;
    this.#currentCount = 0;
    this.#pendingAt = 0;
    this.next = this.#pending?.offsets[0] ?? Number.POSITIVE_INFINITY;
  }

  /** The guest's hint for the branch at `offset`, or -1. Hints that point between instructions are passed over. */
  take(offset: number): number {
    const pending = this.#pending;
    if (!pending) return -1;
    let value = -1;
    while (this.next <= offset) {
      if (this.next === offset) value = pending.values[this.#pendingAt] ?? -1;
      this.next = pending.offsets[++this.#pendingAt] ?? Number.POSITIVE_INFINITY;
    }
    return value;
  }

  /** A hint for the branch at `offset` of the rewritten body: 0 for unlikely, 1 for likely. */
  add(offset: number, value: number): void {
    this.#current.u32(offset);
    this.#current.u8(1);
    this.#current.u8(value);
    this.#currentCount++;
  }

  endFunction(): void {
    if (this.#currentCount === 0) return;
    this.#functions.u32(this.#mapFunction(this.#currentIndex));
    this.#functions.u32(this.#currentCount);
    this.#functions.copy(this.#current.bytes, 0, this.#current.length);
    this.#functionCount++;
  }

  /** The content of the section, its name included; undefined if there are no hints. */
  section(): ByteBuffer | undefined {
    if (this.#functionCount === 0) return undefined;
    const out = new ByteBuffer(this.#functions.length + 64);
    out.name(BRANCH_HINT_SECTION);
    out.u32(this.#functionCount);
    out.copy(this.#functions.bytes, 0, this.#functions.length);
    return out;
  }
}

function readHints(content: Uint8Array): Map<number, FunctionHints> {
  const hints = new Map<number, FunctionHints>();
  const reader = new ByteReader(content);
  try {
    for (let functions = reader.u32(); functions > 0; functions--) {
      const index = reader.u32();
      const offsets: number[] = [];
      const values: number[] = [];
      let last = -1;
      for (let count = reader.u32(); count > 0; count--) {
        const offset = reader.u32();
        const size = reader.u32();
        const value = reader.u8();
        if (offset <= last || size !== 1 || value > 1) return new Map();
        last = offset;
        offsets.push(offset);
        values.push(value);
      }
      hints.set(index, { offsets, values });
    }
  } catch (error) {
    if (error instanceof MalformedComponentError) return new Map();
    throw error;
  }
  return hints;
}
