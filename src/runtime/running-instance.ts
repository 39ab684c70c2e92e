/**
 * An instance of a component, at work: its core instances, and the closures that connect them with the host.
 *
 * Source: wasmtime's `component::instance` (`Instantiator`).
 */
import type { CoreFunction, HostFunction } from "../abi/compile.ts";
import { LiftLowerContext, type Realloc } from "../abi/context.ts";
import { AbiFault } from "../abi/faults.ts";
import { ATTENTION, type CallSite, PHASE, type Phase } from "../abi/guard.ts";
import { InstanceState } from "../abi/instance-state.ts";
import type { ResourceRuntime } from "../abi/resource.ts";
import { findMismatch } from "../abi/value-check.ts";
import { ValueError } from "../abi/value-error.ts";
import type {
  BuiltinTrampoline,
  CanonicalOptions,
  CoreExportRef,
  CoreFuncRef,
  FuncSource,
  InstantiationStep,
  LiftedFunc,
  Trampoline,
} from "../component/index.ts";
import { UnsupportedError } from "../model/errors.ts";
import type { FuncType, ResourceType } from "../model/value-type.ts";
import { asyncBuiltin } from "./async-builtins.ts";
import type { ComponentCode } from "./component.ts";
import { CoreImports } from "./core-imports.ts";
import { LinkError } from "./errors.ts";
import type { GuestObjectClass } from "./guest-resource.ts";
import { InstanceResources } from "./instance-resources.ts";
import { type LinkedImport, moduleOf, siteName } from "./linked-import.ts";
import type { StoreState } from "./store-state.ts";
import { inNewThread } from "./thread.ts";

/** Of resource built-ins, for messages. */
const builtinType: FuncType = { kind: "func", async: false, params: [], result: undefined };

type ResourceTrampoline = Extract<Trampoline, { kind: "resource.new" | "resource.rep" | "resource.drop" }>;

export class RunningInstance {
  readonly code: ComponentCode;
  readonly store: StoreState;
  readonly #imports: readonly LinkedImport[];
  readonly #states: readonly InstanceState[];
  readonly #resources: InstanceResources;
  readonly #instances: WebAssembly.Instance[] = [];
  readonly #contexts: LiftLowerContext[] = [];
  readonly #trampolines: CoreFunction[] = [];
  readonly #coreImports: CoreImports;

  private constructor(
    code: ComponentCode,
    imports: readonly LinkedImport[],
    store: StoreState,
    memories: readonly WebAssembly.Memory[],
  ) {
    this.code = code;
    this.store = store;
    this.#imports = imports;
    const states: InstanceState[] = [];
    for (const parent of code.plan.componentInstanceParents) {
      states.push(new InstanceState(store.handles, parent === undefined ? undefined : at(states, parent)));
    }
    this.#states = states;
    this.#coreImports = new CoreImports(store, memories);
    this.#resources = new InstanceResources(code, imports, store, this.#states, (ref) => this.#coreFunc(ref));
    store.adopt(at(states, 0), () => this.#dispose());
  }

  /**
   * Makes all core instances. The store has been asked for what they need.
   *
   * @param memories one for each that they define
   * @throws Trap, LinkError
   */
  static start(
    code: ComponentCode,
    imports: readonly LinkedImport[],
    store: StoreState,
    memories: readonly WebAssembly.Memory[],
  ): RunningInstance {
    const running = new RunningInstance(code, imports, store, memories);
    const root = running.#state(0);
    store.enter(root);
    let step = 0;
    try {
      for (const next of code.plan.steps) {
        running.#instantiate(next);
        step++;
      }
      store.leave(root);
    } catch (error) {
      root.failed = true;
      store.leave(root);
      if (error instanceof LinkError) throw error;
      if (error instanceof WebAssembly.LinkError) {
        throw new LinkError(`core instance ${step} cannot be made: ${error.message}`);
      }
      throw store.poison(error, `instantiation (core instance ${step})`);
    }
    return running;
  }

  /** The class of the objects that stand for a resource type. */
  resourceClass(type: ResourceType): object | undefined {
    return this.#resources.classOf(type);
  }

  /** How to make the class for a resource that the component defines; to be set before one is needed. */
  set makeResourceClass(make: (type: ResourceType) => GuestObjectClass) {
    this.#resources.makeClass = make;
  }

  /** An exported function, as the host calls it. @throws UnsupportedError if there is no glue for its type. */
  exported(source: FuncSource, name: string, type: FuncType): HostFunction {
    if (source.kind === "import") return this.#reexported(source.import, name, type);
    try {
      return this.#lift(source.lifted, name, undefined);
    } catch (error) {
      throw error instanceof UnsupportedError ? error.of(`the export ${name}`) : error;
    }
  }

  /** @param caller the component instance that calls it; undefined for the host */
  #lift(lifted: LiftedFunc, name: string, caller: InstanceState | undefined): HostFunction {
    const { options, type } = lifted;
    const factory = this.code.glue.lift(lifted, caller === undefined ? "host" : "component");
    const postReturn = options.postReturn === undefined ? undefined : this.#coreFunc(options.postReturn);
    const state = this.#state(options.componentInstance);
    const within = caller === undefined ? undefined : state.commonAncestor(caller);
    const site: CallSite = { name, type, callee: "component", within };
    const made = factory(this.#context(options), this.#coreFunc(lifted.func), postReturn, site);
    return this.code.glue.observesThreads.has(options.componentInstance) ? inNewThread(state, made) : made;
  }

  /** A function that the component exports as it has imported it: the host's own, checked as any other. */
  #reexported(index: number, name: string, type: FuncType): HostFunction {
    const host = this.#hostFunc(index);
    const { store } = this;
    return (...args) => {
      store.checkUsable();
      for (const [i, param] of type.params.entries()) {
        const found = findMismatch(param.type, args[i]);
        if (found === undefined) continue;
        throw new ValueError(
          `${name}() argument \`${param.name}\`: expected ${found.expected}, got ${found.got}`,
          found.path,
        );
      }
      return host(...args);
    };
  }

  #hostFunc(index: number): HostFunction {
    const linked = this.#import(index);
    const { store } = this;
    if (linked.definition.kind !== "func") return () => store.poisonBy(unknownImport(linked));
    const fn = linked.definition.fn as unknown as HostFunction;
    return (...args) => fn(store.caller, ...args);
  }

  #import(index: number): LinkedImport {
    return at(this.#imports, index);
  }

  #state(index: number): InstanceState {
    return at(this.#states, index);
  }

  #instantiate(step: InstantiationStep): void {
    const module = moduleOf(this.code, this.#imports, step.module);
    this.store.modules.set(module.id, module);
    const imports: WebAssembly.Imports = Object.create(null);
    for (const { module: from, name, value } of step.args) {
      let names = imports[from];
      if (names === undefined) {
        names = Object.create(null) as WebAssembly.ModuleImports;
        imports[from] = names;
      }
      names[name] = this.#coreValue(value);
    }
    const { added, made } = this.#coreImports.forModule(module, imports);
    imports[module.importModule] = added;
    const instance = new WebAssembly.Instance(module.module, imports);
    made(instance.exports);
    this.#instances[step.instance] = instance;
  }

  #coreValue(ref: CoreFuncRef): WebAssembly.ImportValue {
    return ref.kind === "trampoline" ? this.#trampoline(ref.index) : this.#coreExport(ref);
  }

  #coreFunc(ref: CoreFuncRef): CoreFunction {
    return this.#coreValue(ref) as CoreFunction;
  }

  #coreExport(ref: CoreExportRef): WebAssembly.ExportValue {
    const value = at(this.#instances, ref.instance).exports[ref.name];
    if (value === undefined)
      throw new LinkError(`core instance ${ref.instance} has no export ${JSON.stringify(ref.name)}`);
    return value;
  }

  #context(options: CanonicalOptions): LiftLowerContext {
    const { glue } = this.code;
    const index = glue.context(options);
    const known = this.#contexts[index];
    if (known !== undefined) return known;
    const { componentInstance, memory, realloc } = at(glue.contexts, index);
    const context = new LiftLowerContext({
      instance: this.#state(componentInstance),
      guard: this.store,
      resources: this.#resources.all,
      hostcallFuel: this.store.hostcallFuel,
      memory: memory === undefined ? undefined : (this.#coreExport(memory) as WebAssembly.Memory),
      realloc: realloc === undefined ? undefined : this.#realloc(realloc, componentInstance),
    });
    this.#contexts[index] = context;
    return context;
  }

  #realloc(ref: CoreFuncRef, componentInstance: number): Realloc {
    const realloc = this.#coreFunc(ref) as unknown as Realloc;
    if (!this.code.glue.observesThreads.has(componentInstance)) return realloc;
    return inNewThread(this.#state(componentInstance), realloc);
  }

  #trampoline(index: number): CoreFunction {
    let made = this.#trampolines[index];
    if (made === undefined) {
      made = this.#makeTrampoline(index, at(this.code.plan.trampolines, index));
      this.#trampolines[index] = made;
    }
    return made;
  }

  #makeTrampoline(index: number, trampoline: Trampoline): CoreFunction {
    const { glue } = this.code;
    const { store } = this;
    switch (trampoline.kind) {
      case "lower": {
        const { source, type, options } = trampoline;
        if (source.kind === "lifted") {
          const name = innerName(source.lifted);
          const unsupported = glue.unsupported(index);
          if (unsupported !== undefined) return () => store.trapGuest(unsupportedTrap(unsupported));
          const callee = this.#lift(source.lifted, name, this.#state(options.componentInstance));
          return glue.lower(index)(this.#context(options), callee, undefined, {
            name,
            type,
            callee: "component",
          });
        }
        const linked = this.#import(source.import);
        if (linked.definition.kind !== "func") return () => store.trapGuest(unknownImport(linked));
        const site: CallSite = { name: siteName(linked.leaf.path), type, callee: "host" };
        return glue.lower(index)(this.#context(options), linked.definition.fn, store.caller, site);
      }
      case "resource.new":
        return this.#builtin(trampoline, (state, type, rep) => state.resourceNew(type, rep));
      case "resource.rep":
        return this.#builtin(
          trampoline,
          (state, type, handle) => state.resourceRep(type, handle >>> 0) as number,
        );
      case "resource.drop":
        return this.#builtin(trampoline, (state, type, handle) => {
          state.resourceDrop(type, handle >>> 0);
          if (store.attention !== ATTENTION.nothing) store.attend();
          return undefined;
        });
      case "builtin":
        return this.#asyncBuiltin(trampoline);
    }
  }

  #asyncBuiltin(trampoline: BuiltinTrampoline): CoreFunction {
    const { store } = this;
    const state = this.#state(trampoline.componentInstance);
    const memory =
      trampoline.memory === undefined
        ? undefined
        : (this.#coreExport(trampoline.memory) as WebAssembly.Memory);
    const run = asyncBuiltin(trampoline, state, memory);
    const site: CallSite = { name: trampoline.name, type: builtinType, callee: "component" };
    return (...args) => {
      try {
        return run(...args);
      } catch (error) {
        if (error instanceof UnsupportedError) return store.trapGuest(unsupportedTrap(error));
        return store.hostCallFailed(error, site, PHASE.call, undefined);
      }
    };
  }

  #builtin(
    { kind, resource, componentInstance }: ResourceTrampoline,
    run: (state: InstanceState, type: ResourceRuntime, argument: number) => number | undefined,
  ): CoreFunction {
    const state = this.#state(componentInstance);
    const type = this.#resources.of(resource);
    const { store } = this;
    const site: CallSite = {
      name: `${kind} of ${type.name}`,
      type: builtinType,
      callee: type.implementedBy === undefined ? "host" : "component",
    };
    const phase: Phase = PHASE.call;
    return (argument) => {
      try {
        return run(state, type, Number(argument));
      } catch (error) {
        return store.hostCallFailed(error, site, phase, undefined);
      }
    };
  }

  /** At the end of the store: what guests still own of the host's is let go of. */
  #dispose(): void {
    for (const state of this.#states) {
      for (const { own, rep, type } of state.handles.handles()) {
        if (own && type.implementedBy === undefined) type.drop(rep, undefined);
      }
    }
  }
}

/** How messages call a function between components, which has no name of its own: as the core function behind it. */
function innerName({ func }: LiftedFunc): string {
  return func.kind === "core-export"
    ? `a component within (core function ${JSON.stringify(func.name.slice(0, 200))})`
    : "a component within";
}

/** The guest has called what this version cannot do. */
function unsupportedTrap(error: UnsupportedError): { code: "host-error"; message: string; cause: unknown } {
  return { code: "host-error", message: error.message, cause: error };
}

function unknownImport({ leaf }: LinkedImport): { code: "host-error"; message: string } {
  return { code: "host-error", message: `unknown import: ${leaf.path.join("#")} has not been defined` };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined)
    throw new AbiFault("abi", "the component's plan refers to something that is not there");
  return item;
}
