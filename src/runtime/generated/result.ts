/**
 * Results as values, as generated bindings have them where a rule says `results: "value"`: the glue returns the ok and
 * throws the err of a `result`, and these functions stand between.
 */
import { ComponentError } from "../../abi/component-error.ts";

/**
 * A WIT `result<T, E>`. Without a payload, `val` may be left out.
 *
 * @example
 * const found: Result<string, ErrorCode> = { tag: "ok", val: "text" };
 */
export type Result<T = void, E = void> = Tagged<"ok", T> | Tagged<"err", E>;

// biome-ignore lint/suspicious/noConfusingVoidType: that is what is asked
type Tagged<Tag extends string, T> = [void] extends [T] ? { tag: Tag; val?: T } : { tag: Tag; val: T };

interface AnyResult {
  readonly tag: "ok" | "err";
  readonly val?: unknown;
}

/** A host function that returns a result, as one that returns its ok and throws its err. */
export function fromResult<A extends readonly unknown[]>(
  fn: (...args: A) => AnyResult,
): (...args: A) => unknown {
  return (...args) => unwrap(fn(...args));
}

/** The same for a function that returns a promise. */
export function fromResultAsync<A extends readonly unknown[]>(
  fn: (...args: A) => Promise<AnyResult>,
): (...args: A) => Promise<unknown> {
  return async (...args) => unwrap(await fn(...args));
}

function unwrap(result: AnyResult | undefined): unknown {
  switch (result?.tag) {
    case "ok":
      return result.val;
    case "err":
      // Not a ComponentError: nobody reads its stack, and taking one costs more than the call.
      throw { payload: result.val };
    default:
      throw new TypeError('expected a result, { tag: "ok", val } or { tag: "err", val }');
  }
}

/** A call into a guest, whose thrown err becomes a value. Anything else that is thrown stays thrown. */
export function toResult<T, E>(call: () => T): Result<T, E> {
  try {
    return { tag: "ok", val: call() } as Result<T, E>;
  } catch (error) {
    return errOf<T, E>(error);
  }
}

/** The same for a call that returns a promise. */
export async function toResultAsync<T, E>(call: () => Promise<T>): Promise<Result<T, E>> {
  try {
    return { tag: "ok", val: await call() } as Result<T, E>;
  } catch (error) {
    return errOf<T, E>(error);
  }
}

function errOf<T, E>(error: unknown): Result<T, E> {
  if (!(error instanceof ComponentError)) throw error;
  return { tag: "err", val: error.payload } as Result<T, E>;
}
