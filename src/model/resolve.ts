/**
 * A resolved set of WIT packages: what `loadWit` returns and the generator consumes.
 *
 * Every reference is a direct object reference and every object is immutable once `loadWit` has
 * returned. Order is that of wit-parser (topological over packages, source order within them), so
 * that `JSON.stringify(resolve)` equals what `wasm-tools component wit --json` prints.
 *
 * Source: wit-parser's `Resolve`; WIT.md.
 */
import type { PrimitiveKind } from "./value-type.ts";

/** Packages, with all that they depend on: what `loadWit` returns. */
export interface Resolve {
  readonly worlds: readonly World[];
  readonly interfaces: readonly Interface[];
  readonly types: readonly TypeDef[];
  readonly packages: readonly Package[];
  /** The packages that were asked for, as opposed to those loaded as dependencies; the first is the main one. */
  readonly roots: readonly Package[];
  toJSON(): unknown;
}

/** "amal:obs@0.1.0", in its parts. */
export interface PackageName {
  readonly namespace: string;
  readonly name: string;
  /** A semantic version ("0.2.0"), if the package has one. */
  readonly version: string | undefined;
}

/** A WIT package: its interfaces and worlds, by their plain names. */
export interface Package {
  readonly kind: "package";
  readonly name: PackageName;
  readonly docs: string | undefined;
  readonly interfaces: ReadonlyMap<string, Interface>;
  readonly worlds: ReadonlyMap<string, World>;
}

/** The gates of an item: `@since`, `@unstable`, `@deprecated`. Absent means none was written. */
export type Stability =
  | { readonly kind: "stable"; readonly since: string; readonly deprecated: string | undefined }
  | { readonly kind: "unstable"; readonly feature: string; readonly deprecated: string | undefined };

/** An interface: types, and functions that use them. */
export interface Interface {
  readonly kind: "interface";
  /** Undefined for an interface written inline in a world. */
  readonly name: string | undefined;
  readonly package: Package;
  readonly docs: string | undefined;
  readonly stability: Stability | undefined;
  readonly types: ReadonlyMap<string, TypeDef>;
  readonly functions: ReadonlyMap<string, Func>;
  /**
   * The interface that this one is a copy of: `include` copies the interfaces that a world imports or
   * exports under a plain name, because their resources are types of their own.
   */
  readonly cloneOf?: Interface | undefined;
}

/** A world: what a component for it imports and exports. */
export interface World {
  readonly kind: "world";
  readonly name: string;
  readonly package: Package;
  readonly docs: string | undefined;
  readonly stability: Stability | undefined;
  /**
   * Keyed by the name that the component's import has: "amal:obs/metrics@0.1.0" for an interface,
   * the plain name for a function, a type, an inline interface or an interface given an id.
   */
  readonly imports: ReadonlyMap<string, WorldItem>;
  readonly exports: ReadonlyMap<string, WorldItem>;
}

/** Something that a world imports or exports. */
export type WorldItem =
  | {
      readonly kind: "interface";
      readonly interface: Interface;
      readonly docs: string | undefined;
      readonly stability: Stability | undefined;
      /** The named interface that a plain name stands for: `import primary: a:b/store;`. */
      readonly implements?: Interface | undefined;
      /** `@external-id("...")` */
      readonly externalId?: string | undefined;
    }
  | { readonly kind: "func"; readonly func: Func }
  | { readonly kind: "type"; readonly type: TypeDef };

/** A parameter of a function. */
export interface Param {
  readonly name: string;
  readonly type: Type;
}

/** Whether a function belongs to a resource, and how. */
export type FuncKind =
  | { readonly kind: "freestanding" }
  | { readonly kind: "method" | "static" | "constructor"; readonly resource: TypeDef };

/** A function of an interface, a world or a resource. A method has its object as its first parameter, `self`. */
export interface Func {
  readonly kind: FuncKind;
  /** As in the component: "read", "[method]blob.read", "[constructor]blob", "[static]blob.merge". */
  readonly name: string;
  readonly async: boolean;
  readonly params: readonly Param[];
  readonly result: Type | undefined;
  readonly docs: string | undefined;
  readonly stability: Stability | undefined;
  /** `@external-id("...")` */
  readonly externalId?: string | undefined;
}

/** A use of a type: a primitive by its name, anything else by its definition. */
export type Type = PrimitiveKind | TypeDef;

/** Where a named type was declared. */
export type TypeOwner = Interface | World;

/** A type that is not primitive, with or without a name. */
export interface TypeDef {
  readonly kind: "type-def";
  /** Undefined for a type written in place, such as `list<u8>` as a parameter. */
  readonly name: string | undefined;
  readonly type: TypeDefKind;
  readonly owner: TypeOwner | undefined;
  readonly docs: string | undefined;
  readonly stability: Stability | undefined;
  /** `@external-id("...")` */
  readonly externalId?: string | undefined;
}

/** A record field, a variant or enum case, or a flag: a name with docs. */
export interface Named {
  readonly name: string;
  readonly docs: string | undefined;
  readonly stability?: Stability | undefined;
}

/** A field of a record. */
export interface Field extends Named {
  readonly type: Type;
}

/** A case of a variant; `type` is that of its payload, if it has one. */
export interface Case extends Named {
  readonly type: Type | undefined;
}

/** What a type is made of. */
export type TypeDefKind =
  | { readonly kind: "record"; readonly fields: readonly Field[] }
  | { readonly kind: "variant"; readonly cases: readonly Case[] }
  | { readonly kind: "enum"; readonly cases: readonly Named[] }
  | { readonly kind: "flags"; readonly flags: readonly Named[] }
  | { readonly kind: "tuple"; readonly types: readonly Type[] }
  | { readonly kind: "list"; readonly element: Type }
  | { readonly kind: "fixed-length-list"; readonly element: Type; readonly length: number }
  | { readonly kind: "map"; readonly key: Type; readonly value: Type }
  | { readonly kind: "option"; readonly some: Type }
  | { readonly kind: "result"; readonly ok: Type | undefined; readonly err: Type | undefined }
  | { readonly kind: "own" | "borrow"; readonly resource: TypeDef }
  | { readonly kind: "resource" }
  | { readonly kind: "stream" | "future"; readonly element: Type | undefined }
  /** Another name for a type: `type a = b`, or `use i.{a}`. */
  | { readonly kind: "alias"; readonly target: Type };
