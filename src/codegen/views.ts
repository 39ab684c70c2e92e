/**
 * Views: what the templates in `templates/` print.
 *
 * A view is plain data with every name already decided and every foreign text already escaped, so a
 * template only lays it out. There is one interface here for each partial, of the same name.
 */

/** A TypeScript type. Each member is one form of type; a template tests for its key. */
export type TypeView =
  /** A keyword, or the name of a type. */
  | { readonly ref: string }
  | { readonly generic: string; readonly args: readonly TypeView[] }
  | { readonly array: TypeView; readonly parentheses: boolean }
  | { readonly tuple: true; readonly elements: readonly TypeView[] }
  | { readonly union: readonly TypeView[] }
  /** An object `{ tag: ...; val: ... }`; `tag` is a string literal. */
  | {
      readonly tag: string;
      readonly val: TypeView | undefined;
      readonly optional: boolean;
      readonly docs?: DocsView | undefined;
    }
  /** A string literal. */
  | { readonly literal: string; readonly docs?: DocsView | undefined };

/** A doc comment. */
export interface DocsView {
  readonly lines: readonly string[];
  /** The payload of the `ComponentError` that a function throws. */
  readonly throws: TypeView | undefined;
  /** True if all of it fits in one line. */
  readonly single: boolean;
}

export interface FieldView {
  readonly docs: DocsView | undefined;
  readonly key: string;
  readonly type: TypeView;
  readonly optional: boolean;
}

/** The declaration of a named type: one of the optional members says which form it has. */
export interface DeclarationView {
  readonly docs: DocsView | undefined;
  readonly name: string;
  readonly record?: { readonly fields: readonly FieldView[] };
  /** Members of a union, one a line, each with its own docs. */
  readonly cases?: readonly TypeView[];
  readonly alias?: TypeView;
  readonly resource?: ResourceView;
}

export interface ResourceView {
  /** `Disposable`, as it is called here. */
  readonly base: string;
  readonly methods: readonly FunctionView[];
  /** The type of the class; undefined if there is neither a constructor nor a static function. */
  readonly class: ClassView | undefined;
}

export interface ClassView {
  readonly name: string;
  readonly resource: string;
  readonly constructors: readonly FunctionView[];
  readonly statics: readonly FunctionView[];
}

export interface ParamView {
  readonly name: string;
  readonly type: TypeView;
}

export interface FunctionView {
  readonly docs: DocsView | undefined;
  /** The member's name as declared. */
  readonly key: string;
  readonly params: readonly ParamView[];
  /** The type returned, a promise for an async function. */
  readonly returns: TypeView;
}

/** A type descriptor: an expression over the runtime's `types`, or a constant that holds one. */
export type DescriptorView =
  | { readonly ref: string }
  /** `types.name`; `types` is what that namespace is called here. */
  | { readonly types: string; readonly name: string }
  | {
      readonly types: string;
      readonly call: string;
      readonly args: readonly ArgumentView[];
      /** Fields, cases or names, which get a line each if the call stands alone. */
      readonly block: readonly ArgumentView[] | undefined;
    };

/** An argument of a type builder. */
export type ArgumentView =
  | DescriptorView
  /** A string literal or a number. */
  | { readonly literal: string }
  /** `["name", type]`. */
  | { readonly label: string; readonly type: DescriptorView | undefined }
  | { readonly list: { readonly items: readonly ArgumentView[] } };

export interface ConstantView {
  readonly exported: boolean;
  readonly name: string;
  /** `ValueType` or `ResourceType`, as it is called here. */
  readonly type: string;
  readonly value: DescriptorView;
}

/** One function given to a linker. */
export interface LinkView {
  /** A string literal: the function's name in the component. */
  readonly wit: string;
  readonly async: boolean;
  readonly params: readonly ParamView[];
  /** The call, by its form: exactly one of these is there. */
  readonly free?: { readonly name: string };
  readonly method?: { readonly self: string; readonly name: string };
  readonly static?: { readonly class: string; readonly name: string };
  readonly constructs?: { readonly class: string };
  readonly type: DescriptorView;
}

/** One resource type given to a linker. */
export interface LinkResourceView {
  /** A string literal: the resource's name in the component. */
  readonly wit: string;
  readonly constant: string;
}

/** What the host must bring: the body of `Host` and of `HostedImports`. */
export interface HostView {
  readonly docs: DocsView | undefined;
  readonly properties: readonly PropertyView[];
  readonly functions: readonly FunctionView[];
}

/** The body of an `addToLinker`. */
export interface LinkerView {
  /** A string literal, the name of the instance; undefined for the world itself. */
  readonly instance: string | undefined;
  readonly linker: string;
  /** The type parameter for the store's data. */
  readonly data: string;
  /** True if calls go to the host that `getHost` finds; false if all go to objects that the guest already has. */
  readonly usesHost: boolean;
  readonly resources: readonly LinkResourceView[];
  readonly functions: readonly LinkView[];
}

/** A readonly property that holds an interface, a client or a class. */
export interface PropertyView {
  readonly docs: DocsView | undefined;
  readonly key: string;
  readonly type: string;
}

/** A class that calls a guest. */
export interface ClientView {
  readonly docs: DocsView | undefined;
  /** `Instance`, as it is called here. */
  readonly instance: string;
  /** True if the guest exports anything. */
  readonly used: boolean;
  readonly interfaces: readonly (PropertyView & { readonly client: string })[];
  /** Classes of the guest's resources. */
  readonly classes: readonly (PropertyView & { readonly path: readonly string[] })[];
  readonly functions: readonly CallView[];
}

/** A function that a class calls in the guest. */
export interface CallView extends FunctionView {
  /** String literals: where the instance has the function. */
  readonly path: readonly string[];
  readonly field: string;
  readonly typedFunc: string;
  /** The function's own result, not wrapped in a promise. */
  readonly result: TypeView;
  readonly async: boolean;
  readonly void: boolean;
}

export interface ImportSpecifierView {
  readonly name: string;
  /** Undefined if it is `name`. */
  readonly local: string | undefined;
}

export interface ImportView {
  readonly from: string;
  readonly types: readonly ImportSpecifierView[];
  readonly values: readonly ImportSpecifierView[];
  /** `* as name`. */
  readonly namespace: string | undefined;
}

export interface HeaderView {
  readonly path: string;
  readonly source: string;
  /** The options that shaped the file, as on the command line; empty if there are none. */
  readonly options: string;
}

/** A whole file of an interface. */
export interface InterfaceFileView {
  readonly header: HeaderView;
  readonly docs: DocsView | undefined;
  readonly imports: readonly ImportView[];
  readonly reexports: readonly string[];
  readonly declarations: readonly DeclarationView[];
  readonly host: HostView | undefined;
  readonly link: LinkerView | undefined;
  readonly client: ClientView | undefined;
  readonly constants: readonly ConstantView[];
}

/** The whole file of a world. */
export interface WorldFileView {
  readonly header: HeaderView;
  readonly imports: readonly ImportView[];
  readonly reexports: readonly string[];
  readonly declarations: readonly DeclarationView[];
  readonly name: string;
  readonly host: HostView & { readonly name: string };
  readonly link: LinkerView & {
    /** True if the world imports anything. */
    readonly used: boolean;
    /** True if it imports anything by itself, outside interfaces. */
    readonly usesRoot: boolean;
    readonly interfaces: readonly { readonly module: string; readonly property: string | undefined }[];
  };
  readonly client: ClientView;
  readonly component: string;
  readonly store: string;
  readonly constants: readonly ConstantView[];
}
