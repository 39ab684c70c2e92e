/**
 * The syntax tree of a WIT file. Names are not resolved; every node knows its place.
 *
 * Source: WIT.md; wit-parser's `ast.rs`.
 */
import type { PackageName, Stability } from "../model/resolve.ts";
import type { PrimitiveKind } from "../model/value-type.ts";
import type { Span } from "./source.ts";

export interface Id {
  readonly name: string;
  readonly span: Span;
}

/** What stands before an item: its docs and its attributes. */
export interface Prelude {
  readonly docs: string | undefined;
  /** Where the docs are, if there are any. */
  readonly docsSpan: Span | undefined;
  readonly stability: Stability | undefined;
  /** `@external-id("...")` */
  readonly externalId: string | undefined;
}

export interface PackageId {
  readonly name: PackageName;
  readonly span: Span;
  readonly docs: string | undefined;
  readonly docsSpan: Span | undefined;
}

/** A `.wit` file, or a `package a:b { ... }` in one. */
export interface PackageFile {
  readonly kind: "package";
  readonly id: PackageId | undefined;
  readonly items: readonly Item[];
}

export type Item = InterfaceItem | WorldItem | TopLevelUse | PackageFile;

export interface InterfaceItem {
  readonly kind: "interface";
  readonly prelude: Prelude;
  readonly name: Id;
  readonly members: readonly InterfaceMember[];
}

export interface WorldItem {
  readonly kind: "world";
  readonly prelude: Prelude;
  readonly name: Id;
  readonly members: readonly WorldMember[];
}

/** `use a:b/c as d;` at the top of a file. */
export interface TopLevelUse {
  readonly kind: "use";
  readonly path: UsePath;
  readonly as: Id | undefined;
}

/** `name`, or `namespace:package/name@version`. */
export interface UsePath {
  /** The package, with the place of `namespace:package`; undefined for a local name. */
  readonly package: { readonly name: PackageName; readonly span: Span } | undefined;
  readonly name: Id;
}

export type InterfaceMember = Use | TypeItem | FuncItem;

export type WorldMember = Use | Include | TypeItem | Extern;

/** `use path.{a, b as c};` */
export interface Use {
  readonly kind: "use";
  readonly prelude: Prelude;
  readonly path: UsePath;
  readonly names: readonly { readonly name: Id; readonly as: Id | undefined }[];
}

/** `include path with { a as b }` */
export interface Include {
  readonly kind: "include";
  readonly prelude: Prelude;
  readonly path: UsePath;
  readonly names: readonly { readonly name: Id; readonly as: Id }[];
}

/** An import or an export of a world. */
export interface Extern {
  readonly kind: "import" | "export";
  readonly prelude: Prelude;
  readonly item: ExternItem;
}

export type ExternItem =
  | { readonly kind: "func"; readonly name: Id; readonly func: Func }
  | { readonly kind: "interface"; readonly name: Id; readonly members: readonly InterfaceMember[] }
  /** `import a:b/c;`, or with a label, `import primary: a:b/c;` */
  | { readonly kind: "path"; readonly label: Id | undefined; readonly path: UsePath };

export interface FuncItem {
  readonly kind: "func";
  readonly prelude: Prelude;
  readonly name: Id;
  readonly func: Func;
}

export interface Func {
  /** The `func` keyword. */
  readonly span: Span;
  readonly async: boolean;
  readonly params: readonly { readonly name: Id; readonly type: TypeExpr }[];
  readonly result: TypeExpr | undefined;
}

export interface TypeItem {
  readonly kind: "type";
  readonly prelude: Prelude;
  readonly name: Id;
  readonly definition: TypeDefinition;
}

export type TypeDefinition =
  | { readonly kind: "alias"; readonly type: TypeExpr }
  | { readonly kind: "record"; readonly fields: readonly Field[] }
  | { readonly kind: "variant"; readonly cases: readonly Case[] }
  | { readonly kind: "enum"; readonly cases: readonly Label[] }
  | { readonly kind: "flags"; readonly flags: readonly Label[] }
  | { readonly kind: "resource"; readonly funcs: readonly ResourceFunc[] };

/** A flag or an enum case. */
export interface Label {
  readonly name: Id;
  readonly docs: string | undefined;
}

export interface Field extends Label {
  readonly type: TypeExpr;
}

export interface Case extends Label {
  readonly type: TypeExpr | undefined;
}

export interface ResourceFunc {
  readonly kind: "method" | "static" | "constructor";
  readonly prelude: Prelude;
  /** For a constructor: the keyword. */
  readonly name: Id;
  readonly func: Func;
}

/** A type where it is used. The span is that of the name or the keyword. */
export type TypeExpr =
  | { readonly kind: "primitive"; readonly span: Span; readonly primitive: PrimitiveKind }
  | { readonly kind: "name"; readonly span: Span; readonly name: string }
  | { readonly kind: "list" | "option"; readonly span: Span; readonly element: TypeExpr }
  | {
      readonly kind: "fixed-length-list";
      readonly span: Span;
      readonly element: TypeExpr;
      readonly length: number;
    }
  | { readonly kind: "map"; readonly span: Span; readonly key: TypeExpr; readonly value: TypeExpr }
  | { readonly kind: "tuple"; readonly span: Span; readonly types: readonly TypeExpr[] }
  | {
      readonly kind: "result";
      readonly span: Span;
      readonly ok: TypeExpr | undefined;
      readonly err: TypeExpr | undefined;
    }
  | { readonly kind: "future" | "stream"; readonly span: Span; readonly element: TypeExpr | undefined }
  | { readonly kind: "own" | "borrow"; readonly span: Span; readonly resource: Id };
