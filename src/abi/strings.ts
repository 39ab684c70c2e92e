/**
 * Strings in linear memory, by the fastest correct way that the platform has.
 *
 * `Buffer`'s own slices and writes need no view per string and beat TextDecoder twofold; up to some 24
 * bytes a loop over ASCII beats them in turn (measured in bench/calls.ts). UTF-8 that is not valid must
 * trap, and `utf8Slice` puts U+FFFD in its place: a string that has one is decoded again, fatally.
 *
 * Source: CanonicalABI.md, "Loading" (`load_string_from_range`) and "Storing" (`store_string_into_range`).
 */
import { AbiFault } from "./faults.ts";

/** Source: CanonicalABI.md, `LiftOptions.string_encoding`. */
export type StringEncoding = "utf8" | "utf16" | "latin1+utf16";

/** `Buffer` methods that @types/node leaves out; they have been there, and public in practice, since Node 0.x. */
interface StringSlices {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
  ucs2Slice(start: number, end: number): string;
  utf8Write(text: string, offset: number, length: number): number;
  latin1Write(text: string, offset: number, length: number): number;
  ucs2Write(text: string, offset: number, length: number): number;
}

/** A memory as bytes, with the string methods of `Buffer`. */
export type Bytes = Buffer & StringSlices;

export function bytesOf(buffer: ArrayBuffer): Bytes {
  return Buffer.from(buffer) as Bytes;
}

/** Bytes up to which the ASCII loop is faster than a call into the platform. */
const SHORT = 24;

const fatal = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const REPLACEMENT = "\uFFFD";

/** @throws AbiFault if the bytes are not valid UTF-8. The range must lie in `bytes`. */
export function decodeUtf8(bytes: Bytes, start: number, end: number): string {
  if (end - start <= SHORT) {
    const ascii = decodeAscii(bytes, start, end);
    if (ascii !== undefined) return ascii;
  }
  const text = bytes.utf8Slice(start, end);
  if (text.includes(REPLACEMENT)) decodeFatally(bytes, start, end);
  return text;
}

function decodeFatally(bytes: Bytes, start: number, end: number): void {
  try {
    fatal.decode(bytes.subarray(start, end));
  } catch {
    throw new AbiFault("abi", "invalid utf-8 sequence in a string");
  }
}

/** Undefined if a byte is not ASCII. Eight at a time: one call makes one string. */
function decodeAscii(bytes: Bytes, start: number, end: number): string | undefined {
  let text = "";
  let i = start;
  for (; i + 8 <= end; i += 8) {
    const a = bytes[i] as number;
    const b = bytes[i + 1] as number;
    const c = bytes[i + 2] as number;
    const d = bytes[i + 3] as number;
    const e = bytes[i + 4] as number;
    const f = bytes[i + 5] as number;
    const g = bytes[i + 6] as number;
    const h = bytes[i + 7] as number;
    if ((a | b | c | d | e | f | g | h) > 0x7f) return undefined;
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  for (; i + 4 <= end; i += 4) {
    const a = bytes[i] as number;
    const b = bytes[i + 1] as number;
    const c = bytes[i + 2] as number;
    const d = bytes[i + 3] as number;
    if ((a | b | c | d) > 0x7f) return undefined;
    text += String.fromCharCode(a, b, c, d);
  }
  for (; i < end; i++) {
    const a = bytes[i] as number;
    if (a > 0x7f) return undefined;
    text += String.fromCharCode(a);
  }
  return text;
}

/** @throws AbiFault if the code units are not valid UTF-16. `start` must be even, and the range lie in `bytes`. */
export function decodeUtf16(bytes: Bytes, start: number, end: number): string {
  const text = bytes.ucs2Slice(start, end);
  if (!isWellFormed(text)) throw new AbiFault("abi", "invalid utf-16 sequence in a string");
  return text;
}

export function decodeLatin1(bytes: Bytes, start: number, end: number): string {
  return bytes.latin1Slice(start, end);
}

/** True if every character of `text` is ASCII; only asked for short strings. */
export function isShortAscii(text: string): boolean {
  const length = text.length;
  if (length > SHORT) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

export function writeAscii(bytes: Bytes, text: string, offset: number): void {
  const length = text.length;
  for (let i = 0; i < length; i++) bytes[offset + i] = text.charCodeAt(i);
}

export function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

export function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

interface WellFormed {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

// In ES2024, and in Node 20; not yet in the library that TypeScript is told to use.
function isWellFormed(text: string): boolean {
  return (text as unknown as WellFormed).isWellFormed();
}

/** Lone surrogates are not Unicode: U+FFFD takes their place, as in every encoder of the platform. */
export function toWellFormed(text: string): string {
  return (text as unknown as WellFormed).toWellFormed();
}
