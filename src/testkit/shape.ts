/** What a double is a double of: types that generated code fills in, and what follows from them. */

/** Generated for each interface and world. */
export interface DoubleShape {
  /**
   * Signatures by name: a function is "counter", and of a resource there are "new Blob", "Blob#read" (a method), "Blob.merge"
   * (a static function) and "drop Blob".
   */
  readonly functions: object;
  /** By function: the err of those that return a WIT `result`. */
  readonly errors: object;
  /** The types of the objects of resources, by their names. */
  readonly resources: object;
}

/** Generated for each side of a world. */
export interface WorldShape extends DoubleShape {
  /** The doubles of its interfaces, by what the world calls them. */
  readonly doubles: object;
}

/** What a double calls its functions. */
export type FunctionName<S extends DoubleShape> = keyof S["functions"] & string;

/** What a double calls its resources. */
export type ResourceName<S extends DoubleShape> = keyof S["resources"] & string;

export type Arguments<F> = F extends (...args: infer A) => unknown ? A : never;

export type Returns<F> = F extends (...args: never[]) => infer R ? R : never;

/** What may be said of a function's result: for one that returns a promise, also what the promise is to hold. */
export type Result<F> = [Returns<F>] extends [Promise<infer V>] ? V | Returns<F> : Returns<F>;

/** The object that a method is called on, a drop ends, or a constructor may return. */
export type Self<S extends DoubleShape, K> = K extends
  | `${infer N}#${string}`
  | `new ${infer N}`
  | `drop ${infer N}`
  ? N extends ResourceName<S>
    ? S["resources"][N]
    : undefined
  : undefined;

/** The err of a function; `never` if it returns no `result`. */
export type ErrorOf<S extends DoubleShape, K> = K extends keyof S["errors"] ? S["errors"][K] : never;

/** What a function shall do. An arrow function will do where `this` is of no interest. */
export type Behaviour<F, This> = (this: This, ...args: Arguments<F>) => Result<F>;

/** What some functions do unless they are programmed to do something else. */
export type Implementations<S extends DoubleShape> = {
  readonly [K in FunctionName<S>]?: Behaviour<S["functions"][K], Self<S, K>>;
};

/** Makes an object of a resource. */
export type Make<S extends DoubleShape> = <K extends ResourceName<S>>(resource: K) => S["resources"][K];

/** What generated code knows of a function. */
export interface FunctionSpec<S extends DoubleShape, K extends FunctionName<S>> {
  /** It returns a promise, and does not throw but reject. */
  readonly async?: true;
  /** Its result is a promise: it may throw before there is one. */
  readonly future?: true;
  /** It returns a WIT `result`: as what. */
  readonly results?: "throw" | "value";
  /** Default: a function that returns undefined. */
  readonly default?: (make: Make<S>) => Result<S["functions"][K]>;
}

export type FunctionSpecs<S extends DoubleShape> = {
  readonly [K in FunctionName<S>]: FunctionSpec<S, K>;
};

/** The signature of a class's constructor. */
export type Constructs<C> = C extends abstract new (...args: infer A) => infer R ? (...args: A) => R : never;

/** The part of a record that is not to be as by default. */
export type Overrides<T> = Partial<T>;

/** What a class shows, which an object that is no instance of it can have as well. */
export type Public<T> = Pick<T, keyof T>;
