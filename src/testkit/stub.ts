/** One function of a double: what it does, and how it was called. */
import { ComponentError } from "../abi/component-error.ts";
import { ConfigError } from "../model/errors.ts";
import type { AnyCall } from "./call.ts";
import { NoDefaultError, UnprogrammedCallError } from "./errors.ts";
import type { Arguments, Behaviour, Result } from "./shape.ts";

/** The argument of `returns`: none is needed where the function returns nothing. */
export type ResultArgument<F> = undefined extends Result<F> ? [value?: Result<F>] : [value: Result<F>];

/** The argument of `err`; there is none that fits if the function returns no `result`. */
export type ErrArgument<E> = [E] extends [never]
  ? [noResult: never]
  : undefined extends E
    ? [payload?: E]
    : [payload: E];

/**
 * Programs one function of a double, and tells how it was called.
 *
 * What is said with `...Once` is used up by one call, in the order in which it was said; after that, what was said last without
 * `Once` holds.
 *
 * @example
 * double.stub("get").errOnce("not-found").returns("value");
 */
export interface Stub<F, E = never, This = undefined> {
  /** The arguments of each call. */
  readonly calls: readonly Arguments<F>[];
  /** For a function that returns a promise, `value` may be what the promise holds. */
  returns(...value: ResultArgument<F>): this;
  returnsOnce(...value: ResultArgument<F>): this;
  /** Throws, or rejects. A guest that imports the function traps, unless it is a `ComponentError`. */
  throws(error: unknown): this;
  throwsOnce(error: unknown): this;
  /** Makes the function's `result` an err: thrown as `ComponentError`, or returned, as the rules say for it. */
  err(...payload: ErrArgument<E>): this;
  errOnce(...payload: ErrArgument<E>): this;
  /** For a method or a drop, `this` is the object that it is called on; for a constructor, one that it may return. */
  does(behaviour: Behaviour<F, This>): this;
  doesOnce(behaviour: Behaviour<F, This>): this;
  /** Forgets what has been said, and all calls. */
  reset(): void;
}

type AnyBehaviour = (this: unknown, ...args: unknown[]) => unknown;

export interface FunctionStubInit {
  readonly interface: string;
  readonly name: string;
  readonly async: boolean;
  readonly future: boolean;
  readonly results: "throw" | "value" | undefined;
  /** True if calls are on an object. */
  readonly method: boolean;
  /** What it does unless it is programmed. */
  readonly implementation: AnyBehaviour | undefined;
  readonly fallback: AnyBehaviour;
  /** True if it must not come to the fallback. */
  readonly strict: boolean;
  /** Told of each call, before anything is done. */
  readonly onCall: (call: AnyCall) => void;
}

type MutableCall = { -readonly [K in keyof AnyCall]: AnyCall[K] };

export class FunctionStub implements Stub<(...args: unknown[]) => unknown, unknown, unknown> {
  readonly calls: unknown[][] = [];
  readonly #init: FunctionStubInit;
  readonly #once: AnyBehaviour[] = [];
  #always: AnyBehaviour | undefined;

  constructor(init: FunctionStubInit) {
    this.#init = init;
  }

  returns(value?: unknown): this {
    return this.does(() => value);
  }

  returnsOnce(value?: unknown): this {
    return this.doesOnce(() => value);
  }

  throws(error: unknown): this {
    return this.does(throwing(error));
  }

  throwsOnce(error: unknown): this {
    return this.doesOnce(throwing(error));
  }

  err(payload?: unknown): this {
    return this.does(this.#erring(payload));
  }

  errOnce(payload?: unknown): this {
    return this.doesOnce(this.#erring(payload));
  }

  does(behaviour: AnyBehaviour): this {
    this.#always = behaviour;
    return this;
  }

  doesOnce(behaviour: AnyBehaviour): this {
    this.#once.push(behaviour);
    return this;
  }

  reset(): void {
    this.calls.length = 0;
    this.#once.length = 0;
    this.#always = undefined;
  }

  /** Calls the function. @param self the object, for a method */
  call(self: unknown, args: unknown[]): unknown {
    const { interface: interfaceName, name, async, future, method, onCall } = this.#init;
    const call: MutableCall = { interface: interfaceName, name, args };
    if (method) call.self = self;
    this.calls.push(args);
    onCall(call);
    try {
      const result = this.#next().apply(self, args);
      if (async || future) return settled(Promise.resolve(result), call);
      call.result = result;
      return result;
    } catch (error) {
      call.error = error;
      if (async) return Promise.reject(error);
      throw error;
    }
  }

  #next(): AnyBehaviour {
    const { interface: interfaceName, name, implementation, fallback, strict } = this.#init;
    const told = this.#once.shift() ?? this.#always ?? implementation;
    if (told !== undefined) return told;
    if (strict) {
      throw new UnprogrammedCallError(
        interfaceName,
        name,
        "the double is strict and has not been told about it",
      );
    }
    return function (...args) {
      try {
        return fallback.apply(this, args);
      } catch (error) {
        if (!(error instanceof NoDefaultError)) throw error;
        throw new UnprogrammedCallError(interfaceName, name, error.message);
      }
    };
  }

  #erring(payload: unknown): AnyBehaviour {
    const { interface: interfaceName, name, results } = this.#init;
    switch (results) {
      case "throw":
        return throwing(new ComponentError(payload));
      case "value":
        return () => ({ tag: "err", val: payload });
      case undefined:
        throw new ConfigError(
          `${interfaceName}: ${name} returns no result in its WIT, and so has no err; use throws() for an error of the host`,
        );
    }
  }
}

function throwing(error: unknown): AnyBehaviour {
  return () => {
    throw error;
  };
}

/** Notes what becomes of a promise; the caller gets the promise itself. */
function settled(promise: Promise<unknown>, call: MutableCall): Promise<unknown> {
  promise.then(
    (result) => {
      call.result = result;
    },
    (error: unknown) => {
      call.error = error;
    },
  );
  return promise;
}
