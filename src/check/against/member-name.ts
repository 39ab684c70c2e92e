/** Functions of resources are named after their kind: "[method]blob.read". */
import type { Func } from "../../model/resolve.ts";

/** "read", "blob.read"; a constructor is "blob.constructor". */
export function displayName(key: string): string {
  const [, kind, name] = /^\[(method|static|constructor)\](.*)$/.exec(key) ?? [];
  if (name === undefined) return key;
  return kind === "constructor" ? `${name}.constructor` : name;
}

/** By the key of a function of the new version: one of the old that differs only in its kind. */
export function sameMember(
  before: ReadonlyMap<string, Func>,
  after: ReadonlyMap<string, Func>,
): Map<string, Func> {
  const gone = new Map<string, Func>();
  for (const [key, func] of before) if (!after.has(key)) gone.set(displayName(key), func);
  const found = new Map<string, Func>();
  for (const key of after.keys()) {
    const old = before.has(key) ? undefined : gone.get(displayName(key));
    if (old !== undefined) found.set(key, old);
  }
  return found;
}
