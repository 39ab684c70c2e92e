/**
 * All that a linker has, and how an import of a component is found in it.
 */
import type { ImportLeaf } from "../component/index.ts";
import { withoutVersion } from "../model/compatible-version.ts";
import { camelCase } from "../model/names.ts";
import type { Definition, Leaf } from "./definition.ts";
import { ClassResources, leafOfObject, leafOfRootObject, memberObject } from "./import-object.ts";
import { NameMap } from "./name-map.ts";

/** What an import has been found to be. */
export interface Match {
  readonly leaf: Leaf;
  /** Where it is in the linker, under the names that it has there: ["amal:obs/metrics@0.1.3", "counter"]. */
  readonly path: readonly string[];
}

/** An instance that a linker has, in part or in whole. */
export interface FoundInstance {
  readonly kind: "instance" | "object";
  /** Under the names that it has in the linker. */
  readonly path: readonly string[];
  /** What is in it: as in WIT, or in camelCase for an import object. */
  readonly names: readonly string[];
}

export class Definitions {
  readonly root: NameMap<Definition>;
  /** Paths that `defineUnknownImportsAsTraps` has filled: they count only where nothing else is defined. */
  readonly #traps: Set<string>;
  /** Classes are what they are in every clone, so that both link to the same types. */
  readonly #classes: ClassResources;

  private constructor(root: NameMap<Definition>, traps: Set<string>, classes: ClassResources) {
    this.root = root;
    this.#traps = traps;
    this.#classes = classes;
  }

  static empty(): Definitions {
    return new Definitions(new NameMap(), new Set(), new ClassResources());
  }

  clone(): Definitions {
    return new Definitions(copyOf(this.root), new Set(this.#traps), this.#classes);
  }

  /** A call of it shall be a trap, unless something is defined for it. */
  addTrap(leaf: ImportLeaf): void {
    this.#traps.add(keyOf(leaf.path));
  }

  /**
   * An exact name comes first, then a compatible version, then an import object whose name has no version, then one
   * for the whole package ("wasi:cli/*"), and what is to be a trap comes last.
   */
  find(leaf: ImportLeaf): Match | undefined {
    const [name = "", ...inner] = leaf.path;
    const named = this.root.find(name);
    const found = named === undefined ? undefined : this.#descend([named.name], named.value, inner, leaf);
    if (found !== undefined) return found;
    const unversioned = this.#unversioned(name);
    const ofObject = unversioned && this.#descend([unversioned.name], unversioned.value, inner, leaf);
    if (ofObject !== undefined) return ofObject;
    const ofPackage = this.#inPackage(withoutVersion(name), inner, leaf);
    if (ofPackage !== undefined) return ofPackage;
    if (inner.length === 0) {
      const ofClass = leafOfRootObject(name, leaf.type, (key) => this.#objectAt(key), this.#classes);
      if (ofClass !== undefined) return { leaf: ofClass, path: leaf.path };
    }
    return this.#traps.has(keyOf(leaf.path)) ? { leaf: { kind: "trap" }, path: leaf.path } : undefined;
  }

  /** Names at the root: "amal:obs/metrics@0.2.0". */
  names(): string[] {
    return this.root.names();
  }

  /** What a path of a component's to an instance leads to; the root for an empty path. */
  instanceAt(path: readonly string[]): FoundInstance | undefined {
    const found: string[] = [];
    let items: NameMap<Definition> = this.root;
    for (const name of path) {
      const next = items.find(name) ?? (items === this.root ? this.#unversioned(name) : undefined);
      if (next === undefined) return undefined;
      found.push(next.name);
      const { value } = next;
      if (value.kind === "object") return { kind: "object", path: found, names: Object.keys(value.object) };
      if (value.kind !== "instance") return undefined;
      items = value.items;
    }
    return { kind: "instance", path: found, names: items.names() };
  }

  /** The import object that serves any version of an interface. */
  #unversioned(name: string): { readonly name: string; readonly value: Definition } | undefined {
    const bare = withoutVersion(name);
    const value = this.root.getExact(bare);
    return value?.kind === "object" ? { name: bare, value } : undefined;
  }

  /** "wasi:cli/environment" is the member `environment` of the object for "wasi:cli/*". */
  #inPackage(bare: string, inner: readonly string[], leaf: ImportLeaf): Match | undefined {
    const slash = bare.indexOf("/");
    if (slash === -1) return undefined;
    const name = `${bare.slice(0, slash)}/*`;
    const interfaces = this.#objectAt(name);
    const object = interfaces && memberObject(interfaces, camelCase(bare.slice(slash + 1)));
    if (object === undefined) return undefined;
    const found = this.#descend([name], { kind: "object", object }, inner, leaf);
    return found && { leaf: found.leaf, path: [name, ...leaf.path.slice(1)] };
  }

  #objectAt(name: string): object | undefined {
    const definition = this.root.getExact(name);
    return definition?.kind === "object" ? definition.object : undefined;
  }

  #descend(
    path: readonly string[],
    definition: Definition,
    inner: readonly string[],
    wanted: ImportLeaf,
  ): Match | undefined {
    const [name, ...rest] = inner;
    switch (definition.kind) {
      case "object": {
        if (rest.length > 0) return undefined;
        const leaf = leafOfObject(definition.object, name, wanted.type, this.#classes);
        return leaf === undefined ? undefined : { leaf, path: [...path, ...inner] };
      }
      case "instance": {
        const next = name === undefined ? undefined : definition.items.find(name);
        return next === undefined ? undefined : this.#descend([...path, next.name], next.value, rest, wanted);
      }
      default:
        return name === undefined ? { leaf: definition, path } : undefined;
    }
  }
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function copyOf(definitions: NameMap<Definition>): NameMap<Definition> {
  const copy = new NameMap<Definition>();
  for (const [name, definition] of definitions.entries()) {
    copy.set(
      name,
      definition.kind === "instance" ? { kind: "instance", items: copyOf(definition.items) } : definition,
    );
  }
  return copy;
}
