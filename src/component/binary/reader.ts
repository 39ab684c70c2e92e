/**
 * A bounds-checked reader over the bytes of a component.
 *
 * Every read either succeeds within the reader's range or throws `MalformedComponentError` with the
 * offset in the whole input. Vectors are checked against the bytes that are left and against a budget
 * shared by all readers of one load, so that no count in the input decides how much is allocated.
 *
 * Source: the WebAssembly core specification, "Binary Format", sections Values and Conventions.
 */
import { MalformedComponentError } from "../../model/errors.ts";
import { MAX_ITEMS, MAX_NAME_BYTES } from "../limits.ts";
import { printable } from "../printable.ts";

interface SharedState {
  /** Made when the first name asks for it: most components have only short names in ASCII. */
  decoder: TextDecoder | undefined;
  items: number;
}

export class BinaryReader {
  readonly bytes: Uint8Array;
  /** Where this reader stops: an offset in `bytes`. */
  readonly end: number;
  #position: number;
  readonly #shared: SharedState;

  constructor(bytes: Uint8Array, start: number = 0, end: number = bytes.length, shared?: SharedState) {
    this.bytes = bytes;
    this.end = end;
    this.#position = start;
    this.#shared = shared ?? { decoder: undefined, items: MAX_ITEMS };
  }

  /** The offset of the next byte, in bytes from the start of the whole input. */
  get offset(): number {
    return this.#position;
  }

  get done(): boolean {
    return this.#position >= this.end;
  }

  get remaining(): number {
    return this.end - this.#position;
  }

  fail(message: string, offset: number = this.#position): never {
    throw new MalformedComponentError(printable(message), offset);
  }

  /** A reader over the next `length` bytes, which this reader skips. */
  section(length: number, what: string): BinaryReader {
    const start = this.#position;
    this.skip(length, what);
    return new BinaryReader(this.bytes, start, start + length, this.#shared);
  }

  /** Checks that a section's content fills it. */
  finish(what: string): void {
    if (this.#position !== this.end) {
      this.fail(`unexpected content after the last item of the ${what}`);
    }
  }

  skip(length: number, what: string): void {
    if (length > this.end - this.#position) {
      this.fail(
        `unexpected end-of-file: ${what} needs ${length} bytes, ${this.end - this.#position} are left`,
      );
    }
    this.#position += length;
  }

  peek(): number | undefined {
    return this.#position < this.end ? this.bytes[this.#position] : undefined;
  }

  u8(what: string): number {
    const byte = this.peek();
    if (byte === undefined) {
      this.fail(`unexpected end-of-file: expected ${what}`);
    }
    this.#position++;
    return byte;
  }

  /** Reads a byte that must be `expected`. */
  expect(expected: number, what: string): void {
    const offset = this.#position;
    const byte = this.u8(what);
    if (byte !== expected) {
      this.fail(`${badByte(byte)} for ${what}: expected 0x${hex(expected)}`, offset);
    }
  }

  /** A byte that starts a production and is none of those that may. */
  invalidByte(byte: number, what: string): never {
    this.fail(`${badByte(byte)} for ${what}`, this.#position - 1);
  }

  /** LEB128: at most five bytes, and no bit beyond the 32nd. */
  u32(what: string): number {
    const start = this.#position;
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8(what);
      if (shift === 28) {
        if (byte & 0x80) {
          this.fail(`integer representation too long: ${what}`, start);
        }
        if (byte > 0x0f) {
          this.fail(`integer too large: ${what} does not fit into 32 bits`, start);
        }
      }
      result |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) {
        break;
      }
    }
    return result >>> 0;
  }

  /** A vector of `u32`, of which a module with much code has tens of thousands. */
  u32Vector(what: string): Uint32Array {
    const values = new Uint32Array(this.count(what));
    for (let i = 0; i < values.length; i++) {
      const byte = this.peek() ?? 0x80;
      if (byte < 0x80) {
        this.#position++;
        values[i] = byte;
      } else {
        values[i] = this.u32(what);
      }
    }
    return values;
  }

  /** LEB128 of up to 64 bits, as limits of 64-bit memories have it. */
  u64(what: string): bigint {
    const start = this.#position;
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.u8(what);
      if (shift === 63n && byte > 1) {
        this.fail(`${byte & 0x80 ? "integer representation too long" : "integer too large"}: ${what}`, start);
      }
      result |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) {
        break;
      }
    }
    return result;
  }

  /** Skips a signed or unsigned LEB128 of at most `bytes` bytes, in places where the value does not matter. */
  skipLeb(bytes: number, what: string): void {
    const start = this.#position;
    for (let i = 0; i < bytes; i++) {
      if ((this.u8(what) & 0x80) === 0) {
        return;
      }
    }
    this.fail(`integer representation too long: ${what}`, start);
  }

  /** A type index where a negative s33 would be a type constructor; those have been looked at before. */
  typeIndex(what: string): number {
    const start = this.#position;
    let result = 0;
    let factor = 1;
    for (let i = 0; i < 5; i++) {
      const byte = this.u8(what);
      result += (byte & 0x7f) * factor;
      factor *= 128;
      if ((byte & 0x80) === 0) {
        const negative = i < 4 ? (byte & 0x40) !== 0 : (byte & 0x10) !== 0;
        if (negative || (i === 4 && byte > 0x0f)) {
          this.fail(`invalid ${what}`, start);
        }
        return result;
      }
    }
    this.fail(`integer representation too long: ${what}`, start);
  }

  /** The count of a vector whose items take at least one byte each. */
  count(what: string): number {
    const start = this.#position;
    const count = this.u32(what);
    if (count > this.remaining) {
      this.fail(`unexpected end-of-file: ${count} ${what} do not fit into ${this.remaining} bytes`, start);
    }
    this.#shared.items -= count;
    if (this.#shared.items < 0) {
      this.fail(`the input has more than ${MAX_ITEMS} items`, start);
    }
    return count;
  }

  vector<T>(what: string, item: () => T): T[] {
    const count = this.count(what);
    const items: T[] = [];
    for (let i = 0; i < count; i++) {
      items.push(item());
    }
    return items;
  }

  /** A length-prefixed string of valid UTF-8. */
  name(what: string): string {
    const start = this.#position;
    const length = this.u32(what);
    if (length > MAX_NAME_BYTES) {
      this.fail(`${what} has ${length} bytes, more than the limit of ${MAX_NAME_BYTES}`, start);
    }
    const from = this.#position;
    this.skip(length, what);
    const view = this.bytes.subarray(from, from + length);
    if (length <= 128) {
      const ascii = decodeAscii(view);
      if (ascii !== undefined) {
        return ascii;
      }
    }
    this.#shared.decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    try {
      return this.#shared.decoder.decode(view);
    } catch {
      this.fail(`malformed UTF-8 encoding: ${what}`, from);
    }
  }
}

/** Short ASCII, which most names are, without the fixed cost of a `TextDecoder`. */
function decodeAscii(bytes: Uint8Array): string | undefined {
  for (let i = 0; i < bytes.length; i++) {
    if ((bytes[i] ?? 0) >= 0x80) {
      return undefined;
    }
  }
  return String.fromCharCode.apply(undefined, bytes as unknown as number[]);
}

function badByte(byte: number): string {
  return `invalid leading byte (0x${hex(byte)})`;
}

function hex(byte: number): string {
  return byte.toString(16);
}
