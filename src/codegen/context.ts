/** What every view needs to know: where types are declared, and what they are called there. */
import type { Type, TypeDef, TypeDefKind } from "../model/resolve.ts";
import type { FileNames } from "./file-names.ts";
import type { BindingsFile, Layout } from "./layout.ts";

/** A type definition and the file that declares it. */
export interface Located {
  readonly def: TypeDef;
  readonly names: FileNames;
}

export class Context {
  readonly layout: Layout;
  readonly #names: ReadonlyMap<BindingsFile, FileNames>;

  constructor(layout: Layout, names: ReadonlyMap<BindingsFile, FileNames>) {
    this.layout = layout;
    this.#names = names;
  }

  namesOf(file: BindingsFile): FileNames {
    const names = this.#names.get(file);
    if (names === undefined) {
      throw new Error(`no names for ${file.path}`);
    }
    return names;
  }

  /** The names of the file that declares `def`, as seen from the file of `names`. */
  ownerOf(def: TypeDef, names: FileNames): FileNames {
    return def.owner === undefined ? names : this.namesOf(this.layout.locate(def.owner, names.file));
  }

  /** Follows `use`: to the definition in the interface that owns it, under its name there. */
  followUse(def: TypeDef, from: FileNames): Located {
    let located: Located = { def, names: this.ownerOf(def, from) };
    for (let used = usedType(located.def); used !== undefined; used = usedType(used)) {
      located = { def: used, names: this.ownerOf(used, located.names) };
    }
    return located;
  }

  /** Follows `use` and `type a = b` to a definition that is neither, or to a primitive type. */
  followAliases(type: Type, from: FileNames): Located | Exclude<Type, TypeDef> {
    let names = from;
    while (typeof type !== "string") {
      names = this.ownerOf(type, names);
      if (type.type.kind !== "alias") {
        return { def: type, names };
      }
      type = type.type.target;
    }
    return type;
  }
}

/** What `use` in another interface or world gave a name here to; undefined if `def` is no such use. */
export function usedType(def: TypeDef): TypeDef | undefined {
  if (def.type.kind !== "alias" || typeof def.type.target === "string") {
    return undefined;
  }
  const { target } = def.type;
  return target.name !== undefined && target.owner !== def.owner ? target : undefined;
}

/** The structure of a type behind all its names; a primitive type by its name. */
export function structureOf(type: Type): TypeDefKind | Exclude<Type, TypeDef> {
  while (typeof type !== "string") {
    if (type.type.kind !== "alias") {
      return type.type;
    }
    type = type.type.target;
  }
  return type;
}
