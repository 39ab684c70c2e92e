/** Compiles the text format of components and core modules, by wasm-tools as jco packages it. */
import { parse } from "@bytecodealliance/jco";

export async function assemble(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await parse(text));
}
