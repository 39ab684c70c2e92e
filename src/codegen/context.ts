/** What every view needs to know: where types are declared, and what they are called there. */
import type { Func, Type, TypeDef, TypeDefKind } from "../model/resolve.ts";
import type { PrimitiveKind } from "../model/value-type.ts";
import type { FileNames } from "./file-names.ts";
import type { BindingsFile, InterfaceFile, Layout, Side } from "./layout.ts";
import type { ResolvedOptions } from "./options.ts";
import { Renames } from "./renames.ts";
import type { RuleBook, SettingsOf } from "./rule-book.ts";

/** A type definition and the file that declares it. */
export interface Located {
  readonly def: TypeDef;
  readonly names: FileNames;
}

export interface ContextInit {
  readonly layout: Layout;
  readonly names: ReadonlyMap<BindingsFile, FileNames>;
  readonly rules: RuleBook;
  readonly options: ResolvedOptions;
}

export class Context {
  readonly layout: Layout;
  readonly options: ResolvedOptions;
  /** Notes what could not keep its name. */
  readonly renames: Renames = new Renames();
  readonly #rules: RuleBook;
  readonly #names: ReadonlyMap<BindingsFile, FileNames>;
  readonly #used = new Map<FileNames, Map<TypeDef, Located | PrimitiveKind>>();
  readonly #aliased = new Map<FileNames, Map<TypeDef, Located | PrimitiveKind>>();
  readonly #structures = new Map<TypeDef, TypeDefKind | PrimitiveKind>();

  constructor({ layout, names, rules, options }: ContextInit) {
    this.layout = layout;
    this.options = options;
    this.#names = names;
    this.#rules = rules;
  }

  /** The settings of the functions of a file. @param side the world's own functions are on both */
  settingsOf(file: BindingsFile, side: Side = file.side): SettingsOf {
    return this.#rules.settingsOf(side, file.kind === "world" ? undefined : file.wit);
  }

  /** The functions of an interface that no rule skips. */
  functionsOf(file: InterfaceFile): Func[] {
    const settingsOf = this.settingsOf(file);
    return [...file.interface.functions.values()].filter((func) => !settingsOf(func).skip);
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
    return this.#follow(def, from, this.#used, usedType) as Located;
  }

  /** Follows `use` and `type a = b` to a definition that is neither, or to a primitive type. */
  followAliases(type: Type, from: FileNames): Located | PrimitiveKind {
    return this.#follow(type, from, this.#aliased, aliasTarget);
  }

  /** Every step is remembered: chains of names may be long, and are followed from each of their links. */
  #follow(
    type: Type,
    from: FileNames,
    known: Map<FileNames, Map<TypeDef, Located | PrimitiveKind>>,
    next: (def: TypeDef) => Type | undefined,
  ): Located | PrimitiveKind {
    const trail: Located[] = [];
    let names = from;
    let end: Located | PrimitiveKind | undefined;
    while (end === undefined) {
      if (typeof type === "string") {
        end = type;
        continue;
      }
      names = this.ownerOf(type, names);
      const step = { def: type, names };
      const target = next(type);
      if (target === undefined) {
        end = step;
      } else {
        end = known.get(names)?.get(type);
        trail.push(step);
        type = target;
      }
    }
    for (const step of trail) {
      const ofFile = known.get(step.names) ?? new Map<TypeDef, Located | PrimitiveKind>();
      known.set(step.names, ofFile.set(step.def, end));
    }
    return end;
  }

  /** The structure of a type behind all its names; a primitive type by its name. */
  structureOf(type: Type): TypeDefKind | PrimitiveKind {
    const aliases: TypeDef[] = [];
    let structure: TypeDefKind | PrimitiveKind | undefined;
    while (structure === undefined) {
      if (typeof type === "string") {
        structure = type;
      } else if (type.type.kind !== "alias") {
        structure = type.type;
      } else {
        structure = this.#structures.get(type);
        aliases.push(type);
        type = type.type.target;
      }
    }
    for (const alias of aliases) {
      this.#structures.set(alias, structure);
    }
    return structure;
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

function aliasTarget(def: TypeDef): Type | undefined {
  return def.type.kind === "alias" ? def.type.target : undefined;
}
