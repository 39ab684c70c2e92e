/**
 * Checks type definitions and gives them their structure.
 *
 * Source: component-model `Binary.md`, section "Type Definitions".
 */

import type { CoreExternType, CoreFuncType, CoreImport, ModuleType } from "../../model/extern-type.ts";
import { MAX_FLAGS } from "../../model/layout.ts";
import * as types from "../../model/types.ts";
import type { PrimitiveKind, PrimitiveType, ValueType } from "../../model/value-type.ts";
import { addImportName } from "../binary/core-module.ts";
import type {
  CoreExternNode,
  CoreModuleDeclarator,
  CoreSubType,
  CoreTypeDefinition,
  Declarator,
  FuncTypeNode,
  Label,
  TypeDefinition,
  TypeNode,
  ValueTypeNode,
  ValueTypeRef,
} from "../binary/ir.ts";
import { type AnyType, describeType, isValueType } from "../types/shapes.ts";
import { checkAlias } from "./check-aliases.ts";
import { checkExportDeclarator, checkImport } from "./check-externs.ts";
import { closeComponent, closeInstance } from "./close-scope.ts";
import { checkLabels } from "./extern-names.ts";
import { type CoreType, Scope } from "./scope.ts";

export function checkType(scope: Scope, definition: TypeDefinition): void {
  const { offset, type: node } = definition;
  if (node.kind === "resource") {
    defineResource(scope, node);
    return;
  }
  const type = resolveType(scope, node);
  scope.table.offset = offset;
  scope.push("type", type);
}

function resolveType(scope: Scope, node: Exclude<TypeNode, { readonly kind: "resource" }>): AnyType {
  switch (node.kind) {
    case "func":
      return resolveFuncType(scope, node);
    case "component":
    case "instance": {
      const inner = new Scope(`${node.kind} type`, scope, scope.context);
      for (const declarator of node.declarators) {
        scope.table.offset = declarator.offset;
        scope.table.spend(1);
        checkDeclarator(inner, declarator);
      }
      return node.kind === "component" ? closeComponent(inner) : closeInstance(inner);
    }
    default:
      return resolveValueNode(scope, node);
  }
}

function checkDeclarator(scope: Scope, declarator: Declarator): void {
  switch (declarator.kind) {
    case "core type":
      checkCoreType(scope, declarator);
      return;
    case "type":
      checkType(scope, declarator);
      return;
    case "alias":
      checkAlias(scope, declarator);
      return;
    case "import":
      checkImport(scope, declarator);
      return;
    case "export declarator":
      checkExportDeclarator(scope, declarator);
      return;
  }
}

function defineResource(scope: Scope, node: TypeNode & { readonly kind: "resource" }): void {
  if (scope.kind !== "component") {
    scope.fail("resources can only be defined within a concrete component");
  }
  if (node.representation !== "i32") {
    scope.fail(`resources can only be represented by \`i32\`, not by \`${node.representation}\``);
  }
  if (node.destructor !== undefined) {
    const { params, results } = scope.get("core func", node.destructor);
    if (params.length !== 1 || params[0] !== "i32" || results.length !== 0) {
      scope.fail(
        `core function ${node.destructor} has wrong signature for a destructor: expected (func (param i32))`,
      );
    }
  }
  const resource = scope.table.resource("resource");
  scope.introduced.add(resource);
  scope.defined.add(resource);
  scope.push("type", resource);
  scope.operations.push({ kind: "resource", resource, destructor: node.destructor });
}

function resolveFuncType(scope: Scope, node: FuncTypeNode): AnyType {
  checkLabels(scope, "function parameter", "parameter", node.params);
  const params = node.params.map((param) => ({ name: param.name, type: resolveValue(scope, param.type) }));
  const result = node.result === undefined ? undefined : resolveValue(scope, node.result);
  if (result !== undefined && scope.table.info(result).borrow) {
    scope.fail("function result cannot contain a `borrow` type");
  }
  return scope.table.func({ kind: "func", async: node.async, params, result });
}

const primitives: { readonly [K in PrimitiveKind]: PrimitiveType } = {
  bool: types.bool,
  s8: types.s8,
  u8: types.u8,
  s16: types.s16,
  u16: types.u16,
  s32: types.s32,
  u32: types.u32,
  s64: types.s64,
  u64: types.u64,
  f32: types.f32,
  f64: types.f64,
  char: types.char,
  string: types.string,
  "error-context": types.errorContext,
};

/** The value type that a primitive's name or a type index stands for. */
export function resolveValue(scope: Scope, ref: ValueTypeRef): ValueType {
  if (typeof ref === "string") {
    return scope.table.value(primitives[ref]);
  }
  const type = scope.get("type", ref);
  return isValueType(type)
    ? type
    : scope.fail(`type index ${ref} is not a defined type, but a ${describeType(type)}`);
}

function resolveValueNode(scope: Scope, node: ValueTypeNode): ValueType {
  return scope.table.value(resolveParts(scope, node));
}

function resolveParts(scope: Scope, node: ValueTypeNode): ValueType {
  const value = (ref: ValueTypeRef): ValueType => resolveValue(scope, ref);
  const optional = (ref: ValueTypeRef | undefined) => (ref === undefined ? undefined : value(ref));
  const required = (count: number, message: string): void => {
    if (count === 0) {
      scope.fail(message);
    }
  };
  switch (node.kind) {
    case "primitive":
      // An object of its own: a definition is not the same name as the primitive.
      return { kind: node.type };
    case "record":
      required(node.fields.length, "record type must have at least one field");
      checkLabels(scope, "record field", "field", node.fields);
      return {
        kind: "record",
        fields: node.fields.map((field) => ({ name: field.name, type: value(field.type) })),
      };
    case "variant":
      required(node.cases.length, "variant type must have at least one case");
      checkLabels(scope, "variant case", "case", node.cases);
      return { kind: "variant", cases: node.cases.map((c) => ({ name: c.name, type: optional(c.type) })) };
    case "list":
      return { kind: "list", element: value(node.element) };
    case "fixed-length-list":
      required(node.length, "a list of fixed length must have at least one element");
      return { kind: "fixed-length-list", element: value(node.element), length: node.length };
    case "map": {
      const key = value(node.key);
      if (!mapKeys.has(key.kind)) {
        scope.fail(`invalid map key type: ${key.kind}`);
      }
      return { kind: "map", key, value: value(node.value) };
    }
    case "tuple":
      required(node.elements.length, "tuple type must have at least one type");
      return { kind: "tuple", elements: node.elements.map(value) };
    case "flags":
      required(node.labels.length, "flags must have at least one entry");
      if (node.labels.length > MAX_FLAGS) {
        scope.fail(`cannot have more than ${MAX_FLAGS} flags`);
      }
      return { kind: "flags", names: resolveLabels(scope, "flag", "flag", node.labels) };
    case "enum":
      required(node.labels.length, "enum type must have at least one variant");
      return { kind: "enum", names: resolveLabels(scope, "enum tag", "tag", node.labels) };
    case "option":
      return { kind: "option", some: value(node.some) };
    case "result":
      return { kind: "result", ok: optional(node.ok), err: optional(node.err) };
    case "own":
    case "borrow":
      return { kind: node.kind, resource: scope.resourceType(node.resource) };
    case "stream":
    case "future": {
      const element = optional(node.element);
      if (element !== undefined && scope.table.info(element).borrow) {
        scope.fail(`a ${node.kind} cannot contain a \`borrow\` type`);
      }
      if (node.kind === "stream" && element?.kind === "char") {
        scope.fail("`stream<char>` is not valid at this time");
      }
      return { kind: node.kind, element };
    }
  }
}

/** `keytype`: primitives whose equality is plain. */
const mapKeys: ReadonlySet<string> = new Set([
  "bool",
  "s8",
  "u8",
  "s16",
  "u16",
  "s32",
  "u32",
  "s64",
  "u64",
  "char",
  "string",
]);

function resolveLabels(scope: Scope, what: string, previous: string, labels: readonly Label[]): string[] {
  checkLabels(scope, what, previous, labels);
  return labels.map((label) => label.name);
}

export function checkCoreType(scope: Scope, definition: CoreTypeDefinition): void {
  const node = definition.type;
  if (node.kind === "rec") {
    for (const type of node.types) {
      scope.push("core type", type);
    }
    return;
  }
  scope.push("core type", resolveModuleType(scope, node.declarators));
}

function resolveModuleType(scope: Scope, declarators: readonly CoreModuleDeclarator[]): ModuleType {
  const local: CoreSubType[] = [];
  const imports: CoreImport[] = [];
  const exports = new Map<string, CoreExternType>();
  const importNames = new Map<string, Set<string>>();
  for (const declarator of declarators) {
    scope.table.offset = declarator.offset;
    scope.table.spend(1);
    switch (declarator.kind) {
      case "type":
        local.push(...declarator.types);
        break;
      case "outer": {
        const type = outerCoreType(scope, declarator.count, declarator.index, local);
        if (type.kind === "module") {
          return scope.fail("a module type may not refer to another module type");
        }
        local.push(type);
        break;
      }
      case "import": {
        const { module, name } = declarator;
        if (!addImportName(importNames, module, name)) {
          scope.fail(`duplicate import name \`${module}:${name}\``);
        }
        imports.push({ module, name, type: resolveCoreExtern(scope, declarator.type, local) });
        break;
      }
      case "export":
        if (exports.has(declarator.name)) {
          scope.fail(`export name \`${declarator.name}\` already defined`);
        }
        exports.set(declarator.name, resolveCoreExtern(scope, declarator.type, local));
        break;
    }
  }
  return scope.table.module({ kind: "module", imports, exports });
}

/** Counts scopes outwards from a module type, whose own types are scope 0. */
function outerCoreType(scope: Scope, count: number, index: number, local: readonly CoreSubType[]): CoreType {
  if (count === 0) {
    return local[index] ?? scope.fail(`core type index out of bounds: ${index}`);
  }
  let outer: Scope | undefined = scope;
  for (let i = 1; i < count && outer !== undefined; i++) {
    outer = outer.parent;
  }
  return (outer ?? scope.fail(`invalid outer alias count of ${count}`)).get("core type", index);
}

function resolveCoreExtern(
  scope: Scope,
  node: CoreExternNode,
  local: readonly CoreSubType[],
): CoreExternType {
  if (node.kind !== "func" && node.kind !== "tag") {
    return node;
  }
  const type = local[node.type];
  if (type === undefined) {
    return scope.fail(`core type index out of bounds: ${node.type}`);
  }
  return { kind: node.kind, type: coreFuncType(scope, type) };
}

function coreFuncType(scope: Scope, type: CoreSubType): CoreFuncType {
  return type.kind === "func" ? type.type : scope.fail(`a ${type.text} type is not a function type`);
}
