/**
 * Decodes canonical definitions.
 *
 * All of them are decoded, those of the asynchronous component model too: whether one can be run is
 * the runtime's to say.
 *
 * Source: component-model `Binary.md`, section "Canonical Definitions".
 */
import { readCoreValueType } from "./core-types.ts";
import { readResult } from "./decode-types.ts";
import type { BuiltinNode, CanonDefinition, CanonNode, CanonOption } from "./ir.ts";
import type { BinaryReader } from "./reader.ts";

type ReadOperands = (reader: BinaryReader) => Omit<BuiltinNode, "name">;

const none: ReadOperands = () => ({});
const typed: ReadOperands = (reader) => ({ type: reader.u32("a type") });
const typedWithOptions: ReadOperands = (reader) => {
  const type = reader.u32("a type");
  return { type, options: readOptions(reader) };
};
const withOptions: ReadOperands = (reader) => ({ options: readOptions(reader) });
const maybeAsync: ReadOperands = (reader) => ({ async: readFlag(reader, "async") });
const typedMaybeAsync: ReadOperands = (reader) => {
  const type = reader.u32("a type");
  return { type, async: readFlag(reader, "async") };
};
const cancellable: ReadOperands = (reader) => {
  readFlag(reader, "cancellable");
  return {};
};
const waiting: ReadOperands = (reader) => {
  readFlag(reader, "cancellable");
  return { memory: reader.u32("a memory") };
};
const contextSlot: ReadOperands = (reader) => {
  const valueType = readCoreValueType(reader);
  return { valueType, slot: reader.u32("a context slot") };
};

const builtins: ReadonlyMap<number, readonly [name: string, read: ReadOperands]> = new Map([
  [0x05, ["task.cancel", none]],
  [0x06, ["subtask.cancel", maybeAsync]],
  [
    0x09,
    [
      "task.return",
      (reader) => {
        const result = readResult(reader);
        return { result, options: readOptions(reader) };
      },
    ],
  ],
  [0x0a, ["context.get", contextSlot]],
  [0x0b, ["context.set", contextSlot]],
  [0x0c, ["thread.yield", cancellable]],
  [0x0d, ["subtask.drop", none]],
  [0x0e, ["stream.new", typed]],
  [0x0f, ["stream.read", typedWithOptions]],
  [0x10, ["stream.write", typedWithOptions]],
  [0x11, ["stream.cancel-read", typedMaybeAsync]],
  [0x12, ["stream.cancel-write", typedMaybeAsync]],
  [0x13, ["stream.drop-readable", typed]],
  [0x14, ["stream.drop-writable", typed]],
  [0x15, ["future.new", typed]],
  [0x16, ["future.read", typedWithOptions]],
  [0x17, ["future.write", typedWithOptions]],
  [0x18, ["future.cancel-read", typedMaybeAsync]],
  [0x19, ["future.cancel-write", typedMaybeAsync]],
  [0x1a, ["future.drop-readable", typed]],
  [0x1b, ["future.drop-writable", typed]],
  [0x1c, ["error-context.new", withOptions]],
  [0x1d, ["error-context.debug-message", withOptions]],
  [0x1e, ["error-context.drop", none]],
  [0x1f, ["waitable-set.new", none]],
  [0x20, ["waitable-set.wait", waiting]],
  [0x21, ["waitable-set.poll", waiting]],
  [0x22, ["waitable-set.drop", none]],
  [0x23, ["waitable.join", none]],
  [0x24, ["backpressure.inc", none]],
  [0x25, ["backpressure.dec", none]],
  [0x26, ["thread.index", none]],
  [
    0x27,
    [
      "thread.new-indirect",
      (reader) => {
        const coreType = reader.u32("a core type");
        return { coreType, table: reader.u32("a table") };
      },
    ],
  ],
  [0x28, ["thread.resume-later", none]],
  [0x29, ["thread.suspend", cancellable]],
  [0x2a, ["thread.suspend-then-resume", cancellable]],
  [0x2b, ["thread.yield-then-resume", cancellable]],
  [0x2c, ["thread.suspend-then-promote", cancellable]],
  [0x2d, ["thread.yield-then-promote", cancellable]],
  [
    0x40,
    [
      "thread.spawn-ref",
      (reader) => {
        readFlag(reader, "shared");
        return { coreType: reader.u32("a core type") };
      },
    ],
  ],
  [
    0x41,
    [
      "thread.spawn-indirect",
      (reader) => {
        readFlag(reader, "shared");
        const coreType = reader.u32("a core type");
        return { coreType, table: reader.u32("a table") };
      },
    ],
  ],
  [
    0x42,
    [
      "thread.available-parallelism",
      (reader) => {
        readFlag(reader, "shared");
        return {};
      },
    ],
  ],
]);

export function readCanon(reader: BinaryReader): CanonDefinition {
  const offset = reader.offset;
  return { kind: "canon", canon: readCanonNode(reader), offset };
}

function readCanonNode(reader: BinaryReader): CanonNode {
  const opcode = reader.u8("a canonical definition");
  switch (opcode) {
    case 0x00: {
      reader.expect(0x00, "the sort of a lifted definition");
      const func = reader.u32("a core function");
      const options = readOptions(reader);
      return { kind: "lift", func, options, type: reader.u32("a function type") };
    }
    case 0x01: {
      reader.expect(0x00, "the sort of a lowered definition");
      const func = reader.u32("a function");
      return { kind: "lower", func, options: readOptions(reader) };
    }
    case 0x02:
      return { kind: "resource.new", type: reader.u32("a resource type") };
    case 0x03:
      return { kind: "resource.drop", type: reader.u32("a resource type") };
    case 0x04:
      return { kind: "resource.rep", type: reader.u32("a resource type") };
    default: {
      const builtin = builtins.get(opcode);
      if (builtin === undefined) {
        return reader.invalidByte(opcode, "a canonical definition");
      }
      const [name, readOperands] = builtin;
      return { kind: "builtin", builtin: { name, ...readOperands(reader) } };
    }
  }
}

function readFlag(reader: BinaryReader, what: string): boolean {
  const byte = reader.u8(`the flag '${what}'`);
  if (byte > 1) {
    reader.invalidByte(byte, `the flag '${what}'`);
  }
  return byte === 1;
}

function readOptions(reader: BinaryReader): CanonOption[] {
  return reader.vector("canonical options", () => readOption(reader));
}

function readOption(reader: BinaryReader): CanonOption {
  const offset = reader.offset;
  const opcode = reader.u8("a canonical option");
  switch (opcode) {
    case 0x00:
      return { kind: "string-encoding", encoding: "utf8", offset };
    case 0x01:
      return { kind: "string-encoding", encoding: "utf16", offset };
    case 0x02:
      return { kind: "string-encoding", encoding: "latin1+utf16", offset };
    case 0x03:
      return { kind: "memory", index: reader.u32("a memory"), offset };
    case 0x04:
      return { kind: "realloc", index: reader.u32("a core function"), offset };
    case 0x05:
      return { kind: "post-return", index: reader.u32("a core function"), offset };
    case 0x06:
      return { kind: "async", offset };
    case 0x07:
      return { kind: "callback", index: reader.u32("a core function"), offset };
    default:
      return reader.invalidByte(opcode, "a canonical option");
  }
}
