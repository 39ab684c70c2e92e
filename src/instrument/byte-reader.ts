/**
 * A bounds-checked reader of wasm's binary primitives.
 *
 * LEB128 is read as strictly as V8 reads it: at most ceil(n / 7) bytes, and unused bits of the last
 * byte must agree with the sign. What V8 and we disagree on, a guest could hide code in.
 */
import { MalformedComponentError } from "../model/errors.ts";

export class ByteReader {
  readonly bytes: Uint8Array;
  pos: number;
  /** Reads at or past this offset are errors. */
  end: number;
  /** Whether a reference type was read that names a type, rather than a kind of reference. */
  namesTypes = false;

  constructor(bytes: Uint8Array, pos = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.pos = pos;
    this.end = end;
  }

  fail(message: string, offset: number = this.pos): never {
    throw new MalformedComponentError(`core module: ${message}`, offset);
  }

  u8(): number {
    if (this.pos >= this.end) this.fail("unexpected end");
    return this.bytes[this.pos++] as number;
  }

  peek(): number {
    if (this.pos >= this.end) this.fail("unexpected end");
    return this.bytes[this.pos] as number;
  }

  u32(): number {
    const first = this.u8();
    return first < 0x80 ? first : this.#longU32(first);
  }

  #longU32(first: number): number {
    let result = first & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.u8();
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
    const last = this.u8();
    if (last > 0x0f) this.fail("integer too large or too long", this.pos - 1);
    return (result | (last << 28)) >>> 0;
  }

  u64(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 63n; shift += 7n) {
      const byte = this.u8();
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
    const last = this.u8();
    if (last > 1) this.fail("integer too large or too long", this.pos - 1);
    return result | (BigInt(last) << 63n);
  }

  /** Skips an unsigned LEB128 of up to 64 bits. */
  skipU64(): void {
    for (let i = 0; i < 9; i++) if (this.u8() < 0x80) return;
    if (this.u8() > 1) this.fail("integer too large or too long", this.pos - 1);
  }

  /** A signed LEB128 of 32 bits. */
  s32(): number {
    let result = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8();
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (byte & 0x40) !== 0 ? result | (-1 << (shift + 7)) : result;
    }
    const last = this.u8();
    if (last >= 0x80 || (last > 0x07 && last < 0x78)) {
      this.fail("integer too large or too long", this.pos - 1);
    }
    return result | (last << 28);
  }

  skipS64(): void {
    for (let i = 0; i < 9; i++) if (this.u8() < 0x80) return;
    const last = this.u8();
    if (last !== 0 && last !== 0x7f) this.fail("integer too large or too long", this.pos - 1);
  }

  /** A type index in the place of an s33 (heap types and block types); its first byte is still to be read. */
  s33Index(): number {
    let result = 0;
    let scale = 1;
    for (let i = 0; i < 4; i++) {
      const byte = this.u8();
      result += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) {
        if ((byte & 0x40) !== 0) this.fail("expected a type index", this.pos - 1);
        return result;
      }
    }
    const last = this.u8();
    if (last > 0x0f) this.fail("integer too large or too long", this.pos - 1);
    return result + last * scale;
  }

  skip(count: number): void {
    if (count > this.end - this.pos) this.fail("unexpected end", this.end);
    this.pos += count;
  }

  /** A vector's bytes, as a view. */
  byteVector(): Uint8Array {
    const length = this.u32();
    const start = this.pos;
    this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  /** A name. Invalid UTF-8 is an error, as it is to V8. */
  name(): string {
    const at = this.pos;
    const bytes = this.byteVector();
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return this.fail("a name is not valid UTF-8", at);
    }
  }
}
