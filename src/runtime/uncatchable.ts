/**
 * A trap on demand that no guest can catch.
 *
 * A JavaScript exception that an import throws is caught by a guest's `catch_all`; a trap of wasm itself is
 * not, even when it crosses JavaScript. So whatever is to stop a guest is noted down first, and then a real
 * `unreachable` is executed.
 */

/** `(module (func $"hostwright: trap" (export "trap") unreachable))` */
const module = "AGFzbQEAAAABBAFgAAADAgEABwgBBHRyYXAAAAoFAQMAAAsAGgRuYW1lARMBABBob3N0d3JpZ2h0OiB0cmFw";

/** Makes the function that traps. */
export function uncatchableTrap(): () => never {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(module, "base64")));
  const { trap } = exports as { trap: () => never };
  return trap;
}
