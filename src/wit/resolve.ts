/**
 * A `Resolve` from its parts, and its JSON.
 *
 * Whoever makes one, from text (`parse.ts`) or from binaries (`encoded.ts`), makes the model's objects, with every
 * reference a direct one, and lists them in the order in which wit-parser puts them into its arenas. What comes from an
 * encoded package is merged into the graph of a text package (`merge.ts`), or returned as it is.
 */
import type { Interface, Package, Resolve, TypeDef, World } from "../model/resolve.ts";
import { resolveToJson } from "./json.ts";

export type ResolveParts = Omit<Resolve, "toJSON">;

export function createResolve(parts: ResolveParts): Resolve {
  const { worlds, interfaces, types, packages, roots } = parts;
  return new LinkedResolve(worlds, interfaces, types, packages, roots);
}

/** A class only so that `toJSON` is no enumerable property. */
class LinkedResolve implements Resolve {
  readonly worlds: readonly World[];
  readonly interfaces: readonly Interface[];
  readonly types: readonly TypeDef[];
  readonly packages: readonly Package[];
  readonly roots: readonly Package[];

  constructor(
    worlds: readonly World[],
    interfaces: readonly Interface[],
    types: readonly TypeDef[],
    packages: readonly Package[],
    roots: readonly Package[],
  ) {
    this.worlds = worlds;
    this.interfaces = interfaces;
    this.types = types;
    this.packages = packages;
    this.roots = roots;
  }

  toJSON(): unknown {
    return resolveToJson(this);
  }
}
