/** What a type is made of, all the way down. */
import type { Type } from "../model/resolve.ts";
import { definitionParts } from "../model/type-parts.ts";

/** What is known of types: whether they are, or have among their parts, what is looked for. */
export type KnownTypes = Map<Type, boolean>;

/**
 * True if `test` holds for a type or for any of its parts.
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
    if (typeof next === "string") continue;
    for (const part of definitionParts(next.type)) if (part !== undefined) queue.push(part);
  }
  // What was on the way is not known to be without: it is asked again, if it is asked for.
  if (found) for (const item of seen) known.delete(item);
  known.set(type, found);
  return found;
}
