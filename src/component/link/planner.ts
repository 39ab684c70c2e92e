/**
 * Executes a checked component symbolically, and so turns it into a link plan.
 *
 * Every component instance is a frame: the operations of its component, run once, over index spaces
 * that hold references into the plan. Aliases, virtual instances, type arguments and components that
 * are passed around all happen here, and leave nothing behind but direct references.
 *
 * Source: wasmtime's `wasmtime_environ::component::translate::inline`.
 */
import { MalformedComponentError } from "../../model/errors.ts";
import type { CoreImport, ExternType } from "../../model/extern-type.ts";
import { MAX_COMPONENT_INSTANCES, MAX_NESTING, MAX_PLAN_FUNCTIONS, MAX_PLAN_OPERATIONS } from "../limits.ts";
import type {
  CanonicalOptions,
  CoreArg,
  CoreFuncRef,
  DefinedResource,
  InstantiationStep,
  LinkPlan,
  ModuleRef,
  Trampoline,
} from "../plan.ts";
import type {
  CheckedComponent,
  ComponentIR,
  NamedReference,
  Operation,
  OptionIndices,
  Reference,
} from "../validate/checked.ts";
import { Frame } from "./frame.ts";
import { exportDefs, type HostImports, hostImports } from "./plan-boundary.ts";
import { type CoreInstanceItem, coreExport, type Item, impossible, known } from "./plan-items.ts";

export function planChecked(component: ComponentIR): LinkPlan {
  return new Planner(component).plan();
}

class Planner {
  readonly #component: ComponentIR;
  readonly #imports: HostImports;
  readonly #resources: DefinedResource[] = [];
  readonly #trampolines: Trampoline[] = [];
  readonly #steps: InstantiationStep[] = [];
  readonly #parents: (number | undefined)[] = [];
  #operations = 0;
  #functions = 0;
  #depth = 0;

  constructor(component: ComponentIR) {
    this.#component = component;
    component.types.startPhase();
    this.#imports = hostImports(component.root.shape, component.types);
  }

  plan(): LinkPlan {
    const { root, modules } = this.#component;
    const frame = this.#run(root, this.#imports.items, undefined, undefined);
    const exports = new Map<string, ExternType>();
    for (const [name, entity] of root.shape.exports) {
      exports.set(name, frame.types.entity(entity));
    }
    return {
      modules,
      imports: this.#imports.types,
      exports,
      importLeaves: this.#imports.leaves,
      definedResources: this.#resources,
      trampolines: this.#trampolines,
      steps: this.#steps,
      coreInstances: this.#steps.length,
      componentInstances: this.#parents.length,
      componentInstanceParents: this.#parents,
      exportDefs: exportDefs(root.shape.exports, frame.exports, frame),
    };
  }

  /**
   * @param outer where the component stands, which its outer aliases refer to
   * @param parent what instantiates it
   */
  #run(
    component: CheckedComponent,
    args: ReadonlyMap<string, Item>,
    outer: Frame | undefined,
    parent: Frame | undefined,
  ): Frame {
    if (this.#depth >= MAX_NESTING) {
      throw new MalformedComponentError(`components instantiate each other more than ${MAX_NESTING} deep`, 0);
    }
    this.#depth++;
    if (this.#parents.length >= MAX_COMPONENT_INSTANCES) {
      throw new MalformedComponentError(
        `the component makes more than ${MAX_COMPONENT_INSTANCES} component instances`,
        0,
      );
    }
    const frame = new Frame(this.#parents.length, outer, this.#component.types);
    this.#parents.push(parent?.index);
    this.#spend(component.shape.importBound.length);
    frame.bindResources(component.shape.importBound, args);
    for (const operation of component.operations) {
      this.#spend(sizeOf(operation));
      this.#execute(frame, component, operation, args);
    }
    this.#depth--;
    return frame;
  }

  /** Counts what the planner does, so that a small file cannot make it do much. */
  #spend(definitions: number): void {
    this.#operations += definitions;
    if (this.#operations > MAX_PLAN_OPERATIONS) {
      throw new MalformedComponentError(
        `instantiating the component takes more than ${MAX_PLAN_OPERATIONS} definitions`,
        0,
      );
    }
  }

  #execute(
    frame: Frame,
    component: CheckedComponent,
    operation: Operation,
    args: ReadonlyMap<string, Item>,
  ): void {
    switch (operation.kind) {
      case "core module":
        frame.push("core module", { kind: "static", module: operation.module });
        return;
      case "core instantiate": {
        const given = new Map<string, CoreInstanceItem>();
        for (const { name, instance } of operation.args) {
          given.set(name, frame.get("core instance", instance));
        }
        frame.push("core instance", this.#instantiateCore(frame.get("core module", operation.module), given));
        return;
      }
      case "core exports":
        frame.push("core instance", { kind: "virtual", exports: coreItems(frame, operation.exports) });
        return;
      case "component":
        frame.push("component", { kind: "component", component: operation.component, parent: frame });
        return;
      case "instantiate": {
        const inner = frame.get("component", operation.component);
        const { exports } = this.#run(inner.component, items(frame, operation.args), inner.parent, frame);
        frame.bindResources(operation.fresh, exports);
        frame.push("instance", { kind: "instance", exports });
        return;
      }
      case "exports":
        frame.push("instance", { kind: "instance", exports: items(frame, operation.exports) });
        return;
      case "alias export": {
        const { exports } = frame.get("instance", operation.instance);
        frame.pushItem(known(exports.get(operation.name), `export ${operation.name}`));
        return;
      }
      case "alias core export":
        frame.pushCore(
          operation.sort,
          coreExport(frame.get("core instance", operation.instance), operation.name),
        );
        return;
      case "alias outer": {
        const outer = frame.outer(operation.count);
        operation.sort === "component"
          ? frame.push("component", outer.get("component", operation.index))
          : frame.push("core module", outer.get("core module", operation.index));
        return;
      }
      case "resource": {
        const { resource, destructor } = operation;
        const name = component.resourceNames.get(resource) ?? resource.name;
        const type = this.#component.types.resource(name);
        frame.types.replace(resource, type);
        this.#resources.push({
          type,
          componentInstance: frame.index,
          destructor: destructor === undefined ? undefined : frame.get("core func", destructor),
        });
        return;
      }
      case "lift": {
        this.#countFunction();
        const type = frame.types.func(operation.type);
        const lifted = {
          type,
          coreType: operation.coreType,
          func: frame.get("core func", operation.func),
          options: canonicalOptions(frame, operation.options),
        };
        frame.push("func", { kind: "func", type, source: { kind: "lifted", lifted } });
        return;
      }
      case "lower": {
        const { source, type } = frame.get("func", operation.func);
        const options = canonicalOptions(frame, operation.options);
        this.#pushTrampoline(frame, { kind: "lower", source, type, options });
        return;
      }
      case "resource.new":
      case "resource.drop":
      case "resource.rep":
        this.#pushTrampoline(frame, {
          kind: operation.kind,
          resource: frame.types.resource(operation.resource),
          componentInstance: frame.index,
        });
        return;
      case "builtin":
        this.#pushTrampoline(frame, {
          kind: "builtin",
          name: operation.name,
          componentInstance: frame.index,
          slot: operation.slot,
          memory: operation.memory === undefined ? undefined : frame.memory(operation.memory),
        });
        return;
      case "import":
        frame.pushItem(known(args.get(operation.name), `import ${operation.name}`));
        return;
      case "export": {
        const item = toItem(frame, operation.item);
        for (const { resource, path } of operation.fresh) {
          frame.bindResource(resource, innerItem(item, path));
        }
        frame.exports.set(operation.name, item);
        frame.pushItem(item);
        return;
      }
    }
  }

  #countFunction(): void {
    if (++this.#functions > MAX_PLAN_FUNCTIONS) {
      throw new MalformedComponentError(`the component makes more than ${MAX_PLAN_FUNCTIONS} functions`, 0);
    }
  }

  #pushTrampoline(frame: Frame, trampoline: Trampoline): void {
    this.#countFunction();
    frame.push("core func", { kind: "trampoline", index: this.#trampolines.length });
    this.#trampolines.push(trampoline);
  }

  #instantiateCore(module: ModuleRef, given: ReadonlyMap<string, CoreInstanceItem>): CoreInstanceItem {
    const instance = this.#steps.length;
    const imports = this.#moduleImports(module);
    this.#spend(imports.length);
    const args = imports.map(
      (wanted): CoreArg => ({
        module: wanted.module,
        name: wanted.name,
        value: coreExport(known(given.get(wanted.module), `argument ${wanted.module}`), wanted.name),
      }),
    );
    this.#steps.push({ kind: "instantiate", instance, module, args });
    return { kind: "made", instance };
  }

  #moduleImports(module: ModuleRef): readonly CoreImport[] {
    if (module.kind === "static") {
      return known(this.#component.modules[module.module], `core module ${module.module}`).imports;
    }
    const { type } = known(this.#imports.leaves[module.import], `import ${module.import}`);
    return type.kind === "module" ? type.imports : [];
  }
}

/** How many things an operation names. */
function sizeOf(operation: Operation): number {
  switch (operation.kind) {
    case "core instantiate":
      return 1 + operation.args.length;
    case "instantiate":
      return 1 + operation.args.length + operation.fresh.length;
    case "core exports":
    case "exports":
      return 1 + operation.exports.length;
    case "export":
      return 1 + operation.fresh.length;
    default:
      return 1;
  }
}

function toItem(frame: Frame, reference: Reference): Item {
  switch (reference.sort) {
    case "type":
      return {
        kind: "type",
        resource: reference.type.kind === "resource" ? frame.types.resource(reference.type) : undefined,
      };
    case "func":
    case "instance":
    case "component":
      return frame.get(reference.sort, reference.index);
    case "core module":
      return { kind: "module", module: frame.get("core module", reference.index) };
    default:
      return impossible(`an item of sort ${reference.sort}`);
  }
}

function innerItem(item: Item, path: readonly string[]): Item | undefined {
  let inner: Item | undefined = item;
  for (const name of path) {
    inner = inner?.kind === "instance" ? inner.exports.get(name) : undefined;
  }
  return inner;
}

function items(frame: Frame, references: readonly NamedReference[]): Map<string, Item> {
  return new Map(references.map(({ name, item }) => [name, toItem(frame, item)]));
}

function coreItems(frame: Frame, references: readonly NamedReference[]): Map<string, CoreFuncRef> {
  const exports = new Map<string, CoreFuncRef>();
  for (const { name, item } of references) {
    switch (item.sort) {
      case "core func":
      case "core table":
      case "core memory":
      case "core global":
      case "core tag":
        exports.set(name, frame.get(item.sort, item.index));
        break;
      default:
        impossible(`a core export of sort ${item.sort}`);
    }
  }
  return exports;
}

function canonicalOptions(frame: Frame, options: OptionIndices): CanonicalOptions {
  const func = (index: number | undefined): CoreFuncRef | undefined =>
    index === undefined ? undefined : frame.get("core func", index);
  return {
    stringEncoding: options.stringEncoding,
    memory: options.memory === undefined ? undefined : frame.memory(options.memory),
    realloc: func(options.realloc),
    postReturn: func(options.postReturn),
    componentInstance: frame.index,
  };
}
