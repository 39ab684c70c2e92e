/**
 * Doc comments: WIT's own docs and gates as TSDoc.
 *
 * `@since` stays what it is, `@unstable` becomes `@experimental`, `@deprecated` keeps its version, and a function
 * that returns a `result` says what it throws.
 */
import type { Stability } from "../model/resolve.ts";
import { commentLine, commentLines } from "./escape.ts";
import type { DocsView, TypeView } from "./views.ts";

export interface Documented {
  readonly docs: string | undefined;
  readonly stability?: Stability | undefined;
}

export interface DocsExtras {
  /** The payload of the `ComponentError` that a function throws. */
  readonly throws?: TypeView | undefined;
  /** Stands in where WIT has no docs. */
  readonly fallback?: string | undefined;
  /** Lines that follow, such as `@packageDocumentation`. */
  readonly tags?: readonly string[] | undefined;
}

/** The doc comment of an item, if there is anything to say. */
export function docsView(item: Documented, extras: DocsExtras = {}): DocsView | undefined {
  const text = commentLines(item.docs ?? "");
  const lines = text.length > 0 || extras.fallback === undefined ? text : commentLines(extras.fallback);
  const tags = [...stabilityTags(item.stability), ...(extras.tags ?? [])];
  const { throws } = extras;
  if (lines.length === 0 && tags.length === 0 && throws === undefined) {
    return undefined;
  }
  const gap = lines.length > 0 && (tags.length > 0 || throws !== undefined) ? [""] : [];
  const all = [...lines, ...gap, ...tags];
  return { lines: all, throws, single: all.length + (throws === undefined ? 0 : 1) === 1 };
}

function stabilityTags(stability: Stability | undefined): string[] {
  if (stability === undefined) {
    return [];
  }
  const tags =
    stability.kind === "stable"
      ? [`@since ${stability.since}`]
      : [`@experimental feature \`${stability.feature}\``];
  if (stability.deprecated !== undefined) {
    tags.push(`@deprecated since ${stability.deprecated}`);
  }
  return tags.map(commentLine);
}
