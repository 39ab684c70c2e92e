/**
 * Type descriptors: the WIT types of host functions, as the linker checks them.
 *
 * Each is an expression over the builders of `src/model/types.ts`. A named type becomes a constant of the file
 * that owns it, if a host function needs it at all.
 */
import { UnsupportedError } from "../model/errors.ts";
import type { Func, Type, TypeDef } from "../model/resolve.ts";
import type { Context, Located } from "./context.ts";
import { stringLiteral } from "./escape.ts";
import type { FileNames } from "./file-names.ts";
import type { ArgumentView, ConstantView, DescriptorView } from "./views.ts";

/** How deep named types may nest: the limit of runtimes (wasmtime's `MAX_TYPE_DEPTH`, and this one's). */
const MAX_TYPE_DEPTH = 100;

interface Constant {
  readonly def: TypeDef;
  readonly value: DescriptorView;
  /** The constants that `value` names, of whichever file. */
  readonly needs: ReadonlySet<TypeDef>;
}

export interface ConstantsOwner {
  readonly names: FileNames;
  readonly types: Iterable<TypeDef>;
}

function isExternal({ file }: FileNames): boolean {
  return file.kind === "interface" && file.external !== undefined;
}

/** Makes the descriptors of one run, and collects the constants that they need. */
export class Descriptors {
  readonly #context: Context;
  readonly #constants = new Map<FileNames, Map<TypeDef, Constant>>();
  /** Where the constants are noted that the one being made needs. */
  #needed: Set<TypeDef> | undefined;
  /** How many constants are being made, each for the one before. */
  #depth = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The type of a function, `self` included. */
  func(func: Func, names: FileNames): DescriptorView {
    const args: ArgumentView[] = [{ list: { items: this.#labelled(func.params, names) } }];
    if (func.result !== undefined) {
      args.push(this.type(func.result, names));
    }
    return {
      types: names.runtimeValue("types"),
      call: func.async ? "asyncFunc" : "func",
      args,
      block: undefined,
    };
  }

  type(type: Type, names: FileNames): DescriptorView {
    const located = this.#context.followAliases(type, names);
    if (typeof located === "string") {
      const name = located === "error-context" ? "errorContext" : located;
      return { types: names.runtimeValue("types"), name };
    }
    return located.def.name === undefined
      ? this.#structural(located.def, names)
      : { ref: this.constant(located.def, names) };
  }

  /** The name in the file of `names` of the constant that describes `def`, behind its aliases. */
  constant(def: TypeDef, names: FileNames): string {
    const located = this.#context.followAliases(def, names);
    if (typeof located === "string") {
      throw new Error(`${def.name} is a primitive type`);
    }
    // A module that stands in for an interface has types, but no descriptors: those are made anew where they are needed. A
    // resource is what it is, and only that module can say what.
    const isElsewhere = isExternal(located.names) && located.def.type.kind !== "resource";
    const owner = isElsewhere ? names : located.names;
    const constants = this.#constants.get(owner) ?? new Map<TypeDef, Constant>();
    this.#constants.set(owner, constants);
    this.#needed?.add(located.def);
    if (!constants.has(located.def)) {
      constants.set(located.def, this.#make({ def: located.def, names: owner }));
    }
    return names.constant(owner, located.def);
  }

  #make({ def, names }: Located): Constant {
    if (this.#depth === MAX_TYPE_DEPTH) {
      throw new UnsupportedError(
        "deeply nested types",
        `type ${def.name} is nested in more than ${MAX_TYPE_DEPTH} others: no component can have such a type`,
      );
    }
    const outer = this.#needed;
    const needs = new Set<TypeDef>();
    this.#needed = needs;
    this.#depth += 1;
    const value = this.#structural(def, names);
    this.#depth -= 1;
    this.#needed = outer;
    return { def, value, needs };
  }

  /**
   * The constants of a file, in the order of its types but for those that others need first.
   *
   * @param parts the interfaces in the file, or the world
   */
  constantsOf(parts: readonly ConstantsOwner[]): ConstantView[] {
    const ordered = new Map<Constant, FileNames>();
    const add = (def: TypeDef): void => {
      for (const { names } of parts) {
        const constant = this.#constants.get(names)?.get(def);
        if (constant === undefined || ordered.has(constant)) continue;
        constant.needs.forEach(add);
        ordered.set(constant, names);
      }
    };
    for (const { names, types } of parts) {
      for (const def of types) add(def);
      // What stands for types of modules that are not generated.
      for (const def of this.#constants.get(names)?.keys() ?? []) add(def);
    }
    return [...ordered].map(([{ def, value }, names]) => ({
      // Bindings that are generated elsewhere may be about the same resource (`with`).
      exported: names.isConstantExported(def) || def.type.kind === "resource",
      name: names.constant(names, def),
      type: names.runtimeType(def.type.kind === "resource" ? "ResourceType" : "ValueType"),
      value,
    }));
  }

  #structural(def: TypeDef, names: FileNames): DescriptorView {
    const types = names.runtimeValue("types");
    const view = (type: Type): DescriptorView => this.type(type, names);
    const make = (call: string, ...args: ArgumentView[]): DescriptorView => ({
      types,
      call,
      args,
      block: undefined,
    });
    const block = (call: string, items: readonly ArgumentView[]): DescriptorView => ({
      types,
      call,
      args: [{ list: { items } }],
      block: items,
    });
    const labels = (items: readonly { readonly name: string }[]): ArgumentView[] =>
      items.map(({ name }) => ({ literal: stringLiteral(name) }));
    const optional = (type: Type | undefined): ArgumentView[] => (type === undefined ? [] : [view(type)]);
    const { type } = def;
    switch (type.kind) {
      case "alias":
        return view(type.target);
      case "record":
        return block("record", this.#labelled(type.fields, names));
      case "variant":
        return block("variant", this.#labelled(type.cases, names));
      case "enum":
        return block("enumeration", labels(type.cases));
      case "flags":
        return block("flags", labels(type.flags));
      case "tuple":
        return make("tuple", { list: { items: type.types.map(view) } });
      case "list":
        return make("list", view(type.element));
      case "fixed-length-list":
        return make("fixedLengthList", view(type.element), { literal: String(type.length) });
      case "map":
        return make("map", view(type.key), view(type.value));
      case "option":
        return make("option", view(type.some));
      case "result":
        return type.err === undefined
          ? make("result", ...optional(type.ok))
          : make(
              "result",
              ...(type.ok === undefined ? [{ literal: "undefined" }] : [view(type.ok)]),
              view(type.err),
            );
      case "own":
      case "borrow":
        return make(type.kind, { ref: this.constant(type.resource, names) });
      case "stream":
      case "future":
        return make(type.kind, ...optional(type.element));
      case "resource":
        return make("resource", { literal: stringLiteral(def.name ?? "") });
    }
  }

  #labelled(
    items: readonly { readonly name: string; readonly type: Type | undefined }[],
    names: FileNames,
  ): ArgumentView[] {
    return items.map(({ name, type }) => ({
      label: stringLiteral(name),
      type: type === undefined ? undefined : this.type(type, names),
    }));
  }
}
