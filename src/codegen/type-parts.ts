/** What a type is made of, all the way down. */
import type { Type } from "../model/resolve.ts";

/** What is known of types: whether they are, or have among their parts, what is looked for. */
export type KnownTypes = Map<Type, boolean>;

/**
 * True if `test` holds for a type or for any of its parts. Resources have none.
 *
 * Without recursion, since chains of names may be long; types share their parts, so each is looked at once.
 */
export function hasPart(type: Type, test: (part: Type) => boolean, known: KnownTypes): boolean {
  const seen: Type[] = [];
  const queue: Type[] = [type];
  let found = false;
  for (let next = queue.pop(); next !== undefined && !found; next = queue.pop()) {
    const answer = known.get(next);
    if (answer !== undefined) {
      found = answer;
      continue;
    }
    known.set(next, false);
    seen.push(next);
    found = test(next);
    if (typeof next !== "string") queue.push(...partsOf(next));
  }
  // What was on the way is not known to be without: it is asked again, if it is asked for.
  if (found) for (const item of seen) known.delete(item);
  known.set(type, found);
  return found;
}

function partsOf({ type }: Exclude<Type, string>): Type[] {
  const present = (types: readonly (Type | undefined)[]): Type[] =>
    types.filter((part) => part !== undefined);
  switch (type.kind) {
    case "alias":
      return [type.target];
    case "record":
      return type.fields.map((field) => field.type);
    case "variant":
      return present(type.cases.map((item) => item.type));
    case "tuple":
      return [...type.types];
    case "list":
    case "fixed-length-list":
      return [type.element];
    case "map":
      return [type.key, type.value];
    case "option":
      return [type.some];
    case "result":
      return present([type.ok, type.err]);
    case "stream":
    case "future":
      return present([type.element]);
    case "own":
    case "borrow":
    case "resource":
    case "enum":
    case "flags":
      return [];
  }
}
