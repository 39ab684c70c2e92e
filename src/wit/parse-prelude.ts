/**
 * Docs and attributes: what may stand before an item.
 *
 * Source: WIT.md, "Feature Gates" and `external-id`.
 */

import { didYouMean } from "../model/nearest.ts";
import type { Stability } from "../model/resolve.ts";
import type { Prelude } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import type { Span } from "./source.ts";
import { unquote } from "./string-literal.ts";

type Gate =
  | { readonly kind: "since"; readonly span: Span; readonly version: string }
  | { readonly kind: "deprecated"; readonly span: Span; readonly version: string }
  | { readonly kind: "unstable"; readonly span: Span; readonly feature: string };

const ATTRIBUTES = ["since", "unstable", "deprecated", "external-id"];

export function parsePrelude(cursor: Cursor): Prelude {
  return parseAttributes(cursor, cursor.docs());
}

/** The attributes after docs that have been taken already. */
export function parseAttributes(cursor: Cursor, docs: Pick<Prelude, "docs" | "docsSpan">): Prelude {
  const gates: Gate[] = [];
  let externalId: string | undefined;
  while (cursor.eat("@") !== undefined) {
    const { name, span } = cursor.id();
    switch (name) {
      case "since":
      case "deprecated":
        gates.push({
          kind: name,
          span,
          version: parseArgument(cursor, "version", () => cursor.version().version),
        });
        break;
      case "unstable":
        gates.push({ kind: name, span, feature: parseArgument(cursor, "feature", () => cursor.id().name) });
        break;
      case "external-id": {
        if (externalId !== undefined) {
          cursor.fail({ code: "duplicate", message: "an item has at most one `@external-id`", span });
        }
        const opener = cursor.expect("(");
        const literal = cursor.expect("string literal");
        externalId = unquote(cursor, literal);
        cursor.expect(")", opener);
        break;
      }
      default:
        cursor.fail({
          code: "syntax",
          message: `unknown attribute \`${name}\``,
          span,
          hint: didYouMean(name, ATTRIBUTES) ?? "known are @since, @unstable, @deprecated and @external-id",
        });
    }
  }
  return { ...docs, stability: stabilityOf(cursor, gates), externalId };
}

/** `(name = value)` */
function parseArgument<T>(cursor: Cursor, name: string, parseValue: () => T): T {
  const opener = cursor.expect("(");
  cursor.word(name);
  cursor.expect("=");
  const value = parseValue();
  cursor.expect(")", opener);
  return value;
}

/** At most one of `@since` and `@unstable`, each with or without `@deprecated`. */
function stabilityOf(cursor: Cursor, gates: readonly Gate[]): Stability | undefined {
  const [first, second, third] = gates;
  if (first === undefined) return undefined;
  if (second === undefined && first.kind === "deprecated") {
    cursor.fail({
      code: "gate",
      message: "`@deprecated` must be paired with either `@since` or `@unstable`",
      span: first.span,
    });
  }
  const deprecated = gates.find((gate) => gate.kind === "deprecated")?.version;
  const bases = gates.filter((gate) => gate.kind !== "deprecated");
  const [base] = bases;
  if (base === undefined || bases.length > 1 || third !== undefined) {
    cursor.fail({
      code: "gate",
      message: "unsupported combination of attributes: an item is either `@since` or `@unstable`",
      span: (second ?? first).span,
    });
  }
  return base.kind === "since"
    ? { kind: "stable", since: base.version, deprecated }
    : { kind: "unstable", feature: base.feature, deprecated };
}
