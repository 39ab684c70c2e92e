/** Error mapping, as generated bindings do it where a rule has an `errorMap`. */
import { ComponentError } from "../../abi/component-error.ts";

/**
 * A host function whose errors `map` turns into the `err` of its WIT `result`.
 *
 * A `ComponentError`, and anything else with a `payload`, is an `err` already and is not shown to `map`. What `map` has no answer
 * for (undefined) stays thrown, and ends the guest with a Trap of code `host-error`.
 */
export function mapErrors<A extends readonly unknown[], R>(
  map: (error: unknown) => unknown,
  fn: (...args: A) => R,
): (...args: A) => R {
  return (...args) => {
    try {
      return fn(...args);
    } catch (error) {
      throw mapped(map, error);
    }
  };
}

/** The same for a function that returns a promise. */
export function mapErrorsAsync<A extends readonly unknown[], R>(
  map: (error: unknown) => unknown,
  fn: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await fn(...args);
    } catch (error) {
      throw mapped(map, error);
    }
  };
}

function mapped(map: (error: unknown) => unknown, error: unknown): unknown {
  if (typeof error === "object" && error !== null && "payload" in error) return error;
  const payload = map(error);
  return payload === undefined ? error : new ComponentError(payload);
}
