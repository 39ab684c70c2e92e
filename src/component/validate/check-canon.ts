/**
 * Checks canonical definitions: options, and core signatures against the types that they carry.
 *
 * Source: component-model `Binary.md`, section "Canonical Definitions"; CanonicalABI.md, "Canonical
 * Definitions".
 */
import type { CoreFuncType } from "../../model/extern-type.ts";
import type { FuncType } from "../../model/value-type.ts";
import type { CanonDefinition, CanonOption } from "../binary/ir.ts";
import type { StringEncoding } from "../plan.ts";
import { flattenFuncType, type Lowering } from "../types/flatten.ts";
import { printCoreFunc } from "../types/subtype.ts";
import { builtinType } from "./check-builtins.ts";
import type { OptionIndices } from "./checked.ts";
import type { Scope } from "./scope.ts";

export function checkCanon(scope: Scope, definition: CanonDefinition): void {
  const { canon, offset } = definition;
  switch (canon.kind) {
    case "lift": {
      const type = scope.funcType(canon.type);
      const coreType = scope.get("core func", canon.func);
      const options = checkOptions(scope, canon.options);
      scope.table.offset = offset;
      checkLift(scope, type, coreType, options);
      scope.push("func", type);
      scope.operations.push({ kind: "lift", func: canon.func, type, coreType, options });
      return;
    }
    case "lower": {
      const type = scope.get("func", canon.func);
      const options = checkOptions(scope, canon.options);
      scope.table.offset = offset;
      scope.push("core func", checkLower(scope, type, options));
      scope.operations.push({ kind: "lower", func: canon.func, options });
      return;
    }
    case "resource.new":
    case "resource.rep":
    case "resource.drop": {
      const resource = scope.resourceType(canon.type);
      if (canon.kind !== "resource.drop" && !scope.defined.has(scope.table.identity(resource))) {
        scope.fail(`type index ${canon.type} is not a local resource`);
      }
      scope.push("core func", {
        params: ["i32"],
        results: canon.kind === "resource.drop" ? [] : ["i32"],
      });
      scope.operations.push({ kind: canon.kind, resource });
      return;
    }
    case "builtin":
      scope.push(
        "core func",
        builtinType(scope, canon.builtin, (options) => checkOptions(scope, options)),
      );
      scope.operations.push({
        kind: "builtin",
        name: canon.builtin.name,
        slot: canon.builtin.slot,
        memory: canon.builtin.memory,
      });
      return;
  }
}

/** Resolves options, and checks those rules that hold for all canonical definitions. */
function checkOptions(scope: Scope, options: readonly CanonOption[]): OptionIndices {
  let stringEncoding: StringEncoding | undefined;
  let async = false;
  const indices = new Map<"memory" | "realloc" | "post-return" | "callback", number>();
  for (const option of options) {
    scope.table.offset = option.offset;
    switch (option.kind) {
      case "string-encoding":
        if (stringEncoding !== undefined) {
          scope.fail(
            `canonical encoding option \`${stringEncoding}\` conflicts with option \`${option.encoding}\``,
          );
        }
        stringEncoding = option.encoding;
        break;
      case "async":
        if (async) {
          scope.fail("canonical option `async` is specified more than once");
        }
        async = true;
        break;
      default:
        if (indices.has(option.kind)) {
          scope.fail(`canonical option \`${option.kind}\` is specified more than once`);
        }
        indices.set(option.kind, option.index);
    }
  }
  const memory = indices.get("memory");
  if (memory !== undefined) {
    const type = scope.get("core memory", memory);
    if (type.kind === "memory" && type.limits.index64) {
      scope.fail("canonical ABI memory is not a 32-bit linear memory");
    }
  }
  const realloc = indices.get("realloc");
  if (realloc !== undefined) {
    if (memory === undefined) {
      scope.fail("canonical option `realloc` requires `memory` to also be specified");
    }
    checkSignature(scope, "realloc", realloc, { params: ["i32", "i32", "i32", "i32"], results: ["i32"] });
  }
  const callback = indices.get("callback");
  if (callback !== undefined) {
    if (!async) {
      scope.fail("cannot specify callback without async");
    }
    checkSignature(scope, "callback", callback, { params: ["i32", "i32", "i32"], results: ["i32"] });
  }
  return {
    stringEncoding: stringEncoding ?? "utf8",
    memory,
    realloc,
    postReturn: indices.get("post-return"),
    callback,
    async,
  };
}

function checkSignature(scope: Scope, option: string, index: number, expected: CoreFuncType): void {
  const actual = scope.get("core func", index);
  if (!sameTypes(actual.params, expected.params) || !sameTypes(actual.results, expected.results)) {
    scope.fail(
      `canonical option \`${option}\` uses a core function with an incorrect signature: ` +
        `expected ${printCoreFunc(expected)}, found ${printCoreFunc(actual)}`,
    );
  }
}

function sameTypes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i]);
}

function requireOptions(
  scope: Scope,
  options: OptionIndices,
  needs: { readonly memory: boolean; readonly realloc: boolean },
): void {
  if ((needs.memory || needs.realloc) && options.memory === undefined) {
    scope.fail("canonical option `memory` is required");
  }
  if (needs.realloc && options.realloc === undefined) {
    scope.fail("canonical option `realloc` is required");
  }
}

function pointersIn(scope: Scope, type: FuncType): { readonly params: boolean; readonly result: boolean } {
  return {
    params: type.params.some((param) => scope.table.info(param.type).pointer),
    result: type.result !== undefined && scope.table.info(type.result).pointer,
  };
}

function checkAsync(scope: Scope, type: FuncType, options: OptionIndices): void {
  if (options.async && !type.async) {
    scope.fail("the `async` canonical option requires an async function type");
  }
}

function checkLift(scope: Scope, type: FuncType, coreType: CoreFuncType, options: OptionIndices): void {
  checkAsync(scope, type, options);
  const lowering = flattenFuncType(
    type,
    { direction: "lift", async: options.async, callback: options.callback !== undefined },
    scope.context.flattening,
  );
  const pointers = pointersIn(scope, type);
  requireOptions(scope, options, {
    memory: lowering.indirectResult || pointers.result,
    realloc: lowering.indirectParams || pointers.params,
  });
  if (options.postReturn !== undefined) {
    if (options.async) {
      scope.fail("cannot specify post-return function in async");
    }
    checkSignature(scope, "post-return", options.postReturn, { params: coreType.results, results: [] });
  }
  checkCoreType(scope, lowering, coreType);
}

function checkCoreType(scope: Scope, lowering: Lowering, actual: CoreFuncType): void {
  const { params, results } = lowering.type;
  if (!sameTypes(params, actual.params)) {
    scope.fail(
      `lowered parameter types \`[${params}]\` do not match parameter types \`[${actual.params}]\` of the core function`,
    );
  }
  if (!sameTypes(results, actual.results)) {
    scope.fail(
      `lowered result types \`[${results}]\` do not match result types \`[${actual.results}]\` of the core function`,
    );
  }
}

function checkLower(scope: Scope, type: FuncType, options: OptionIndices): CoreFuncType {
  checkAsync(scope, type, options);
  if (options.postReturn !== undefined) {
    scope.fail("canonical option `post-return` cannot be specified for lowerings");
  }
  if (options.callback !== undefined) {
    scope.fail("canonical option `callback` cannot be specified for lowerings");
  }
  const lowering = flattenFuncType(
    type,
    { direction: "lower", async: options.async, callback: false },
    scope.context.flattening,
  );
  const pointers = pointersIn(scope, type);
  requireOptions(scope, options, {
    memory: lowering.indirectParams || lowering.indirectResult || pointers.params,
    realloc: pointers.result,
  });
  return lowering.type;
}
