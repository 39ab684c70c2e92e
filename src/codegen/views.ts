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
  /** An object of the cases of an enum, and the union of their values. */
  readonly constants?: readonly EnumCaseView[];
  readonly record?: { readonly fields: readonly FieldView[] };
  /** Members of a union, one a line, each with its own docs. */
  readonly cases?: readonly TypeView[];
  readonly alias?: TypeView;
  readonly resource?: ResourceView;
}

export interface EnumCaseView {
  readonly docs: DocsView | undefined;
  readonly key: string;
  /** A string literal. */
  readonly literal: string;
}

export interface ResourceView {
  /** True if the type of its objects is declared elsewhere. */
  readonly external: boolean;
  /** `Disposable`, as it is called here. */
  readonly base: string;
  readonly methods: readonly FunctionView[];
  /** The type of the class; undefined if there is neither a constructor nor a static function. */
  readonly class: ClassView | undefined;
}

export interface ClassView {
  readonly name: string;
  /** The type parameter for the store's data, if functions get the caller. */
  readonly data: string | undefined;
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
  /** True if each parameter gets a line. */
  readonly wrap: boolean;
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
  readonly handler: HandlerView;
  readonly type: DescriptorView;
  /** True if the parameters of the type get a line each. */
  readonly wrapType: boolean;
}

/** A host function as the linker takes it: a call of the host, maybe within others. The functions have their names here. */
export type HandlerView =
  | { readonly lambda: LambdaView }
  | { readonly fromResult: string; readonly inner: HandlerView }
  | {
      readonly mapErrors: string;
      /** The user's function, and what it makes of an error. */
      readonly map: string;
      readonly error: TypeView;
      readonly inner: HandlerView;
    }
  /** `name` is a string literal. */
  | { readonly traced: string; readonly name: string; readonly inner: HandlerView };

export interface LambdaView {
  readonly caller: string;
  /** Undefined where TypeScript can tell. */
  readonly callerType: TypeView | undefined;
  /** What follows the caller: `self`, if it is a method, and the parameters. */
  readonly declared: readonly ParamView[];
  /** What is passed on. */
  readonly params: readonly ParamView[];
  readonly wrap: boolean;
  /** True if the host gets the caller. */
  readonly passCaller: boolean;
  readonly target: CallTargetView;
}

/** What a host function calls. */
export type CallTargetView =
  | { readonly free: { readonly name: string } }
  | { readonly method: { readonly self: string; readonly name: string } }
  | { readonly static: { readonly class: string; readonly name: string } }
  | { readonly constructs: { readonly class: string } };

/** One resource type given to a linker. */
export interface LinkResourceView {
  /** A string literal: the resource's name in the component. */
  readonly wit: string;
  readonly constant: string;
}

/** What the host must bring: the body of `Host` and of `HostedImports`. */
export interface HostView {
  readonly name: string;
  /** The type parameter for the store's data, if functions get the caller. */
  readonly parameter: string | undefined;
  readonly docs: DocsView | undefined;
  readonly properties: readonly PropertyView[];
  readonly functions: readonly FunctionView[];
}

/** The body of an `addToLinker`. */
export interface LinkerView {
  /** The function's own name. */
  readonly name: string;
  /** The type of what `getHost` finds. */
  readonly host: string;
  /** The type of the tracer, if calls are traced. */
  readonly tracer: string | undefined;
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
  readonly interfaces: readonly (PropertyView & {
    readonly client: string;
    /** The field with the tracer that it is given, if it takes one. */
    readonly tracer: boolean;
  })[];
  /** Classes of the guest's resources. */
  readonly classes: readonly ClassPropertyView[];
  readonly functions: readonly CallView[];
  /** Undefined if no call is traced. */
  readonly tracer: { readonly type: string; readonly field: string } | undefined;
}

/** The class of a guest's resource. */
export interface ClassPropertyView {
  /** Undefined if it cannot be used by itself. */
  readonly key: string | undefined;
  readonly type: string;
  /** String literals: where the instance has it. */
  readonly path: readonly string[];
  readonly results: ResultMembersView | undefined;
}

/** Members, as string literals, that shall return results. */
export interface ResultMembersView {
  readonly function: string;
  readonly methods: readonly string[];
  readonly statics: readonly string[];
}

/** A function that a class calls in the guest. */
export interface CallView extends FunctionView {
  /** String literals: where the instance has the function. */
  readonly path: readonly string[];
  readonly field: string;
  readonly wrapField: boolean;
  readonly typedFunc: string;
  /** The function's own result, not wrapped in a promise. */
  readonly result: TypeView;
  readonly async: boolean;
  readonly void: boolean;
  /** What makes one value of its ok and its err. */
  readonly toResult: { readonly function: string; readonly ok: TypeView; readonly err: TypeView } | undefined;
  /** `name` is a string literal. */
  readonly traced: { readonly function: string; readonly name: string } | undefined;
  readonly tracerField: string;
}

export interface ImportSpecifierView {
  readonly name: string;
  /** Undefined if it is `name`. */
  readonly local: string | undefined;
}

export interface ImportView {
  /** A string literal. */
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
  /** The user's own lines. */
  readonly text: readonly string[];
}

/** What a file has of an interface. */
export interface InterfaceView {
  readonly declarations: readonly DeclarationView[];
  readonly host: HostView | undefined;
  readonly link: LinkerView | undefined;
  readonly client: (ClientView & { readonly exports: string; readonly name: string }) | undefined;
}

/** A whole file of an interface. */
export interface InterfaceFileView extends InterfaceView {
  readonly header: HeaderView;
  readonly docs: DocsView | undefined;
  readonly imports: readonly ImportView[];
  readonly reexports: readonly string[];
  readonly constants: readonly ConstantView[];
}

/** The whole file of a world. */
export interface WorldFileView {
  readonly header: HeaderView;
  readonly imports: readonly ImportView[];
  readonly reexports: readonly string[];
  /** With all in one file: the interfaces. */
  readonly parts: readonly InterfaceView[];
  readonly declarations: readonly DeclarationView[];
  readonly name: string;
  readonly host: HostView;
  readonly link: LinkerView & {
    /** The type parameter of `instantiate`. */
    readonly data: string;
    /** True if the world imports anything. */
    readonly used: boolean;
    /** True if it imports anything by itself, outside interfaces. */
    readonly usesRoot: boolean;
    readonly interfaces: readonly {
      /** Its `addToLinker`, as it is called here. */
      readonly add: string;
      readonly property: string | undefined;
      readonly tracer: boolean;
    }[];
  };
  readonly client: ClientView;
  /** `Tracer`, as it is called here, if the world's class takes one. */
  readonly clientTracer: string | undefined;
  readonly component: string;
  readonly store: string;
  readonly constants: readonly ConstantView[];
}
