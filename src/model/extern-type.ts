/**
 * What a component imports and exports.
 *
 * Source: component-model `Binary.md`, section "Import and Export Definitions" (`externdesc`).
 */
import type { FuncType, ResourceType, ValueType } from "./value-type.ts";

/** A core wasm value type, spelt as in the text format (`i32`, `funcref`, `(ref null extern)`). */
export type CoreValueType = string;

export interface CoreFuncType {
  readonly params: readonly CoreValueType[];
  readonly results: readonly CoreValueType[];
}

export interface CoreLimits {
  /** Pages for a memory, elements for a table. */
  readonly min: bigint;
  readonly max: bigint | undefined;
  readonly shared: boolean;
  /** True for memory64 and table64. */
  readonly index64: boolean;
}

/** The type of a core wasm import or export. */
export type CoreExternType =
  | { readonly kind: "func"; readonly type: CoreFuncType }
  | { readonly kind: "table"; readonly element: CoreValueType; readonly limits: CoreLimits }
  | { readonly kind: "memory"; readonly limits: CoreLimits }
  | { readonly kind: "global"; readonly type: CoreValueType; readonly mutable: boolean }
  | { readonly kind: "tag"; readonly type: CoreFuncType };

export interface CoreImport {
  readonly module: string;
  readonly name: string;
  readonly type: CoreExternType;
}

/** The type of a core module: what it takes and what it gives. */
export interface ModuleType {
  readonly kind: "module";
  readonly imports: readonly CoreImport[];
  readonly exports: ReadonlyMap<string, CoreExternType>;
}

export interface InstanceType {
  readonly kind: "instance";
  readonly exports: ReadonlyMap<string, ExternType>;
}

export interface ComponentType {
  readonly kind: "component";
  readonly imports: ReadonlyMap<string, ExternType>;
  readonly exports: ReadonlyMap<string, ExternType>;
}

/** A type that is itself imported or exported: a resource, or a name for a value type. */
export interface TypeExtern {
  readonly kind: "type";
  readonly type: ResourceType | ValueType | FuncType | InstanceType | ComponentType;
}

/** A value that is imported or exported (not part of the stable component model). */
export interface ValueExtern {
  readonly kind: "value";
  readonly type: ValueType;
}

/** The type of something that a component imports or exports. */
export type ExternType = FuncType | InstanceType | ComponentType | ModuleType | TypeExtern | ValueExtern;
