/**
 * A component with all of its imports found: what can be instantiated.
 *
 * Source: wasmtime's `component::InstancePre`.
 */
import type { DefinedLimits } from "../instrument/index.ts";
import { ConfigError } from "../model/errors.ts";
import type { ComponentCode } from "./component.ts";
import type { Leaf } from "./definition.ts";
import type { Demand } from "./demand.ts";
import { Instance } from "./instance.ts";
import { type LinkedImport, moduleOf } from "./linked-import.ts";
import { RunningInstance } from "./running-instance.ts";
import { Store } from "./store.ts";
import type { StoreState } from "./store-state.ts";

/**
 * Made by `Linker.instantiatePre`. Everything that can be checked and compiled has been; definitions that are
 * added to the linker later do not show.
 *
 * @example
 * const pre = linker.instantiatePre(component);
 * for (const request of requests) pre.instantiate(new Store(engine, request, limits));
 */
export class InstancePre<T> {
  readonly #code: ComponentCode;
  readonly #imports: readonly LinkedImport[];
  readonly #demand: Demand;

  private constructor(code: ComponentCode, imports: readonly LinkedImport[]) {
    this.#code = code;
    this.#imports = imports;
    this.#demand = demandOf(code, imports);
  }

  /** @internal */
  static make<T>(code: ComponentCode, definitions: readonly Leaf[]): InstancePre<T> {
    const imports = code.plan.importLeaves.map((leaf, i) => {
      const definition = definitions[i];
      if (definition === undefined) throw new Error("an import without a definition");
      return { leaf, definition };
    });
    checkGlue(code, imports);
    return new InstancePre<T>(code, imports);
  }

  /**
   * Makes an instance of the component in a store.
   *
   * @throws LimitError if it needs more than the store may hold, or than ever fits the engine's pool;
   *   PoolConcurrencyLimitError if the pool is full now. The store is as it was then.
   * @throws Trap if a start function traps; the store is poisoned then.
   * @throws LinkError if V8 refuses to link a core module. What instances the store holds by then count until its end, as
   *   in wasmtime: guests of theirs may have run, and may be referred to.
   * @throws ConfigError for a store of another engine, or one without the fuel or deadline that the engine asks for.
   * @throws StorePoisonedError, StoreDisposedError
   */
  instantiate(store: Store<T>): Instance {
    const state = this.#stateOf(store);
    return this.#start(state, state.allocate(this.#demand));
  }

  /**
   * As `instantiate`, and waits for room in the engine's pool for as long as its `waitTimeoutMs` says.
   *
   * @throws as `instantiate`
   */
  async instantiateAsync(store: Store<T>): Promise<Instance> {
    const state = this.#stateOf(store);
    return this.#start(state, await state.allocateAsync(this.#demand));
  }

  #stateOf(store: Store<T>): StoreState {
    if (!(store instanceof Store)) throw new ConfigError("instantiate: expected a Store");
    if (Store.engine(store) !== this.#code.engine) {
      throw new ConfigError("the store was made with another Engine than the component: use one for both");
    }
    return Store.state(store);
  }

  #start(state: StoreState, memories: readonly WebAssembly.Memory[]): Instance {
    return Instance.make(RunningInstance.start(this.#code, this.#imports, state, memories));
  }
}

/** Compiles the glue. @throws UnsupportedError if a function that the host defines has a type without glue. */
function checkGlue(code: ComponentCode, imports: readonly LinkedImport[]): void {
  const { glue, plan } = code;
  for (const [i, trampoline] of plan.trampolines.entries()) {
    if (trampoline.kind !== "lower") continue;
    const { source } = trampoline;
    // A component may not use all of what it could call of another, nor of traps.
    if (source.kind === "lifted") continue;
    const linked = imports[source.import];
    const unsupported = glue.unsupported(i);
    if (linked === undefined || linked.definition.kind === "trap" || unsupported === undefined) continue;
    throw unsupported.of(`the import ${linked.leaf.path.join("#")}`);
  }
}

function demandOf(code: ComponentCode, imports: readonly LinkedImport[]): Demand {
  const memories: DefinedLimits[] = [];
  const tables: DefinedLimits[] = [];
  let heap = 0;
  for (const step of code.plan.steps) {
    const module = moduleOf(code, imports, step.module);
    memories.push(...module.memories);
    tables.push(...module.tables);
    heap += Number(module.initialHeap);
  }
  return { instances: code.plan.steps.length, memories, tables, heap };
}
