/**
 * One generated file: the names of its scope, and what it imports, which it records.
 *
 * What the file offers to its users is named first and keeps its natural name; imports, which no user
 * sees, give way (`Instance as Instance_`).
 */
import { relative, resolve } from "node:path";
import { type BindingsType, type BindingsValue, bindingsModule } from "../model/bindings-symbols.ts";
import { testkitModule } from "../model/testkit-symbols.ts";
import { stringLiteral } from "./escape.ts";
import { Scope } from "./identifiers.ts";
import type { ImportExtension } from "./options.ts";
import type { ImportSpecifierView, ImportView } from "./views.ts";

/** Names that the templates give to variables and parameters, which module-level names must not be hidden by. */
const templateVariables: readonly string[] = [
  "caller",
  "component",
  "data",
  "error",
  "getHost",
  "instance",
  "linker",
  "self",
  "store",
  "tracer",
  "value",
];

/** The types of the platform that generated code names. */
export type GlobalType =
  | "Disposable"
  | "Map"
  | "Promise"
  | "ReadableStream"
  | `${"Uint8" | "Int8" | "Uint16" | "Int16" | "Uint32" | "Int32" | "Float32" | "Float64" | "BigUint64" | "BigInt64"}Array`;

type ImportKind = "types" | "values";

/** What is imported from one module: local names to exported names. */
interface ImportRecord {
  readonly types: Map<string, string>;
  readonly values: Map<string, string>;
  namespace: string | undefined;
}

export interface OutputModuleOptions {
  /** The folder of all output, which modules that the user names are relative to. */
  readonly out: string;
  readonly importExtension: ImportExtension;
  readonly isShared?: boolean;
}

export class OutputModule {
  /** True if it holds several interfaces. */
  readonly isShared: boolean;
  /** Below the output folder. */
  readonly path: string;
  readonly scope: Scope = Scope.ofBindings(templateVariables);
  readonly #options: OutputModuleOptions;
  readonly #imports = new Map<string, ImportRecord>();
  /** Local names by module, kind and exported name. */
  readonly #locals = new Map<string, string>();
  /** Names that code uses, and not only comments. */
  readonly #used = new Set<string>();
  #isMentioning = false;
  #dataParameter: string | undefined;

  constructor(path: string, options: OutputModuleOptions) {
    this.path = path;
    this.isShared = options.isShared === true;
    this.#options = options;
  }

  /** The type parameter for a store's data. */
  get dataParameter(): string {
    this.#dataParameter ??= this.scope.claim("T");
    return this.#dataParameter;
  }

  /** The name of a type of the platform, also where a WIT type has taken its short name. */
  global(name: GlobalType): string {
    return this.scope.has(name) ? `globalThis.${name}` : name;
  }

  /** The name of a type of the runtime. */
  runtimeType(symbol: BindingsType): string {
    return this.import(bindingsModule, "types", symbol, symbol);
  }

  /** The name of a value of the runtime. */
  runtimeValue(symbol: BindingsValue): string {
    return this.import(bindingsModule, "values", symbol, symbol);
  }

  /** Imports something under the name that is wanted, or a free one; returns that. The second time it is the same. */
  import(from: string, kind: ImportKind, exported: string, wanted: string): string {
    const key = `${kind} ${exported} ${from}`;
    let local = this.#locals.get(key);
    if (local === undefined) {
      local = this.scope.claim(wanted);
      this.#locals.set(key, local);
      this.#record(from)[kind].set(local, exported);
    }
    this.use(local);
    return local;
  }

  /** Notes that code uses a name. What is imported and not used is left out. */
  use(local: string): void {
    if (!this.#isMentioning) this.#used.add(local);
  }

  /** Runs what makes a view for a comment: names that it takes are not used by that. */
  mention<T>(make: () => T): T {
    const before = this.#isMentioning;
    this.#isMentioning = true;
    try {
      return make();
    } finally {
      this.#isMentioning = before;
    }
  }

  /** Imports something under a name that has been claimed for it. */
  importAs(from: string, kind: ImportKind, exported: string, local: string): void {
    this.#record(from)[kind].set(local, exported);
    this.#used.add(local);
  }

  /** Imports the whole of a module. */
  importNamespace(from: string, wanted: string): string {
    const record = this.#record(from);
    record.namespace ??= this.scope.claim(wanted);
    return record.namespace;
  }

  /** What has been imported, by module: the runtime's door first, then by path. */
  imports(): ImportView[] {
    const modules = [...this.#imports.keys()].sort(
      (a, b) => Number(!isDoor(a)) - Number(!isDoor(b)) || compare(a, b),
    );
    return modules.map((from) => {
      const { types, values, namespace } = this.#record(from);
      const used = new Map([...types].filter(([local]) => this.#used.has(local)));
      return { from: stringLiteral(from), types: specifiers(used), values: specifiers(values), namespace };
    });
  }

  /** How this file names another generated one in an import. */
  specifierOf(other: OutputModule): string {
    const extension = this.#options.importExtension;
    return this.#relative(other.path).replace(/\.ts$/, extension === "none" ? "" : extension);
  }

  /** How this file names a module that the user has named: by a path from the current folder, or as a package. */
  specifierOfUsers(module: string): string {
    if (!/^(?:\.\.?)?\//.test(module)) return module;
    const out = resolve(this.#options.out);
    return this.#relative(relative(out, resolve(module)).replaceAll("\\", "/"));
  }

  /** @param path relative to the output folder */
  #relative(path: string): string {
    const from = this.path.split("/").slice(0, -1);
    const to = path.split("/");
    let common = 0;
    while (common < from.length && common < to.length - 1 && from[common] === to[common]) {
      common++;
    }
    const up = from.slice(common).map(() => "..");
    const rest = to.slice(common);
    return (up.length === 0 && rest[0] !== ".." ? [".", ...rest] : [...up, ...rest]).join("/");
  }

  #record(from: string): ImportRecord {
    let record = this.#imports.get(from);
    if (record === undefined) {
      record = { types: new Map(), values: new Map(), namespace: undefined };
      this.#imports.set(from, record);
    }
    return record;
  }
}

/** True for what generated code imports from this package. */
function isDoor(module: string): boolean {
  return module === bindingsModule || module === testkitModule;
}

function specifiers(names: ReadonlyMap<string, string>): ImportSpecifierView[] {
  return [...names]
    .map(([local, name]) => ({ name, local: local === name ? undefined : local }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.local ?? "", b.local ?? ""));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
