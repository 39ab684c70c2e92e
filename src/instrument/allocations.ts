/**
 * Operators that allocate on V8's heap pay for the bytes out of a count of their own: when a slice of
 * it is used up, the host looks whether there is room for more. V8 ends the whole process when its
 * heap is full, and there is no other way to notice in time.
 */
import type { BodyWriter } from "./body-writer.ts";
import type { Calls } from "./calls.ts";
import { type Helpers, OBJECT_BYTES } from "./helpers.ts";
import type { ModuleLayout } from "./module-layout.ts";

/** An exception takes this, besides what it carries. */
const EXCEPTION_BYTES = 256;

export interface AllocationsOptions {
  readonly layout: ModuleLayout;
  readonly helpers: Helpers;
  readonly writer: BodyWriter;
  readonly calls: Calls;
  readonly limitHeap: boolean;
}

export class Allocations {
  readonly #options: AllocationsOptions;

  constructor(options: AllocationsOptions) {
    this.#options = options;
  }

  /** Before `struct.new*` of type `type`, or `array.new_fixed` of `count` elements, at `at`. */
  object(at: number, type: number, count = 1): void {
    const size = this.#options.layout.types.sizes[type] as number;
    this.#fixed(at, OBJECT_BYTES + size * count);
  }

  /** Before `array.new*`, whose last operand is the length. */
  array(at: number, type: number): void {
    const { calls, helpers, layout, limitHeap, writer } = this.#options;
    if (!limitHeap) return;
    const target = helpers.allocateArray(layout.types.sizes[type] as number);
    calls.exactly(at);
    writer.copyTo(at);
    writer.mark(at);
    writer.out.u8(0x10); // call
    writer.out.u32(target);
  }

  exception(at: number): void {
    this.#fixed(at, EXCEPTION_BYTES);
  }

  #fixed(at: number, bytes: number): void {
    const { calls, helpers, limitHeap, writer } = this.#options;
    if (!limitHeap) return;
    calls.exactly(at);
    writer.copyTo(at);
    writer.mark(at);
    const { out } = writer;
    out.u8(0x42); // i64.const
    out.s64(BigInt(bytes));
    out.u8(0x10); // call
    out.u32(helpers.allocate());
  }
}
