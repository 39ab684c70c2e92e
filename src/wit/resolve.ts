/**
 * A `Resolve` from its parts, and its JSON.
 *
 * This is also the contract of `encoded.ts`: `decodeWitPackage(bytes, path)` makes the model's objects
 * (the packages of a WIT package in binary form, every reference a direct one, `docs` and `stability`
 * from the `package-docs` section), lists them in the order in which wit-parser's `decoding.rs` puts
 * them into its arenas, and returns `createResolve({ ..., roots: [main] })`. The loader merges that
 * into the graph of a text package, or returns it as it is.
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
