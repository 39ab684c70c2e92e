/** Follows names of types to what they stand for. */
import type { Type, TypeDef, TypeDefKind } from "../../model/resolve.ts";
import type { PrimitiveKind } from "../../model/value-type.ts";

export type Structure = Exclude<TypeDefKind, { readonly kind: "alias" }>;

/** Remembers what it has followed: chains of names may be as long as a file. */
export class Definitions {
  readonly #known = new Map<TypeDef, Type>();

  /**
   * The definition behind a type, through `use` and `type a = b`: where its structure is written. A primitive, and a
   * type written in place, are their own.
   */
  of(type: Type): Type {
    const chain: TypeDef[] = [];
    let found = type;
    while (typeof found !== "string" && found.type.kind === "alias") {
      const known = this.#known.get(found);
      if (known !== undefined) {
        found = known;
        break;
      }
      const { target } = found.type;
      // `type a = list<u8>` is where that list is written.
      if (typeof target === "string" || target.name === undefined) break;
      chain.push(found);
      found = target;
    }
    for (const link of chain) this.#known.set(link, found);
    return found;
  }

  /** The definition, if it has a name. */
  named(type: Type): TypeDef | undefined {
    const definition = this.of(type);
    return typeof definition === "string" || definition.name === undefined ? undefined : definition;
  }

  /** What a type says, whatever its name: a primitive, or a structure. */
  structure(type: Type): PrimitiveKind | Structure {
    let found = this.of(type);
    while (typeof found !== "string") {
      if (found.type.kind !== "alias") return found.type;
      found = found.type.target;
    }
    return found;
  }
}
