/**
 * The host's side of an instrumented module without a runtime: a budget given out in slices, and a
 * way to refuse that the guest cannot catch.
 */
import { type InstrumentedModule, type InstrumentOptions, instrument } from "../../src/instrument/index.ts";
import { MemoryPool } from "./memory-pool.ts";

export interface MeteredHostOptions {
  /** The whole budget. */
  readonly fuel?: bigint;
  /** How much of it is given out at a time; all of it if left out. */
  readonly slice?: bigint;
  /** Called on each check; true traps. */
  readonly onCheck?: () => boolean;
  /** How many bytes may be allocated on V8's heap between two questions. */
  readonly heapSlice?: bigint;
  /** Called when a slice of them is used up; true traps. */
  readonly onHeap?: () => boolean;
  /** 1 grants, 0 refuses, "trap" traps. */
  readonly onGrow?: (what: "memory" | "table", index: number, delta: bigint) => 0 | 1 | "trap";
}

// (module (func (export "trap") unreachable))
const TRAP_MODULE = Uint8Array.from([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00,
  0x07, 0x08, 0x01, 0x04, 0x74, 0x72, 0x61, 0x70, 0x00, 0x00, 0x0a, 0x05, 0x01, 0x03, 0x00, 0x00, 0x0b,
]);

export class MeteredHost {
  readonly fuel = new WebAssembly.Global<bigint>({ value: "i64", mutable: true }, 0n);
  readonly heap = new WebAssembly.Global<bigint>({ value: "i64", mutable: true }, 0n);
  /** How often guests have looked up. */
  checks = 0;
  readonly #options: MeteredHostOptions;
  readonly #budget: bigint;
  readonly #slice: bigint;
  #given = 0n;
  /** Traps for real: what an import throws, a guest can catch. */
  readonly #trap: () => void;

  constructor(options: MeteredHostOptions = {}) {
    this.#options = options;
    this.#budget = options.fuel ?? 1n << 50n;
    this.#slice = options.slice ?? this.#budget;
    const instance = new WebAssembly.Instance(new WebAssembly.Module(TRAP_MODULE));
    this.#trap = instance.exports["trap"] as () => void;
    this.#giveSlice();
    this.heap.value = this.#heapSlice;
  }

  get #heapSlice(): bigint {
    return this.#options.heapSlice ?? 1n << 30n;
  }

  get consumed(): bigint {
    return this.#given - this.fuel.value;
  }

  imports(): WebAssembly.ModuleImports {
    const grow = (what: "memory" | "table") => (index: number, delta: bigint) => {
      const answer = this.#options.onGrow?.(what, index, BigInt.asUintN(64, delta)) ?? 1;
      if (answer === "trap") this.#trap();
      return answer;
    };
    return {
      fuel: this.fuel,
      check: () => {
        this.checks++;
        if (this.#options.onCheck?.() === true || this.consumed > this.#budget) this.#trap();
        this.#giveSlice();
      },
      memory_grow: grow("memory"),
      table_grow: grow("table"),
      heap: this.heap,
      heap_grow: () => {
        if (this.#options.onHeap?.() === true) this.#trap();
        this.heap.value = this.#heapSlice;
      },
    };
  }

  /** Tops the global up to a slice, as far as the budget goes. */
  #giveSlice(): void {
    const left = this.#budget - this.#given;
    const wanted = this.#slice - (this.fuel.value < 0n ? this.fuel.value : 0n);
    const granted = wanted < left ? wanted : left;
    this.#given += granted;
    this.fuel.value += granted;
  }
}

export interface MeteredInstance {
  readonly exports: WebAssembly.Exports;
  readonly host: MeteredHost;
  readonly rewritten: InstrumentedModule;
}

/** Instruments and instantiates a module, with `host` for its limits, `pool` for its memories if it imports them, and `imports` for the rest. */
export function instantiateMetered(
  bytes: Uint8Array,
  options: InstrumentOptions,
  host: MeteredHost,
  imports: WebAssembly.Imports = {},
  pool: MemoryPool = new MemoryPool(),
): MeteredInstance {
  const rewritten = instrument(bytes, options);
  const memories = rewritten.importsMemories
    ? rewritten.memories.map((type) => [`memory ${type.index}`, pool.take(type)] as const)
    : [];
  const instance = new WebAssembly.Instance(new WebAssembly.Module(rewritten.bytes), {
    ...imports,
    [rewritten.importModule]: { ...host.imports(), ...Object.fromEntries(memories) },
  });
  return { exports: instance.exports, host, rewritten };
}
