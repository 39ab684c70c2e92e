/**
 * Scans the header of a core module: what it imports and exports, with types.
 *
 * Code and data are not looked at: V8 validates them when it compiles the module, and they are all
 * but the first few kilobytes. So the scan takes time in proportion to the number of types, functions
 * and exports, and none in proportion to the size of the code.
 *
 * Source: the WebAssembly core specification 3.0, "Binary Format", section Modules.
 */
import { UnsupportedError } from "../../model/errors.ts";
import type { CoreExternType, CoreImport, CoreLimits } from "../../model/extern-type.ts";
import type { CoreModule, CustomSection } from "../plan.ts";
import {
  readCoreExternType,
  readGlobalType,
  readHeapType,
  readMemoryType,
  readRecType,
  readTableType,
  readTagType,
} from "./core-types.ts";
import type { CoreExternNode, CoreSubType } from "./ir.ts";
import { BinaryReader } from "./reader.ts";

/** Section ids in the order in which sections must stand: 13 (tag) and 12 (data count) were added late. */
const sectionOrder: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** What is more is skipped: an empty one takes three bytes of the binary, and far more in memory. */
const MAX_CUSTOM_SECTIONS = 1000;

interface ModuleSpaces {
  readonly types: CoreSubType[];
  /** The types of imported functions, and of those after them. */
  readonly importedFuncs: number[];
  definedFuncs: Uint32Array;
  readonly tables: CoreExternType[];
  readonly memories: CoreExternType[];
  readonly globals: CoreExternType[];
  readonly tags: CoreExternType[];
}

/** Reads the module that fills `[start, end)` of `input`. */
export function scanCoreModule(input: Uint8Array, start: number, end: number): CoreModule {
  const reader = new BinaryReader(input, start, end);
  readPreamble(reader);
  const spaces: ModuleSpaces = {
    types: [],
    importedFuncs: [],
    definedFuncs: new Uint32Array(),
    tables: [],
    memories: [],
    globals: [],
    tags: [],
  };
  const customSections: CustomSection[] = [];
  let imports: CoreImport[] = [];
  let exports: ReadonlyMap<string, CoreExternType> = new Map();
  let last = -1;
  while (!reader.done) {
    const offset = reader.offset;
    const id = reader.u8("a section id");
    const length = reader.u32("a section's size");
    const section = reader.section(length, "a section of a core module");
    if (id === 0) {
      const name = section.name("a custom section's name");
      if (customSections.length < MAX_CUSTOM_SECTIONS) {
        customSections.push({ name, content: input.subarray(section.offset, section.end) });
      }
      continue;
    }
    const position = sectionOrder.indexOf(id);
    if (position === -1) {
      reader.fail(`malformed section id: a core module has no section ${id}`, offset);
    }
    if (position <= last) {
      reader.fail(`section out of order: section ${id} of a core module`, offset);
    }
    last = position;
    switch (id) {
      case 1:
        section.vector("types", () => {
          for (const type of readRecType(section)) {
            spaces.types.push(type);
          }
        });
        break;
      case 2:
        imports = readImports(section, spaces);
        break;
      case 3:
        spaces.definedFuncs = section.u32Vector("types of functions");
        break;
      case 4:
        section.vector("tables", () => spaces.tables.push(readTable(section)));
        break;
      case 5:
        section.vector("memories", () => spaces.memories.push(readMemoryType(section)));
        break;
      case 13:
        section.vector("tags", () => spaces.tags.push(resolve(section, readTagType(section), spaces)));
        break;
      case 6:
        section.vector("globals", () => {
          spaces.globals.push(readGlobalType(section));
          skipConstantExpression(section);
        });
        break;
      case 7:
        exports = readExports(section, spaces);
        break;
      default:
        continue;
    }
    section.finish("section of a core module");
  }
  return {
    bytes: input.subarray(start, end),
    offset: start,
    imports,
    exports,
    memories: definedLimits(spaces.memories, imports, "memory"),
    tables: definedLimits(spaces.tables, imports, "table"),
    customSections,
  };
}

/** Of an index space, what stands behind the imports. */
function definedLimits(
  space: readonly CoreExternType[],
  imports: readonly CoreImport[],
  kind: "memory" | "table",
): CoreLimits[] {
  const imported = imports.filter(({ type }) => type.kind === kind).length;
  return space.slice(imported).flatMap((type) => (type.kind === kind ? [type.limits] : []));
}

function readPreamble(reader: BinaryReader): void {
  const start = reader.offset;
  reader.skip(8, "the preamble of a core module");
  const view = new DataView(reader.bytes.buffer, reader.bytes.byteOffset + start, 8);
  if (view.getUint32(0, true) !== 0x6d736100) {
    reader.fail("a core module must start with \\0asm", start);
  }
  const version = view.getUint32(4, true);
  if (version === 0x0001000d) {
    reader.fail("expected a version header for a module, found that of a component", start + 4);
  }
  if (version !== 1) {
    reader.fail(`unknown version of a core module: 0x${version.toString(16)}`, start + 4);
  }
}

function readImports(reader: BinaryReader, spaces: ModuleSpaces): CoreImport[] {
  const seen = new Map<string, Set<string>>();
  return reader.vector("imports", () => {
    const offset = reader.offset;
    const module = reader.name("an import's module name");
    const name = reader.name("an import's name");
    const node = readCoreExternType(reader);
    const type = resolve(reader, node, spaces);
    if (!addImportName(seen, module, name)) {
      reader.fail(`duplicate import name \`${module}:${name}\``, offset);
    }
    switch (node.kind) {
      case "func":
        spaces.importedFuncs.push(node.type);
        break;
      case "table":
        spaces.tables.push(type);
        break;
      case "memory":
        spaces.memories.push(type);
        break;
      case "global":
        spaces.globals.push(type);
        break;
      case "tag":
        spaces.tags.push(type);
        break;
    }
    return { module, name, type };
  });
}

/** Notes a two-level name; false if it was there. Core imports of a component's modules must be unique. */
export function addImportName(seen: Map<string, Set<string>>, module: string, name: string): boolean {
  const names = seen.get(module);
  if (names === undefined) {
    seen.set(module, new Set([name]));
    return true;
  }
  if (names.has(name)) {
    return false;
  }
  names.add(name);
  return true;
}

function readTable(reader: BinaryReader): CoreExternType & { readonly kind: "table" } {
  if (reader.peek() !== 0x40) {
    return readTableType(reader);
  }
  reader.skip(1, "a table with an initial value");
  reader.expect(0, "a table with an initial value");
  const type = readTableType(reader);
  skipConstantExpression(reader);
  return type;
}

function readExports(reader: BinaryReader, spaces: ModuleSpaces): ReadonlyMap<string, CoreExternType> {
  const exports = new Map<string, CoreExternType>();
  const count = reader.count("exports");
  for (let i = 0; i < count; i++) {
    const offset = reader.offset;
    const name = reader.name("an export's name");
    const kind = reader.u8("an export's kind");
    const index = reader.u32("an export's index");
    const type = exportType(reader, kind, index, spaces);
    if (type === undefined) {
      reader.fail(`the export ${JSON.stringify(name)} of a core module refers to nothing`, offset);
    }
    if (exports.has(name)) {
      reader.fail(`duplicate export name ${JSON.stringify(name)}`, offset);
    }
    exports.set(name, type);
  }
  return exports;
}

function exportType(
  reader: BinaryReader,
  kind: number,
  index: number,
  spaces: ModuleSpaces,
): CoreExternType | undefined {
  switch (kind) {
    case 0x00: {
      const type = spaces.importedFuncs[index] ?? spaces.definedFuncs[index - spaces.importedFuncs.length];
      return type === undefined ? undefined : resolve(reader, { kind: "func", type }, spaces);
    }
    case 0x01:
      return spaces.tables[index];
    case 0x02:
      return spaces.memories[index];
    case 0x03:
      return spaces.globals[index];
    case 0x04:
      return spaces.tags[index];
    default:
      return reader.invalidByte(kind, "an export's kind");
  }
}

function resolve(reader: BinaryReader, node: CoreExternNode, spaces: ModuleSpaces): CoreExternType {
  if (node.kind !== "func" && node.kind !== "tag") {
    return node;
  }
  const type = spaces.types[node.type];
  if (type?.kind !== "func") {
    reader.fail(`type ${node.type} of a core module is not a function type`);
  }
  return { kind: node.kind, type: type.type };
}

/** Skips the initial value of a global or table. V8 checks what it says. */
function skipConstantExpression(reader: BinaryReader): void {
  for (;;) {
    const opcode = reader.u8("a constant expression");
    switch (opcode) {
      case 0x0b: // end
        return;
      case 0x23: // global.get
      case 0xd2: // ref.func
        reader.u32("an index in a constant expression");
        break;
      case 0x41: // i32.const
        reader.skipLeb(5, "an i32 constant");
        break;
      case 0x42: // i64.const
        reader.skipLeb(10, "an i64 constant");
        break;
      case 0x43: // f32.const
        reader.skip(4, "an f32 constant");
        break;
      case 0x44: // f64.const
        reader.skip(8, "an f64 constant");
        break;
      case 0x6a: // i32.add, i32.sub, i32.mul
      case 0x6b:
      case 0x6c:
      case 0x7c: // i64.add, i64.sub, i64.mul
      case 0x7d:
      case 0x7e:
        break;
      case 0xd0: // ref.null
        readHeapType(reader);
        break;
      case 0xfb:
        skipAggregateInstruction(reader);
        break;
      case 0xfd: // v128.const
        if (reader.u32("a vector instruction") !== 0x0c) {
          reader.fail("a constant expression has an instruction that is not constant");
        }
        reader.skip(16, "a v128 constant");
        break;
      case 0xfe:
        throw new UnsupportedError("shared-everything-threads");
      default:
        reader.invalidByte(opcode, "an instruction of a constant expression");
    }
  }
}

function skipAggregateInstruction(reader: BinaryReader): void {
  const opcode = reader.u32("a reference instruction");
  switch (opcode) {
    case 0x00: // struct.new
    case 0x01: // struct.new_default
    case 0x06: // array.new
    case 0x07: // array.new_default
      reader.u32("a type index");
      return;
    case 0x08: // array.new_fixed
      reader.u32("a type index");
      reader.u32("a length");
      return;
    case 0x1a: // any.convert_extern
    case 0x1b: // extern.convert_any
    case 0x1c: // ref.i31
      return;
    default:
      reader.fail("a constant expression has an instruction that is not constant");
  }
}
