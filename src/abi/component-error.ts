/** The declared error of a function that returns a WIT `result`. */
import { HostwrightError } from "../model/errors.ts";

/**
 * The `err` of a function whose WIT type is `result<T, E>`. It is a value, not a failure of the guest:
 * calls into a guest throw it, host functions may throw it, and the store stays usable.
 *
 * A host function may as well throw any object with a `payload`, or a bare E that is not an Error.
 */
export class ComponentError<E = unknown> extends HostwrightError {
  override readonly name = "ComponentError";
  readonly code = "component-error";
  /** The `err` itself, as a JavaScript value; undefined if the `result` has none. */
  readonly payload: E;

  constructor(payload: E) {
    super(`the component returned an error: ${summary(payload)}`);
    this.payload = payload;
  }
}

const SUMMARY_LENGTH = 200;

function summary(payload: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(payload, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  } catch {
    // A cycle, or a toJSON of the user's that throws: the payload itself says more than we can.
  }
  text ??= String(typeof payload);
  return text.length > SUMMARY_LENGTH ? `${text.slice(0, SUMMARY_LENGTH)}...` : text;
}
