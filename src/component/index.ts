/**
 * The component loader: a component binary to a link plan.
 *
 * @example
 * const plan = planComponent(readFileSync("guest.wasm"));
 * for (const leaf of plan.importLeaves) console.log(leaf.path.join("#"));
 */

import type { ModuleType } from "../model/extern-type.ts";
import { scanCoreModule } from "./binary/core-module.ts";
import { decodeComponent } from "./binary/decode.ts";
import { planChecked } from "./link/planner.ts";
import type { LinkPlan } from "./plan.ts";
import { printable } from "./printable.ts";
import { moduleMismatch } from "./types/subtype.ts";
import { TypeTable } from "./types/type-table.ts";
import { checkComponent } from "./validate/check.ts";
import type { ComponentIR } from "./validate/checked.ts";

export { type Producer, readProducers } from "./binary/producers.ts";
export { printPlan } from "./link/print-plan.ts";
export type {
  BuiltinTrampoline,
  CanonicalOptions,
  CoreArg,
  CoreExportRef,
  CoreFuncRef,
  CoreModule,
  CustomSection,
  DefinedResource,
  ExportDef,
  FuncSource,
  ImportLeaf,
  InstantiationStep,
  LiftedFunc,
  LinkPlan,
  ModuleRef,
  StringEncoding,
  Trampoline,
  TrampolineRef,
} from "./plan.ts";
export type {
  AnyType,
  Attributes,
  BoundResource,
  ComponentShape,
  Entity,
  InstanceShape,
  NameAttributes,
  TypeEntity,
} from "./types/shapes.ts";
export type { CheckedComponent, ComponentIR } from "./validate/checked.ts";
export { type ParsedName, parseExternName } from "./validate/extern-names.ts";

/**
 * Decodes and checks a component.
 *
 * @throws MalformedComponentError if the bytes are not a valid component. The code of core modules is
 *   not looked at: V8 checks it when it compiles them.
 * @throws UnsupportedError if the component uses values or a start function.
 */
export function readComponent(bytes: Uint8Array): ComponentIR {
  return checkComponent(decodeComponent(bytes));
}

/**
 * Resolves the instantiation of a component into a flat plan. The plan's modules are views of the
 * component's bytes, which must not change afterwards.
 *
 * @throws MalformedComponentError as `readComponent` does, and if instantiating it would take too much.
 * @throws UnsupportedError if the component needs what this version can not run.
 */
export function planComponent(component: Uint8Array | ComponentIR): LinkPlan {
  return planChecked(ArrayBuffer.isView(component) ? readComponent(component) : component);
}

/** What a core module takes and gives. @throws MalformedComponentError */
export function coreModuleType(bytes: Uint8Array): ModuleType {
  const { imports, exports } = scanCoreModule(bytes, 0, bytes.length);
  return { kind: "module", imports, exports };
}

/** Why a core module is not of the type that a component imports, in words; undefined if it is. */
export function coreModuleMismatch(actual: ModuleType, expected: ModuleType): string | undefined {
  const mismatch = moduleMismatch(actual, expected, new TypeTable());
  return mismatch === undefined ? undefined : printable(mismatch);
}
