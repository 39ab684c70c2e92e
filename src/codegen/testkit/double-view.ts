/** A double of one side of an interface or a world: which functions it has, of what types, with which defaults. */
import type { Func, TypeDef } from "../../model/resolve.ts";
import type { Context } from "../context.ts";
import { commentLine, stringLiteral } from "../escape.ts";
import { memberKey } from "../identifiers.ts";
import type { Members, ResourceMembers } from "../members.ts";
import { isClassGeneric } from "../resource-view.ts";
import { typeView, undefinedView } from "../type-view.ts";
import type { DeclarationView, FunctionView, TypeView } from "../views.ts";
import { Defaults, hasCall, undefinedDefault } from "./default-view.ts";
import { type DoubleNames, isReplaced } from "./double-names.ts";
import type {
  DefaultView,
  DoubleFunctionView,
  DoubleMemberView,
  DoubleView,
  SpecPropertyView,
} from "./views.ts";

/** What there is a double of, as the views of the bindings have it. */
export interface Doubled {
  readonly side: "host" | "guest";
  readonly kind: "interface" | "world";
  /** For people: "amal:obs/metrics". */
  readonly id: string;
  /** What the component calls it. */
  readonly wit: string;
  readonly members: Members;
  /** `Host`, `Exports` or the world's; undefined if there are only objects of resources. */
  readonly target: { readonly name: string; readonly generic: boolean } | undefined;
  /** The functions of the target, in the order of those in `members`. */
  readonly functions: readonly FunctionView[];
  readonly declarations: readonly DeclarationView[];
}

/** The test kit's type of a double, and the function that makes any. */
const generics = {
  interface: { host: ["HostDouble", "hostDouble"], guest: ["GuestDouble", "guestDouble"] },
  world: { host: ["HostWorldDouble", "hostWorldDouble"], guest: ["GuestWorldDouble", "guestWorldDouble"] },
} as const;

/** A double of an interface; `double-files.ts` adds what a world has besides. */
export function doubleView(
  doubled: Doubled,
  here: DoubleNames,
  doubles: ReadonlyMap<unknown, DoubleNames>,
  context: Context,
): DoubleView {
  const { side, kind, target, id } = doubled;
  const owner = context.namesOf(here.file);
  const data = target?.generic === true ? here.output.dataParameter : undefined;
  const resources = [...doubled.members.resources.values()];
  const made = resources
    .filter(({ def }) => !isReplaced({ def, names: owner }, context))
    .map(({ def }) => def);
  const writer = new FunctionWriter(doubled, here, new Defaults(here, doubles, context, made), context);
  const [type, factory] = generics[kind][side];
  return {
    ...here.api(side),
    doc: commentLine(`A double of ${side === "host" ? "a host" : "a guest"} for \`${id}\`.`),
    data,
    generic: here.testkitType(type),
    factory: here.testkitValue(factory),
    target: writer.target ?? { ref: "object" },
    wit: stringLiteral(doubled.wit),
    ...writer.members(new Set(made)),
    implementations: here.testkitType("Implementations"),
    options: here.testkitType("DoubleOptions"),
    world: undefined,
  };
}

class FunctionWriter {
  /** The type that the double stands in for. */
  readonly target: TypeView | undefined;
  readonly #doubled: Doubled;
  readonly #here: DoubleNames;
  readonly #defaults: Defaults;
  readonly #context: Context;
  readonly #functions: DoubleFunctionView[] = [];
  readonly #errors: DoubleMemberView[] = [];

  constructor(doubled: Doubled, here: DoubleNames, defaults: Defaults, context: Context) {
    this.#doubled = doubled;
    this.#here = here;
    this.#defaults = defaults;
    this.#context = context;
    const { target } = doubled;
    this.target = target && this.#bindingsType(target.name, target.generic);
  }

  members(made: ReadonlySet<TypeDef>): Pick<DoubleView, "functions" | "errors" | "resources"> {
    const { members, functions } = this.#doubled;
    const resources: DoubleMemberView[] = [];
    for (const resource of members.resources.values()) {
      const object = made.has(resource.def) ? this.#objectType(resource.def) : undefined;
      this.#classFunctions(resource, object);
      if (object !== undefined) resources.push({ key: memberKey(resource.name), type: object });
    }
    for (const [i, func] of members.functions.entries()) {
      const key = functions[i]?.key;
      if (key === undefined || this.target === undefined) continue;
      this.#add(func, key, indexed(this.target, key));
    }
    return { functions: this.#functions, errors: this.#errors, resources };
  }

  /** @param object the type of its objects; undefined if that is the user's, who then makes doubles of them */
  #classFunctions(resource: ResourceMembers, object: TypeView | undefined): void {
    const { name, className, constructors, methods, statics } = resource;
    const view = this.#doubled.declarations.find((item) => item.name === name && item.resource)?.resource;
    if (className !== undefined && this.target !== undefined) {
      const cls = this.#bindingsType(className, isClassGeneric(resource, this.#doubled.members));
      for (const func of constructors) {
        const type: TypeView = { generic: this.#here.testkitType("Constructs"), args: [cls] };
        this.#add(func, stringLiteral(`new ${name}`), type, object === undefined);
      }
      for (const [i, func] of statics.entries()) {
        const key = view?.class?.statics[i]?.key;
        if (key !== undefined) this.#add(func, keyOf(`${name}.`, key), indexed(cls, key));
      }
    }
    if (object === undefined) return;
    for (const [i, func] of methods.entries()) {
      const key = view?.methods[i]?.key;
      if (key !== undefined) this.#add(func, keyOf(`${name}#`, key), indexed(object, key));
    }
    this.#functions.push({ key: stringLiteral(`drop ${name}`), type: { ref: "() => void" }, spec: [] });
  }

  /** @param isUsers true of the constructor of objects whose type is the user's */
  #add(func: Func, key: string, type: TypeView, isUsers = false): void {
    const context = this.#context;
    const { names } = this.#here;
    const isConstructor = func.kind.kind === "constructor";
    const settings = this.#doubled.members.settingsOf(func);
    const structure = func.result === undefined ? undefined : context.structureOf(func.result);
    const result = typeof structure === "object" && structure.kind === "result" ? structure : undefined;
    const results = isConstructor ? "throw" : settings.results;
    if (result !== undefined) {
      const type = result.err === undefined ? undefinedView : typeView(result.err, names, context);
      this.#errors.push({ key, type });
    }
    const spec: SpecPropertyView[] = [];
    if (!isConstructor && settings.async) spec.push({ name: "async", text: "true" });
    else if (!isConstructor && isFuture(func, results, context)) spec.push({ name: "future", text: "true" });
    if (result !== undefined) spec.push({ name: "results", text: stringLiteral(results) });
    const value = isConstructor && !isUsers ? undefined : this.#default(func, results);
    if (value !== undefined) {
      spec.push({ name: "default", value, makes: hasCall(value, ({ call }) => call === "make") });
    }
    this.#functions.push({ key, type, spec });
  }

  #default({ result }: Func, results: "throw" | "value"): DefaultView | undefined {
    if (result === undefined) return undefined;
    const structure = this.#context.structureOf(result);
    if (results === "value" || typeof structure === "string" || structure.kind !== "result") {
      const value = this.#defaults.of(result);
      return value === undefinedDefault ? undefined : value;
    }
    if (structure.ok === undefined) return undefined;
    const value = this.#defaults.of(structure.ok);
    return value === undefinedDefault ? undefined : value;
  }

  #objectType(def: TypeDef): TypeView {
    const { names } = this.#here;
    return { ref: names.type(def, this.#context.ownerOf(def, names)) };
  }

  #bindingsType(name: string, generic: boolean): TypeView {
    const here = this.#here;
    const local = here.bindingsType(this.#context.namesOf(here.file), name);
    return generic ? { generic: local, args: [{ ref: here.output.dataParameter }] } : { ref: local };
  }
}

/** True if what a function returns is a promise though it is not async: it may throw as well. */
function isFuture(func: Func, results: "throw" | "value", context: Context): boolean {
  if (func.result === undefined) return false;
  let structure = context.structureOf(func.result);
  if (typeof structure !== "string" && structure.kind === "result" && results === "throw") {
    if (structure.ok === undefined) return false;
    structure = context.structureOf(structure.ok);
  }
  return typeof structure !== "string" && structure.kind === "future";
}

/** `Host["counter"]` */
function indexed(type: TypeView, key: string): TypeView {
  const text =
    "generic" in type
      ? `${type.generic}<${type.args.map((arg) => ("ref" in arg ? arg.ref : "")).join(", ")}>`
      : "ref" in type
        ? type.ref
        : "";
  return { ref: `${text}[${stringLiteral(nameOf(key))}]` };
}

function keyOf(prefix: string, key: string): string {
  return stringLiteral(prefix + nameOf(key));
}

/** A member's name, from how it is declared: `read` or `"new"`. */
function nameOf(key: string): string {
  return key.startsWith('"') ? (JSON.parse(key) as string) : key;
}
