/**
 * Decodes the types of core WebAssembly that a component's binary reuses.
 *
 * Source: the WebAssembly core specification 3.0, "Binary Format", section Types.
 */
import { UnsupportedError } from "../../model/errors.ts";
import type { CoreExternType, CoreFuncType, CoreLimits, CoreValueType } from "../../model/extern-type.ts";
import type { CoreExternNode, CoreSubType } from "./ir.ts";
import type { BinaryReader } from "./reader.ts";

/** 64 KiB pages that fit into 32-bit and 64-bit address spaces. */
const MAX_PAGES_32 = 65_536n;
const MAX_PAGES_64 = 1n << 48n;
const MAX_TABLE_32 = (1n << 32n) - 1n;

const numericTypes: ReadonlyMap<number, CoreValueType> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
]);

/** Heap types that have a byte of their own: how `(ref null ht)` is spelt for short, and `ht` itself. */
const heapTypes: ReadonlyMap<number, readonly [short: CoreValueType, heap: string]> = new Map([
  [0x70, ["funcref", "func"]],
  [0x6f, ["externref", "extern"]],
  [0x6e, ["anyref", "any"]],
  [0x6d, ["eqref", "eq"]],
  [0x6c, ["i31ref", "i31"]],
  [0x6b, ["structref", "struct"]],
  [0x6a, ["arrayref", "array"]],
  [0x69, ["exnref", "exn"]],
  [0x68, ["contref", "cont"]],
  [0x71, ["nullref", "none"]],
  [0x72, ["nullexternref", "noextern"]],
  [0x73, ["nullfuncref", "nofunc"]],
  [0x74, ["nullexnref", "noexn"]],
  [0x75, ["nullcontref", "nocont"]],
]);

export function readCoreValueType(reader: BinaryReader): CoreValueType {
  const byte = reader.peek();
  const numeric = byte === undefined ? undefined : numericTypes.get(byte);
  if (numeric !== undefined) {
    reader.skip(1, "a core value type");
    return numeric;
  }
  return readReferenceType(reader);
}

function readReferenceType(reader: BinaryReader): CoreValueType {
  const byte = reader.u8("a core value type");
  const heap = heapTypes.get(byte);
  if (heap !== undefined) {
    return heap[0];
  }
  switch (byte) {
    case 0x63: {
      const named = heapTypes.get(reader.peek() ?? 0);
      const type = readHeapType(reader);
      return named === undefined ? `(ref null ${type})` : named[0];
    }
    case 0x64:
      return `(ref ${readHeapType(reader)})`;
    case 0x65:
      throw new UnsupportedError("shared-everything-threads");
    default:
      return reader.invalidByte(byte, "a core value type");
  }
}

/** Reads a heap type; an index into the type section is spelt as its number. */
export function readHeapType(reader: BinaryReader): string {
  const byte = reader.peek();
  const heap = byte === undefined ? undefined : heapTypes.get(byte);
  if (heap !== undefined) {
    reader.skip(1, "a heap type");
    return heap[1];
  }
  return String(reader.typeIndex("a heap type"));
}

function readFuncType(reader: BinaryReader): CoreFuncType {
  return {
    params: reader.vector("core parameters", () => readCoreValueType(reader)),
    results: reader.vector("core results", () => readCoreValueType(reader)),
  };
}

/** `core:rectype`: one type, or a group of types that refer to each other. */
export function readRecType(reader: BinaryReader): CoreSubType[] {
  if (reader.peek() === 0x4e) {
    reader.skip(1, "a recursion group");
    return reader.vector("types of a recursion group", () => readSubType(reader));
  }
  return [readSubType(reader)];
}

/** `core:subtype`, starting at its opcode. */
export function readSubType(reader: BinaryReader): CoreSubType {
  const byte = reader.peek();
  if (byte === 0x50 || byte === 0x4f) {
    reader.skip(1, "a core subtype");
    reader.vector("supertypes", () => reader.u32("a supertype"));
  }
  return readCompositeType(reader);
}

function readCompositeType(reader: BinaryReader): CoreSubType {
  const byte = reader.u8("a core type");
  switch (byte) {
    case 0x60:
      return { kind: "func", type: readFuncType(reader) };
    case 0x5f:
      reader.vector("struct fields", () => readFieldType(reader));
      return { kind: "aggregate", text: "struct" };
    case 0x5e:
      readFieldType(reader);
      return { kind: "aggregate", text: "array" };
    case 0x5d:
      reader.typeIndex("a continuation's type");
      return { kind: "aggregate", text: "cont" };
    case 0x65:
      throw new UnsupportedError("shared-everything-threads");
    default:
      return reader.invalidByte(byte, "a core type");
  }
}

function readFieldType(reader: BinaryReader): void {
  const byte = reader.peek();
  if (byte === 0x78 || byte === 0x77) {
    reader.skip(1, "a packed type");
  } else {
    readCoreValueType(reader);
  }
  const mutability = reader.u8("a field's mutability");
  if (mutability > 1) {
    reader.invalidByte(mutability, "a field's mutability");
  }
}

export function readTableType(reader: BinaryReader): CoreExternType & { readonly kind: "table" } {
  const element = readReferenceType(reader);
  const offset = reader.offset;
  const limits = readLimits(reader, "a table");
  if (limits.shared) {
    throw new UnsupportedError("shared-everything-threads");
  }
  if (!limits.index64 && limits.min > MAX_TABLE_32) {
    reader.fail("a table's minimum exceeds 2^32 - 1", offset);
  }
  return { kind: "table", element, limits };
}

export function readMemoryType(reader: BinaryReader): CoreExternType & { readonly kind: "memory" } {
  const offset = reader.offset;
  const limits = readLimits(reader, "a memory");
  const most = limits.index64 ? MAX_PAGES_64 : MAX_PAGES_32;
  if (limits.min > most || (limits.max ?? 0n) > most) {
    reader.fail(`memory size must be at most ${most} pages`, offset);
  }
  if (limits.shared && limits.max === undefined) {
    reader.fail("a shared memory must have a maximum size", offset);
  }
  return { kind: "memory", limits };
}

function readLimits(reader: BinaryReader, what: string): CoreLimits {
  const offset = reader.offset;
  const flags = reader.u8(`the limits of ${what}`);
  if (flags & 0x08) {
    throw new UnsupportedError("custom-page-sizes");
  }
  if (flags > 0x07) {
    reader.invalidByte(flags, `the limits of ${what}`);
  }
  const index64 = (flags & 0x04) !== 0;
  const read = (which: string): bigint =>
    index64 ? reader.u64(`${which} of ${what}`) : BigInt(reader.u32(`${which} of ${what}`));
  const min = read("the minimum");
  const max = flags & 0x01 ? read("the maximum") : undefined;
  if (max !== undefined && min > max) {
    reader.fail(`the minimum of ${what} is greater than its maximum`, offset);
  }
  return { min, max, shared: (flags & 0x02) !== 0, index64 };
}

export function readGlobalType(reader: BinaryReader): CoreExternType & { readonly kind: "global" } {
  const type = readCoreValueType(reader);
  const mutability = reader.u8("a global's mutability");
  if (mutability & 0x02) {
    throw new UnsupportedError("shared-everything-threads");
  }
  if (mutability > 1) {
    reader.invalidByte(mutability, "a global's mutability");
  }
  return { kind: "global", type, mutable: mutability === 1 };
}

export function readTagType(reader: BinaryReader): CoreExternNode & { readonly kind: "tag" } {
  reader.expect(0, "a tag's attribute");
  return { kind: "tag", type: reader.u32("a tag's type") };
}

/** `core:externtype`, as core imports and module types have it. */
export function readCoreExternType(reader: BinaryReader): CoreExternNode {
  const kind = reader.u8("the kind of a core import or export");
  switch (kind) {
    case 0x00:
      return { kind: "func", type: reader.u32("a function's type") };
    case 0x01:
      return readTableType(reader);
    case 0x02:
      return readMemoryType(reader);
    case 0x03:
      return readGlobalType(reader);
    case 0x04:
      return readTagType(reader);
    default:
      return reader.invalidByte(kind, "the kind of a core import or export");
  }
}
