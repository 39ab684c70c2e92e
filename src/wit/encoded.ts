/**
 * Decodes a WIT package in WebAssembly's binary form.
 *
 * The contract is at the top of `resolve.ts`.
 */
import { UnsupportedError } from "../model/errors.ts";
import type { Resolve } from "../model/resolve.ts";

/**
 * @param path for messages.
 * @throws WitError if the bytes are no encoded WIT package.
 */
export function decodeWitPackage(_bytes: Uint8Array, path: string): Resolve {
  throw new UnsupportedError("encoded-wit", `${path}: encoded WIT packages are not supported yet`);
}
