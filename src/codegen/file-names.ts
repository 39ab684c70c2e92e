/**
 * The names of one generated file: of what it declares, and of what it imports, which it records.
 *
 * What the file offers to its users is named first and keeps its natural name; imports, which no user
 * sees, give way (`Instance as Instance_`).
 */
import { type BindingsType, type BindingsValue, bindingsModule } from "../model/bindings-symbols.ts";
import type { TypeDef } from "../model/resolve.ts";
import { Scope, typeIdentifier, valueIdentifier } from "./identifiers.ts";
import type { BindingsFile } from "./layout.ts";
import type { ImportSpecifierView, ImportView } from "./views.ts";

/** Names that the templates give to variables and parameters, which module-level names must not be hidden by. */
const templateVariables: readonly string[] = [
  "caller",
  "component",
  "data",
  "getHost",
  "instance",
  "linker",
  "self",
  "store",
  "value",
];

/** The types of the platform that generated code names. */
export type GlobalType =
  | "Disposable"
  | "Map"
  | "Promise"
  | "ReadableStream"
  | `${"Uint8" | "Int8" | "Uint16" | "Int16" | "Uint32" | "Int32" | "Float32" | "Float64" | "BigUint64" | "BigInt64"}Array`;

/** What is imported from one module: local names to exported names. */
interface ImportRecord {
  readonly types: Map<string, string>;
  readonly values: Map<string, string>;
  namespace: string | undefined;
}

export class FileNames {
  readonly file: BindingsFile;
  readonly #scope: Scope;
  readonly #types = new Map<TypeDef, string>();
  readonly #constants = new Map<TypeDef, string>();
  readonly #exportedConstants = new Set<TypeDef>();
  readonly #imports = new Map<string, ImportRecord>();
  readonly #doorNames = new Map<string, string>();
  readonly #importExtension: string;

  /** @param api the names that every file of this kind declares */
  constructor(file: BindingsFile, api: readonly string[], types: Iterable<TypeDef>, importExtension: string) {
    this.file = file;
    this.#importExtension = importExtension;
    this.#scope = Scope.ofBindings([...templateVariables, ...api]);
    for (const def of types) {
      this.#types.set(def, this.#scope.claim(typeIdentifier(def.name ?? "")));
    }
  }

  /** A name for something else that the file declares. */
  claim(wanted: string): string {
    return this.#scope.claim(wanted);
  }

  /** True if this file declares or re-exports the type. */
  declares(def: TypeDef): boolean {
    return this.#types.has(def);
  }

  /** The name, in this file, of a type that `owner` declares; imports it if need be. */
  type(def: TypeDef, owner: FileNames): string {
    let name = this.#types.get(def);
    if (name === undefined) {
      name = this.#scope.claim(typeIdentifier(def.name ?? ""));
      this.#types.set(def, name);
      if (owner !== this) {
        this.importType(owner, def, name);
      }
    }
    return name;
  }

  /** The name of a type of the platform, also where a WIT type has taken its short name. */
  global(name: GlobalType): string {
    return this.#scope.has(name) ? `globalThis.${name}` : name;
  }

  /** The name of a type of the runtime. */
  runtimeType(symbol: BindingsType): string {
    return this.#door(symbol, "types");
  }

  /** The name of a value of the runtime. */
  runtimeValue(symbol: BindingsValue): string {
    return this.#door(symbol, "values");
  }

  #door(symbol: string, kind: "types" | "values"): string {
    let local = this.#doorNames.get(symbol);
    if (local === undefined) {
      local = this.#scope.claim(symbol);
      this.#doorNames.set(symbol, local);
      this.#record(bindingsModule)[kind].set(local, symbol);
    }
    return local;
  }

  /** Imports the type that `owner` declares as `def`, as `local`. */
  importType(owner: FileNames, def: TypeDef, local: string): void {
    this.#record(this.#specifier(owner.file.path)).types.set(local, owner.type(def, owner));
  }

  /** Imports the whole of another file. */
  importNamespace(owner: FileNames, wanted: string): string {
    const record = this.#record(this.#specifier(owner.file.path));
    record.namespace ??= this.#scope.claim(wanted);
    return record.namespace;
  }

  /** The name, in this file, of the constant with the type descriptor of `def`, which `owner` declares. */
  constant(owner: FileNames, def: TypeDef): string {
    let name = this.#constants.get(def);
    if (name === undefined) {
      name = this.#scope.claim(`${valueIdentifier(def.name ?? "")}Type`);
      this.#constants.set(def, name);
    }
    if (owner !== this) {
      const exported = owner.constant(owner, def);
      owner.#exportedConstants.add(def);
      this.#record(this.#specifier(owner.file.path)).values.set(name, exported);
    }
    return name;
  }

  /** True if another file imports the constant of `def`. */
  isConstantExported(def: TypeDef): boolean {
    return this.#exportedConstants.has(def);
  }

  /** What has been imported, by module: the runtime's door first, then by path. */
  imports(): ImportView[] {
    const modules = [...this.#imports.keys()].sort(
      (a, b) => Number(a !== bindingsModule) - Number(b !== bindingsModule) || compare(a, b),
    );
    return modules.map((from) => {
      const { types, values, namespace } = this.#record(from);
      return { from, types: specifiers(types), values: specifiers(values), namespace };
    });
  }

  #record(from: string): ImportRecord {
    let record = this.#imports.get(from);
    if (record === undefined) {
      record = { types: new Map(), values: new Map(), namespace: undefined };
      this.#imports.set(from, record);
    }
    return record;
  }

  #specifier(path: string): string {
    const from = this.file.path.split("/").slice(0, -1);
    const to = path.split("/");
    let common = 0;
    while (common < from.length && common < to.length - 1 && from[common] === to[common]) {
      common++;
    }
    const up = from.length - common;
    const relative = [...(up === 0 ? ["."] : Array(up).fill("..")), ...to.slice(common)].join("/");
    return relative.replace(/\.ts$/, this.#importExtension);
  }
}

function specifiers(names: ReadonlyMap<string, string>): ImportSpecifierView[] {
  return [...names]
    .map(([local, name]) => ({ name, local: local === name ? undefined : local }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.local ?? "", b.local ?? ""));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
