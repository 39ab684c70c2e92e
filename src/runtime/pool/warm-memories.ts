/**
 * Memories that nobody uses, cleared, for instances to come.
 *
 * A guest must not be able to tell such a memory from a new one. So it is kept only for modules that declare exactly
 * the size that it has now: one that has grown no longer fits the module that it was made for.
 */
import type { DefinedLimits } from "../../instrument/index.ts";
import { pagesOf } from "./memory.ts";

/** How many shapes of memories are kept apart: one is one per kind of module, in practice. */
const MAX_SHAPES = 256;

export interface WarmOptions {
  /** How many memories are kept. */
  readonly slots: number;
  /** Bytes of the largest that is kept. */
  readonly maxBytes: number;
}

export class WarmMemories {
  readonly #options: WarmOptions;
  /** By shape, the one that was asked for longest ago first. Only shapes that have been asked for are in it. */
  readonly #shapes = new Map<string, WebAssembly.Memory[]>();
  #count = 0;
  #bytes = 0;

  constructor(options: WarmOptions) {
    this.#options = options;
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of all of them. */
  get bytes(): number {
    return this.#bytes;
  }

  take(type: DefinedLimits): WebAssembly.Memory | undefined {
    if (this.#options.slots === 0) return undefined;
    const shape = shapeOf(Number(type.min), type);
    const memories = this.#shapes.get(shape) ?? [];
    this.#shapes.delete(shape);
    this.#shapes.set(shape, memories);
    if (this.#shapes.size > MAX_SHAPES) this.#forgetShape();
    const memory = memories.pop();
    if (memory !== undefined) this.#left(memory);
    return memory;
  }

  /** Clears a memory and keeps it, if somebody is likely to want it. `type` is what it was made for. */
  put(memory: WebAssembly.Memory, type: DefinedLimits): void {
    const bytes = memory.buffer.byteLength;
    if (bytes > this.#options.maxBytes || this.#options.slots === 0) return;
    const memories = this.#shapes.get(shapeOf(pagesOf(memory), type));
    if (memories === undefined) return;
    // How far the guest has written cannot be known; all of it is cleared by a plain fill, at some 12 us per MiB.
    new Uint8Array(memory.buffer).fill(0);
    memories.push(memory);
    this.#count++;
    this.#bytes += bytes;
    if (this.#count > this.#options.slots) this.#evict();
  }

  /** Lets go of a memory of the shape that was asked for longest ago. */
  #evict(): void {
    for (const memories of this.#shapes.values()) {
      const memory = memories.shift();
      if (memory === undefined) continue;
      this.#left(memory);
      return;
    }
  }

  #forgetShape(): void {
    for (const [shape, memories] of this.#shapes) {
      for (const memory of memories) this.#left(memory);
      this.#shapes.delete(shape);
      return;
    }
  }

  #left(memory: WebAssembly.Memory): void {
    this.#count--;
    this.#bytes -= memory.buffer.byteLength;
  }
}

/** Memories of the same shape are the same to a guest, as long as they are cleared. */
function shapeOf(pages: number, { max, is64 }: DefinedLimits): string {
  return `${pages} ${max} ${is64}`;
}
