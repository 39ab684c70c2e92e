/**
 * Calls a wasm function with arguments and results as bits.
 *
 * JavaScript cannot hold a v128, and may change the payload of a NaN. So floats and vectors pass
 * through a small module that reinterprets them: an f32 as i32, an f64 as i64, a v128 as two i64.
 */
import { ByteBuffer } from "../../src/instrument/byte-buffer.ts";
import type { NumConst, NumType } from "./core-values.ts";

/** How values of a type, given by its code, travel: the types of their carriers. */
const CARRIER: ReadonlyMap<number, readonly number[]> = new Map([
  [0x7f, [0x7f]],
  [0x7e, [0x7e]],
  [0x7d, [0x7f]],
  [0x7c, [0x7e]],
  [0x7b, [0x7e, 0x7e]],
]);
const CODE: Record<NumType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** A reference travels as whether it is null. */
function carrier(code: number): readonly number[] {
  return CARRIER.get(code) ?? [0x7f];
}

/** Turns a function of the given type into one over bits. */
export class BitsAdapter {
  readonly #modules = new Map<string, WebAssembly.Module>();

  /**
   * `results` are the codes of the result types. Undefined if the function is of a type that another module
   * cannot name alone: one of a recursion group, or one with subtypes.
   */
  call(target: unknown, args: readonly NumConst[], results: Uint8Array): bigint[] | undefined {
    const params = Uint8Array.from(args, ({ type }) => CODE[type]);
    const key = `${params.join()}>${results.join()}`;
    let module = this.#modules.get(key);
    if (!module) {
      module = new WebAssembly.Module(adapter(params, results));
      this.#modules.set(key, module);
    }
    const instance = link(module, target as WebAssembly.ImportValue);
    if (!instance) return undefined;
    const f = instance.exports["f"] as (...carriers: (number | bigint)[]) => unknown;
    const returned = f(...args.flatMap(toCarriers));
    const raw = Array.isArray(returned) ? returned : returned === undefined ? [] : [returned];
    return bitsOf(raw as (number | bigint)[], results);
  }
}

function link(module: WebAssembly.Module, f: WebAssembly.ImportValue): WebAssembly.Instance | undefined {
  try {
    return new WebAssembly.Instance(module, { "": { f } });
  } catch (error) {
    if (error instanceof WebAssembly.LinkError) return undefined;
    throw error;
  }
}

function toCarriers({ type, bits }: NumConst): (number | bigint)[] {
  if (type === "i32" || type === "f32") return [Number(BigInt.asIntN(32, bits))];
  if (type === "v128") return [bits & 0xffff_ffff_ffff_ffffn, bits >> 64n];
  return [bits];
}

function bitsOf(raw: readonly (number | bigint)[], types: Uint8Array): bigint[] {
  let at = 0;
  const take = (code: number | undefined) => BigInt.asUintN(code === 0x7e ? 64 : 32, BigInt(raw[at++] ?? 0));
  return Array.from(types, (type) => {
    const [first, second] = carrier(type);
    const low = take(first);
    return second === undefined ? low : low | (take(second) << 64n);
  });
}

function adapter(params: Uint8Array, results: Uint8Array): Uint8Array {
  const out = new ByteBuffer();
  const section = (id: number, fill: (part: ByteBuffer) => void) => {
    const part = new ByteBuffer();
    fill(part);
    out.u8(id);
    out.u32(part.length);
    out.append(part.view());
  };
  const vector = (part: ByteBuffer, codes: ArrayLike<number>) => {
    part.u32(codes.length);
    part.append(Uint8Array.from(codes));
  };
  out.append(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00));
  section(1, (part) => {
    part.u32(2);
    part.u8(0x60);
    vector(part, params);
    vector(part, results);
    part.u8(0x60);
    vector(part, Array.from(params, carrier).flat());
    vector(part, Array.from(results, carrier).flat());
  });
  section(2, (part) => {
    part.u32(1);
    part.name("");
    part.name("f");
    part.u8(0);
    part.u32(0);
  });
  section(3, (part) => vector(part, [1]));
  section(7, (part) => {
    part.u32(1);
    part.name("f");
    part.u8(0);
    part.u32(1);
  });
  section(10, (part) => {
    const body = code(params, results);
    part.u32(1);
    part.u32(body.length);
    part.append(body);
  });
  return out.view();
}

function code(params: Uint8Array, results: Uint8Array): Uint8Array {
  const body = new ByteBuffer();
  const firstLocal = Array.from(params, carrier).flat().length;
  body.u32(results.length);
  for (const type of results) {
    body.u32(1);
    body.u8(type);
  }
  let next = 0;
  const get = (local: number) => {
    body.u8(0x20);
    body.u32(local);
  };
  for (const type of params) {
    get(next++);
    if (type === CODE.f32) body.u8(0xbe);
    if (type === CODE.f64) body.u8(0xbf);
    if (type === CODE.v128) {
      body.append(Uint8Array.of(0xfd, 0x12)); // i64x2.splat
      get(next++);
      body.append(Uint8Array.of(0xfd, 0x1e, 0x01)); // i64x2.replace_lane 1
    }
  }
  body.append(Uint8Array.of(0x10, 0x00)); // call 0
  for (let i = results.length - 1; i >= 0; i--) {
    body.u8(0x21);
    body.u32(firstLocal + i);
  }
  for (const [i, type] of results.entries()) {
    get(firstLocal + i);
    if (type === CODE.f32) body.u8(0xbc);
    if (type === CODE.f64) body.u8(0xbd);
    if (type === CODE.v128) {
      body.append(Uint8Array.of(0xfd, 0x1d, 0x00)); // i64x2.extract_lane 0
      get(firstLocal + i);
      body.append(Uint8Array.of(0xfd, 0x1d, 0x01));
    }
    if (!CARRIER.has(type)) body.u8(0xd1); // ref.is_null
  }
  body.u8(0x0b);
  return body.view();
}
