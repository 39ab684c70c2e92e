/**
 * `WaveError`: text that is not a WAVE value of the wanted type, and where.
 */
import { HostwrightError } from "../../model/errors.ts";

/** Half-open range in UTF-16 code units of the text. */
export interface WaveSpan {
  readonly start: number;
  readonly end: number;
}

/** Thrown by the parser. `message` holds the position and a code frame; `reason` is the bare sentence. */
export class WaveError extends HostwrightError {
  override readonly name = "WaveError";
  readonly code = "wave";
  readonly reason: string;
  readonly span: WaveSpan;
  /** One-based, in characters as a person counts them. */
  readonly line: number;
  readonly column: number;

  constructor(reason: string, text: string, span: WaveSpan) {
    const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
    const newline = text.indexOf("\n", span.start);
    const lineText = text.slice(lineStart, newline === -1 ? text.length : newline);
    const line = text.slice(0, lineStart).split("\n").length;
    const indent = [...text.slice(lineStart, span.start)].length;
    const width = [...text.slice(span.start, Math.min(span.end, lineStart + lineText.length))].length;
    const where = line === 1 ? `column ${indent + 1}` : `line ${line}, column ${indent + 1}`;
    const caret = " ".repeat(indent) + "^".repeat(Math.max(1, width));
    super(`${reason} (${where})\n  ${lineText.replaceAll("\t", " ")}\n  ${caret}`);
    this.reason = reason;
    this.span = span;
    this.line = line;
    this.column = indent + 1;
  }
}
