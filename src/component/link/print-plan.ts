/**
 * Prints a link plan for people: tests, `inspect`, and bug reports.
 */
import type { ExternType } from "../../model/extern-type.ts";
import type { FuncType, ResourceType, ValueType } from "../../model/value-type.ts";
import type {
  CanonicalOptions,
  CoreFuncRef,
  ExportDef,
  FuncSource,
  LinkPlan,
  ModuleRef,
  Trampoline,
} from "../plan.ts";

/** One line per leaf, module, resource, trampoline, step and export, in the order of the plan. */
export function printPlan(plan: LinkPlan): string {
  const names = new ResourceNames(plan);
  const lines: string[] = [];
  plan.importLeaves.forEach((leaf, i) => {
    lines.push(`import ${i} ${path(leaf.path)}: ${printExtern(leaf.type, names)}`);
  });
  plan.modules.forEach((module, i) => {
    const exports = [...module.exports.keys()].map((name) => JSON.stringify(name)).join(" ");
    lines.push(`module ${i}: ${module.imports.length} imports, exports ${exports || "nothing"}`);
  });
  plan.definedResources.forEach((resource) => {
    const destructor = resource.destructor === undefined ? "" : `, destructor ${ref(resource.destructor)}`;
    lines.push(
      `resource ${names.of(resource.type)} of component instance ${resource.componentInstance}${destructor}`,
    );
  });
  plan.trampolines.forEach((trampoline, i) => {
    lines.push(`trampoline ${i}: ${printTrampoline(trampoline, names)}`);
  });
  for (const step of plan.steps) {
    lines.push(`core instance ${step.instance} = instantiate ${printModule(step.module)}`);
    for (const arg of step.args) {
      lines.push(`  ${JSON.stringify(arg.module)} ${JSON.stringify(arg.name)} = ${ref(arg.value)}`);
    }
  }
  printExports(plan.exportDefs, "", names, lines);
  lines.push(`component instances: ${plan.componentInstances}${printParents(plan)}`);
  return `${lines.join("\n")}\n`;
}

/** Which component instance is inside of which. */
function printParents(plan: LinkPlan): string {
  const inner = plan.componentInstanceParents.flatMap((parent, i) =>
    parent === undefined ? [] : [`${i} in ${parent}`],
  );
  return inner.length === 0 ? "" : ` (${inner.join(", ")})`;
}

/** Gives resource types of one name numbers, so that a print tells them apart. */
class ResourceNames {
  readonly #names = new Map<ResourceType, string>();
  readonly #counts = new Map<string, number>();

  constructor(plan: LinkPlan) {
    for (const { type } of plan.importLeaves) {
      if (type.kind === "type" && type.type.kind === "resource") {
        this.of(type.type);
      }
    }
    for (const { type } of plan.definedResources) {
      this.of(type);
    }
  }

  of(resource: ResourceType): string {
    let name = this.#names.get(resource);
    if (name === undefined) {
      const count = this.#counts.get(resource.name) ?? 0;
      this.#counts.set(resource.name, count + 1);
      name = count === 0 ? resource.name : `${resource.name}'${count}`;
      this.#names.set(resource, name);
    }
    return name;
  }
}

function path(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(" ");
}

function ref(value: CoreFuncRef): string {
  return value.kind === "trampoline"
    ? `trampoline ${value.index}`
    : `${value.instance}.${JSON.stringify(value.name)}`;
}

function printModule(module: ModuleRef): string {
  return module.kind === "static" ? `module ${module.module}` : `import ${module.import}`;
}

function printOptions(options: CanonicalOptions): string {
  const parts = [`in ${options.componentInstance}`];
  if (options.stringEncoding !== "utf8") {
    parts.push(options.stringEncoding);
  }
  if (options.memory !== undefined) {
    parts.push(`memory ${ref(options.memory)}`);
  }
  if (options.realloc !== undefined) {
    parts.push(`realloc ${ref(options.realloc)}`);
  }
  if (options.postReturn !== undefined) {
    parts.push(`post-return ${ref(options.postReturn)}`);
  }
  return parts.join(", ");
}

function printSource(source: FuncSource): string {
  return source.kind === "import"
    ? `import ${source.import}`
    : `lift ${ref(source.lifted.func)} (${printOptions(source.lifted.options)})`;
}

function printTrampoline(trampoline: Trampoline, names: ResourceNames): string {
  if (trampoline.kind === "lower") {
    const { source, type, options } = trampoline;
    return `lower ${printSource(source)} as ${printFunc(type, names)} (${printOptions(options)})`;
  }
  if (trampoline.kind === "builtin") return `${trampoline.name} in ${trampoline.componentInstance}`;
  return `${trampoline.kind} ${names.of(trampoline.resource)} in ${trampoline.componentInstance}`;
}

function printExports(
  defs: ReadonlyMap<string, ExportDef>,
  indent: string,
  names: ResourceNames,
  lines: string[],
): void {
  for (const [name, def] of defs) {
    const start = `${indent}export ${JSON.stringify(name)}`;
    switch (def.kind) {
      case "func":
        lines.push(`${start}: ${printFunc(def.type, names)} = ${printSource(def.source)}`);
        break;
      case "instance":
        lines.push(`${start}: instance`);
        printExports(def.exports, `${indent}  `, names, lines);
        break;
      case "module":
        lines.push(`${start}: core module = ${printModule(def.module)}`);
        break;
      case "type":
        lines.push(`${start}: type${def.type === undefined ? "" : ` = ${printType(def.type, names)}`}`);
        break;
    }
  }
}

function printExtern(type: ExternType, names: ResourceNames): string {
  switch (type.kind) {
    case "func":
      return printFunc(type, names);
    case "type":
      return type.type.kind === "resource" ? `resource ${names.of(type.type)}` : "type";
    case "value":
      return "value";
    case "module":
      return "core module";
    case "instance":
    case "component":
      return type.kind;
  }
}

function printFunc(type: FuncType, names: ResourceNames): string {
  const params = type.params.map((param) => `${param.name}: ${printType(param.type, names)}`).join(", ");
  const result = type.result === undefined ? "" : ` -> ${printType(type.result, names)}`;
  return `${type.async ? "async " : ""}func(${params})${result}`;
}

function printType(type: ValueType | ResourceType, names: ResourceNames): string {
  const print = (part: ValueType | undefined): string => (part === undefined ? "_" : printType(part, names));
  switch (type.kind) {
    case "resource":
      return `resource ${names.of(type)}`;
    case "record":
      return `record { ${type.fields.map((field) => `${field.name}: ${print(field.type)}`).join(", ")} }`;
    case "variant":
      return `variant { ${type.cases.map((c) => (c.type === undefined ? c.name : `${c.name}(${print(c.type)})`)).join(", ")} }`;
    case "flags":
    case "enum":
      return `${type.kind} { ${type.names.join(", ")} }`;
    case "list":
      return `list<${print(type.element)}>`;
    case "fixed-length-list":
      return `list<${print(type.element)}, ${type.length}>`;
    case "map":
      return `map<${print(type.key)}, ${print(type.value)}>`;
    case "tuple":
      return `tuple<${type.elements.map(print).join(", ")}>`;
    case "option":
      return `option<${print(type.some)}>`;
    case "result":
      return `result<${print(type.ok)}, ${print(type.err)}>`;
    case "stream":
    case "future":
      return `${type.kind}<${print(type.element)}>`;
    case "own":
    case "borrow":
      return `${type.kind}<${names.of(type.resource)}>`;
    default:
      return type.kind;
  }
}
