/**
 * A growable output buffer for wasm binaries.
 */

import { UnsupportedError } from "../model/errors.ts";

export class ByteBuffer {
  /** The storage; only the first `length` bytes count. Replaced when it grows. */
  bytes: Uint8Array;
  length = 0;

  constructor(capacity = 256) {
    this.bytes = allocate(Math.max(capacity, 64));
  }

  /** Makes room for `extra` more bytes. */
  reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.bytes.length) return;
    const grown = allocate(Math.max(needed, Math.ceil(this.bytes.length * 1.5)));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  u8(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Copies `source[start, end)`. Short runs are copied by hand: `set` of a subarray allocates. */
  copy(source: Uint8Array, start: number, end: number): void {
    const count = end - start;
    if (this.length + count > this.bytes.length) this.reserve(count);
    if (count > 48) {
      this.bytes.set(source.subarray(start, end), this.length);
      this.length += count;
      return;
    }
    const out = this.bytes;
    let at = this.length;
    for (let i = start; i < end; i++) out[at++] = source[i] as number;
    this.length = at;
  }

  append(source: Uint8Array): void {
    this.copy(source, 0, source.length);
  }

  /** Unsigned LEB128 of up to 32 bits. */
  u32(value: number): void {
    if (this.length + 5 > this.bytes.length) this.reserve(5);
    value >>>= 0;
    while (value >= 0x80) {
      this.bytes[this.length++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    this.bytes[this.length++] = value;
  }

  /** Unsigned LEB128 of up to 64 bits. */
  u64(value: bigint): void {
    while (value >= 0x80n) {
      this.u8(Number(value & 0x7fn) | 0x80);
      value >>= 7n;
    }
    this.u8(Number(value));
  }

  /** Signed LEB128 of a 32-bit value. */
  s32(value: number): void {
    value |= 0;
    for (;;) {
      const low = value & 0x7f;
      value >>= 7;
      if ((value === 0 && (low & 0x40) === 0) || (value === -1 && (low & 0x40) !== 0)) {
        this.u8(low);
        return;
      }
      this.u8(low | 0x80);
    }
  }

  /** Signed LEB128 of a 64-bit value. */
  s64(value: bigint): void {
    for (;;) {
      const low = Number(value & 0x7fn);
      value >>= 7n;
      if ((value === 0n && low < 0x40) || (value === -1n && low >= 0x40)) {
        this.u8(low);
        return;
      }
      this.u8(low | 0x80);
    }
  }

  /** A vector of bytes: length, then UTF-8. */
  name(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.u32(bytes.length);
    this.append(bytes);
  }

  /** The bytes written so far, as a view. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

function allocate(size: number): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UnsupportedError(
      "core modules of this size",
      `there is no memory for ${size} bytes of rewritten code`,
    );
  }
}

/** How many bytes `value` takes as unsigned LEB128. */
export function u32Size(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest !== 0; rest >>>= 7) size++;
  return size;
}
