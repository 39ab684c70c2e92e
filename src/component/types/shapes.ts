/**
 * The types that the checker works with: those of the model, plus which resource types a component or
 * instance type binds.
 *
 * A component type is universal in the resources that it imports and existential in those that it
 * exports. `bound` lists name the binders, each with the path at which it is introduced; every other
 * occurrence of the same resource refers to that one. The types of *items* (an imported instance, a
 * function) are always opened: their binders belong to the scope that they are in, and their lists
 * are empty.
 *
 * Source: component-model `Explainer.md`, section "Type Checking"; wasmparser's `ComponentType`.
 */
import type { ModuleType } from "../../model/extern-type.ts";
import type { FuncType, ResourceType, ValueType } from "../../model/value-type.ts";

export interface BoundResource {
  readonly resource: ResourceType;
  /** From the component or instance inwards: ["wasi:io/streams@0.2.0", "input-stream"]. */
  readonly path: readonly string[];
}

/** What a name says beyond itself; ignored by type checks. */
export interface NameAttributes {
  /** The interface that an instance under a plain name implements: "wasi:keyvalue/store". */
  readonly implements: string | undefined;
  /** What a canonical version left out: ".1" for "a:b/c@0.2" if the interface is version 0.2.1. */
  readonly versionSuffix: string | undefined;
  readonly externalId: string | undefined;
}

/** Of those names that have any. */
export type Attributes = ReadonlyMap<string, NameAttributes>;

export interface InstanceShape {
  readonly kind: "instance";
  readonly exports: ReadonlyMap<string, Entity>;
  readonly bound: readonly BoundResource[];
  readonly attributes: Attributes;
}

export interface ComponentShape {
  readonly kind: "component";
  readonly imports: ReadonlyMap<string, Entity>;
  readonly exports: ReadonlyMap<string, Entity>;
  /** Bound by imports; a path starts with an import's name. */
  readonly importBound: readonly BoundResource[];
  /** Bound by exports; a path starts with an export's name. */
  readonly exportBound: readonly BoundResource[];
  readonly importAttributes: Attributes;
  readonly exportAttributes: Attributes;
}

/** What can stand in the type index space. */
export type AnyType = ValueType | ResourceType | FuncType | InstanceShape | ComponentShape;

export interface TypeEntity {
  readonly kind: "type";
  /** A new name for `referenced`: an object of its own, so that naming it does not name the other. */
  readonly type: AnyType;
  readonly referenced: AnyType;
}

/** What can be imported and exported. Assignable to the model's `ExternType`. */
export type Entity = FuncType | InstanceShape | ComponentShape | ModuleType | TypeEntity;

export function isValueType(type: AnyType): type is ValueType {
  return (
    type.kind !== "func" && type.kind !== "instance" && type.kind !== "component" && type.kind !== "resource"
  );
}

/** The name of a type's sort, for messages. */
export function describeType(type: AnyType): string {
  switch (type.kind) {
    case "func":
      return "function type";
    case "instance":
      return "instance type";
    case "component":
      return "component type";
    case "resource":
      return "resource";
    default:
      return `defined type (${type.kind})`;
  }
}

/** The sort of index space that an entity is in. */
export function entitySort(entity: Entity): "func" | "instance" | "component" | "core module" | "type" {
  return entity.kind === "module" ? "core module" : entity.kind;
}
