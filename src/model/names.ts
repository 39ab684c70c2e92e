/**
 * From WIT's kebab-case names to the names that TypeScript sees.
 *
 * The generator and the runtime must agree on these to the letter, so both take them from here.
 */

/** "get-item" -> "getItem", "HTTP-status" -> "httpStatus". As jco (and the crate `heck`) does it. */
export function camelCase(kebab: string): string {
  const pascal = pascalCase(kebab);
  const first = kebab.indexOf("-");
  const head = first === -1 ? kebab : kebab.slice(0, first);
  return head.toLowerCase() + pascal.slice(head.length);
}

/** "get-item" -> "GetItem". */
export function pascalCase(kebab: string): string {
  let out = "";
  for (const word of kebab.split("-")) {
    out += word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
  }
  return out;
}

/**
 * Members that an object or class must not get from WIT: `constructor` means something else in a class, and
 * an object with `then` looks like a promise when it is awaited.
 */
export const reservedMembers: ReadonlySet<string> = new Set(["constructor", "then"]);

/** The same for what is static: every class has these properties. */
export const reservedStatics: ReadonlySet<string> = new Set([
  ...reservedMembers,
  "arguments",
  "caller",
  "length",
  "name",
  "prototype",
]);
