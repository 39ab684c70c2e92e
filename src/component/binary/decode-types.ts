/**
 * Decodes type definitions: value, function, component, instance and resource types.
 *
 * Source: component-model `Binary.md`, section "Type Definitions".
 */
import { UnsupportedError } from "../../model/errors.ts";
import type { PrimitiveKind } from "../../model/value-type.ts";
import { MAX_NESTING } from "../limits.ts";
import { readCoreExternType, readCoreValueType, readRecType, readSubType } from "./core-types.ts";
import { readAlias, readExternName } from "./decode-names.ts";
import type {
  CaseRef,
  CoreModuleDeclarator,
  CoreTypeDefinition,
  CoreTypeNode,
  Declarator,
  ExternTypeNode,
  FuncTypeNode,
  Label,
  NamedTypeRef,
  TypeDefinition,
  TypeNode,
  ValueTypeRef,
} from "./ir.ts";
import type { BinaryReader } from "./reader.ts";

const primitives: ReadonlyMap<number, PrimitiveKind> = new Map([
  [0x7f, "bool"],
  [0x7e, "s8"],
  [0x7d, "u8"],
  [0x7c, "s16"],
  [0x7b, "u16"],
  [0x7a, "s32"],
  [0x79, "u32"],
  [0x78, "s64"],
  [0x77, "u64"],
  [0x76, "f32"],
  [0x75, "f64"],
  [0x74, "char"],
  [0x73, "string"],
  [0x64, "error-context"],
]);

/** `valtype`: a type index or a primitive. */
function readValueType(reader: BinaryReader): ValueTypeRef {
  const byte = reader.peek();
  const primitive = byte === undefined ? undefined : primitives.get(byte);
  if (primitive !== undefined) {
    reader.skip(1, "a value type");
    return primitive;
  }
  return reader.typeIndex("value type");
}

function readOptionalValueType(reader: BinaryReader): ValueTypeRef | undefined {
  const present = reader.u8("an optional value type");
  switch (present) {
    case 0x00:
      return undefined;
    case 0x01:
      return readValueType(reader);
    default:
      return reader.invalidByte(present, "an optional value type");
  }
}

function readLabel(reader: BinaryReader, what: string): Label {
  const offset = reader.offset;
  return { name: reader.name(what), offset };
}

function readNamedType(reader: BinaryReader, what: string): NamedTypeRef {
  const offset = reader.offset;
  return { name: reader.name(what), type: readValueType(reader), offset };
}

function readCase(reader: BinaryReader): CaseRef {
  const offset = reader.offset;
  const name = reader.name("a case's name");
  const type = readOptionalValueType(reader);
  reader.expect(0x00, "the end of a case");
  return { name, type, offset };
}

/** `resultlist`: one unnamed result or none. */
export function readResult(reader: BinaryReader): ValueTypeRef | undefined {
  const byte = reader.u8("a result list");
  switch (byte) {
    case 0x00:
      return readValueType(reader);
    case 0x01:
      reader.expect(0x00, "a result list");
      return undefined;
    default:
      return reader.invalidByte(byte, "a result list");
  }
}

function readFuncType(reader: BinaryReader, async: boolean): FuncTypeNode {
  const params = reader.vector("parameters", () => readNamedType(reader, "a parameter's name"));
  return { kind: "func", async, params, result: readResult(reader) };
}

export function readType(reader: BinaryReader, depth: number): TypeDefinition {
  const offset = reader.offset;
  return { kind: "type", type: readTypeNode(reader, depth), offset };
}

function readTypeNode(reader: BinaryReader, depth: number): TypeNode {
  const offset = reader.offset;
  const opcode = reader.u8("a type");
  const primitive = primitives.get(opcode);
  if (primitive !== undefined) {
    return { kind: "primitive", type: primitive };
  }
  switch (opcode) {
    case 0x72:
      return {
        kind: "record",
        fields: reader.vector("fields", () => readNamedType(reader, "a field's name")),
      };
    case 0x71:
      return { kind: "variant", cases: reader.vector("cases", () => readCase(reader)) };
    case 0x70:
      return { kind: "list", element: readValueType(reader) };
    case 0x6f:
      return { kind: "tuple", elements: reader.vector("tuple elements", () => readValueType(reader)) };
    case 0x6e:
      return { kind: "flags", labels: reader.vector("flags", () => readLabel(reader, "a flag's name")) };
    case 0x6d:
      return {
        kind: "enum",
        labels: reader.vector("enum cases", () => readLabel(reader, "an enum case's name")),
      };
    case 0x6b:
      return { kind: "option", some: readValueType(reader) };
    case 0x6a: {
      const ok = readOptionalValueType(reader);
      return { kind: "result", ok, err: readOptionalValueType(reader) };
    }
    case 0x69:
      return { kind: "own", resource: reader.u32("a resource type") };
    case 0x68:
      return { kind: "borrow", resource: reader.u32("a resource type") };
    case 0x67: {
      const element = readValueType(reader);
      return { kind: "fixed-length-list", element, length: reader.u32("the length of a list") };
    }
    case 0x66:
      return { kind: "stream", element: readOptionalValueType(reader) };
    case 0x65:
      return { kind: "future", element: readOptionalValueType(reader) };
    case 0x63: {
      const key = readValueType(reader);
      return { kind: "map", key, value: readValueType(reader) };
    }
    case 0x40:
      return readFuncType(reader, false);
    case 0x43:
      return readFuncType(reader, true);
    case 0x41:
    case 0x42:
      return readTypeBody(reader, opcode === 0x41 ? "component" : "instance", depth, offset);
    case 0x3f:
      return {
        kind: "resource",
        representation: readCoreValueType(reader),
        destructor: readOptional(reader, "a destructor", () => reader.u32("a destructor")),
      };
    default:
      return reader.invalidByte(opcode, "a type");
  }
}

export function readOptional<T>(reader: BinaryReader, what: string, read: () => T): T | undefined {
  const present = reader.u8(what);
  switch (present) {
    case 0x00:
      return undefined;
    case 0x01:
      return read();
    default:
      return reader.invalidByte(present, what);
  }
}

function readTypeBody(
  reader: BinaryReader,
  kind: "component" | "instance",
  depth: number,
  offset: number,
): TypeNode {
  if (depth >= MAX_NESTING) {
    reader.fail(`types and components are nested more than ${MAX_NESTING} deep`, offset);
  }
  const declarators = reader.vector("declarators", () => readDeclarator(reader, kind, depth + 1));
  return { kind, declarators };
}

function readDeclarator(reader: BinaryReader, kind: "component" | "instance", depth: number): Declarator {
  const offset = reader.offset;
  const opcode = reader.u8("a declarator");
  switch (opcode) {
    case 0x00:
      return readCoreType(reader);
    case 0x01:
      return readType(reader, depth);
    case 0x02:
      return readAlias(reader);
    case 0x03:
      if (kind === "component") {
        return { kind: "import", name: readExternName(reader), type: readExternType(reader), offset };
      }
      return reader.invalidByte(opcode, "a declarator of an instance type");
    case 0x04:
      return {
        kind: "export declarator",
        name: readExternName(reader),
        type: readExternType(reader),
        offset,
      };
    default:
      return reader.invalidByte(opcode, `a declarator of ${kind === "component" ? "a" : "an"} ${kind} type`);
  }
}

/** `externtype`. */
export function readExternType(reader: BinaryReader): ExternTypeNode {
  const kind = reader.u8("the kind of an import or export");
  switch (kind) {
    case 0x00:
      reader.expect(0x11, "the kind of an import or export (a core item other than a module)");
      return { sort: "core module", type: reader.u32("a core module's type") };
    case 0x01:
      return { sort: "func", type: reader.u32("a function's type") };
    case 0x02:
      throw new UnsupportedError("values");
    case 0x03: {
      const bound = reader.u8("a type bound");
      switch (bound) {
        case 0x00:
          return { sort: "type", bound: reader.u32("a type") };
        case 0x01:
          return { sort: "type", bound: "sub resource" };
        default:
          return reader.invalidByte(bound, "a type bound");
      }
    }
    case 0x04:
      return { sort: "component", type: reader.u32("a component's type") };
    case 0x05:
      return { sort: "instance", type: reader.u32("an instance's type") };
    default:
      return reader.invalidByte(kind, "the kind of an import or export");
  }
}

export function readCoreType(reader: BinaryReader): CoreTypeDefinition {
  const offset = reader.offset;
  return { kind: "core type", type: readCoreTypeNode(reader), offset };
}

function readCoreTypeNode(reader: BinaryReader): CoreTypeNode {
  switch (reader.peek()) {
    case 0x50:
      reader.skip(1, "a module type");
      return {
        kind: "module",
        declarators: reader.vector("module declarators", () => readModuleDeclarator(reader)),
      };
    case 0x00: {
      // A non-final subtype is prefixed here, since its opcode is the module type's.
      const offset = reader.offset;
      reader.skip(1, "a core subtype");
      if (reader.peek() !== 0x50) {
        reader.fail("invalid leading byte for a core type: 0x00 must be followed by 0x50", offset);
      }
      return { kind: "rec", types: [readSubType(reader)] };
    }
    default:
      return { kind: "rec", types: readRecType(reader) };
  }
}

function readModuleDeclarator(reader: BinaryReader): CoreModuleDeclarator {
  const offset = reader.offset;
  const opcode = reader.u8("a module declarator");
  switch (opcode) {
    case 0x00: {
      const module = reader.name("an import's module name");
      const name = reader.name("an import's name");
      return { kind: "import", module, name, type: readCoreExternType(reader), offset };
    }
    case 0x01:
      return { kind: "type", types: readRecType(reader), offset };
    case 0x02: {
      reader.expect(0x10, "the sort of a core alias");
      reader.expect(0x01, "the target of a core alias");
      const count = reader.u32("an outer alias count");
      return { kind: "outer", count, index: reader.u32("a core type"), offset };
    }
    case 0x03: {
      const name = reader.name("an export's name");
      return { kind: "export", name, type: readCoreExternType(reader), offset };
    }
    default:
      return reader.invalidByte(opcode, "a module declarator");
  }
}
