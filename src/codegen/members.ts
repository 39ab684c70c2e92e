/** The functions of an interface or a world, sorted by what they belong to. */
import type { Func, TypeDef } from "../model/resolve.ts";
import type { FileNames } from "./file-names.ts";
import { typeIdentifier } from "./identifiers.ts";
import type { SettingsOf } from "./rule-book.ts";

/** A resource with its functions, in the order of the WIT. */
export interface ResourceMembers {
  readonly def: TypeDef;
  /** The name of its interface. */
  readonly name: string;
  /** The name of the type of its class; undefined if nothing can be called without an object. */
  readonly className: string | undefined;
  readonly constructors: readonly Func[];
  readonly methods: readonly Func[];
  readonly statics: readonly Func[];
}

export interface Members {
  readonly settingsOf: SettingsOf;
  readonly functions: readonly Func[];
  readonly resources: ReadonlyMap<TypeDef, ResourceMembers>;
}

/** Sorts `functions`, and names the classes of the resources among `types`. */
export function membersOf(
  types: Iterable<TypeDef>,
  functions: Iterable<Func>,
  names: FileNames,
  settingsOf: SettingsOf,
): Members {
  const free: Func[] = [];
  const byResource = new Map<TypeDef, Record<"constructors" | "methods" | "statics", Func[]>>();
  for (const def of types) {
    if (def.type.kind === "resource") {
      byResource.set(def, { constructors: [], methods: [], statics: [] });
    }
  }
  for (const func of functions) {
    if (func.kind.kind === "freestanding") {
      free.push(func);
    } else {
      byResource.get(func.kind.resource)?.[`${func.kind.kind}s`].push(func);
    }
  }
  const resources = new Map<TypeDef, ResourceMembers>();
  for (const [def, functions] of byResource) {
    const hasClass = functions.constructors.length > 0 || functions.statics.length > 0;
    resources.set(def, {
      def,
      name: names.type(def, names),
      className: hasClass ? names.claim(`${typeIdentifier(def.name ?? "")}Class`) : undefined,
      ...functions,
    });
  }
  return { settingsOf, functions: free, resources };
}
