/**
 * The one escaper of foreign text: what a WIT file says may enter generated code only through here.
 *
 * Generated code has three places for foreign text: identifiers (`identifiers.ts`), string literals, and
 * comments.
 */

/**
 * Characters that must not stand in a comment as they are: controls other than tab, line separators
 * that only some tools take for line ends, and those that reorder or hide text ("trojan source").
 */
const invisible = new RegExp(
  [
    "[",
    "\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f", // C0 (but tab and newline), DEL, C1
    "\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f", // bidirectional and zero-width controls
    "\\u2028\\u2029\\ufeff", // line and paragraph separator, byte order mark
    "\\ud800-\\udfff", // lone surrogates, with the `u` flag
    "]",
  ].join(""),
  "gu",
);

/** A string literal of JavaScript. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replace(invisible, escapeCharacter);
}

/** Text for one line of a comment, line or block. */
export function commentLine(text: string): string {
  return text
    .replace(/\*\//g, "*\\/")
    .replace(/[\r\n]+/g, " ")
    .replace(invisible, escapeCharacter)
    .trimEnd();
}

/** Text for a block comment, as lines, without blank lines at both ends. */
export function commentLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/).map(commentLine);
  const first = lines.findIndex((line) => line !== "");
  const last = lines.findLastIndex((line) => line !== "");
  return first === -1 ? [] : lines.slice(first, last + 1);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
