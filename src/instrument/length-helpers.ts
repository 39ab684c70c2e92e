/**
 * Functions that stand for an operator whose work depends on a length: they take its operands and the
 * count, pay before the work is done, and give its results and the count.
 *
 * A length above `SMALL` is looked at more closely: an operator that is out of bounds traps without
 * having paid for what it does not do, and one that moves much does so in chunks with a check
 * before each, so that a deadline holds meanwhile.
 */
import { type AddedFunctions, I32, I64 } from "./added-functions.ts";
import type { ByteBuffer } from "./byte-buffer.ts";
import { localGet } from "./helpers.ts";

/** Up to this length nothing is looked at: what an operator out of bounds pays too much is less than a slice. */
const SMALL = 1 << 16;
/** How many bytes of memory are moved between two checks: some 100 microseconds. */
const CHUNK_BYTES = 1 << 20;
/** And how many elements of a table or an array: less than a millisecond, if they are references to functions. */
const CHUNK_ELEMENTS = 1 << 14;
/**
 * In an epoch-only module: the binary logarithm of how many bytes count as much as an operator, and of how many operators
 * an element counts for. References to functions are slow to move: some 100 ns each.
 */
const EPOCH_BYTES_SHIFT = 6;
const EPOCH_ELEMENT_SHIFT = 4;
/** And what calling V8 counts for. */
const EPOCH_BASE = 64;

/** An offset that, with the length, must stay within a limit. */
export interface Bound {
  /** The operand that holds the offset. */
  readonly offset: number;
  readonly is64: boolean;
  /** How far it advances for each unit of the length. */
  readonly by: number;
  /** Emits the limit as i64. */
  readonly limit: (code: ByteBuffer) => void;
}

export interface LengthOperator {
  /** Names the operator and its immediates; operators of the same name are the same. */
  readonly name: string;
  /** The encoded types of the operands; the last one is the length. */
  readonly params: readonly Uint8Array[];
  /** The encoded result types: none or one. */
  readonly result: Uint8Array | undefined;
  readonly lengthIs64: boolean;
  readonly bounds: readonly Bound[];
  /** The operand that must not be null, if there is one. */
  readonly notNull: readonly number[];
  /** Above this length the operator always traps. */
  readonly maxLength: number | undefined;
  /** Which operands advance with the length, if the work can be done in chunks, and how. */
  readonly chunked: Chunked | undefined;
  /** It works on bytes; otherwise, on elements. */
  readonly isBytes: boolean;
  /** Fuel per byte or element. */
  readonly unitCost: number;
  readonly emit: (code: ByteBuffer) => void;
}

/** An operand that advances by a number of bytes or elements for each unit of the length. */
export interface Advancing {
  readonly operand: number;
  readonly is64: boolean;
  readonly by: number;
}

export interface Chunked {
  readonly offsets: readonly Advancing[];
  /** Source and target overlap: where the target is above the source, work goes from the end. */
  readonly overlaps: boolean;
}

export interface LengthHelpersOptions {
  readonly added: AddedFunctions;
  /** Fuel is charged by operator; otherwise only checks are counted. */
  readonly charges: boolean;
  /** The function `(param i64) (result i64)` of the slow path. */
  slowCheck(): number;
}

export class LengthHelpers {
  readonly #options: LengthHelpersOptions;

  constructor(options: LengthHelpersOptions) {
    this.#options = options;
  }

  /** The function that stands for an operator: it takes the count behind the operands, and gives it behind the result. */
  operator(operator: LengthOperator): number {
    const { added } = this.#options;
    const { params, result } = operator;
    return added.function(
      operator.name,
      () => {
        const types = params.flatMap((type) => [...type]);
        const results = result ? [...result, I64] : [I64];
        return added.type([...types, I64], params.length + 1, results, result ? 2 : 1);
      },
      (code) => new LengthBody(code, operator, this.#options).emit(),
      [I64, operator.lengthIs64 ? I64 : I32],
    );
  }
}

class LengthBody {
  readonly #code: ByteBuffer;
  readonly #operator: LengthOperator;
  readonly #options: LengthHelpersOptions;
  readonly #length: number;
  readonly #count: number;
  /** The length as i64, and how much of it is left to do. */
  readonly #rest: number;
  /** The length of a chunk, in the type of the length. */
  readonly #chunk: number;

  constructor(code: ByteBuffer, operator: LengthOperator, options: LengthHelpersOptions) {
    this.#code = code;
    this.#operator = operator;
    this.#options = options;
    this.#length = operator.params.length - 1;
    this.#count = operator.params.length;
    this.#rest = this.#count + 1;
    this.#chunk = this.#count + 2;
  }

  emit(): void {
    const { maxLength, bounds, notNull, chunked } = this.#operator;
    if (maxLength !== undefined || bounds.length > 0) {
      this.#pushLength();
      this.#set(this.#rest);
      this.#get(this.#rest);
      this.#i64(SMALL);
      this.#code.u8(0x56); // i64.gt_u
      this.#if(() => {
        for (const operand of notNull) {
          this.#get(operand);
          this.#code.u8(0xd1); // ref.is_null
          this.#if(() => this.#doneUnpaid());
        }
        if (maxLength !== undefined) {
          this.#get(this.#rest);
          this.#i64(maxLength);
          this.#code.u8(0x56);
          this.#if(() => this.#doneUnpaid());
        }
        for (const bound of bounds) this.#unlessWithin(bound);
        if (chunked) this.#chunks(chunked);
      });
    }
    this.#pay(() => this.#pushLength());
    this.#operands(this.#length + 1);
    this.#operator.emit(this.#code);
    this.#get(this.#count);
  }

  /** The operator will trap: it is executed without being paid for. */
  #doneUnpaid(): void {
    this.#operands(this.#length + 1);
    this.#operator.emit(this.#code);
    this.#get(this.#count);
    this.#code.u8(0x0f); // return
  }

  /** limit < rest || offset > limit - rest, all unsigned. */
  #unlessWithin({ offset, is64, by, limit }: Bound): void {
    const code = this.#code;
    const rest = () => {
      this.#get(this.#rest);
      if (by === 1) return;
      this.#i64(by);
      code.u8(0x7e); // i64.mul
    };
    limit(code);
    rest();
    code.u8(0x54); // i64.lt_u
    this.#get(offset);
    if (!is64) code.u8(0xad); // i64.extend_i32_u
    limit(code);
    rest();
    code.u8(0x7d); // i64.sub
    code.u8(0x56); // i64.gt_u
    code.u8(0x72); // i32.or
    this.#if(() => this.#doneUnpaid());
  }

  /** Does all the work in chunks, and returns. */
  #chunks({ offsets, overlaps }: Chunked): void {
    const code = this.#code;
    if (overlaps) {
      const [target, source] = offsets;
      if (!target || !source) throw new Error("an overlapping operator has a target and a source");
      this.#get(target.operand);
      if (!target.is64) code.u8(0xad);
      this.#get(source.operand);
      if (!source.is64) code.u8(0xad);
      code.u8(0x56); // i64.gt_u
      this.#if(() => this.#loop(offsets, true));
    }
    this.#loop(offsets, false);
  }

  #loop(offsets: Chunked["offsets"], backward: boolean): void {
    const code = this.#code;
    code.u8(0x03); // loop
    code.u8(0x40);
    const most = this.#operator.isBytes ? CHUNK_BYTES : CHUNK_ELEMENTS;
    // chunk = min(rest, most)
    this.#get(this.#rest);
    this.#i64(most);
    this.#get(this.#rest);
    this.#i64(most);
    code.u8(0x54); // i64.lt_u
    code.u8(0x1b); // select
    if (!this.#operator.lengthIs64) code.u8(0xa7); // i32.wrap_i64
    this.#set(this.#chunk);
    this.#pay(() => this.#pushChunk());
    this.#get(this.#rest);
    this.#pushChunk();
    code.u8(0x7d); // i64.sub
    this.#set(this.#rest);
    for (let i = 0; i < this.#length; i++) {
      this.#get(i);
      const offset = offsets.find(({ operand }) => operand === i);
      if (!offset || !backward) continue;
      this.#get(this.#rest);
      this.#advance(offset);
    }
    this.#get(this.#chunk);
    this.#operator.emit(code);
    if (!backward) {
      for (const offset of offsets) {
        this.#get(offset.operand);
        this.#pushChunk();
        this.#advance(offset);
        this.#set(offset.operand);
      }
    }
    this.#get(this.#rest);
    this.#i64(0);
    code.u8(0x52); // i64.ne
    code.u8(0x0d); // br_if
    code.u32(0);
    code.u8(0x0b);
    this.#get(this.#count);
    code.u8(0x0f); // return
  }

  /** Adds the length on the stack, an i64, to the offset below it. */
  #advance({ is64, by }: Advancing): void {
    const code = this.#code;
    if (by !== 1) {
      this.#i64(by);
      code.u8(0x7e); // i64.mul
    }
    if (!is64) code.u8(0xa7); // i32.wrap_i64
    code.u8(is64 ? 0x7c : 0x6a); // add
  }

  /** Takes the price of a length, which is pushed as i64, from the count, and checks. */
  #pay(push: () => void): void {
    const code = this.#code;
    this.#get(this.#count);
    push();
    if (!this.#options.charges) {
      if (this.#operator.isBytes) {
        this.#i64(EPOCH_BYTES_SHIFT);
        code.u8(0x88); // i64.shr_u
      } else {
        this.#i64(EPOCH_ELEMENT_SHIFT);
        code.u8(0x86); // i64.shl
      }
      this.#i64(EPOCH_BASE);
      code.u8(0x7c); // i64.add
    } else if (this.#operator.unitCost !== 1) {
      this.#i64(this.#operator.unitCost);
      code.u8(0x7e); // i64.mul
    }
    code.u8(0x7d); // i64.sub
    code.u8(0x22); // local.tee
    code.u32(this.#count);
    this.#i64(0);
    code.u8(0x53); // i64.lt_s
    this.#if(() => {
      this.#get(this.#count);
      code.u8(0x10); // call
      code.u32(this.#options.slowCheck());
      this.#set(this.#count);
    });
  }

  #operands(count: number): void {
    for (let i = 0; i < count; i++) this.#get(i);
  }

  #pushLength(): void {
    this.#get(this.#length);
    if (!this.#operator.lengthIs64) this.#code.u8(0xad);
  }

  #pushChunk(): void {
    this.#get(this.#chunk);
    if (!this.#operator.lengthIs64) this.#code.u8(0xad);
  }

  #get(local: number): void {
    localGet(this.#code, local);
  }

  #set(local: number): void {
    this.#code.u8(0x21);
    this.#code.u32(local);
  }

  #i64(value: number): void {
    this.#code.u8(0x42);
    this.#code.s64(BigInt(value));
  }

  #if(body: () => void): void {
    this.#code.u8(0x04);
    this.#code.u8(0x40);
    body();
    this.#code.u8(0x0b);
  }
}
