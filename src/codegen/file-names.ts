/**
 * The names of one interface or world, as the file that holds it has them: of what it declares, and of what it needs from
 * others.
 *
 * Most files hold one interface or world; with the layout `single` one file holds all, which then share its scope.
 */
import type { BindingsType, BindingsValue } from "../model/bindings-symbols.ts";
import type { TypeDef } from "../model/resolve.ts";
import { typeIdentifier, valueIdentifier } from "./identifiers.ts";
import type { BindingsFile } from "./layout.ts";
import type { GlobalType, OutputModule } from "./output-module.ts";

/** What the file of an interface offers, beside its types. */
export type ApiName = "Host" | "addToLinker" | "Exports" | "Client";

export interface FileNamesOptions {
  readonly api?: readonly ApiName[];
  /** The types that are declared here. */
  readonly types: Iterable<TypeDef>;
  /** In a file that holds several interfaces: what this one's names start with where it must say so ("Metrics"). */
  readonly prefix?: string | undefined;
}

export class FileNames {
  readonly file: BindingsFile;
  readonly output: OutputModule;
  readonly #api = new Map<ApiName, string>();
  readonly #types = new Map<TypeDef, string>();
  readonly #aliases = new Set<TypeDef>();
  readonly #constants = new Map<TypeDef, string>();
  readonly #exportedConstants = new Set<TypeDef>();

  constructor(file: BindingsFile, output: OutputModule, { api = [], types, prefix }: FileNamesOptions) {
    this.file = file;
    this.output = output;
    for (const name of api) this.#api.set(name, output.scope.claim(apiName(name, prefix)));
    for (const def of types) this.#types.set(def, this.#claimType(def, prefix));
  }

  #claimType(def: TypeDef, prefix: string | undefined): string {
    const natural = typeIdentifier(def.name ?? "");
    const { scope } = this.output;
    const wanted = prefix === undefined || !scope.has(natural) ? natural : `${prefix}${natural}`;
    return scope.claim(wanted);
  }

  /** A name for something else that the file declares. */
  claim(wanted: string): string {
    return this.output.scope.claim(wanted);
  }

  /** True if this declares the type, or another name for it. */
  declares(def: TypeDef): boolean {
    return this.#types.has(def);
  }

  /** Lets a type of this interface be what has a name in the same file already. */
  alias(def: TypeDef, name: string): void {
    this.#types.set(def, name);
    this.#aliases.add(def);
  }

  /** True if the type is declared for another interface in the same file. */
  isAlias(def: TypeDef): boolean {
    return this.#aliases.has(def);
  }

  /** What this file offers, by its name here. */
  api(name: ApiName): string {
    return this.#api.get(name) ?? name;
  }

  /** What another file offers, as this one names it. @param namespace what to call that file, if it is one of its own */
  apiOf(owner: FileNames, name: ApiName, namespace: string): string {
    if (owner.output === this.output) return owner.api(name);
    return `${this.output.importNamespace(this.specifierOf(owner), namespace)}.${owner.api(name)}`;
  }

  /** The name, in this file, of a type that `owner` declares; imports it if need be. */
  type(def: TypeDef, owner: FileNames): string {
    let name = this.#types.get(def);
    if (name === undefined) {
      if (owner !== this && owner.output === this.output) return owner.type(def, owner);
      name = owner === this ? this.#claimType(def, undefined) : this.#importOf(def, owner);
      this.#types.set(def, name);
    }
    this.output.use(name);
    return name;
  }

  #importOf(def: TypeDef, owner: FileNames): string {
    const name = owner.type(def, owner);
    // Where one file has all bindings, that name tells the type from others that are called as it is.
    const wanted = owner.output.isShared ? name : typeIdentifier(def.name ?? "");
    return this.output.import(this.specifierOf(owner), "types", name, wanted);
  }

  global(name: GlobalType): string {
    return this.output.global(name);
  }

  runtimeType(symbol: BindingsType): string {
    return this.output.runtimeType(symbol);
  }

  runtimeValue(symbol: BindingsValue): string {
    return this.output.runtimeValue(symbol);
  }

  /** Imports the type that `owner` declares as `def`, as `local`. */
  importType(owner: FileNames, def: TypeDef, local: string): void {
    this.output.importAs(this.specifierOf(owner), "types", owner.type(def, owner), local);
  }

  /** The name, in this file, of the constant with the type descriptor of `def`, which `owner` declares. */
  constant(owner: FileNames, def: TypeDef): string {
    if (owner !== this && owner.output === this.output) return owner.constant(owner, def);
    let name = this.#constants.get(def);
    if (name === undefined) {
      name = this.claim(`${valueIdentifier(def.name ?? "")}Type`);
      this.#constants.set(def, name);
    }
    if (owner !== this) {
      const exported = owner.constant(owner, def);
      owner.#exportedConstants.add(def);
      this.output.importAs(this.specifierOf(owner), "values", exported, name);
    }
    return name;
  }

  /** True if another file imports the constant of `def`. */
  isConstantExported(def: TypeDef): boolean {
    return this.#exportedConstants.has(def);
  }

  /** How this file names the file of `owner` in an import. */
  specifierOf(owner: FileNames): string {
    const external = owner.file.kind === "interface" ? owner.file.external : undefined;
    return external === undefined
      ? this.output.specifierOf(owner.output)
      : this.output.specifierOfUsers(external.module);
  }
}

function apiName(name: ApiName, prefix: string | undefined): string {
  if (prefix === undefined) return name;
  return name === "addToLinker" ? `add${prefix}ToLinker` : `${prefix}${name}`;
}
