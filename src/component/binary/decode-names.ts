/**
 * Decodes what several sections share: sorts, names of imports and exports, and aliases.
 *
 * Source: component-model `Binary.md`, sections "Instance Definitions", "Alias Definitions" and
 * "Import and Export Definitions".
 */
import type { AliasDefinition, CoreSort, ExternName, Sort, SortIndex } from "./ir.ts";
import type { BinaryReader } from "./reader.ts";

const coreSorts: ReadonlyMap<number, CoreSort> = new Map([
  [0x00, "core func"],
  [0x01, "core table"],
  [0x02, "core memory"],
  [0x03, "core global"],
  [0x04, "core tag"],
  [0x10, "core type"],
  [0x11, "core module"],
  [0x12, "core instance"],
]);

const sorts: ReadonlyMap<number, Sort> = new Map([
  [0x01, "func"],
  [0x02, "value"],
  [0x03, "type"],
  [0x04, "component"],
  [0x05, "instance"],
]);

export function readCoreSort(reader: BinaryReader): CoreSort {
  const byte = reader.u8("a core sort");
  return coreSorts.get(byte) ?? reader.invalidByte(byte, "a core sort");
}

function readSort(reader: BinaryReader): Sort {
  const byte = reader.u8("a sort");
  if (byte === 0x00) {
    return readCoreSort(reader);
  }
  return sorts.get(byte) ?? reader.invalidByte(byte, "a sort");
}

export function readSortIndex(reader: BinaryReader): SortIndex {
  const offset = reader.offset;
  const sort = readSort(reader);
  return { sort, index: reader.u32(`${sort} index`), offset };
}

/** `nameattributes`. */
export function readExternName(reader: BinaryReader): ExternName {
  const offset = reader.offset;
  const form = reader.u8("the name of an import or export");
  if (form > 0x02) {
    reader.invalidByte(form, "the name of an import or export");
  }
  const name = reader.name("the name of an import or export");
  const attributes = new Map<"implements" | "versionsuffix" | "external-id", string>();
  if (form === 0x02) {
    const count = reader.count("attributes");
    for (let i = 0; i < count; i++) {
      const at = reader.offset;
      const key = readAttributeKey(reader);
      if (attributes.has(key)) {
        reader.fail(`duplicate '${key}' option in name`, at);
      }
      attributes.set(key, reader.name(`the attribute '${key}'`));
    }
  }
  return {
    name,
    implements: attributes.get("implements"),
    versionSuffix: attributes.get("versionsuffix"),
    externalId: attributes.get("external-id"),
    offset,
  };
}

function readAttributeKey(reader: BinaryReader): "implements" | "versionsuffix" | "external-id" {
  const byte = reader.u8("a name option");
  switch (byte) {
    case 0x00:
      return "implements";
    case 0x01:
      return "versionsuffix";
    case 0x02:
      return "external-id";
    default:
      return reader.invalidByte(byte, "a name option");
  }
}

export function readAlias(reader: BinaryReader): AliasDefinition {
  const offset = reader.offset;
  const sort = readSort(reader);
  const target = reader.u8("an alias target");
  switch (target) {
    case 0x00:
    case 0x01: {
      const instance = reader.u32("an instance index");
      const name = reader.name("the name of an aliased export");
      return { kind: "alias", sort, target: target === 0 ? "export" : "core export", instance, name, offset };
    }
    case 0x02: {
      const count = reader.u32("an outer alias count");
      return { kind: "alias", sort, target: "outer", count, index: reader.u32(`${sort} index`), offset };
    }
    default:
      return reader.invalidByte(target, "an alias target");
  }
}
