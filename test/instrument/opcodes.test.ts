/**
 * The opcode tables and V8's decoder agree: what V8 takes for an instruction, so do we, and of the
 * same length. Were it not so, a guest could hide code from the meter.
 */

import process from "node:process";
import { expect, test } from "vitest";
import { ByteBuffer } from "../../src/instrument/byte-buffer.ts";
import { DEFAULT_OPERATOR_COSTS, instrument } from "../../src/instrument/index.ts";
import * as shape from "../../src/instrument/opcodes.ts";
import { UnsupportedError } from "../../src/model/errors.ts";
import { assemble } from "../support/assemble.ts";
import { leb } from "../support/wasm-builder.ts";
import { EVERYTHING } from "./harness.ts";

const tables = shape.opcodeTables(DEFAULT_OPERATOR_COSTS);
const PREFIXES = [
  [0xfb, tables.fb],
  [0xfc, tables.fc],
  [0xfd, tables.fd],
  [0xfe, tables.fe],
] as const;

/** Every opcode that fits: one byte, or a prefix and up to two bytes of LEB128. */
const OPCODES: readonly (readonly number[])[] = [
  ...Array.from({ length: 0xfb }, (_, opcode) => [opcode]),
  [0xff],
  ...PREFIXES.flatMap(([prefix]) => Array.from({ length: 0x180 }, (_, sub) => [prefix, ...leb(sub)])),
];

function shapeOf([first = 0, ...sub]: readonly number[]): number {
  const table = shape.prefixedTable(tables, first);
  if (!table) return tables.one.shape[first] ?? shape.UNKNOWN;
  const [low = 0, high = 0] = sub;
  return table.shape[(low & 0x7f) | (high << 7)] ?? shape.UNKNOWN;
}

/** One of everything that an instruction can refer to, at index 0 and 1. */
const SURROUNDINGS = `(module
  (type $struct (struct (field (mut i32)))) (type $packed (struct (field (mut i8))))
  (type $array (array (mut i32))) (type $bytes (array (mut i8)))
  (type $func (func))
  (memory 1) (table 1 funcref) (data "abc") (elem func 0) (func $f (type $func)))`;

/** Puts `code`, in dead code, into the function of the surroundings. */
async function withBody(): Promise<(code: readonly number[]) => Uint8Array> {
  const bytes = await assemble(SURROUNDINGS);
  // The code section is `0a 04 01 02 00 0b`, before the data section.
  const at = bytes.findIndex((_, i) => [10, 4, 1, 2, 0, 11].every((byte, j) => bytes[i + j] === byte));
  expect(at).toBeGreaterThan(0);
  return (code) => {
    // Dead code takes operands of any type; `unreachable` drops the results.
    const body = [0, 0x00, ...code, 0x00, 0x0b];
    const out = new ByteBuffer();
    out.append(bytes.subarray(0, at));
    out.append(Uint8Array.of(12, 1, 1)); // the data count section, which `data.drop` needs
    out.u8(10);
    out.u32(body.length + 2);
    out.u32(1);
    out.u32(body.length);
    out.append(Uint8Array.from(body));
    out.append(bytes.subarray(at + 6));
    return out.view();
  };
}

/** Immediates by shape: any that makes the instruction valid will do. */
function immediates(of: number): number[][] {
  const alignments = [0, 1, 2, 3, 4];
  switch (of) {
    case shape.NONE:
      return [[]];
    case shape.MEMARG:
      return alignments.map((align) => [align, 0]);
    case shape.MEMARG_LANE:
      return alignments.map((align) => [align, 0, 0]);
    case shape.BYTES_4:
      return [[0, 0, 0, 0]];
    case shape.BYTES_8:
      return [new Array<number>(8).fill(0)];
    case shape.BYTES_16:
      return [new Array<number>(16).fill(0)];
    case shape.HEAP_TYPE:
      return [[0x6e]];
    case shape.TYPE:
      return [[0], [1], [2], [3]];
    case shape.TYPE_U32:
      return [
        [0, 0],
        [1, 0],
        [2, 0],
      ];
    default:
      return [[0]];
  }
}

// Newer instructions than an older V8 has.
const isCurrent = Number(process.versions.node.split(".")[0]) >= 26;

test("what V8 knows, we know", async () => {
  const make = await withBody();
  const hidden: string[] = [];
  for (const opcode of OPCODES) {
    if (shapeOf(opcode) !== shape.UNKNOWN) continue;
    // Zeros are immediates of some instruction, or else `unreachable`; 0x0b ends what opens.
    for (const tail of [[], new Array<number>(24).fill(0), [0, 0x0b], [0x40, 0x0b]]) {
      const bytes = make([...opcode, ...tail]);
      if (WebAssembly.validate(bytes)) hidden.push(opcode.map((byte) => byte.toString(16)).join(" "));
      expect(() => instrument(bytes, EVERYTHING)).toThrow(UnsupportedError);
    }
  }
  expect(hidden).toEqual([]);
});

test.runIf(isCurrent)("what we know, V8 knows, and takes for as long", async () => {
  const make = await withBody();
  const locals = shape.LOCAL;
  const wrong: string[] = [];
  for (const opcode of OPCODES) {
    const of = shapeOf(opcode);
    if (of === shape.UNKNOWN || of === shape.SPECIAL || of === locals) continue;
    const valid = immediates(of)
      .map((immediate) => make([...opcode, ...immediate]))
      .filter((bytes) => WebAssembly.validate(bytes));
    if (valid.length === 0) wrong.push(opcode.map((byte) => byte.toString(16)).join(" "));
    for (const bytes of valid) expect(WebAssembly.validate(instrument(bytes, EVERYTHING).bytes)).toBe(true);
  }
  expect(wrong).toEqual([]);
});
