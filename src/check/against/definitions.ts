/** Follows names of types to what they stand for. */
import type { Type, TypeDef, TypeDefKind } from "../../model/resolve.ts";
import type { PrimitiveKind } from "../../model/value-type.ts";

export type Structure = Exclude<TypeDefKind, { readonly kind: "alias" }>;

/**
 * The definition behind a type, through `use` and `type a = b`: where its structure is written. A primitive, and a
 * type written in place, are their own.
 */
export function definitionOf(type: Type): Type {
  let found = type;
  while (typeof found !== "string" && found.type.kind === "alias") {
    const { target } = found.type;
    // `type a = list<u8>` is where that list is written.
    if (typeof target === "string" || target.name === undefined) return found;
    found = target;
  }
  return found;
}

/** A definition that has a name, as opposed to a type written in place. */
export function namedDefinition(type: Type): TypeDef | undefined {
  const definition = definitionOf(type);
  return typeof definition === "string" || definition.name === undefined ? undefined : definition;
}

/** What a type says, whatever its name: a primitive, or a structure. */
export function structureOf(type: Type): PrimitiveKind | Structure {
  let found = type;
  while (typeof found !== "string") {
    if (found.type.kind !== "alias") return found.type;
    found = found.type.target;
  }
  return found;
}

/** The types that a type is made of, as they are written. */
export function partsOf(kind: TypeDefKind): readonly Type[] {
  switch (kind.kind) {
    case "record":
      return kind.fields.map((field) => field.type);
    case "variant":
      return kind.cases.flatMap((c) => c.type ?? []);
    case "enum":
    case "flags":
    case "resource":
      return [];
    case "tuple":
      return kind.types;
    case "list":
    case "fixed-length-list":
      return [kind.element];
    case "map":
      return [kind.key, kind.value];
    case "option":
      return [kind.some];
    case "result":
      return [kind.ok ?? [], kind.err ?? []].flat();
    case "own":
    case "borrow":
      return [kind.resource];
    case "stream":
    case "future":
      return kind.element === undefined ? [] : [kind.element];
    case "alias":
      return [kind.target];
  }
}
