/** Views of test doubles: what the templates `double*.hbs` print. */
import type { HeaderView, ImportView, TypeView } from "../views.ts";

/** An expression that makes a value: each member is one form, and a template tests for its key. */
export type DefaultView =
  /** A literal, or any other expression that needs nothing. */
  | { readonly text: string }
  /** An array or tuple. */
  | { readonly list: true; readonly items: readonly DefaultView[] }
  /** An object `{ tag: ...; val: ... }`; `tag` is a string literal. */
  | { readonly tag: string; readonly val: DefaultView | undefined }
  | {
      readonly call: string;
      readonly args: readonly DefaultView[];
      /** True if the call makes nothing: there is no default. */
      readonly missing?: true;
    }
  /** A function that makes the value. */
  | { readonly lazy: DefaultView };

/** A function that makes a default of one named type. */
export interface FixtureView {
  readonly doc: string;
  readonly name: string;
  readonly type: string;
  /** For a record and for flags, whose fields the user may choose. */
  readonly record: FixtureRecordView | undefined;
  /** For all others. */
  readonly value: DefaultView | undefined;
}

export interface FixtureRecordView {
  /** The type of the fields that the user chooses. */
  readonly overrides: string;
  readonly fields: readonly FixtureFieldView[];
}

export interface FixtureFieldView {
  readonly key: string;
  readonly value: DefaultView;
  /** A string literal with the field's name, if there is no default and so the user's is asked for first. */
  readonly required: string | undefined;
}

export interface DoubleMemberView {
  readonly key: string;
  readonly type: TypeView;
}

export interface DoubleFunctionView extends DoubleMemberView {
  readonly spec: readonly SpecPropertyView[];
}

/** A property of what the test kit is told about a function. */
export type SpecPropertyView =
  | { readonly name: "async" | "future" | "results"; readonly text: string }
  /** `makes` is true if the default needs `make`. */
  | { readonly name: "default"; readonly value: DefaultView; readonly makes: boolean };

/** One double: its types, and the function that makes it. Functions of the test kit have their names here. */
export interface DoubleView {
  readonly doc: string;
  /** Of the function that makes it. */
  readonly name: string;
  readonly shape: string;
  readonly type: string;
  /** The type parameter for the store's data, if functions get the caller. */
  readonly data: string | undefined;
  /** The type of the double, and the function that makes any. */
  readonly generic: string;
  readonly factory: string;
  /** What it is a double of. */
  readonly target: TypeView;
  /** A string literal. */
  readonly wit: string;
  readonly functions: readonly DoubleFunctionView[];
  readonly errors: readonly DoubleMemberView[];
  readonly resources: readonly DoubleMemberView[];
  readonly implementations: string;
  readonly options: string;
  /** Undefined for an interface. */
  readonly world: WorldDoubleView | undefined;
}

export interface WorldDoubleView {
  readonly doubles: readonly (DoubleMemberView & {
    readonly make: string;
    readonly data: string | undefined;
  })[];
  /** The type of what the user brings, if modules of the user's stand in for interfaces. */
  readonly given: string | undefined;
}

export interface DoubleFileView {
  readonly header: HeaderView;
  readonly imports: readonly ImportView[];
  readonly parts: readonly DoublePartView[];
}

/** All of one interface or world. */
export interface DoublePartView {
  readonly doubles: readonly DoubleView[];
  readonly fixtures: readonly FixtureView[];
}
