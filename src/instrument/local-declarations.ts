/**
 * The locals of the function being rewritten, with room made for the count.
 *
 * Where the count is a parameter, it takes the index of the guest's first local, which moves to the
 * end: so no other local changes its index.
 */
import type { BodyWriter } from "./body-writer.ts";
import { skipValueType, unsupported } from "./types.ts";

/** V8's limit on the locals of a function, parameters included. */
const MAX_LOCALS = 50_000;
const I32 = 0x7f;
const I64 = 0x7e;

export interface LocalsOptions {
  /** The guest's own parameters. */
  readonly params: number;
  /** The function keeps a count. */
  readonly counts: boolean;
  readonly countIsParam: boolean;
  /** The function needs an i32 to hold a table index. */
  readonly needsScratch: boolean;
}

export class LocalDeclarations {
  readonly #writer: BodyWriter;
  readonly #typeCount: number;
  /** How many locals the guest may name, parameters included. */
  guestCount = 0;
  /** The local that holds the count. */
  count = 0;
  /** An i32 local for a table index. */
  scratch = 0;
  /** The guest's local that moved, or -1, and where it is now. */
  moved = -1;
  movedTo = 0;

  constructor(writer: BodyWriter, typeCount: number) {
    this.#writer = writer;
    this.#typeCount = typeCount;
  }

  /** Reads the declarations at the reader, and writes them with what is added. */
  rewrite({ params, counts, countIsParam, needsScratch }: LocalsOptions): void {
    const { reader, out } = this.#writer;
    const start = reader.pos;
    const groups = reader.u32();
    const groupsStart = reader.pos;
    // The guest's first local: where its group's type starts and ends, and how many locals that group has.
    let firstCount = 0;
    let firstAt = groupsStart;
    let firstTypeAt = 0;
    let firstEnd = 0;
    let total = params;
    for (let i = 0; i < groups; i++) {
      const groupAt = reader.pos;
      const count = reader.u32();
      const typeAt = reader.pos;
      skipValueType(reader, this.#typeCount);
      if (count > 0 && firstCount === 0) {
        [firstCount, firstAt, firstTypeAt, firstEnd] = [count, groupAt, typeAt, reader.pos];
      }
      total += count;
      if (total > MAX_LOCALS) reader.fail(`more than ${MAX_LOCALS} locals`, start);
    }
    this.guestCount = total;
    this.moved = -1;
    if (!counts) return;

    const added = needsScratch ? 2 : 1;
    if (total + added > MAX_LOCALS) {
      unsupported(`a function with ${total} locals in a metered module`, start);
    }
    const moves = countIsParam && firstCount > 0;
    const ownGroups = (countIsParam ? 0 : 1) + (moves ? 1 : 0) + (needsScratch ? 1 : 0);
    out.u32(groups + ownGroups);
    if (moves) {
      out.copy(reader.bytes, groupsStart, firstAt);
      out.u32(firstCount - 1);
      out.copy(reader.bytes, firstTypeAt, reader.pos);
      out.u32(1);
      out.copy(reader.bytes, firstTypeAt, firstEnd);
      this.moved = params;
      this.movedTo = total;
    } else {
      out.copy(reader.bytes, groupsStart, reader.pos);
    }
    if (countIsParam) {
      this.count = params;
    } else {
      out.u32(1);
      out.u8(I64);
      this.count = total;
    }
    if (needsScratch) {
      out.u32(1);
      out.u8(I32);
      this.scratch = total + 1;
    }
    this.#writer.copied = reader.pos;
  }
}
