/**
 * The core signatures of the canonical built-ins of the asynchronous component model.
 *
 * They are checked so that the rest of a component that uses them can be; what this version can do of
 * them is the runtime's to say.
 *
 * Source: component-model `Explainer.md`, section "Canonical Built-ins"; CanonicalABI.md.
 */
import type { CoreFuncType, CoreValueType } from "../../model/extern-type.ts";
import { MAX_FLAT_PARAMS } from "../../model/flatten.ts";
import type { ValueType } from "../../model/value-type.ts";
import type { BuiltinNode, CanonOption } from "../binary/ir.ts";
import { resolveValue } from "./check-types.ts";
import type { OptionIndices } from "./checked.ts";
import type { Scope } from "./scope.ts";

type ResolveOptions = (options: readonly CanonOption[]) => OptionIndices;

type Counts = readonly [params: number, results: number];

/** The built-ins that have one signature, of i32 only. */
const signatures: ReadonlyMap<string, Counts> = new Map([
  ["task.cancel", [0, 0]],
  ["subtask.cancel", [1, 1]],
  ["subtask.drop", [1, 0]],
  ["thread.yield", [0, 1]],
  ["error-context.new", [2, 1]],
  ["error-context.debug-message", [2, 0]],
  ["error-context.drop", [1, 0]],
  ["waitable-set.new", [0, 1]],
  ["waitable-set.wait", [2, 1]],
  ["waitable-set.poll", [2, 1]],
  ["waitable-set.drop", [1, 0]],
  ["waitable.join", [2, 0]],
  ["backpressure.inc", [0, 0]],
  ["backpressure.dec", [0, 0]],
  ["thread.index", [0, 1]],
  ["thread.new-indirect", [2, 1]],
  ["thread.resume-later", [1, 0]],
  ["thread.suspend", [0, 1]],
  ["thread.suspend-then-resume", [1, 1]],
  ["thread.yield-then-resume", [1, 1]],
  ["thread.suspend-then-promote", [1, 1]],
  ["thread.yield-then-promote", [1, 1]],
  ["thread.spawn-ref", [2, 1]],
  ["thread.spawn-indirect", [2, 1]],
  ["thread.available-parallelism", [0, 1]],
]);

export function builtinType(scope: Scope, builtin: BuiltinNode, resolve: ResolveOptions): CoreFuncType {
  const at = scope.table.offset;
  const options = builtin.options === undefined ? undefined : resolve(builtin.options);
  scope.table.offset = at;
  checkOperands(scope, builtin, options);
  switch (builtin.name) {
    case "stream.new":
    case "future.new":
      endpointSignature(scope, builtin);
      // Both ends in one.
      return { params: [], results: ["i64"] };
    case "task.return":
      return taskReturn(scope, builtin);
    case "context.get":
      return { params: [], results: [contextType(scope, builtin)] };
    case "context.set":
      return { params: [contextType(scope, builtin)], results: [] };
    default: {
      const [params, results] = signatures.get(builtin.name) ?? endpointSignature(scope, builtin);
      return { params: i32s(params), results: i32s(results) };
    }
  }
}

function i32s(count: number): CoreValueType[] {
  return Array.from({ length: count }, () => "i32");
}

function checkOperands(scope: Scope, builtin: BuiltinNode, options: OptionIndices | undefined): void {
  if (builtin.memory !== undefined) {
    scope.get("core memory", builtin.memory);
  }
  if (builtin.table !== undefined) {
    scope.get("core table", builtin.table);
  }
  if (builtin.coreType !== undefined) {
    const type = scope.get("core type", builtin.coreType);
    if (type.kind !== "func") {
      scope.fail(`core type index ${builtin.coreType} is not a function type`);
    }
  }
  if (builtin.name.startsWith("error-context.") && options !== undefined && options.memory === undefined) {
    scope.fail("canonical option `memory` is required");
  }
  if (options?.postReturn !== undefined) {
    scope.fail(`canonical option \`post-return\` cannot be specified for ${builtin.name}`);
  }
}

function taskReturn(scope: Scope, builtin: BuiltinNode): CoreFuncType {
  if (builtin.result === undefined) {
    return { params: [], results: [] };
  }
  const type = resolveValue(scope, builtin.result);
  if (scope.table.info(type).borrow) {
    scope.fail("function result cannot contain a `borrow` type");
  }
  const flat = scope.context.flattening.of(type);
  return { params: flat.length > MAX_FLAT_PARAMS ? ["i32"] : flat, results: [] };
}

function contextType(scope: Scope, builtin: BuiltinNode): CoreValueType {
  if (builtin.valueType !== "i32") {
    scope.fail(`${builtin.name} only supports \`i32\` at this time`);
  }
  if ((builtin.slot ?? 0) > 1) {
    scope.fail(`${builtin.name} has a slot beyond the last one, 1`);
  }
  return "i32";
}

/** `stream.*` and `future.*`. */
function endpointSignature(scope: Scope, builtin: BuiltinNode): Counts {
  const [what = "", operation = ""] = builtin.name.split(".");
  const type = scope.get("type", builtin.type ?? -1);
  if (type.kind !== what) {
    scope.fail(`${builtin.name} requires a ${what} type`);
  }
  const element: ValueType | undefined = "element" in type ? type.element : undefined;
  switch (operation) {
    case "new":
    case "cancel-read":
    case "cancel-write":
    case "drop-readable":
    case "drop-writable":
      break;
    default:
      if (element !== undefined && !(builtin.options ?? []).some((option) => option.kind === "memory")) {
        scope.fail("canonical option `memory` is required");
      }
  }
  switch (operation) {
    case "new":
      return [0, 1];
    case "read":
    case "write":
      return what === "stream" ? [3, 1] : [2, 1];
    case "cancel-read":
    case "cancel-write":
      return [1, 1];
    default:
      return [1, 0];
  }
}
