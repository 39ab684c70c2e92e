/**
 * Reading value types, heap types and the type section.
 *
 * Source: core specification, "Binary Format: Types", with the GC and exception-handling types.
 */
import { UnsupportedError } from "../model/errors.ts";
import type { ByteReader } from "./byte-reader.ts";

/** What the rewriter has to know of the type section. */
export interface TypeSection {
  /** How many types there are; the rewriter adds its own after them. */
  readonly count: number;
  /** Per type: the number of parameters, or -1 if it is not a function type. */
  readonly params: readonly number[];
  /** Per function type: the number of results. */
  readonly results: readonly number[];
  /**
   * Per function type: where its parameters' and its results' encodings start and end in the module. Per
   * array type, `params` are its element's storage type.
   */
  readonly paramsStart: readonly number[];
  readonly paramsEnd: readonly number[];
  readonly resultsStart: readonly number[];
  readonly resultsEnd: readonly number[];
  /** Per struct type: how many fields it has, and how many bytes those take. Per array type: 1, and the bytes of an element. */
  readonly fields: readonly number[];
  readonly sizes: readonly number[];
  /** Whether there are only function types, of numbers and external references: none that a function reference passes through. */
  readonly isPlain: boolean;
}

export const NO_TYPES: TypeSection = {
  count: 0,
  params: [],
  results: [],
  paramsStart: [],
  paramsEnd: [],
  resultsStart: [],
  resultsEnd: [],
  fields: [],
  sizes: [],
  isPlain: true,
};

/** Refuses what this version does not know, naming it and where it stands. */
export function unsupported(what: string, offset: number): never {
  throw new UnsupportedError(
    what,
    `core module: ${what} is not supported by this version of hostwright (at offset 0x${offset.toString(16)})`,
  );
}

/** Whether `code` is an abstract heap type, or the shorthand for a nullable reference to one. */
function isAbstractHeapType(code: number): boolean {
  return code >= 0x69 && code <= 0x74;
}

/**
 * Skips a heap type. A type index must be below `typeCount`: one past the guest's own types would
 * name a type that the rewriter adds.
 */
export function skipHeapType(reader: ByteReader, typeCount: number): void {
  const at = reader.pos;
  const code = reader.peek();
  if ((code & 0xc0) === 0x40) {
    if (!isAbstractHeapType(code)) unsupported(`heap type 0x${code.toString(16)}`, at);
    reader.pos++;
    return;
  }
  if (reader.s33Index() >= typeCount) reader.fail("type index out of range", at);
  reader.namesTypes = true;
}

/** Skips a value type. */
export function skipValueType(reader: ByteReader, typeCount: number): void {
  const at = reader.pos;
  const code = reader.u8();
  if (code >= 0x7b && code <= 0x7f) return;
  if (isAbstractHeapType(code)) return;
  if (code === 0x63 || code === 0x64) {
    skipHeapType(reader, typeCount);
    return;
  }
  unsupported(`value type 0x${code.toString(16)}`, at);
}

/** Skips a block type; returns its type index, or -1 if it is given inline. */
export function blockType(reader: ByteReader, typeCount: number): number {
  const at = reader.pos;
  const code = reader.peek();
  if (code === 0x40) {
    reader.pos++;
    return -1;
  }
  if ((code & 0xc0) === 0x40) {
    skipValueType(reader, typeCount);
    return -1;
  }
  const index = reader.s33Index();
  if (index >= typeCount) reader.fail("type index out of range", at);
  return index;
}

/** Whether values of a type, given by its first byte, hold no reference to a function. */
export function isPlainType(code: number): boolean {
  return (code >= 0x7b && code <= 0x7f) || code === 0x6f;
}

/** Bytes that a value takes in a struct or an array, by the code of its storage type. */
const STORAGE_SIZE: ReadonlyMap<number, number> = new Map([
  [0x78, 1],
  [0x77, 2],
  [0x7f, 4],
  [0x7d, 4],
  [0x7e, 8],
  [0x7c, 8],
  [0x7b, 16],
]);
const REFERENCE_SIZE = 8;

/** Reads the type section, whose content `reader` covers. */
export function readTypeSection(reader: ByteReader): TypeSection {
  const params: number[] = [];
  const results: number[] = [];
  const paramsStart: number[] = [];
  const paramsEnd: number[] = [];
  const resultsStart: number[] = [];
  const resultsEnd: number[] = [];
  const fields: number[] = [];
  const sizes: number[] = [];
  let isPlain = true;
  // Types may refer to later ones of their recursion group: V8 checks that, here it only has to hold in the end.
  const anyType = 0x1_0000_0000;

  const valueTypes = (starts: number[], ends: number[]) => {
    const count = reader.u32();
    starts.push(reader.pos);
    for (let i = 0; i < count; i++) {
      if (!isPlainType(reader.peek())) isPlain = false;
      skipValueType(reader, anyType);
    }
    ends.push(reader.pos);
    return count;
  };

  const fieldType = () => {
    const code = reader.peek();
    if (code === 0x77 || code === 0x78) reader.pos++;
    else skipValueType(reader, anyType);
    if (reader.u8() > 1) reader.fail("invalid mutability", reader.pos - 1);
    return STORAGE_SIZE.get(code) ?? REFERENCE_SIZE;
  };

  const subType = () => {
    let code = reader.u8();
    if (code === 0x50 || code === 0x4f) {
      isPlain = false;
      for (let supers = reader.u32(); supers > 0; supers--) reader.u32();
      code = reader.u8();
    }
    const at = reader.pos - 1;
    if (code === 0x60) {
      params.push(valueTypes(paramsStart, paramsEnd));
      results.push(valueTypes(resultsStart, resultsEnd));
      fields.push(0);
      sizes.push(0);
      return;
    }
    isPlain = false;
    const start = reader.pos;
    if (code === 0x5f) {
      const count = reader.u32();
      let size = 0;
      for (let i = 0; i < count; i++) size += fieldType();
      fields.push(count);
      sizes.push(size);
    } else if (code === 0x5e) {
      fields.push(1);
      sizes.push(fieldType());
    } else {
      unsupported(`type form 0x${code.toString(16)}`, at);
    }
    params.push(-1);
    results.push(0);
    paramsStart.push(start);
    paramsEnd.push(reader.pos - 1);
    resultsStart.push(start);
    resultsEnd.push(start);
  };

  for (let groups = reader.u32(); groups > 0; groups--) {
    if (reader.peek() === 0x4e) {
      isPlain = false;
      reader.pos++;
      for (let types = reader.u32(); types > 0; types--) subType();
    } else {
      subType();
    }
  }
  return {
    count: params.length,
    params,
    results,
    paramsStart,
    paramsEnd,
    resultsStart,
    resultsEnd,
    fields,
    sizes,
    isPlain,
  };
}
