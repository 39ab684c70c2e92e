/**
 * Where the rewriting of a function body stands in the input and in the output: input is copied in
 * runs, up to where something changes.
 */
import type { ByteBuffer } from "./byte-buffer.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { PositionTrace } from "./position-trace.ts";

export class BodyWriter {
  readonly reader: ByteReader;
  readonly out: ByteBuffer;
  /** Input before this offset has been written out. */
  copied = 0;
  /** Where the body (its locals) starts in the input, and in the output. */
  start = 0;
  outStart = 0;
  /** Notes what becomes of each instruction, where somebody wants to know. */
  readonly #trace: PositionTrace | undefined;

  constructor(reader: ByteReader, out: ByteBuffer, trace: PositionTrace | undefined) {
    this.reader = reader;
    this.out = out;
    this.#trace = trace;
  }

  /** Starts the body that the reader is at. */
  begin(): void {
    this.start = this.reader.pos;
    this.copied = this.start;
    this.outStart = this.out.length;
  }

  /** Writes out the input before `at`. */
  copyTo(at: number): void {
    if (at > this.copied) {
      this.#trace?.run(this.out.length, this.copied, at - this.copied);
      this.out.copy(this.reader.bytes, this.copied, at);
      this.copied = at;
    }
  }

  /** Writes out the input before `at`, and passes over that from there to the reader: something else takes its place. */
  replace(at: number): ByteBuffer {
    this.copyTo(at);
    this.mark(at);
    this.copied = this.reader.pos;
    return this.out;
  }

  /** What is written from here on stands for the instruction at `at`. */
  mark(at: number): void {
    this.#trace?.mark(this.out.length, at);
  }

  /** Replaces the instruction at `at`, an opcode and an index. */
  replaceIndex(at: number, opcode: number, index: number, mapped: number): void {
    if (index === mapped) return;
    const out = this.replace(at);
    out.u8(opcode);
    out.u32(mapped);
  }

  /** Reads an index that must be below `count`. */
  index(count: number, what: string): number {
    const at = this.reader.pos;
    const index = this.reader.u32();
    if (index >= count) this.reader.fail(`${what} index out of range`, at);
    return index;
  }
}
