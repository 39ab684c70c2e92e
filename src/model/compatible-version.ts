/**
 * Which versions of an interface can stand for each other.
 *
 * Source: wasmtime's `alternate_lookup_key` (`wasmtime_environ::component::names`), and Explainer.md, "Canonical
 * Interface Name" (`canonversion`), which are the same for all but pre-releases.
 */

/** What compatible names have in common; undefined if only the exact name will do. */
export function compatibilityKey(name: string): string | undefined {
  const at = name.indexOf("@");
  if (at === -1) return undefined;
  const version = name.slice(at + 1);
  // As components write it that keep the rest in a `versionsuffix`: "1", "0.2".
  if (/^(?:[1-9]\d*|0\.[1-9]\d*)$/.test(version)) return name;
  // A pre-release is compatible with nothing but itself.
  const found = /^(\d+)\.(\d+)\.(\d+)(?:\+.*)?$/.exec(version);
  if (found === null) return undefined;
  const [, major, minor, patch] = found;
  const base = name.slice(0, at);
  if (major !== "0") return `${base}@${major}`;
  if (minor !== "0") return `${base}@0.${minor}`;
  return `${base}@0.0.${patch}`;
}

/** The name without its version: "a:b/c" of "a:b/c@0.2.3". */
export function withoutVersion(name: string): string {
  const at = name.indexOf("@");
  return at === -1 ? name : name.slice(0, at);
}
