/** Compiles the text format to component binaries, by wasm-tools as jco packages it. */
import { parse } from "@bytecodealliance/jco";

export async function wat(text: string): Promise<Uint8Array> {
  return new Uint8Array(await parse(text));
}
