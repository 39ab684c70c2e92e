/** The error for a JavaScript value that does not fit its WIT type. */
import { HostwrightError } from "../model/errors.ts";

/**
 * A value that a caller passes to a guest, or that a host function returns to one, does not fit its
 * WIT type. Thrown as such by calls into a guest, before the guest runs; when a host function returns
 * such a value it is the `cause` of a `Trap` with code `host-error`.
 *
 * @example "amal:obs/metrics.read() result: field `items[3].name`: expected string, got undefined"
 */
export class ValueError extends HostwrightError {
  override readonly name = "ValueError";
  readonly code = "value";
  /** Where in the value, as it would be written in JavaScript: `items[3].name`; empty for the value itself. */
  readonly path: string;

  constructor(message: string, path: string) {
    super(message);
    this.path = path;
  }
}
