/**
 * The first look at a module: where its sections are, and the index spaces that rewriting shifts.
 */

import { ByteReader } from "./byte-reader.ts";
import { skipConstExpr } from "./const-expr.ts";
import type { DefinedLimits } from "./contract.ts";
import {
  isPlainType,
  NO_TYPES,
  readTypeSection,
  skipValueType,
  type TypeSection,
  unsupported,
} from "./types.ts";

/** Section ids. Source: core specification, "Binary Format: Modules". */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The order in which sections stand in a module: by id, the rank. */
export const SECTION_RANK: readonly number[] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6];

export interface Section {
  readonly id: number;
  /** Where the content (after id and size) starts and ends; a custom section's content starts with its name. */
  readonly start: number;
  readonly end: number;
  /** Of a custom section. */
  readonly name: string;
}

export interface TableInfo {
  /** The encoded reference type of the elements. */
  readonly elementType: Uint8Array;
  readonly is64: boolean;
}

export interface ModuleLayout {
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  readonly types: TypeSection;
  readonly importModules: ReadonlySet<string>;
  readonly importedFunctions: number;
  /** The type of every function, imported ones first. */
  readonly functionTypes: readonly number[];
  readonly importedGlobals: number;
  readonly globalCount: number;
  readonly tables: readonly TableInfo[];
  /** Whether each memory, imported ones first, is addressed by i64. */
  readonly memoryIs64: readonly boolean[];
  readonly definedMemories: readonly DefinedLimits[];
  readonly definedTables: readonly DefinedLimits[];
  /** Whether the module can allocate on V8's heap. */
  readonly allocates: boolean;
  readonly exportedFunctions: ReadonlySet<number>;
  /** By the names of exports. */
  readonly exportedTables: ReadonlyMap<string, number>;
  /**
   * Whether references to functions can only be seen by the module itself: no table, global or
   * function type through which one could pass is shared with the outside.
   */
  readonly keepsReferences: boolean;
}

/** The most pages of a memory, by the width of its addresses. Source: core specification, "Memory Types". */
const MAX_PAGES = 65_536n;
const MAX_PAGES_64 = 1n << 48n;

/** A larger module is refused; offsets in what it becomes have to fit 31 bits. */
const MAX_MODULE_SIZE = 1 << 28;

/** Splits a module into sections. */
function readSections(bytes: Uint8Array): Section[] {
  const reader = new ByteReader(bytes);
  if (bytes.length > MAX_MODULE_SIZE) unsupported(`a core module of more than ${MAX_MODULE_SIZE} bytes`, 0);
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  for (const [i, byte] of header.entries()) {
    if (bytes[i] !== byte) reader.fail("not a core module: bad magic number or version", i);
  }
  reader.pos = header.length;

  const sections: Section[] = [];
  let lastRank = 0;
  while (reader.pos < bytes.length) {
    const at = reader.pos;
    const id = reader.u8();
    const size = reader.u32();
    const start = reader.pos;
    reader.skip(size);
    let name = "";
    if (id === SECTION.custom) {
      name = new ByteReader(bytes, start, start + size).name();
    } else {
      const rank = SECTION_RANK[id];
      if (rank === undefined) unsupported(`section ${id}`, at);
      if (rank <= lastRank) reader.fail(`section ${id} is out of order or repeated`, at);
      lastRank = rank;
    }
    sections.push({ id, start, end: start + size, name });
  }
  return sections;
}

interface Limits {
  readonly min: bigint;
  readonly max: bigint | undefined;
  readonly is64: boolean;
}

function readLimits(reader: ByteReader, what: string): Limits {
  const at = reader.pos;
  const flags = reader.u8();
  if ((flags & 0x02) !== 0) unsupported(`shared ${what}`, at);
  if ((flags & ~0x05) !== 0) unsupported(`${what} limits with flags 0x${flags.toString(16)}`, at);
  const is64 = (flags & 0x04) !== 0;
  const size = () => (is64 ? reader.u64() : BigInt(reader.u32()));
  const min = size();
  const max = (flags & 0x01) !== 0 ? size() : undefined;
  return { min, max, is64 };
}

/**
 * The limits of a memory. Whether they hold together is checked here, and not left to V8: a memory that
 * becomes an import has no maximum any more.
 */
function readMemoryType(reader: ByteReader): Limits {
  const at = reader.pos;
  const limits = readLimits(reader, "memory");
  const most = limits.is64 ? MAX_PAGES_64 : MAX_PAGES;
  const { min, max = most } = limits;
  if (min > most || max > most) reader.fail(`a memory of more than ${most} pages`, at);
  if (max < min) reader.fail("a memory whose maximum is less than its minimum", at);
  return limits;
}

function readTableType(reader: ByteReader, typeCount: number): Limits & { elementType: Uint8Array } {
  const start = reader.pos;
  skipValueType(reader, typeCount);
  const elementType = reader.bytes.subarray(start, reader.pos);
  return { elementType, ...readLimits(reader, "table") };
}

/**
 * Reads all that later stages need to know before they rewrite anything.
 *
 * @throws MalformedComponentError, UnsupportedError
 */
export function readModuleLayout(bytes: Uint8Array): ModuleLayout {
  const sections = readSections(bytes);
  const find = (id: number) => sections.find((section) => section.id === id);
  const readers: ByteReader[] = [];
  const open = (section: Section) => {
    const reader = new ByteReader(bytes, section.start, section.end);
    readers.push(reader);
    return reader;
  };

  const typeSection = find(SECTION.type);
  const typeReader = typeSection && open(typeSection);
  const types = typeReader ? readTypeSection(typeReader) : NO_TYPES;
  if (typeReader) expectEnd(typeReader);

  const importModules = new Set<string>();
  const functionTypes: number[] = [];
  const tables: TableInfo[] = [];
  const memoryIs64: boolean[] = [];
  const definedMemories: DefinedLimits[] = [];
  const definedTables: DefinedLimits[] = [];
  let globalCount = 0;
  // Globals that may hold a reference to a function.
  const referenceGlobals = new Set<number>();
  let keepsReferences = types.isPlain;

  const global = (reader: ByteReader) => {
    if (!isPlainType(reader.peek())) referenceGlobals.add(globalCount);
    globalType(reader, types.count);
    globalCount++;
  };

  const functionType = (reader: ByteReader) => {
    const at = reader.pos;
    const type = reader.u32();
    const params = types.params[type];
    if (params === undefined || params < 0) reader.fail("not the index of a function type", at);
    return type;
  };

  let tagCount = 0;
  const tagType = (reader: ByteReader) => {
    tagCount++;
    if (reader.u8() !== 0) reader.fail("invalid tag attribute", reader.pos - 1);
    functionType(reader);
  };

  const importSection = find(SECTION.import);
  if (importSection) {
    const reader = open(importSection);
    for (let count = reader.u32(); count > 0; count--) {
      importModules.add(reader.name());
      reader.skip(reader.u32());
      const at = reader.pos;
      const kind = reader.u8();
      if (kind === 0) {
        functionTypes.push(functionType(reader));
      } else if (kind === 1) {
        const { elementType, is64 } = readTableType(reader, types.count);
        tables.push({ elementType, is64 });
        keepsReferences = false;
      } else if (kind === 2) {
        memoryIs64.push(readMemoryType(reader).is64);
      } else if (kind === 3) {
        global(reader);
      } else if (kind === 4) {
        tagType(reader);
      } else {
        unsupported(`import of kind 0x${kind.toString(16)}`, at);
      }
    }
    expectEnd(reader);
  }
  const importedFunctions = functionTypes.length;
  const importedGlobals = globalCount;
  if (referenceGlobals.size > 0) keepsReferences = false;

  const functionSection = find(SECTION.function);
  if (functionSection) {
    const reader = open(functionSection);
    for (let count = reader.u32(); count > 0; count--) functionTypes.push(functionType(reader));
    expectEnd(reader);
  }

  const tableSection = find(SECTION.table);
  if (tableSection) {
    const reader = open(tableSection);
    for (let count = reader.u32(); count > 0; count--) {
      const hasInit = reader.peek() === 0x40;
      if (hasInit) {
        reader.pos++;
        if (reader.u8() !== 0) reader.fail("invalid table", reader.pos - 1);
      }
      const { elementType, min, max, is64 } = readTableType(reader, types.count);
      definedTables.push({ index: tables.length, min, max, is64 });
      tables.push({ elementType, is64 });
      if (hasInit) skipConstExpr(reader, types);
    }
    expectEnd(reader);
  }

  const memorySection = find(SECTION.memory);
  if (memorySection) {
    const reader = open(memorySection);
    for (let count = reader.u32(); count > 0; count--) {
      const { min, max, is64 } = readMemoryType(reader);
      definedMemories.push({ index: memoryIs64.length, min, max, is64 });
      memoryIs64.push(is64);
    }
    expectEnd(reader);
  }

  const tagSection = find(SECTION.tag);
  if (tagSection) {
    const reader = open(tagSection);
    for (let count = reader.u32(); count > 0; count--) tagType(reader);
    expectEnd(reader);
  }

  const globalSection = find(SECTION.global);
  if (globalSection) {
    const reader = open(globalSection);
    for (let count = reader.u32(); count > 0; count--) {
      global(reader);
      skipConstExpr(reader, types);
    }
    expectEnd(reader);
  }

  const exportedFunctions = new Set<number>();
  const exportedTables = new Map<string, number>();
  const exportSection = find(SECTION.export);
  if (exportSection) {
    const reader = open(exportSection);
    for (let count = reader.u32(); count > 0; count--) {
      const nameAt = reader.pos;
      reader.skip(reader.u32());
      const kind = reader.u8();
      const index = reader.u32();
      if (kind === 0) exportedFunctions.add(index);
      else if (kind === 1) exportedTables.set(new ByteReader(bytes, nameAt).name(), index);
      if (kind === 1 || (kind === 3 && referenceGlobals.has(index))) keepsReferences = false;
    }
    expectEnd(reader);
  }

  const elementSection = find(SECTION.element);
  if (elementSection) {
    const reader = open(elementSection);
    for (let count = reader.u32(); count > 0; count--) skipElementSegment(reader, types);
    expectEnd(reader);
  }
  if (readers.some(({ namesTypes }) => namesTypes)) keepsReferences = false;

  return {
    bytes,
    sections,
    types,
    importModules,
    importedFunctions,
    functionTypes,
    importedGlobals,
    globalCount,
    tables,
    memoryIs64,
    definedMemories,
    definedTables,
    allocates: tagCount > 0 || types.sizes.some((size) => size > 0),
    exportedFunctions,
    exportedTables,
    keepsReferences,
  };
}

/** Skips an element segment; returns how many elements it has. */
export function skipElementSegment(reader: ByteReader, types: TypeSection): number {
  const at = reader.pos;
  const flags = reader.u32();
  if (flags > 7) reader.fail("invalid element segment", at);
  if ((flags & 1) === 0) {
    if ((flags & 2) !== 0) reader.u32();
    skipConstExpr(reader, types);
  }
  const usesExpressions = (flags & 4) !== 0;
  if ((flags & 3) !== 0) {
    if (usesExpressions) skipValueType(reader, types.count);
    else reader.u8();
  }
  const length = reader.u32();
  for (let i = 0; i < length; i++) {
    if (usesExpressions) skipConstExpr(reader, types);
    else reader.u32();
  }
  return length;
}

/** Skips a global's type; returns whether it is mutable. */
export function globalType(reader: ByteReader, typeCount: number): boolean {
  skipValueType(reader, typeCount);
  const at = reader.pos;
  const flags = reader.u8();
  if (flags === 2 || flags === 3) unsupported("shared global", at);
  if (flags > 1) reader.fail("invalid mutability", at);
  return flags === 1;
}

export function expectEnd(reader: ByteReader): void {
  if (reader.pos !== reader.end) reader.fail("section has trailing bytes");
}
