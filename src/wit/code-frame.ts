/**
 * Renders a problem for a terminal: message, `file:line:column`, the line with a caret, hints.
 *
 * The text shown may be an attacker's: control and bidirectional characters are escaped, and long
 * lines are cut around the place.
 */
import type { Problem } from "./errors.ts";
import type { Span } from "./source.ts";

/** The widest piece of a source line that is shown. */
const FRAME_WIDTH = 120;

// Control characters (but not the tab, which keeps its place in a frame), bidirectional controls,
// line and paragraph separators, the byte order mark, lone surrogates, and what Unicode discourages.
const UNPRINTABLE =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text that a terminal shows as it is, with everything else as `\u{...}`. */
export function printableText(text: string): string {
  return text.replace(UNPRINTABLE, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
}

export function renderFrame(problem: Problem): string {
  const lines = [problem.message];
  let gutter = "";
  if (problem.span !== undefined) {
    const { line } = problem.span.source.position(problem.span.start);
    gutter = " ".repeat(String(line).length);
    lines.push(...frame(problem.span, gutter));
  } else if (problem.file !== undefined) {
    lines.push(`  --> ${problem.file}`);
  }
  for (const place of problem.related ?? []) {
    const { line, column } = place.span.source.position(place.span.start);
    lines.push(`${gutter}  = ${place.message} (${place.span.source.path}:${line}:${column})`);
  }
  for (const note of problem.notes ?? []) lines.push(`${gutter}  = ${note}`);
  if (problem.hint !== undefined) lines.push(`${gutter}  = help: ${problem.hint}`);
  return lines.join("\n");
}

function frame(span: Span, gutter: string): string[] {
  const { source } = span;
  const { line, column } = source.position(span.start);
  const end = source.position(span.end);
  const text = source.line(line);
  const from = Math.min(column - 1, text.length);
  const to = Math.min(end.line === line ? end.column - 1 : text.length, from + FRAME_WIDTH);
  // Cut a long line so that the place stays in view.
  const cutStart = text.length <= FRAME_WIDTH ? 0 : Math.max(0, from - (FRAME_WIDTH >> 1));
  const cutEnd = Math.max(to, Math.min(text.length, cutStart + FRAME_WIDTH));
  const before = (cutStart > 0 ? "..." : "") + printableText(text.slice(cutStart, from));
  const marked = printableText(text.slice(from, to));
  const after = printableText(text.slice(to, cutEnd)) + (cutEnd < text.length ? "..." : "");
  const padding = before.replace(/[^\t]/g, " ");
  const caret = "^".repeat(Math.max(1, [...marked].length));
  return [
    `${gutter} --> ${source.path}:${line}:${column}`,
    `${gutter}  |`,
    `${line}  | ${before}${marked}${after}`.trimEnd(),
    `${gutter}  | ${padding}${caret}`,
  ];
}
