/**
 * WIT types as TypeScript types (DESIGN.md, "WIT to TypeScript").
 *
 * What a type looks like to a host and what the runtime makes of it must agree: `findMismatch` in
 * `src/abi/value-check.ts` states the same rules for values.
 */

import type { Type, TypeDef, TypeDefKind } from "../model/resolve.ts";
import type { PrimitiveKind } from "../model/value-type.ts";
import type { Context } from "./context.ts";
import { stringLiteral } from "./escape.ts";
import type { FileNames } from "./file-names.ts";
import type { GlobalType } from "./output-module.ts";
import type { TypeView } from "./views.ts";

/** Up to this length a fixed-length list is a tuple. */
const MAX_TUPLE_LENGTH = 16;

/** Nested lists multiply: `list<list<..., 16>, 16>`, ten levels deep, would take more text than there is memory. */
const MAX_TUPLE_PARTS = 1024;

const primitives: Readonly<Record<Exclude<PrimitiveKind, "error-context">, string>> = {
  bool: "boolean",
  s8: "number",
  u8: "number",
  s16: "number",
  u16: "number",
  s32: "number",
  u32: "number",
  s64: "bigint",
  u64: "bigint",
  f32: "number",
  f64: "number",
  char: "string",
  string: "string",
};

export const typedArrays: ReadonlyMap<unknown, GlobalType> = new Map<PrimitiveKind, GlobalType>([
  ["s8", "Int8Array"],
  ["u8", "Uint8Array"],
  ["s16", "Int16Array"],
  ["u16", "Uint16Array"],
  ["s32", "Int32Array"],
  ["u32", "Uint32Array"],
  ["s64", "BigInt64Array"],
  ["u64", "BigUint64Array"],
  ["f32", "Float32Array"],
  ["f64", "Float64Array"],
]);

export const undefinedView: TypeView = { ref: "undefined" };
export const voidView: TypeView = { ref: "void" };

/** A use of a type in the file of `names`. */
export function typeView(type: Type, names: FileNames, context: Context): TypeView {
  if (typeof type === "string") {
    return { ref: type === "error-context" ? names.runtimeType("ErrorContext") : primitives[type] };
  }
  return type.name === undefined
    ? structuralView(type, names, context)
    : { ref: names.type(type, context.ownerOf(type, names)) };
}

/** What a definition without declaration of its own stands for: everything but records and other nominal types. */
export function structuralView(def: TypeDef, names: FileNames, context: Context): TypeView {
  const view = (type: Type): TypeView => typeView(type, names, context);
  const optional = (type: Type | undefined): TypeView => (type === undefined ? voidView : view(type));
  const { type } = def;
  switch (type.kind) {
    case "alias":
      return view(type.target);
    case "own":
    case "borrow":
      return view(type.resource);
    case "tuple":
      return { tuple: true, elements: type.types.map(view) };
    case "list": {
      const typedArray = typedArrays.get(context.structureOf(type.element));
      return typedArray === undefined ? arrayView(view(type.element)) : { ref: names.global(typedArray) };
    }
    case "fixed-length-list": {
      const element = view(type.element);
      return isTupleList(def, type.length)
        ? { tuple: true, elements: Array<TypeView>(type.length).fill(element) }
        : arrayView(element);
    }
    case "map":
      return { generic: names.global("Map"), args: [view(type.key), view(type.value)] };
    case "option":
      return isTaggedOption(type, context)
        ? { union: [taggedView("some", view(type.some)), taggedView("none", undefined)] }
        : { union: [view(type.some), undefinedView] };
    case "result":
      return { union: [resultCase("ok", optional(type.ok)), resultCase("err", optional(type.err))] };
    case "stream":
      return {
        generic: names.global("ReadableStream"),
        args: [isBytes(type.element, context) ? { ref: names.global("Uint8Array") } : optional(type.element)],
      };
    case "future":
      return { generic: names.global("Promise"), args: [optional(type.element)] };
    case "record":
    case "variant":
    case "enum":
    case "flags":
    case "resource":
      // WIT has no syntax for these without a name, nor has the component model.
      throw new Error(`a ${type.kind} must have a name`);
  }
}

/** An option of an option cannot use `undefined` for both: it has a tag. */
export function isTaggedOption(type: Extract<TypeDefKind, { kind: "option" }>, context: Context): boolean {
  const some = context.structureOf(type.some);
  return typeof some !== "string" && some.kind === "option";
}

/** One case of a variant. */
export function taggedView(tag: string, val: TypeView | undefined): TypeView & { readonly tag: string } {
  return { tag: stringLiteral(tag), val, optional: false };
}

/** A case of a result always has `val` where code written for jco reads it; without payload it may be left out. */
function resultCase(tag: string, val: TypeView): TypeView {
  return { tag: stringLiteral(tag), val, optional: val === voidView };
}

function arrayView(element: TypeView): TypeView {
  return { array: element, parentheses: "union" in element };
}

/** True if a list of that fixed length is a tuple, false if it is an array. */
export function isTupleList(def: TypeDef, length: number): boolean {
  return length <= MAX_TUPLE_LENGTH && partsOf(def) <= MAX_TUPLE_PARTS;
}

/** How many types the text of a type names, its own name being one. */
function partsOf(type: Type): number {
  if (typeof type === "string" || type.type.kind !== "fixed-length-list") {
    return 1;
  }
  const { element, length } = type.type;
  const isNamed = typeof element === "string" || element.name !== undefined;
  const parts = isNamed ? 1 : partsOf(element);
  return Math.min(length <= MAX_TUPLE_LENGTH ? length * parts : parts, Number.MAX_SAFE_INTEGER);
}

/** A stream of bytes comes in chunks, as everywhere on the platform; other elements come one by one. */
function isBytes(element: Type | undefined, context: Context): boolean {
  return element !== undefined && context.structureOf(element) === "u8";
}
