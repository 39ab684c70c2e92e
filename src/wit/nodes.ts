/**
 * The model's objects while they are being made.
 *
 * A `Resolve` consists of direct references, so the resolver makes each object once, fills it in, and
 * hands the same object out with a read-only type. What only the resolver needs to know about an
 * object, such as its place in the text, is kept beside it.
 */
import type {
  Func,
  Interface,
  Package,
  PackageName,
  Stability,
  TypeDef,
  World,
  WorldItem,
} from "../model/resolve.ts";
import type { Span } from "./source.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export type TypeDefNode = Mutable<TypeDef>;

export interface InterfaceNode extends Mutable<Omit<Interface, "types" | "functions">> {
  types: Map<string, TypeDef>;
  functions: Map<string, Func>;
}

export interface WorldNode extends Mutable<Omit<World, "imports" | "exports">> {
  imports: Map<string, WorldItem>;
  exports: Map<string, WorldItem>;
}

export interface PackageNode extends Mutable<Omit<Package, "interfaces" | "worlds">> {
  interfaces: Map<string, Interface>;
  worlds: Map<string, World>;
}

export function createPackage(name: PackageName, docs?: string): PackageNode {
  return { kind: "package", name, docs, interfaces: new Map(), worlds: new Map() };
}

export function createInterface(name: string | undefined, owner: Package): InterfaceNode {
  return {
    kind: "interface",
    name,
    package: owner,
    docs: undefined,
    stability: undefined,
    types: new Map(),
    functions: new Map(),
  };
}

export function createWorld(name: string, owner: Package): WorldNode {
  return {
    kind: "world",
    name,
    package: owner,
    docs: undefined,
    stability: undefined,
    imports: new Map(),
    exports: new Map(),
  };
}

/** Where the name of each object is in the text. */
export type Spans = Map<object, Span>;

/** "wasi:http@0.2.0" */
export function packageId(name: PackageName): string {
  const base = `${name.namespace}:${name.name}`;
  return name.version === undefined ? base : `${base}@${name.version}`;
}

/** "wasi:http/types@0.2.0": the key of an interface or a world. */
export function itemId(owner: Package, item: string): string {
  const { namespace, name, version } = owner.name;
  const base = `${namespace}:${name}/${item}`;
  return version === undefined ? base : `${base}@${version}`;
}

export function interfaceId(node: Interface): string {
  return itemId(node.package, node.name ?? "");
}

/**
 * Whether a key of a world's imports or exports is the id of an interface, as opposed to a plain name.
 * Only an id has a colon.
 */
export function isInterfaceKey(key: string): boolean {
  return key.includes(":");
}

/** An interface or world of another package, of which only the name is known so far. */
export type ForeignItem = {
  readonly name: string;
  readonly span: Span;
  /** The gates of every place that uses it. */
  readonly stabilities: (Stability | undefined)[];
} & (
  | { readonly kind: "interface"; readonly node: InterfaceNode }
  | { readonly kind: "world"; readonly node: WorldNode }
);

export interface ForeignPackage {
  readonly name: PackageName;
  /** Where it is first mentioned. */
  readonly span: Span;
  readonly items: Map<string, ForeignItem>;
}

export interface WorldInclude {
  readonly world: WorldNode;
  readonly span: Span;
  readonly stability: Stability | undefined;
  readonly names: readonly { readonly name: string; readonly as: string; readonly span: Span }[];
}

/**
 * A package whose own names are resolved, and whose uses of other packages are not: they are
 * stand-ins, which `link.ts` replaces. All lists are in wit-parser's order.
 */
export interface UnresolvedPackage {
  readonly node: PackageNode;
  readonly nameSpan: Span;
  /** Its own, without stand-ins. */
  readonly types: readonly TypeDefNode[];
  readonly interfaces: readonly InterfaceNode[];
  readonly worlds: readonly WorldNode[];
  readonly includes: ReadonlyMap<WorldNode, readonly WorldInclude[]>;
  readonly foreign: ReadonlyMap<string, ForeignPackage>;
  /** Stand-ins for types of other packages, with the interface they are to be found in. */
  readonly foreignTypes: ReadonlyMap<TypeDef, InterfaceNode>;
  /** Stand-ins that must turn out to be resources: they are used in a handle. */
  readonly requiredResources: readonly { readonly type: TypeDef; readonly span: Span }[];
}
