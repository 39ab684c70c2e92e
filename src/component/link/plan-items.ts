/**
 * What the index spaces of a component instance hold while the planner runs.
 */
import { MalformedComponentError } from "../../model/errors.ts";
import type { FuncType, ResourceType } from "../../model/value-type.ts";
import type { CoreFuncRef, FuncSource, ModuleRef } from "../plan.ts";
import { printable } from "../printable.ts";
import type { CheckedComponent } from "../validate/checked.ts";
import type { Frame } from "./frame.ts";

export interface FuncItem {
  readonly kind: "func";
  readonly type: FuncType;
  readonly source: FuncSource;
}

/** An instance is what it exports, whether a component made it, or a list of exports, or the host. */
export interface InstanceItem {
  readonly kind: "instance";
  readonly exports: ReadonlyMap<string, Item>;
}

/** A component, with the frame that its outer aliases refer to. */
export interface ComponentItem {
  readonly kind: "component";
  readonly component: CheckedComponent;
  readonly parent: Frame;
}

export interface ModuleItem {
  readonly kind: "module";
  readonly module: ModuleRef;
}

/** A type; of types that are not resource types there is nothing to know. */
export interface TypeItem {
  readonly kind: "type";
  readonly resource: ResourceType | undefined;
}

export type Item = FuncItem | InstanceItem | ComponentItem | ModuleItem | TypeItem;

export type CoreInstanceItem =
  /** Made by a step of the plan. */
  | { readonly kind: "made"; readonly instance: number }
  /** Made of exports of others. */
  | { readonly kind: "virtual"; readonly exports: ReadonlyMap<string, CoreFuncRef> };

export function coreExport(instance: CoreInstanceItem, name: string): CoreFuncRef {
  return instance.kind === "made"
    ? { kind: "core-export", instance: instance.instance, name }
    : known(instance.exports.get(name), `core export ${name}`);
}

export function itemAt(items: ReadonlyMap<string, Item>, path: readonly string[]): Item | undefined {
  let exports: ReadonlyMap<string, Item> | undefined = items;
  let item: Item | undefined;
  for (const name of path) {
    item = exports?.get(name);
    exports = item?.kind === "instance" ? item.exports : undefined;
  }
  return item;
}

/** A value that the checker has seen to. */
export function known<T>(value: T | undefined, what: string): T {
  return value ?? impossible(what);
}

export function impossible(what: string): never {
  throw new MalformedComponentError(printable(`internal error: ${what} was checked but is not there`), 0);
}
