/**
 * Constant expressions: initialisers of globals and tables, offsets and items of segments.
 *
 * They are copied with shifted function and global indices. Those that allocate are also priced:
 * wasmtime runs them in a start-up function that pays for them, so the rewritten module's start-up
 * function does as well.
 */
import type { ByteBuffer } from "./byte-buffer.ts";
import type { ByteReader } from "./byte-reader.ts";
import { OBJECT_BYTES } from "./helpers.ts";
import { skipHeapType, type TypeSection, unsupported } from "./types.ts";

/** What a constant expression is rewritten with. */
export interface ConstExprContext {
  readonly types: TypeSection;
  readonly functionCount: number;
  readonly globalCount: number;
  /** The function that a reference to function `index` is to refer to. */
  reference(index: number): number;
  mapGlobal(index: number): number;
  /** The value of a global of type i32, if it is known before the module runs. */
  globalValue(index: number): number | undefined;
}

/** What evaluating a constant expression costs and gives. */
export interface ConstExprResult {
  /** How many operators it has, `end` not counted. */
  readonly operators: number;
  readonly allocates: boolean;
  /** Elements of the arrays that it makes by length. */
  readonly elements: number;
  /** Bytes that it takes on V8's heap. */
  readonly heapBytes: number;
  /** Its value, if that is an i32 and known. */
  readonly value: number | undefined;
}

/**
 * Reads one constant expression up to and with its `end`, and writes it to `out` with shifted indices.
 * Without `out` it is only skipped; indices are then not checked, and what it makes is not worked out.
 */
export function rewriteConstExpr(
  reader: ByteReader,
  out: ByteBuffer | undefined,
  context: ConstExprContext,
): ConstExprResult {
  return new Evaluation(reader, out, context).run();
}

/** Skips one constant expression. */
export function skipConstExpr(reader: ByteReader, types: TypeSection): void {
  rewriteConstExpr(reader, undefined, {
    types,
    functionCount: 0,
    globalCount: 0,
    reference: (index) => index,
    mapGlobal: (index) => index,
    globalValue: () => undefined,
  });
}

class Evaluation {
  readonly #reader: ByteReader;
  readonly #out: ByteBuffer | undefined;
  readonly #context: ConstExprContext;
  /** The operands: known i32 values, and what is not known. */
  readonly #stack: (number | undefined)[] = [];
  #copied: number;
  #operators = 0;
  #allocates = false;
  #elements = 0;
  #heapBytes = 0;

  constructor(reader: ByteReader, out: ByteBuffer | undefined, context: ConstExprContext) {
    this.#reader = reader;
    this.#out = out;
    this.#context = context;
    this.#copied = reader.pos;
  }

  run(): ConstExprResult {
    const reader = this.#reader;
    for (;;) {
      const at = reader.pos;
      const opcode = reader.u8();
      if (opcode === 0x0b) break;
      this.#operator(opcode, at);
      this.#operators++;
    }
    this.#out?.copy(reader.bytes, this.#copied, reader.pos);
    return {
      operators: this.#operators,
      allocates: this.#allocates,
      elements: this.#elements,
      heapBytes: this.#heapBytes,
      value: this.#stack.at(-1),
    };
  }

  #operator(opcode: number, at: number): void {
    const reader = this.#reader;
    const context = this.#context;
    const stack = this.#stack;
    switch (opcode) {
      case 0x41: // i32.const
        stack.push(reader.s32());
        return;
      case 0x42: // i64.const
        reader.skipS64();
        stack.push(undefined);
        return;
      case 0x43: // f32.const
        reader.skip(4);
        stack.push(undefined);
        return;
      case 0x44: // f64.const
        reader.skip(8);
        stack.push(undefined);
        return;
      case 0x6a: // i32.add
        this.#binary((left, right) => left + right);
        return;
      case 0x6b: // i32.sub
        this.#binary((left, right) => left - right);
        return;
      case 0x6c: // i32.mul
        this.#binary(Math.imul);
        return;
      case 0x7c: // i64.add
      case 0x7d: // i64.sub
      case 0x7e: // i64.mul
        this.#take(2);
        stack.push(undefined);
        return;
      case 0x23: {
        // global.get
        const index = reader.u32();
        if (this.#out && index >= context.globalCount) reader.fail("global index out of range", at);
        this.#replaceIndex(at, opcode, index, context.mapGlobal(index));
        stack.push(context.globalValue(index));
        return;
      }
      case 0xd0: // ref.null
        skipHeapType(reader, context.types.count);
        stack.push(undefined);
        return;
      case 0xd2: {
        // ref.func
        const index = reader.u32();
        if (this.#out && index >= context.functionCount) reader.fail("function index out of range", at);
        this.#replaceIndex(at, opcode, index, context.reference(index));
        stack.push(undefined);
        return;
      }
      case 0xfb:
        this.#aggregate(at);
        return;
      case 0xfd:
        if (reader.u32() !== 0x0c) unsupported("this opcode in a constant expression", at);
        reader.skip(16);
        stack.push(undefined);
        return;
      default:
        unsupported(`opcode 0x${opcode.toString(16)} in a constant expression`, at);
    }
  }

  #aggregate(at: number): void {
    const reader = this.#reader;
    const { types } = this.#context;
    const opcode = reader.u32();
    if (opcode >= 0x1a && opcode <= 0x1c) {
      // any.convert_extern, extern.convert_any, ref.i31
      this.#take(1);
      this.#stack.push(undefined);
      return;
    }
    const type = reader.u32();
    const size = types.sizes[type] ?? reader.fail("type index out of range", at);
    switch (opcode) {
      case 0x00: // struct.new
      case 0x01: // struct.new_default
        if (opcode === 0x00) this.#take(types.fields[type] as number);
        this.#make(size);
        return;
      case 0x06: // array.new
      case 0x07: {
        // array.new_default
        const length = this.#stack.pop();
        if (opcode === 0x06) this.#take(1);
        if (length === undefined && this.#out) {
          unsupported("an array in a constant expression whose length depends on an import", at);
        }
        const elements = (length ?? 0) >>> 0;
        this.#elements += elements;
        this.#make(size * elements);
        return;
      }
      case 0x08: {
        // array.new_fixed
        const length = reader.u32();
        this.#take(length);
        this.#make(size * length);
        return;
      }
      default:
        unsupported(`opcode 0xfb 0x${opcode.toString(16)} in a constant expression`, at);
    }
  }

  #make(bytes: number): void {
    this.#allocates = true;
    this.#heapBytes += OBJECT_BYTES + bytes;
    this.#stack.push(undefined);
  }

  #binary(compute: (left: number, right: number) => number): void {
    const right = this.#stack.pop();
    const left = this.#stack.pop();
    this.#stack.push(left === undefined || right === undefined ? undefined : compute(left, right) | 0);
  }

  /** Takes operands off the stack; that there are enough of them, V8 checks. */
  #take(count: number): void {
    this.#stack.length = Math.max(0, this.#stack.length - count);
  }

  #replaceIndex(at: number, opcode: number, index: number, mapped: number): void {
    const out = this.#out;
    if (!out || mapped === index) return;
    out.copy(this.#reader.bytes, this.#copied, at);
    out.u8(opcode);
    out.u32(mapped);
    this.#copied = this.#reader.pos;
  }
}
