/**
 * The link plan: what instantiating a component does, resolved once at compile time.
 *
 * Nested components, aliases, index spaces and names are gone; what is left is a flat, immutable list
 * of steps over numbered core instances. It is plain data (structured-cloneable but for resource
 * identity), so an artifact can hold it, and nothing is looked up by string at call time.
 *
 * Source: wasmtime's `wasmtime_environ::component::info` (`Component`, `GlobalInitializer`, `Trampoline`).
 */
import type {
  CoreExternType,
  CoreFuncType,
  CoreImport,
  CoreLimits,
  ExternType,
} from "../model/extern-type.ts";
import type { FuncType, ResourceType, ValueType } from "../model/value-type.ts";

export interface LinkPlan {
  /** The core modules the component carries, in the order in which they stand in the binary. */
  readonly modules: readonly CoreModule[];
  /** The component's own imports and exports, for type checks and for people. */
  readonly imports: ReadonlyMap<string, ExternType>;
  readonly exports: ReadonlyMap<string, ExternType>;
  /** The leaves of `imports` that instantiation needs: functions, resource types, core modules. */
  readonly importLeaves: readonly ImportLeaf[];
  /** Resource types that components within define; each instantiation makes a fresh identity of each. */
  readonly definedResources: readonly DefinedResource[];
  /** Core functions made by `canon` definitions other than `lift`. */
  readonly trampolines: readonly Trampoline[];
  readonly steps: readonly InstantiationStep[];
  /** How many core instances `steps` make: `CoreExportRef.instance` is below this. */
  readonly coreInstances: number;
  /** How many component instances there are, nested ones included: each has handle tables and may-enter flags of its own. */
  readonly componentInstances: number;
  /**
   * For each of them the one that instantiated it (`ComponentInstance.parent`), which has a smaller number; undefined
   * for the root, number 0. Entering an instance enters those around it.
   */
  readonly componentInstanceParents: readonly (number | undefined)[];
  readonly exportDefs: ReadonlyMap<string, ExportDef>;
}

export interface CoreModule {
  /** A view of the component's bytes. */
  readonly bytes: Uint8Array;
  /** Where `bytes` starts in the component, in bytes. */
  readonly offset: number;
  readonly imports: readonly CoreImport[];
  readonly exports: ReadonlyMap<string, CoreExternType>;
  /** What the module itself defines: imports are not among them. */
  readonly memories: readonly CoreLimits[];
  readonly tables: readonly CoreLimits[];
  /** The first thousand. */
  readonly customSections: readonly CustomSection[];
}

export interface CustomSection {
  readonly name: string;
  /** A view of the component's bytes. */
  readonly content: Uint8Array;
}

/** One thing that a linker must supply. `path` is ["amal:obs/metrics@0.1.0", "counter"], or ["run"] at the root. */
export interface ImportLeaf {
  readonly path: readonly string[];
  readonly type: ExternType;
}

export interface DefinedResource {
  readonly type: ResourceType;
  readonly componentInstance: number;
  /** The guest's destructor, called with the representation when the last owner drops a handle. */
  readonly destructor: CoreFuncRef | undefined;
}

/** An export of a core instance that an earlier step has made. */
export interface CoreExportRef {
  readonly kind: "core-export";
  readonly instance: number;
  readonly name: string;
}

/** An index into `LinkPlan.trampolines`. */
export interface TrampolineRef {
  readonly kind: "trampoline";
  readonly index: number;
}

export type CoreFuncRef = CoreExportRef | TrampolineRef;

export type StringEncoding = "utf8" | "utf16" | "latin1+utf16";

/**
 * Source: CanonicalABI.md, `LiftLowerContext` / `CanonicalOptions`. Without `async` and `callback`, which only functions
 * of an async type can have.
 */
export interface CanonicalOptions {
  readonly stringEncoding: StringEncoding;
  readonly memory: CoreExportRef | undefined;
  readonly realloc: CoreFuncRef | undefined;
  readonly postReturn: CoreFuncRef | undefined;
  /** The component instance whose handle tables and may-enter flag the function uses. */
  readonly componentInstance: number;
}

/** Where a component-level function comes from. */
export type FuncSource =
  /** An index into `importLeaves`. */
  | { readonly kind: "import"; readonly import: number }
  | { readonly kind: "lifted"; readonly lifted: LiftedFunc };

/** `canon lift`: a core function seen as a component function. */
export interface LiftedFunc {
  readonly type: FuncType;
  readonly coreType: CoreFuncType | undefined;
  readonly func: CoreFuncRef;
  readonly options: CanonicalOptions;
}

export type Trampoline =
  /** `canon lower`: a component function seen as a core function. */
  | {
      readonly kind: "lower";
      readonly source: FuncSource;
      readonly type: FuncType;
      readonly options: CanonicalOptions;
    }
  | {
      readonly kind: "resource.new" | "resource.rep" | "resource.drop";
      readonly resource: ResourceType;
      readonly componentInstance: number;
    }
  | BuiltinTrampoline;

/** A built-in of the asynchronous part of the model: what it does in a task that is synchronous, as all are, is the runtime's to say. */
export interface BuiltinTrampoline {
  readonly kind: "builtin";
  /** As in Explainer.md: "task.return", "context.get". */
  readonly name: string;
  readonly componentInstance: number;
  /** Of `context.get` and `context.set`. */
  readonly slot: number | undefined;
  /** Of `waitable-set.wait` and `waitable-set.poll`. */
  readonly memory: CoreExportRef | undefined;
}

export type InstantiationStep = {
  readonly kind: "instantiate";
  /** The core instance that this step makes. */
  readonly instance: number;
  readonly module: ModuleRef;
  readonly args: readonly CoreArg[];
};

/** An index into `modules`, or into `importLeaves` for a core module that the host supplies. */
export type ModuleRef =
  | { readonly kind: "static"; readonly module: number }
  | { readonly kind: "import"; readonly import: number };

export interface CoreArg {
  readonly module: string;
  readonly name: string;
  readonly value: CoreFuncRef;
}

export type ExportDef =
  | { readonly kind: "func"; readonly type: FuncType; readonly source: FuncSource }
  | { readonly kind: "instance"; readonly exports: ReadonlyMap<string, ExportDef> }
  | { readonly kind: "module"; readonly module: ModuleRef }
  | { readonly kind: "type"; readonly type: ResourceType | ValueType | undefined };
