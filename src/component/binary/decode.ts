/**
 * Decodes a component binary into the IR: sections, in order, and components inside components.
 *
 * Source: component-model `Binary.md`.
 */
import { UnsupportedError } from "../../model/errors.ts";
import { MAX_MODULES, MAX_NESTING } from "../limits.ts";
import type { CoreModule } from "../plan.ts";
import { scanCoreModule } from "./core-module.ts";
import { readCanon } from "./decode-canon.ts";
import { readAlias, readCoreSort, readExternName, readSortIndex } from "./decode-names.ts";
import { readCoreType, readExternType, readOptional, readType } from "./decode-types.ts";
import type {
  ComponentFile,
  ComponentNode,
  CoreInstanceDefinition,
  CustomSection,
  Definition,
  InstanceDefinition,
  NamedIndex,
} from "./ir.ts";
import { BinaryReader } from "./reader.ts";

const MAGIC: readonly number[] = [0x00, 0x61, 0x73, 0x6d];
const COMPONENT_VERSION = 0x0001_000d;
const MODULE_VERSION = 1;

/** Decodes without checking: indices, names and types are as the binary has them. */
export function decodeComponent(bytes: Uint8Array): ComponentFile {
  const modules: CoreModule[] = [];
  const customSections: CustomSection[] = [];
  const root = decodeOne(new BinaryReader(bytes), { modules, customSections, depth: 0 });
  return { root, modules, customSections };
}

interface DecodeContext {
  readonly modules: CoreModule[];
  /** Where to put custom sections, which are only kept for the root. */
  readonly customSections: CustomSection[] | undefined;
  readonly depth: number;
}

function decodeOne(reader: BinaryReader, context: DecodeContext): ComponentNode {
  const offset = reader.offset;
  readPreamble(reader, context.depth);
  const definitions: Definition[] = [];
  while (!reader.done) {
    const start = reader.offset;
    const id = reader.u8("a section id");
    if (id > 12) {
      reader.fail(`malformed section id: ${id}`, start);
    }
    const length = reader.u32("a section's size");
    const section = reader.section(length, "a section");
    readSection(section, id, definitions, context);
    section.finish("section");
  }
  return { definitions, offset, end: reader.end };
}

function readPreamble(reader: BinaryReader, depth: number): void {
  const start = reader.offset;
  const { bytes, remaining } = reader;
  if (MAGIC.slice(0, remaining).some((byte, i) => bytes[start + i] !== byte)) {
    reader.fail("not a component: the magic number \\0asm is missing", start);
  }
  if (remaining < 8) {
    reader.fail(
      `unexpected end-of-file: a component starts with a preamble of 8 bytes, ${remaining} are there`,
      start,
    );
  }
  reader.skip(8, "the preamble of a component");
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, 8);
  const version = view.getUint32(4, true);
  if (version === MODULE_VERSION) {
    reader.fail(
      depth === 0
        ? "this is a core module, not a component: make a component of it with `jco new` or `wasm-tools component new`"
        : "expected a version header for a component, found that of a core module",
      start + 4,
    );
  }
  if (version !== COMPONENT_VERSION) {
    reader.fail(`unknown binary version 0x${version.toString(16)}`, start + 4);
  }
}

function readSection(
  section: BinaryReader,
  id: number,
  definitions: Definition[],
  context: DecodeContext,
): void {
  const each = (what: string, read: () => Definition): void => {
    const count = section.count(what);
    for (let i = 0; i < count; i++) {
      definitions.push(read());
    }
  };
  switch (id) {
    case 0: {
      const offset = section.offset;
      const name = section.name("a custom section's name");
      const content = section.bytes.subarray(section.offset, section.end);
      section.skip(section.remaining, "a custom section");
      context.customSections?.push({ name, content, offset });
      return;
    }
    case 1: {
      const offset = section.offset;
      if (context.modules.length >= MAX_MODULES) {
        section.fail(`the component has more than ${MAX_MODULES} core modules`);
      }
      const module = scanCoreModule(section.bytes, offset, section.end);
      section.skip(section.remaining, "a core module");
      definitions.push({ kind: "core module", module: context.modules.length, offset });
      context.modules.push(module);
      return;
    }
    case 2:
      each("core instances", () => readCoreInstance(section));
      return;
    case 3:
      each("core types", () => readCoreType(section));
      return;
    case 4: {
      const offset = section.offset;
      if (context.depth >= MAX_NESTING) {
        section.fail(`components are nested more than ${MAX_NESTING} deep`);
      }
      const component = decodeOne(section, {
        modules: context.modules,
        customSections: undefined,
        depth: context.depth + 1,
      });
      definitions.push({ kind: "component", component, offset });
      return;
    }
    case 5:
      each("instances", () => readInstance(section));
      return;
    case 6:
      each("aliases", () => readAlias(section));
      return;
    case 7:
      each("types", () => readType(section, context.depth));
      return;
    case 8:
      each("canonical definitions", () => readCanon(section));
      return;
    case 9:
      throw new UnsupportedError("component start functions");
    case 10:
      each("imports", () => {
        const offset = section.offset;
        return { kind: "import", name: readExternName(section), type: readExternType(section), offset };
      });
      return;
    case 11:
      each("exports", () => {
        const offset = section.offset;
        const name = readExternName(section);
        const item = readSortIndex(section);
        const type = readOptional(section, "an optional type of an export", () => readExternType(section));
        return { kind: "export", name, item, type, offset };
      });
      return;
    case 12:
      throw new UnsupportedError("values");
  }
}

function readCoreInstance(reader: BinaryReader): CoreInstanceDefinition {
  const offset = reader.offset;
  const form = reader.u8("a core instance");
  switch (form) {
    case 0x00: {
      const module = reader.u32("a core module");
      const args = reader.vector("instantiation arguments", () => {
        const at = reader.offset;
        const name = reader.name("an instantiation argument's name");
        reader.expect(0x12, "the kind of an instantiation argument");
        return { name, instance: reader.u32("a core instance"), offset: at };
      });
      return { kind: "core instance", expression: { kind: "instantiate", module, args }, offset };
    }
    case 0x01: {
      const exports = reader.vector("exports", (): NamedIndex => {
        const at = reader.offset;
        const name = reader.name("an export's name");
        const sort = readCoreSort(reader);
        return { name, sort, index: reader.u32(`${sort} index`), offset: at };
      });
      return { kind: "core instance", expression: { kind: "exports", exports }, offset };
    }
    default:
      return reader.invalidByte(form, "a core instance");
  }
}

function readInstance(reader: BinaryReader): InstanceDefinition {
  const offset = reader.offset;
  const form = reader.u8("an instance");
  switch (form) {
    case 0x00: {
      const component = reader.u32("a component");
      const args = reader.vector("instantiation arguments", (): NamedIndex => {
        const at = reader.offset;
        const name = reader.name("an instantiation argument's name");
        const { sort, index } = readSortIndex(reader);
        return { name, sort, index, offset: at };
      });
      return { kind: "instance", expression: { kind: "instantiate", component, args }, offset };
    }
    case 0x01: {
      const exports = reader.vector("exports", () => ({
        name: readExternName(reader),
        item: readSortIndex(reader),
      }));
      return { kind: "instance", expression: { kind: "exports", exports }, offset };
    }
    default:
      return reader.invalidByte(form, "an instance");
  }
}
