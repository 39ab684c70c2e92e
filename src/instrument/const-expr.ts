/**
 * Constant expressions: initialisers of globals and tables, offsets and items of segments.
 *
 * They are copied with shifted function and global indices. Those that allocate are also priced:
 * wasmtime runs them in a start-up function that pays for them, so the rewritten module's start-up
 * function does as well.
 */
import type { ByteBuffer } from "./byte-buffer.ts";
import type { ByteReader } from "./byte-reader.ts";
import { skipHeapType, unsupported } from "./types.ts";

/** What a constant expression is rewritten with. */
export interface ConstExprContext {
  readonly typeCount: number;
  readonly functionCount: number;
  readonly globalCount: number;
  /** The function that a reference to function `index` is to refer to. */
  reference(index: number): number;
  mapGlobal(index: number): number;
}

/** What evaluating a constant expression costs, if it allocates. */
export interface ConstExprCost {
  /** How many operators it has, `end` not counted. */
  operators: number;
  allocates: boolean;
  /** Elements of the arrays whose length is a literal. */
  elements: bigint;
}

/**
 * Reads one constant expression up to and with its `end`, and writes it to `out` with shifted indices.
 * Without `out` it is only skipped; indices are then not checked.
 */
export function rewriteConstExpr(
  reader: ByteReader,
  out: ByteBuffer | undefined,
  context: ConstExprContext,
): ConstExprCost {
  const cost: ConstExprCost = { operators: 0, allocates: false, elements: 0n };
  let copied = reader.pos;
  // The value of the operator before this one, if it is a literal i32.
  let literal: number | undefined;
  const replace = (at: number, opcode: number, index: number, mapped: number) => {
    if (!out || mapped === index) return;
    out.copy(reader.bytes, copied, at);
    out.u8(opcode);
    out.u32(mapped);
    copied = reader.pos;
  };

  for (;;) {
    const at = reader.pos;
    const opcode = reader.u8();
    const previous = literal;
    literal = undefined;
    switch (opcode) {
      case 0x0b:
        out?.copy(reader.bytes, copied, reader.pos);
        return cost;
      case 0x41:
        literal = reader.s32();
        break;
      case 0x42:
        reader.skipS64();
        break;
      case 0x43:
        reader.skip(4);
        break;
      case 0x44:
        reader.skip(8);
        break;
      case 0x6a:
      case 0x6b:
      case 0x6c:
      case 0x7c:
      case 0x7d:
      case 0x7e:
        break;
      case 0x23: {
        const index = reader.u32();
        if (out && index >= context.globalCount) reader.fail("global index out of range", at);
        replace(at, opcode, index, context.mapGlobal(index));
        break;
      }
      case 0xd0:
        skipHeapType(reader, context.typeCount);
        break;
      case 0xd2: {
        const index = reader.u32();
        if (out && index >= context.functionCount) reader.fail("function index out of range", at);
        replace(at, opcode, index, context.reference(index));
        break;
      }
      case 0xfb:
        gcOperator(reader, at, context, cost, previous);
        break;
      case 0xfd:
        if (reader.u32() !== 0x0c) unsupported("this opcode in a constant expression", at);
        reader.skip(16);
        break;
      default:
        unsupported(`opcode 0x${opcode.toString(16)} in a constant expression`, at);
    }
    cost.operators++;
  }
}

/** Skips one constant expression; indices that shift are not checked. */
export function skipConstExpr(reader: ByteReader, typeCount: number): void {
  rewriteConstExpr(reader, undefined, {
    typeCount,
    functionCount: 0,
    globalCount: 0,
    reference: (index) => index,
    mapGlobal: (index) => index,
  });
}

function gcOperator(
  reader: ByteReader,
  at: number,
  context: ConstExprContext,
  cost: ConstExprCost,
  literal: number | undefined,
): void {
  const opcode = reader.u32();
  switch (opcode) {
    case 0x00: // struct.new
    case 0x01: // struct.new_default
    case 0x06: // array.new
    case 0x07: // array.new_default
    case 0x08: // array.new_fixed
      if (reader.u32() >= context.typeCount) reader.fail("type index out of range", at);
      cost.allocates = true;
      if (opcode === 0x06 || opcode === 0x07) {
        if (literal === undefined)
          unsupported("an array length that is not a literal in a constant expression", at);
        cost.elements += BigInt(literal >>> 0);
      } else if (opcode === 0x08) {
        reader.u32();
      }
      return;
    case 0x1a: // any.convert_extern
    case 0x1b: // extern.convert_any
    case 0x1c: // ref.i31
      return;
    default:
      unsupported(`opcode 0xfb 0x${opcode.toString(16)} in a constant expression`, at);
  }
}
