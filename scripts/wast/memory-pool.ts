/**
 * Memories for modules that import those they define: reused by the next script, zeroed.
 */
import type { DefinedLimits } from "../../src/instrument/index.ts";

const PAGE = 65_536;
/** V8's bound for memories of 64-bit addresses, in pages. */
const MAX_PAGES_64 = 262_144n;
/** Larger ones are not kept: zeroing them takes longer than making them. */
const KEPT_PAGES = 16;

export class MemoryPool {
  readonly #free = new Map<string, WebAssembly.Memory[]>();
  readonly #used: { readonly key: string; readonly pages: number; readonly memory: WebAssembly.Memory }[] =
    [];

  /** A memory as the module would define it, all zeros. */
  take(type: DefinedLimits): WebAssembly.Memory {
    const key = `${type.min} ${type.max} ${type.is64}`;
    const memory = this.#free.get(key)?.pop() ?? make(type);
    this.#used.push({ key, pages: Number(type.min), memory });
    return memory;
  }

  /** Takes back all memories. None may be in use any more. Those that have grown are let go of. */
  release(): void {
    for (const { key, pages, memory } of this.#used.splice(0)) {
      if (memory.buffer.byteLength !== pages * PAGE || pages > KEPT_PAGES) continue;
      new Uint8Array(memory.buffer).fill(0);
      const free = this.#free.get(key) ?? [];
      free.push(memory);
      this.#free.set(key, free);
    }
  }
}

function make({ min, max, is64 }: DefinedLimits): WebAssembly.Memory {
  if (!is64) {
    const maximum = max === undefined ? {} : { maximum: Number(max) };
    return new WebAssembly.Memory({ initial: Number(min), ...maximum });
  }
  const maximum = max === undefined ? {} : { maximum: max < MAX_PAGES_64 ? max : MAX_PAGES_64 };
  return new WebAssembly.Memory({ address: "i64", initial: min, ...maximum });
}
