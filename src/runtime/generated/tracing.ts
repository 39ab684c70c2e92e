/**
 * Tracing of calls, as generated bindings do it where a rule asks for `tracing`.
 *
 * No tracer, no cost: a traced function is then the function itself.
 */

/** A call that crosses the border between host and guest. */
export interface TracedCall {
  /** "amal:obs/metrics@0.1.0#counter", "amal:obs/store#[method]blob.read"; for a world's own function its name. */
  readonly name: string;
  /** `import`: the guest calls the host. `export`: the host calls the guest. */
  readonly side: "import" | "export";
  /** The arguments as the callee gets them, without the caller; of a method, the object comes first. */
  readonly args: readonly unknown[];
}

/** How a call ended. */
export type TracedOutcome =
  | { readonly kind: "returned"; readonly value: unknown }
  /** Also the `err` of a `result`, as a `ComponentError`. */
  | { readonly kind: "threw"; readonly error: unknown };

/**
 * Sees calls begin and end. What it throws is thrown to whoever called.
 *
 * @example
 * const tracer: Tracer = {
 *   enter({ name }) {
 *     const span = startSpan(name);
 *     return (outcome) => span.end(outcome.kind);
 *   },
 * };
 */
export interface Tracer {
  /**
   * A call begins.
   *
   * @returns what is called when it has ended, for a promise when it is settled
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a tracer may return nothing
  enter(call: TracedCall): ((outcome: TracedOutcome) => void) | undefined | void;
}

/** A host function that shows its calls to `tracer`; the function itself if there is none. */
export function traced<C, A extends readonly unknown[], R>(
  tracer: Tracer | undefined,
  name: string,
  fn: (caller: C, ...args: A) => R,
): (caller: C, ...args: A) => R {
  if (tracer === undefined) return fn;
  return (caller, ...args) => tracedCall(tracer, { name, side: "import", args }, () => fn(caller, ...args));
}

/** Runs a call and shows it to `tracer`. */
export function tracedCall<R>(tracer: Tracer | undefined, call: TracedCall, run: () => R): R {
  const exit = tracer?.enter(call);
  if (exit === undefined) return run();
  let value: R;
  try {
    value = run();
  } catch (error) {
    exit({ kind: "threw", error });
    throw error;
  }
  if (value instanceof Promise) {
    return value.then(
      (settled: unknown) => {
        exit({ kind: "returned", value: settled });
        return settled;
      },
      (error: unknown) => {
        exit({ kind: "threw", error });
        throw error;
      },
    ) as R;
  }
  exit({ kind: "returned", value });
  return value;
}
