/**
 * The types and functions that the rewriter adds to a module, made when first asked for.
 */
import { UnsupportedError } from "../model/errors.ts";
import { ByteBuffer } from "./byte-buffer.ts";

export const I32 = 0x7f;
export const I64 = 0x7e;

/** A module that takes more is made to be large; V8 takes a million functions. */
const MAX_ADDED_FUNCTIONS = 250_000;
/** As many, of the size that they have: one that hands on a thousand parameters takes 3 KB, for a few bytes of the guest's. */
const MAX_ADDED_BYTES = 32 * 1024 * 1024;

export interface AddedFunction {
  /** Undefined for one that nothing refers to. */
  readonly name: string | undefined;
  readonly type: number;
  /** Locals and code, without the size in front. */
  readonly body: Uint8Array;
}

export class AddedFunctions {
  /** Encoded types to append to the type section. */
  readonly types: Uint8Array[] = [];
  #functions: AddedFunction[] = [];
  #bytes = 0;
  readonly #firstFunction: number;
  readonly #firstType: number;
  readonly #typeIndices = new Map<string, number>();
  readonly #functionIndices = new Map<string, number>();

  constructor(firstFunction: number, firstType: number) {
    this.#firstFunction = firstFunction;
    this.#firstType = firstType;
  }

  get functions(): readonly AddedFunction[] {
    return this.#functions;
  }

  /** Lets go of the code, once the module is written. What has been added keeps its index. */
  release(): void {
    this.#functions = [];
  }

  /** The index of a function type; `params` and `results` are concatenated encodings of value types. */
  type(params: Iterable<number>, paramCount: number, results: Iterable<number>, resultCount: number): number {
    const encoded = new ByteBuffer();
    encoded.u8(0x60);
    encoded.u32(paramCount);
    for (const byte of params) encoded.u8(byte);
    encoded.u32(resultCount);
    for (const byte of results) encoded.u8(byte);
    const bytes = encoded.view();
    const key = bytes.join();
    let index = this.#typeIndices.get(key);
    if (index === undefined) {
      index = this.#firstType + this.types.length;
      this.types.push(bytes);
      this.#typeIndices.set(key, index);
    }
    return index;
  }

  /** Adds up to `count` empty functions, which nothing refers to. Others can still be added. */
  fill(count: number): void {
    count = Math.min(count, MAX_ADDED_FUNCTIONS / 2 - this.#functions.length);
    if (count <= 0) return;
    const type = this.type([], 0, [], 0);
    const filler = { name: undefined, type, body: Uint8Array.of(0x00, 0x0b) };
    for (let i = 0; i < count; i++) this.#functions.push(filler);
  }

  /**
   * The index of the function of this name, which `emit` writes the code of if it is new. `locals`
   * are the types of its locals. Functions are numbered in the order in which they are asked for.
   */
  function(
    name: string,
    type: () => number,
    emit: (code: ByteBuffer) => void,
    locals: readonly number[] = [],
  ): number {
    let index = this.#functionIndices.get(name);
    if (index === undefined) {
      if (this.#functions.length >= MAX_ADDED_FUNCTIONS) {
        throw new UnsupportedError(
          "core modules with this many entry points",
          `a core module would need more than ${MAX_ADDED_FUNCTIONS} functions of ours`,
        );
      }
      const code = new ByteBuffer();
      code.u32(locals.length);
      for (const local of locals) {
        code.u32(1);
        code.u8(local);
      }
      emit(code);
      code.u8(0x0b);
      this.#bytes += code.length;
      if (this.#bytes > MAX_ADDED_BYTES) {
        throw new UnsupportedError(
          "core modules with entry points this large",
          `a core module would need more than ${MAX_ADDED_BYTES} bytes of functions of ours`,
        );
      }
      index = this.#firstFunction + this.#functions.length;
      this.#functions.push({ name, type: type(), body: code.view() });
      this.#functionIndices.set(name, index);
    }
    return index;
  }
}
