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
  /** Per function type: the number of results, and where their encoding starts and ends in the module. */
  readonly results: readonly number[];
  readonly resultsStart: readonly number[];
  readonly resultsEnd: readonly number[];
}

export const NO_TYPES: TypeSection = {
  count: 0,
  params: [],
  results: [],
  resultsStart: [],
  resultsEnd: [],
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

/** Reads the type section, whose content `reader` covers. */
export function readTypeSection(reader: ByteReader): TypeSection {
  const params: number[] = [];
  const results: number[] = [];
  const resultsStart: number[] = [];
  const resultsEnd: number[] = [];
  // Types may refer to later ones of their recursion group: V8 checks that, here it only has to hold in the end.
  const anyType = 0x1_0000_0000;

  const fieldType = () => {
    const code = reader.peek();
    if (code === 0x77 || code === 0x78) reader.pos++;
    else skipValueType(reader, anyType);
    if (reader.u8() > 1) reader.fail("invalid mutability", reader.pos - 1);
  };

  const subType = () => {
    let code = reader.u8();
    if (code === 0x50 || code === 0x4f) {
      for (let supers = reader.u32(); supers > 0; supers--) reader.u32();
      code = reader.u8();
    }
    const at = reader.pos - 1;
    if (code === 0x60) {
      const paramCount = reader.u32();
      for (let i = 0; i < paramCount; i++) skipValueType(reader, anyType);
      const resultCount = reader.u32();
      resultsStart.push(reader.pos);
      for (let i = 0; i < resultCount; i++) skipValueType(reader, anyType);
      resultsEnd.push(reader.pos);
      params.push(paramCount);
      results.push(resultCount);
      return;
    }
    if (code === 0x5f) {
      for (let fields = reader.u32(); fields > 0; fields--) fieldType();
    } else if (code === 0x5e) {
      fieldType();
    } else {
      unsupported(`type form 0x${code.toString(16)}`, at);
    }
    params.push(-1);
    results.push(0);
    resultsStart.push(0);
    resultsEnd.push(0);
  };

  for (let groups = reader.u32(); groups > 0; groups--) {
    if (reader.peek() === 0x4e) {
      reader.pos++;
      for (let types = reader.u32(); types > 0; types--) subType();
    } else {
      subType();
    }
  }
  return { count: params.length, params, results, resultsStart, resultsEnd };
}
