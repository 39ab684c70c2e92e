/** What the API has for guests that can wait, and this version has not. */
import { UnsupportedError } from "../model/errors.ts";

/** @param what of the API: "callAsync" */
export function needsAsyncSupport(what: string, instead: string): UnsupportedError {
  return new UnsupportedError(
    "async support",
    `${what} needs async support, which this version of hostwright does not have: ${instead}`,
  );
}
