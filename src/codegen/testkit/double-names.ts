/** The names of the doubles of one interface or world, and where they are declared. */

import type { Type, TypeDef } from "../../model/resolve.ts";
import type { TestkitType, TestkitValue } from "../../model/testkit-symbols.ts";
import { testkitModule } from "../../model/testkit-symbols.ts";
import type { Context, Located } from "../context.ts";
import { FileNames } from "../file-names.ts";
import { typeIdentifier } from "../identifiers.ts";
import type { BindingsFile } from "../layout.ts";
import type { OutputModule } from "../output-module.ts";

/** What the function that makes a double is called, and its types. */
export interface DoubleApi {
  readonly name: string;
  readonly shape: string;
  readonly type: string;
}

export class DoubleNames {
  readonly file: BindingsFile;
  readonly output: OutputModule;
  /** The names of types of the bindings, as the doubles' file imports them. */
  readonly names: FileNames;
  readonly #apis: ReadonlyMap<"host" | "guest", DoubleApi>;
  readonly #fixtures = new Map<TypeDef, string>();

  /**
   * @param base what the doubles' names start with: "metrics" for `metricsDouble`
   * @param types those that get a function for their defaults
   */
  constructor(
    file: BindingsFile,
    output: OutputModule,
    bases: { readonly host?: string; readonly guest?: string },
    types: Iterable<TypeDef>,
  ) {
    this.file = file;
    this.output = output;
    this.names = new FileNames(file, output, { types: [] });
    const sides = (["host", "guest"] as const).flatMap((side) => {
      const base = bases[side];
      return base === undefined ? [] : ([[side, this.#claimApi(base, side)]] as const);
    });
    this.#apis = new Map(sides);
    const prefix = typeIdentifier(Object.values(bases)[0] ?? "");
    for (const def of types) {
      const natural = typeIdentifier(def.name ?? "");
      const wanted = output.scope.has(`default${natural}`)
        ? `default${prefix}${natural}`
        : `default${natural}`;
      this.#fixtures.set(def, output.scope.claim(wanted));
    }
  }

  #claimApi(base: string, side: "host" | "guest"): DoubleApi {
    const { scope } = this.output;
    const stem = side === "host" ? base : `${base}Guest`;
    const upper = stem.slice(0, 1).toUpperCase() + stem.slice(1);
    return {
      name: scope.claim(`${stem}Double`),
      shape: scope.claim(`${upper}Shape`),
      type: scope.claim(`${upper}Double`),
    };
  }

  /** @throws if it has none: a mistake of the generator's */
  api(side: "host" | "guest"): DoubleApi {
    const found = this.#apis.get(side);
    if (found === undefined) throw new Error(`${this.file.path} has no ${side} double`);
    return found;
  }

  /** The name, where it is declared, of the function that makes a default of a type. */
  fixture(def: TypeDef): string | undefined {
    return this.#fixtures.get(def);
  }

  /** Something that other doubles declare, by its name here. */
  importFrom(other: DoubleNames, kind: "types" | "values", name: string): string {
    if (other.output === this.output) return name;
    return this.output.import(this.output.specifierOf(other.output), kind, name, name);
  }

  /** A type that the bindings declare as `name`, by its name here. */
  bindingsType(owner: FileNames, name: string): string {
    return this.output.import(this.names.specifierOf(owner), "types", name, name);
  }

  testkitType(symbol: TestkitType): string {
    return this.output.import(testkitModule, "types", symbol, symbol);
  }

  testkitValue(symbol: TestkitValue): string {
    return this.output.import(testkitModule, "values", symbol, symbol);
  }
}

/** True if the user's type stands in for one of WIT's, or the user's module for its interface. */
export function isReplaced({ def, names }: Located, context: Context): boolean {
  const isGuests = names.file.side === "export" && def.type.kind === "resource";
  const isExternal = names.file.kind === "interface" && names.file.external !== undefined;
  return isExternal || (!isGuests && context.layout.replacements.type(def) !== undefined);
}

/** True if a type is one of the primitive ones by another name: it needs no function for its default. */
export function isPrimitive(type: Type, context: Context): boolean {
  return typeof context.structureOf(type) === "string";
}
