/**
 * What instrumented modules import of the host: their memories and their fuel, the slow path, and leave to grow.
 *
 * Sizes of tables are kept here, because a module need not export them; those that it does are recognised when
 * another module of the component imports them.
 */
import { PHASE } from "../abi/guard.ts";
import type { FuncType } from "../model/value-type.ts";
import type { CompiledModule } from "./core-module.ts";
import type { Refusal } from "./limits.ts";
import type { Stop } from "./meter.ts";
import { pagesOf } from "./pool/memory.ts";
import { type Sized, sizedMemory, sizedTable } from "./store-account.ts";
import type { StoreState } from "./store-state.ts";
import { KiB } from "./units.ts";

type Kind = "memory" | "table";

/** By the names that `instrument` has given them. */
interface Added {
  [memory: `memory ${number}`]: WebAssembly.Memory;
  fuel?: WebAssembly.Global<bigint>;
  check?: () => void;
  memory_grow?: Grow;
  table_grow?: Grow;
  heap?: WebAssembly.Global<bigint>;
  heap_grow?: () => void;
}

/** Of V8's heap, for all modules of one component. */
interface Heap {
  readonly global: WebAssembly.Global<bigint>;
  readonly grow: () => void;
}

/** Bytes that guests may allocate before they ask again: little enough to be no matter, and seldom asked for. */
const HEAP_SLICE = 64 * KiB;

type Grow = (index: number, delta: bigint) => number;

interface ForModule {
  /** To be imported under the module's `importModule`. */
  readonly added: WebAssembly.ModuleImports;
  /** To be told of the exports of the instance that was made. */
  readonly made: (exports: WebAssembly.Exports) => void;
}

const callbackType: FuncType = { kind: "func", async: false, params: [], result: undefined };

export class CoreImports {
  readonly #store: StoreState;
  /** Those that modules will ask for, in their order. */
  readonly #memories: Iterator<WebAssembly.Memory>;
  readonly #sizes = new Map<object, Sized>();
  readonly #check: () => void;
  #heap: Heap | undefined;

  /** @param memories one for each that the modules of the component define, in their order */
  constructor(store: StoreState, memories: readonly WebAssembly.Memory[]) {
    this.#store = store;
    this.#memories = memories.values();
    this.#check = () => this.#stopIf(() => store.meter.check());
  }

  /** Ends the guest if there is a reason to. */
  #stopIf(reason: () => Stop | undefined): void {
    const stop = this.#guarded("the epoch deadline callback", reason);
    if (stop !== undefined) this.#store.stop(stop);
  }

  /** To be called wherever little of the guest's fuel stands for much of the host's time. */
  #checkDeadline(): void {
    this.#stopIf(() => this.#store.meter.checkDeadline());
  }

  forModule(module: CompiledModule, imports: WebAssembly.Imports): ForModule {
    const added: Added = {};
    const memories = this.#imported(module, "memory", imports);
    for (const type of module.memories) {
      const memory = this.#memories.next().value as WebAssembly.Memory;
      const sized = sizedMemory(type, memory);
      this.#sizes.set(memory, sized);
      memories.push(sized);
      added[`memory ${type.index}`] = memory;
    }
    const tables = [...this.#imported(module, "table", imports), ...module.tables.map(sizedTable)];
    if (module.meters) {
      added.fuel = this.#store.meter.global;
      added.check = this.#check;
    }
    if (module.growsMemory) added.memory_grow = this.#grow("memory", memories);
    if (module.growsTable) added.table_grow = this.#grow("table", tables);
    if (module.limitsHeap) {
      this.#heap ??= this.#makeHeap();
      added.heap = this.#heap.global;
      added.heap_grow = this.#heap.grow;
    }
    const made = (exports: WebAssembly.Exports) => {
      for (const [name, index] of module.exportedTables) {
        const [table, size] = [exports[name], tables[index]];
        if (table !== undefined && size !== undefined) this.#sizes.set(table, size);
      }
    };
    return { added: added as WebAssembly.ModuleImports, made };
  }

  /** The sizes of all memories (tables) that a module imports, in the order of its own indices. */
  #imported(module: CompiledModule, kind: Kind, imports: WebAssembly.Imports): Sized[] {
    return module.imports
      .filter((wanted) => wanted.kind === kind)
      .map((wanted) => this.#sizeOf(imports[wanted.module]?.[wanted.name]));
  }

  #sizeOf(value: unknown): Sized {
    let size = 0;
    if (value instanceof WebAssembly.Memory || value instanceof WebAssembly.Table) {
      const known = this.#sizes.get(value);
      if (known !== undefined) return known;
      size = value instanceof WebAssembly.Memory ? pagesOf(value) : value.length;
    }
    // V8 will refuse to instantiate with this.
    const sized: Sized = { size, maximum: undefined, bound: Number.POSITIVE_INFINITY };
    if (typeof value === "object" && value !== null) this.#sizes.set(value, sized);
    return sized;
  }

  #makeHeap(): Heap {
    const { account } = this.#store;
    const global = new WebAssembly.Global<bigint>({ value: "i64", mutable: true }, 0n);
    const grow = (): void => {
      this.#checkDeadline();
      const refusal = this.#guarded("the store's ResourceLimiter", () => {
        const short = -Number(global.value);
        if (account.growHeap(short + HEAP_SLICE) === undefined) {
          global.value = BigInt(HEAP_SLICE);
          return undefined;
        }
        // No room for a slice: there may be for what is wanted right now.
        const exactly = account.growHeap(short);
        if (exactly === undefined) global.value = 0n;
        return exactly;
      });
      if (refusal !== undefined) this.#store.trapGuest({ code: "out-of-memory", message: refusal.message });
    };
    return { global, grow };
  }

  #grow(kind: Kind, sizes: readonly Sized[]): Grow {
    const { account } = this.#store;
    const code = kind === "memory" ? "out-of-memory" : "table-growth";
    return (index, delta) => {
      this.#checkDeadline();
      const answer = this.#guarded("the store's ResourceLimiter", (): Refusal | boolean => {
        const sized = sizes[index];
        if (sized === undefined) return false;
        return kind === "memory" ? account.growMemory(sized, delta) : account.growTable(sized, delta);
      });
      if (typeof answer === "boolean") return answer ? 1 : 0;
      if (!account.limiter.trapOnGrowFailure) return 0;
      return this.#store.trapGuest({ code, message: answer.message });
    };
  }

  /** Runs code of the host's, whose errors must not reach the guest. It may end the store, and then the guest with it. */
  #guarded<R>(name: string, run: () => R): R {
    try {
      const result = run();
      if (this.#store.ended) this.#store.attend();
      return result;
    } catch (error) {
      return this.#store.hostCallFailed(
        error,
        { name, type: callbackType, callee: "host" },
        PHASE.call,
        undefined,
      );
    }
  }
}
