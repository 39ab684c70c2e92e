/**
 * Which trap V8 means.
 *
 * A trap of V8's own tells what it is by its text alone, and the text is not the same in every version. So the
 * traps are provoked once, in a module made for it, and their texts are what is recognised.
 */
import type { TrapCode } from "./trap.ts";

/**
 * Each export executes the trap that it is named after; a number behind the name tells exports apart.
 * `test/runtime/fixtures/trap-probe.wat`, assembled; a test holds the two together.
 */
export const probe =
  "AGFzbQEAAAABCAJgAABgAX8AAwwLAAAAAAAAAAAAAAAEBAFwAAIFBAEBAQEH6gEKC3VucmVhY2hhYmxlAAEUbWVtb3J5LW91dC1vZi1ib3VuZHMAAhZpbnRlZ2VyLWRpdmlkZS1ieS16ZXJvAAMYaW50ZWdlci1kaXZpZGUtYnktemVybyAyAAQQaW50ZWdlci1vdmVyZmxvdwAFGWJhZC1jb252ZXJzaW9uLXRvLWludGVnZXIABhN0YWJsZS1vdXQtb2YtYm91bmRzAAcVdGFibGUtb3V0LW9mLWJvdW5kcyAyAAgbaW5kaXJlY3QtY2FsbC10eXBlLW1pc21hdGNoAAkSaW5kaXJlY3QtY2FsbC1udWxsAAoJDQICAEEACwABAAMAAQAKYgsCAAsDAAALCABBfygCABoLCABBAUEAbRoLCABBAUEAcBoLDABBgICAgHhBf20aCw0ARAAAAAAAAPh/qhoLCABB4wARAAALCABB4wAlABoLCQBBAEEAEQEACwcAQQERAAALABoEbmFtZQEEAQABZgQHAgABdgEBaQUEAQABdA==";

/** The same for garbage-collected types, which Node 20 does not know. `trap-probe-gc.wat`. */
export const probeGc =
  "AGFzbQEAAAABDQRgAABfAF8BfwBefwADBgUAAAAAAAdeBQ5udWxsLXJlZmVyZW5jZQAAEG51bGwtcmVmZXJlbmNlIDIAARBudWxsLXJlZmVyZW5jZSAzAAIMY2FzdC1mYWlsdXJlAAMUbWVtb3J5LW91dC1vZi1ib3VuZHMABAoxBQYA0AAUAAsGANAA1BoLCQDQAvsCAgAaCwkA+wAB+xYCGgsNAEEB+wcDQQn7CwMaCwAUBG5hbWUEDQQAAXYBAXMCAXUDAWE=";

export class NativeTraps {
  readonly #codes = new Map<string, TrapCode>();

  constructor() {
    this.#learn(probe);
    this.#learn(probeGc);
  }

  /** The code for an error that is a trap, or an exhausted stack, of V8's own; undefined for any other. */
  classify(error: unknown): TrapCode | undefined {
    if (isStackOverflow(error)) return "stack-overflow";
    if (error instanceof WebAssembly.Exception) return "uncaught-exception";
    if (!(error instanceof WebAssembly.RuntimeError)) return undefined;
    return this.#codes.get(error.message) ?? guess(error.message);
  }

  #learn(base64: string): void {
    let instance: WebAssembly.Instance;
    try {
      instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(base64, "base64")));
    } catch (error) {
      // This Node does not know these instructions, so nothing can trap in them. (A guest may have left no stack to
      // find that out; then another time.)
      if (error instanceof WebAssembly.CompileError) return;
      throw error;
    }
    for (const [name, run] of Object.entries(instance.exports)) {
      try {
        (run as () => void)();
      } catch (error) {
        if (!(error instanceof WebAssembly.RuntimeError)) throw error;
        const code = name.replace(/ \d+$/, "") as TrapCode;
        if (!this.#codes.has(error.message)) this.#codes.set(error.message, code);
      }
    }
  }
}

/** True for the RangeError of an exhausted stack, which V8 lets no wasm code catch. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

/** Texts with details in them, such as those of segments that do not fit when an instance is made. */
function guess(message: string): TrapCode {
  if (/table|elem/.test(message)) return "table-out-of-bounds";
  if (/memory|data|array|string/.test(message)) return "memory-out-of-bounds";
  return "unreachable";
}
