/** What a linker has under a name. */
import type { ModuleType } from "../model/extern-type.ts";
import type { FuncType, ResourceType } from "../model/value-type.ts";
import type { Caller } from "./caller.ts";
import type { CompiledModule } from "./core-module.ts";
import type { NameMap } from "./name-map.ts";

/** A host function as glue calls it. Arguments are what the WIT type says; the glue has checked them. */
export type HostFunc<T = unknown> = (caller: Caller<T>, ...args: never[]) => unknown;

export type DropFunc<T = unknown> = (caller: Caller<T>, value: object) => void;

export interface FuncDefinition {
  readonly kind: "func";
  readonly fn: HostFunc;
  /** To be compared with what a component imports; undefined takes the component's word. */
  readonly type: FuncType | undefined;
  /** True if `fn` returns a promise, which only an async store can wait for. */
  readonly async: boolean;
}

export interface ResourceDefinition {
  readonly kind: "resource";
  readonly type: ResourceType;
  /** Undefined: the object's own `[Symbol.dispose]`. */
  readonly drop: DropFunc | undefined;
  /** What values have to be instances of; undefined: any object will do. */
  readonly cls: (abstract new (...args: never[]) => object) | undefined;
}

export interface ModuleDefinition {
  readonly kind: "module";
  readonly module: CompiledModule;
  readonly type: ModuleType;
}

/** What stands in for an import that nobody has defined. */
export interface TrapDefinition {
  readonly kind: "trap";
}

export interface InstanceDefinition {
  readonly kind: "instance";
  readonly items: NameMap<Definition>;
}

/** An object in jco's shape: functions in camelCase, classes for resources. Looked into when a component asks. */
export interface ObjectDefinition {
  readonly kind: "object";
  readonly object: object;
}

export type Leaf = FuncDefinition | ResourceDefinition | ModuleDefinition | TrapDefinition;

export type Definition = Leaf | InstanceDefinition | ObjectDefinition;
