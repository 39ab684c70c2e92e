/**
 * The instructions that the instrumenter knows: for each opcode the shape of its immediates, and the
 * group that it is charged as.
 *
 * The tables are allow-lists that agree with V8's decoder: an opcode that V8 took for longer or
 * shorter than we do would let a guest hide code from the meter.
 *
 * Source: the core specification, "Instruction Index"; V8's `wasm-opcodes.h`.
 */
import type { OperatorCosts, OperatorGroup } from "./costs.ts";

/** Shapes of immediates. `UNKNOWN` is 0, so that a hole in a table is an unknown opcode. */
export const UNKNOWN = 0;
export const NONE = 1;
/** Handled one by one by the rewriter: control flow, indices that shift, bulk operators. */
export const SPECIAL = 2;
export const LOCAL = 3;
export const MEMARG = 4;
export const S32 = 5;
export const S64 = 6;
/** That many plain bytes. */
export const BYTE = 7;
export const BYTES_4 = 8;
export const BYTES_8 = 9;
export const BYTES_16 = 10;
export const MEMARG_LANE = 11;
export const HEAP_TYPE = 12;
export const TYPE = 13;
/** A type index and a plain number (a field, a length). */
export const TYPE_U32 = 14;
export const TABLE = 15;
export const MEMORY = 16;
/** A plain number whose range V8 checks: a data or element segment. */
export const U32 = 17;

type Row = readonly [from: number, to: number, shape: number, group: OperatorGroup];

const onePrefix: readonly Row[] = [
  [0x00, 0x00, SPECIAL, "structure"], // unreachable
  [0x01, 0x01, NONE, "structure"], // nop
  [0x02, 0x03, SPECIAL, "structure"], // block, loop
  [0x04, 0x04, SPECIAL, "branch"], // if
  [0x05, 0x05, SPECIAL, "structure"], // else
  [0x06, 0x0a, SPECIAL, "exception"], // try, catch, throw, rethrow, throw_ref
  [0x0b, 0x0b, SPECIAL, "structure"], // end
  [0x0c, 0x0e, SPECIAL, "branch"], // br, br_if, br_table
  [0x0f, 0x0f, SPECIAL, "structure"], // return
  [0x10, 0x15, SPECIAL, "call"], // call, call_indirect, return_call, return_call_indirect, call_ref, return_call_ref
  [0x18, 0x18, SPECIAL, "structure"], // delegate
  [0x19, 0x19, SPECIAL, "exception"], // catch_all
  [0x1a, 0x1a, NONE, "structure"], // drop
  [0x1b, 0x1b, NONE, "select"],
  [0x1c, 0x1c, SPECIAL, "select"],
  [0x1f, 0x1f, SPECIAL, "exception"], // try_table
  [0x20, 0x22, LOCAL, "local"],
  [0x23, 0x24, SPECIAL, "global"],
  [0x25, 0x26, TABLE, "table"],
  [0x28, 0x3e, MEMARG, "memory"],
  [0x3f, 0x3f, MEMORY, "memory"],
  [0x40, 0x40, SPECIAL, "grow"], // memory.grow
  [0x41, 0x41, S32, "constant"],
  [0x42, 0x42, S64, "constant"],
  [0x43, 0x43, BYTES_4, "constant"],
  [0x44, 0x44, BYTES_8, "constant"],
  [0x45, 0xc4, NONE, "numeric"],
  [0xd0, 0xd0, HEAP_TYPE, "reference"], // ref.null
  [0xd1, 0xd1, NONE, "reference"], // ref.is_null
  [0xd2, 0xd2, SPECIAL, "reference"], // ref.func
  [0xd3, 0xd4, NONE, "reference"], // ref.eq, ref.as_non_null
  [0xd5, 0xd6, SPECIAL, "branch"], // br_on_null, br_on_non_null
];

const prefixFb: readonly Row[] = [
  [0x00, 0x01, SPECIAL, "aggregate"], // struct.new, struct.new_default
  [0x02, 0x05, TYPE_U32, "aggregate"], // struct.get*, struct.set
  [0x06, 0x07, SPECIAL, "aggregate"], // array.new, array.new_default
  [0x08, 0x08, SPECIAL, "aggregate"], // array.new_fixed
  [0x09, 0x0a, SPECIAL, "aggregate"], // array.new_data, array.new_elem
  [0x0b, 0x0e, TYPE, "aggregate"], // array.get*, array.set
  [0x0f, 0x0f, NONE, "aggregate"], // array.len
  [0x10, 0x13, SPECIAL, "aggregate"], // array.fill, array.copy, array.init_data, array.init_elem
  [0x14, 0x17, HEAP_TYPE, "reference"], // ref.test, ref.cast
  [0x18, 0x19, SPECIAL, "branch"], // br_on_cast, br_on_cast_fail
  [0x1a, 0x1e, NONE, "reference"], // any.convert_extern ... i31.get_u
];

const prefixFc: readonly Row[] = [
  [0x00, 0x07, NONE, "numeric"], // saturating conversions
  [0x08, 0x08, SPECIAL, "bulk"], // memory.init
  [0x09, 0x09, U32, "bulk"], // data.drop
  [0x0a, 0x0c, SPECIAL, "bulk"], // memory.copy, memory.fill, table.init
  [0x0d, 0x0d, U32, "bulk"], // elem.drop
  [0x0e, 0x0e, SPECIAL, "bulk"], // table.copy
  [0x0f, 0x0f, SPECIAL, "grow"], // table.grow
  [0x10, 0x10, TABLE, "table"], // table.size
  [0x11, 0x11, SPECIAL, "bulk"], // table.fill
];

const prefixFd: readonly Row[] = [
  [0x00, 0x0b, MEMARG, "memory"], // v128.load* and v128.store
  [0x0c, 0x0c, BYTES_16, "constant"],
  [0x0d, 0x0d, BYTES_16, "simd"], // i8x16.shuffle
  [0x0e, 0x14, NONE, "simd"],
  [0x15, 0x22, BYTE, "simd"], // extract_lane, replace_lane
  [0x23, 0x53, NONE, "simd"],
  [0x54, 0x5b, MEMARG_LANE, "memory"],
  [0x5c, 0x5d, MEMARG, "memory"],
  [0x5e, 0x99, NONE, "simd"],
  [0x9b, 0xa1, NONE, "simd"],
  [0xa3, 0xa4, NONE, "simd"],
  [0xa7, 0xae, NONE, "simd"],
  [0xb1, 0xb1, NONE, "simd"],
  [0xb5, 0xba, NONE, "simd"],
  [0xbc, 0xc1, NONE, "simd"],
  [0xc3, 0xc4, NONE, "simd"],
  [0xc7, 0xce, NONE, "simd"],
  [0xd1, 0xd1, NONE, "simd"],
  [0xd5, 0xe1, NONE, "simd"],
  [0xe3, 0xed, NONE, "simd"],
  [0xef, 0xff, NONE, "simd"],
  [0x100, 0x113, NONE, "simd"], // relaxed
];

const prefixFe: readonly Row[] = [
  [0x00, 0x02, MEMARG, "atomic"], // memory.atomic.notify, wait32, wait64
  [0x03, 0x03, BYTE, "atomic"], // atomic.fence
  [0x10, 0x4e, MEMARG, "atomic"],
];

/** What the rewriter looks up per opcode. */
export interface OpcodeTable {
  readonly shape: Uint8Array;
  readonly cost: Uint32Array;
}

export interface OpcodeTables {
  readonly one: OpcodeTable;
  readonly fb: OpcodeTable;
  readonly fc: OpcodeTable;
  readonly fd: OpcodeTable;
  readonly fe: OpcodeTable;
}

/** The table for instructions that start with this byte. */
export function prefixedTable(tables: OpcodeTables, prefix: number): OpcodeTable | undefined {
  if (prefix === 0xfc) return tables.fc;
  if (prefix === 0xfd) return tables.fd;
  if (prefix === 0xfb) return tables.fb;
  return prefix === 0xfe ? tables.fe : undefined;
}

function table(rows: readonly Row[], size: number, costs: OperatorCosts): OpcodeTable {
  const shape = new Uint8Array(size);
  const cost = new Uint32Array(size);
  for (const [from, to, rowShape, group] of rows) {
    shape.fill(rowShape, from, to + 1);
    cost.fill(costs[group], from, to + 1);
  }
  return { shape, cost };
}

/** The tables for one set of costs. */
export function opcodeTables(costs: OperatorCosts): OpcodeTables {
  return {
    one: table(onePrefix, 0x100, costs),
    fb: table(prefixFb, 0x20, costs),
    fc: table(prefixFc, 0x20, costs),
    fd: table(prefixFd, 0x120, costs),
    fe: table(prefixFe, 0x50, costs),
  };
}
