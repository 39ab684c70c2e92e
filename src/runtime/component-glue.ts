/**
 * The glue of a component: which factory belongs to which function of its plan.
 *
 * Compiled once per component, when the first linker asks. A function whose type this version has no glue for is
 * no obstacle until somebody wants it: a guest may import more than it uses.
 */
import { GlueCompiler, type LiftFactory, type LowerFactory } from "../abi/compile.ts";
import type {
  CanonicalOptions,
  CoreExportRef,
  CoreFuncRef,
  ExportDef,
  LiftedFunc,
  LinkPlan,
} from "../component/index.ts";
import { UnsupportedError } from "../model/errors.ts";
import type { ResourceType } from "../model/value-type.ts";

/** What one `LiftLowerContext` of an instance is made of. */
export interface ContextSpec {
  readonly componentInstance: number;
  readonly memory: CoreExportRef | undefined;
  readonly realloc: CoreFuncRef | undefined;
}

type Compiled = number | UnsupportedError;

export class ComponentGlue {
  /** By index, as `LiftLowerContext.resources` must be. */
  readonly resources: readonly ResourceType[];
  readonly contexts: readonly ContextSpec[];
  /** The component instances that can tell threads apart: calls into them have to make new ones. */
  readonly observesThreads: ReadonlySet<number>;
  readonly #factories: readonly (LowerFactory | LiftFactory)[];
  readonly #lowered: readonly (Compiled | undefined)[];
  readonly #lifted = new Map<LiftedFunc, Compiled>();
  readonly #internal = new Map<LiftedFunc, Compiled>();
  readonly #contexts = new ContextTable();

  constructor(plan: LinkPlan) {
    const compiler = new GlueCompiler();
    this.observesThreads = threadObservers(plan);
    this.#lowered = plan.trampolines.map((trampoline) => {
      if (trampoline.kind !== "lower") return undefined;
      const { source, type, options } = trampoline;
      this.#contexts.add(options);
      if (source.kind === "lifted") this.#lift(compiler, source.lifted, this.#internal, "component");
      const callee = source.kind === "lifted" ? "component" : "host";
      return attempt(() => compiler.lower(type, { encoding: options.stringEncoding, callee }));
    });
    for (const lifted of exportedFuncs(plan.exportDefs)) this.#lift(compiler, lifted, this.#lifted, "host");
    const glue = compiler.compile();
    this.#factories = glue.factories;
    this.resources = glue.resources;
    this.contexts = this.#contexts.specs;
  }

  /** The factory of a `lower` trampoline. @throws UnsupportedError */
  lower(trampoline: number): LowerFactory {
    return this.#factory(this.#lowered[trampoline]) as LowerFactory;
  }

  /** Why a component cannot call another through a `lower` trampoline; undefined if it can. */
  unsupported(trampoline: number): UnsupportedError | undefined {
    const lowered = this.#lowered[trampoline];
    return lowered instanceof UnsupportedError ? lowered : undefined;
  }

  /** The factory of an exported function, or of one that another component imports. @throws UnsupportedError */
  lift(lifted: LiftedFunc, caller: "host" | "component"): LiftFactory {
    const compiled = caller === "host" ? this.#lifted.get(lifted) : this.#internal.get(lifted);
    return this.#factory(compiled) as LiftFactory;
  }

  /** The index in `contexts` for canonical options. */
  context(options: CanonicalOptions): number {
    return this.#contexts.add(options);
  }

  #lift(
    compiler: GlueCompiler,
    lifted: LiftedFunc,
    into: Map<LiftedFunc, Compiled>,
    caller: "host" | "component",
  ): void {
    if (into.has(lifted)) return;
    const { options, type } = lifted;
    this.#contexts.add(options);
    const postReturn = options.postReturn !== undefined;
    into.set(
      lifted,
      attempt(() => compiler.lift(type, { encoding: options.stringEncoding, postReturn, caller })),
    );
  }

  #factory(compiled: Compiled | undefined): LowerFactory | LiftFactory {
    if (compiled instanceof UnsupportedError) throw compiled;
    const factory = compiled === undefined ? undefined : this.#factories[compiled];
    if (factory === undefined) throw new Error("a function that the component's plan does not have");
    return factory;
  }
}

/** Functions with the same options share a context, and so the views of a memory. */
class ContextTable {
  readonly specs: ContextSpec[] = [];
  readonly #indices = new Map<string, number>();
  readonly #known = new Map<CanonicalOptions, number>();

  add(options: CanonicalOptions): number {
    let index = this.#known.get(options);
    if (index === undefined) {
      index = this.#find(options);
      this.#known.set(options, index);
    }
    return index;
  }

  #find({ componentInstance, memory, realloc }: CanonicalOptions): number {
    const key = JSON.stringify([componentInstance, memory, realloc]);
    let index = this.#indices.get(key);
    if (index === undefined) {
      index = this.specs.push({ componentInstance, memory, realloc }) - 1;
      this.#indices.set(key, index);
    }
    return index;
  }
}

function threadObservers(plan: LinkPlan): Set<number> {
  const observers = new Set<number>();
  for (const trampoline of plan.trampolines) {
    if (trampoline.kind === "builtin" && /^context\.|^thread\.index$/.test(trampoline.name)) {
      observers.add(trampoline.componentInstance);
    }
  }
  return observers;
}

function attempt(compile: () => number): Compiled {
  try {
    return compile();
  } catch (error) {
    if (error instanceof UnsupportedError) return error;
    throw error;
  }
}

function* exportedFuncs(defs: ReadonlyMap<string, ExportDef>): Iterable<LiftedFunc> {
  for (const def of defs.values()) {
    if (def.kind === "instance") yield* exportedFuncs(def.exports);
    else if (def.kind === "func" && def.source.kind === "lifted") yield def.source.lifted;
  }
}
