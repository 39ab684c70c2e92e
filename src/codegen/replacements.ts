/** `with`: the modules and types that stand in for generated ones. */
import { ConfigError } from "../model/errors.ts";
import { didYouMean } from "../model/nearest.ts";
import type { Interface, TypeDef, World } from "../model/resolve.ts";
import { interfaceId } from "../wit/index.ts";
import { typeIdentifier } from "./identifiers.ts";
import type { ModuleExport, ModuleReplacement } from "./options.ts";
import { type Pattern, type Place, parsePattern } from "./pattern.ts";
import { placesOfOwner } from "./subjects.ts";
import type { UnusedEntry } from "./unused-entries.ts";

/** An interface that may be replaced, and the plain name that a world gives it, if it does. */
export interface Replaceable {
  readonly interface: Interface;
  readonly plain: string | undefined;
}

export class Replacements {
  /** The entries that name nothing that there is. */
  readonly unused: readonly UnusedEntry[];
  readonly #interfaces = new Map<Interface, ModuleReplacement>();
  readonly #types = new Map<TypeDef, ModuleExport>();

  /**
   * @param seen the interfaces whose types the world sees from its imports
   * @throws ConfigError if an entry is wrong in itself
   */
  constructor(
    entries: ReadonlyMap<string, ModuleReplacement>,
    seen: readonly Replaceable[],
    world: World,
    worldTypes: readonly TypeDef[],
  ) {
    const unmatched = [...entries].filter(
      ([key, replacement]) => !this.#add(key, replacement, seen, world, worldTypes),
    );
    this.unused = unmatched.map(([key]) => unusedEntry(key, seen, world));
  }

  #add(
    key: string,
    replacement: ModuleReplacement,
    seen: readonly Replaceable[],
    world: World,
    worldTypes: readonly TypeDef[],
  ): boolean {
    const where = `with[${JSON.stringify(key)}]`;
    const pattern = parsePattern(key, "with");
    if (!pattern.isOneInterface || key.includes("*")) {
      throw new ConfigError(
        `${where}: name one interface ("wasi:io/streams") or type ("amal:obs/types.point")`,
      );
    }
    let found = false;
    for (const { interface: owner, plain } of seen) {
      const places = placesOfOwner(owner);
      if (plain !== undefined) places.push({ kind: "plain", name: plain });
      if (pattern.hasItem) {
        found = this.#addTypes(owner.types.values(), places, pattern, replacement, where) || found;
      } else if (pattern.matches({ side: undefined, places, items: [] })) {
        if (replacement.export !== undefined) {
          throw new ConfigError(
            `${where}.export is for types; what an interface is replaced with is a whole module`,
          );
        }
        this.#interfaces.set(owner, replacement);
        found = true;
      }
    }
    const inWorld =
      pattern.hasItem && this.#addTypes(worldTypes, placesOfOwner(world), pattern, replacement, where);
    return found || inWorld;
  }

  #addTypes(
    types: Iterable<TypeDef>,
    places: readonly Place[],
    pattern: Pattern,
    replacement: ModuleReplacement,
    where: string,
  ): boolean {
    let found = false;
    for (const def of types) {
      if (def.name === undefined || !pattern.matches({ side: undefined, places, items: [def.name] }))
        continue;
      if (replacement.link !== undefined)
        throw new ConfigError(`${where}.link is for interfaces, not for types`);
      this.#types.set(def, {
        module: replacement.module,
        export: replacement.export ?? typeIdentifier(def.name),
      });
      found = true;
    }
    return found;
  }

  /** The module that stands in for an interface. */
  interface(owner: Interface): ModuleReplacement | undefined {
    return this.#interfaces.get(owner);
  }

  /** What stands in for a type. */
  type(def: TypeDef): ModuleExport | undefined {
    return this.#types.get(def);
  }
}

function unusedEntry(key: string, seen: readonly Replaceable[], world: World): UnusedEntry {
  const names = seen.flatMap(({ interface: owner, plain }) => {
    const id = owner.name === undefined ? (plain ?? "") : interfaceId(owner);
    const bare = id.replace(/@.*/, "");
    return [id, bare, ...[...owner.types.keys()].flatMap((type) => [`${bare}.${type}`, `${id}#${type}`])];
  });
  const hint =
    didYouMean(key, new Set(names)) ?? "only what the world imports, or whose types it sees, can be replaced";
  return {
    table: "with",
    entry: `with[${JSON.stringify(key)}]`,
    severity: "error",
    message: `with: ${JSON.stringify(key)} is no interface or type that the world ${world.name} imports; ${hint}`,
  };
}
