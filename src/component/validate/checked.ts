/**
 * A component that has been checked: what instantiating it does, in order, with all indices known to
 * be good and all types resolved.
 *
 * The planner executes the operations of the root, and those of a nested component each time that it
 * is instantiated. An operation that makes something appends it to the index space of its sort.
 */
import type { CoreFuncType, ModuleType } from "../../model/extern-type.ts";
import type { FuncType, ResourceType } from "../../model/value-type.ts";
import type { CustomSection, Sort } from "../binary/ir.ts";
import type { CoreModule, StringEncoding } from "../plan.ts";
import type { AnyType, BoundResource, ComponentShape, Entity } from "../types/shapes.ts";
import type { TypeTable } from "../types/type-table.ts";

/** Something that an operation uses: a type by itself, anything else by its index. */
export type Reference =
  | { readonly sort: "type"; readonly type: AnyType }
  | { readonly sort: Exclude<Sort, "type">; readonly index: number };

export interface NamedReference {
  readonly name: string;
  readonly item: Reference;
}

/** Canonical options as indices. */
export interface OptionIndices {
  readonly stringEncoding: StringEncoding;
  readonly memory: number | undefined;
  readonly realloc: number | undefined;
  readonly postReturn: number | undefined;
  readonly callback: number | undefined;
  readonly async: boolean;
}

export type Operation =
  | { readonly kind: "core module"; readonly module: number }
  | {
      readonly kind: "core instantiate";
      readonly module: number;
      readonly args: readonly { readonly name: string; readonly instance: number }[];
    }
  | { readonly kind: "core exports"; readonly exports: readonly NamedReference[] }
  | { readonly kind: "component"; readonly component: CheckedComponent }
  | {
      readonly kind: "instantiate";
      readonly component: number;
      readonly args: readonly NamedReference[];
      /** The resource types that the instantiation introduces; paths lead into the new instance. */
      readonly fresh: readonly BoundResource[];
    }
  | { readonly kind: "exports"; readonly exports: readonly NamedReference[] }
  | { readonly kind: "alias export"; readonly sort: Sort; readonly instance: number; readonly name: string }
  | {
      readonly kind: "alias core export";
      readonly sort: Sort;
      readonly instance: number;
      readonly name: string;
    }
  /** `count` enclosing components outwards. */
  | {
      readonly kind: "alias outer";
      readonly sort: "core module" | "component";
      readonly count: number;
      readonly index: number;
    }
  | { readonly kind: "resource"; readonly resource: ResourceType; readonly destructor: number | undefined }
  | {
      readonly kind: "lift";
      readonly func: number;
      readonly type: FuncType;
      readonly coreType: CoreFuncType;
      readonly options: OptionIndices;
    }
  | { readonly kind: "lower"; readonly func: number; readonly options: OptionIndices }
  | { readonly kind: "resource.new" | "resource.drop" | "resource.rep"; readonly resource: ResourceType }
  | {
      readonly kind: "builtin";
      readonly name: string;
      readonly slot: number | undefined;
      readonly memory: number | undefined;
    }
  | { readonly kind: "import"; readonly name: string; readonly entity: Entity }
  | {
      readonly kind: "export";
      readonly name: string;
      readonly item: Reference;
      readonly entity: Entity;
      /** The resource types that the type of the export makes abstract; paths lead into the item, and are empty for the item itself. */
      readonly fresh: readonly BoundResource[];
    };

export interface CheckedComponent {
  readonly shape: ComponentShape;
  /** What the resource types that its exports bind are called there. */
  readonly resourceNames: ReadonlyMap<ResourceType, string>;
  readonly operations: readonly Operation[];
}

/** A whole component binary, decoded and checked: what `readComponent` returns. */
export interface ComponentIR {
  readonly root: CheckedComponent;
  /** The core modules of all components in it, in the order in which they stand in the binary. */
  readonly modules: readonly CoreModule[];
  readonly moduleTypes: readonly ModuleType[];
  readonly customSections: readonly CustomSection[];
  readonly types: TypeTable;
}
