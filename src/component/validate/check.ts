/**
 * Checks a decoded component: gives every definition its type, or refuses the component.
 *
 * What comes out is trusted by the planner without further checks: indices are in bounds, names
 * exist, arguments fit. Code of core modules is not checked here; V8 does that.
 *
 * Source: the validation rules in component-model `Binary.md` and `Explainer.md`; wasmparser's
 * `validator/component.rs` where they leave room.
 */
import type { ModuleType } from "../../model/extern-type.ts";
import { Flattening } from "../../model/flatten.ts";
import type { ResourceType } from "../../model/value-type.ts";
import type { ComponentFile, ComponentNode, Definition } from "../binary/ir.ts";
import { TypeTable } from "../types/type-table.ts";
import { checkAlias } from "./check-aliases.ts";
import { checkCanon } from "./check-canon.ts";
import { checkExport, checkImport } from "./check-externs.ts";
import { checkCoreInstance, checkInstance } from "./check-instances.ts";
import { checkCoreType, checkType } from "./check-types.ts";
import type { CheckedComponent, ComponentIR } from "./checked.ts";
import { closeComponent } from "./close-scope.ts";
import { type CheckContext, Scope } from "./scope.ts";

export function checkComponent(file: ComponentFile): ComponentIR {
  const table = new TypeTable();
  const moduleTypes = file.modules.map(
    (module): ModuleType =>
      table.module({ kind: "module", imports: module.imports, exports: module.exports }),
  );
  const context: CheckContext = { table, flattening: new Flattening(), modules: file.modules, moduleTypes };
  return {
    root: checkNode(file.root, undefined, context),
    modules: file.modules,
    moduleTypes,
    customSections: file.customSections,
    types: table,
  };
}

function checkNode(node: ComponentNode, parent: Scope | undefined, context: CheckContext): CheckedComponent {
  const scope = new Scope("component", parent, context);
  for (const definition of node.definitions) {
    context.table.offset = definition.offset;
    context.table.spend(1);
    checkDefinition(scope, definition);
  }
  context.table.offset = node.offset;
  const shape = closeComponent(scope);
  const resourceNames = new Map<ResourceType, string>();
  for (const { resource, path } of shape.exportBound) {
    resourceNames.set(resource, path.at(-1) ?? resource.name);
  }
  return { shape, resourceNames, operations: scope.operations };
}

function checkDefinition(scope: Scope, definition: Definition): void {
  switch (definition.kind) {
    case "core module": {
      const type = scope.context.moduleTypes[definition.module];
      if (type !== undefined) {
        scope.push("core module", type);
        scope.operations.push({ kind: "core module", module: definition.module });
      }
      return;
    }
    case "core instance":
      checkCoreInstance(scope, definition);
      return;
    case "core type":
      checkCoreType(scope, definition);
      return;
    case "component": {
      const component = checkNode(definition.component, scope, scope.context);
      scope.push("component", component.shape);
      scope.operations.push({ kind: "component", component });
      return;
    }
    case "instance":
      checkInstance(scope, definition);
      return;
    case "alias":
      checkAlias(scope, definition);
      return;
    case "type":
      checkType(scope, definition);
      return;
    case "canon":
      checkCanon(scope, definition);
      return;
    case "import":
      checkImport(scope, definition);
      return;
    case "export":
      checkExport(scope, definition);
      return;
  }
}
