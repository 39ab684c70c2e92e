/** Defaults of WIT types: zero, empty, absent, the first case, a record of these. */
import type { Type, TypeDef } from "../../model/resolve.ts";
import type { PrimitiveKind } from "../../model/value-type.ts";
import type { Context } from "../context.ts";
import { stringLiteral } from "../escape.ts";
import { isTaggedOption, isTupleList, typedArrays } from "../type-view.ts";
import { type DoubleNames, isPrimitive, isReplaced } from "./double-names.ts";
import type { DefaultView } from "./views.ts";

const primitives: Readonly<Record<Exclude<PrimitiveKind, "error-context">, string>> = {
  bool: "false",
  s8: "0",
  u8: "0",
  s16: "0",
  u16: "0",
  s32: "0",
  u32: "0",
  s64: "0n",
  u64: "0n",
  f32: "0",
  f64: "0",
  // A char is never empty.
  char: '"\\0"',
  string: '""',
};

export const undefinedDefault: DefaultView = { text: "undefined" };

/** Writes defaults into one file of doubles. */
export class Defaults {
  readonly #context: Context;
  readonly #doubles: ReadonlyMap<unknown, DoubleNames>;
  readonly #here: DoubleNames;
  readonly #makes: ReadonlySet<TypeDef>;

  /**
   * @param doubles the names of doubles, by the bindings' file
   * @param makes the resources whose objects `make` makes
   */
  constructor(
    here: DoubleNames,
    doubles: ReadonlyMap<unknown, DoubleNames>,
    context: Context,
    makes: Iterable<TypeDef> = [],
  ) {
    this.#here = here;
    this.#doubles = doubles;
    this.#context = context;
    this.#makes = new Set(makes);
  }

  of(type: Type): DefaultView {
    if (typeof type === "string") return this.#primitive(type);
    return type.name === undefined ? this.structural(type) : this.#named(type);
  }

  /** The default of a type without looking at its name. */
  structural(def: TypeDef): DefaultView {
    const { type } = def;
    switch (type.kind) {
      case "alias":
        return this.of(type.target);
      case "own":
      case "borrow":
        return this.of(type.resource);
      case "tuple":
        return { list: true, items: type.types.map((item) => this.of(item)) };
      case "list": {
        const typedArray = typedArrays.get(this.#context.structureOf(type.element));
        return typedArray === undefined ? { list: true, items: [] } : this.#new(typedArray);
      }
      case "fixed-length-list": {
        const item = this.of(type.element);
        if (isTupleList(def, type.length))
          return { list: true, items: Array<DefaultView>(type.length).fill(item) };
        const args = [{ text: String(type.length) }, { lazy: item }];
        return { call: this.#here.testkitValue("filled"), args };
      }
      case "map":
        return this.#new("Map");
      case "option":
        return isTaggedOption(type, this.#context) ? { tag: '"none"', val: undefined } : undefinedDefault;
      case "result":
        return this.ok(type.ok);
      case "variant":
      case "enum":
        return this.#firstCase(type);
      case "stream":
        return { call: this.#here.testkitValue("emptyStream"), args: [] };
      case "future": {
        const value = type.element === undefined ? undefinedDefault : this.of(type.element);
        return { call: this.#here.testkitValue("resolved"), args: [value] };
      }
      case "record":
      case "flags":
      case "resource":
        return this.#missing(def.name ?? type.kind);
    }
  }

  /** An ok, as a value. */
  ok(type: Type | undefined): DefaultView {
    return { tag: '"ok"', val: type === undefined ? undefined : this.of(type) };
  }

  #primitive(type: PrimitiveKind): DefaultView {
    return type === "error-context" ? { text: '({ debugMessage: "" })' } : { text: primitives[type] };
  }

  #named(def: TypeDef): DefaultView {
    const context = this.#context;
    const { names } = this.#here;
    const own = { def, names: context.ownerOf(def, names) };
    const found = context.followUse(def, names);
    if (isReplaced(own, context) || isReplaced(found, context)) return this.#missing(def.name ?? "a type");
    if (isPrimitive(def, context)) return this.#primitive(context.structureOf(def) as PrimitiveKind);
    if (this.#makes.has(found.def) && found.names.file === this.#here.file) {
      return { call: "make", args: [{ text: stringLiteral(found.names.type(found.def, found.names)) }] };
    }
    const owner = this.#doubles.get(found.names.file);
    const fixture = owner?.fixture(found.def);
    if (owner === undefined || fixture === undefined) return this.#missing(def.name ?? "a type");
    return { call: this.#here.importFrom(owner, "values", fixture), args: [] };
  }

  #firstCase(type: Extract<TypeDef["type"], { kind: "variant" | "enum" }>): DefaultView {
    if (type.kind === "enum") return { text: stringLiteral(type.cases[0]?.name ?? "") };
    const first = type.cases[0];
    const val = first?.type === undefined ? undefined : this.of(first.type);
    return { tag: stringLiteral(first?.name ?? ""), val };
  }

  #new(name: "Map" | NonNullable<ReturnType<typeof typedArrays.get>>): DefaultView {
    return { call: `new ${this.#here.names.global(name)}`, args: [] };
  }

  #missing(name: string): DefaultView {
    const what = stringLiteral(`the type ${name}, which the options replace`);
    return { call: this.#here.testkitValue("noDefault"), args: [{ text: what }], missing: true };
  }
}

/** True if the expression has a call of which `test` is true, however deep. */
export function hasCall(
  view: DefaultView,
  test: (call: Extract<DefaultView, { call: string }>) => boolean,
): boolean {
  if ("text" in view) return false;
  if ("list" in view) return view.items.some((item) => hasCall(item, test));
  if ("tag" in view) return view.val !== undefined && hasCall(view.val, test);
  if ("lazy" in view) return hasCall(view.lazy, test);
  return test(view) || view.args.some((item) => hasCall(item, test));
}
