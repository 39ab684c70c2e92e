/**
 * A position in the tokens of a file, and the steps that every production of the grammar takes.
 */

import { didYouMean } from "../model/nearest.ts";
import { isVersion } from "../model/version.ts";
import type { Id } from "./ast.ts";
import { docsFromComments } from "./docs.ts";
import type { Problem, Reporter } from "./errors.ts";
import { describeToken, type TokenKind, type Tokens } from "./lexer.ts";
import type { Span } from "./source.ts";

export class Cursor {
  readonly tokens: Tokens;
  readonly reporter: Reporter;
  /** The index of the next token; comments are not skipped yet. */
  at = 0;
  /** How deep the type being parsed is nested. */
  typeDepth = 0;

  constructor(tokens: Tokens, reporter: Reporter) {
    this.tokens = tokens;
    this.reporter = reporter;
  }

  /** The kind of the next token that is not a comment. An invalid token is reported. */
  peek(): TokenKind {
    const kind = this.tokens.kinds[this.#skipComments()] ?? "end of file";
    if (kind === "error") this.#failInvalid();
    return kind;
  }

  /** The next token's place. */
  peekSpan(): Span {
    return this.spanOf(this.#skipComments());
  }

  /** Takes the next token, whatever it is. */
  take(): Span {
    this.peek();
    const index = this.#skipComments();
    this.at = Math.min(index + 1, this.tokens.kinds.length - 1);
    return this.spanOf(index);
  }

  /** Takes the next token if it is of this kind. */
  eat(kind: TokenKind): Span | undefined {
    return this.peek() === kind ? this.take() : undefined;
  }

  /** Takes the next token, which must be of this kind. `opener` is the bracket that `kind` closes. */
  expect(kind: TokenKind, opener?: Span): Span {
    const span = this.eat(kind);
    return (
      span ??
      this.failExpected(describeToken(kind), opener, kind === ";" ? this.#missingSemicolon() : undefined)
    );
  }

  /** Takes the comments before the next token: its docs. */
  docs(): { docs: string | undefined; docsSpan: Span | undefined } {
    const first = this.at;
    const end = this.#skipComments();
    if (first === end) return { docs: undefined, docsSpan: undefined };
    this.at = end;
    const comments: string[] = [];
    for (let i = first; i < end; i += 1) comments.push(this.textOf(i));
    const docsSpan = {
      source: this.tokens.source,
      start: this.tokens.starts[first] ?? 0,
      end: this.tokens.ends[end - 1] ?? 0,
    };
    return { docs: docsFromComments(comments), docsSpan };
  }

  /** Takes a name. `expected` is what it names, for messages. */
  id(expected = "an identifier"): Id {
    const kind = this.peek();
    if (kind !== "identifier" && kind !== "explicit identifier") {
      const span = this.peekSpan();
      const word = span.source.text.slice(span.start, span.end);
      const isKeyword = /^[a-z]/.test(word);
      this.failExpected(
        expected,
        undefined,
        isKeyword ? `write \`%${word}\` to use the keyword as a name` : undefined,
      );
    }
    const span = this.take();
    const start = kind === "identifier" ? span.start : span.start + 1;
    const name = span.source.text.slice(start, span.end);
    const problem = invalidName(name);
    if (problem !== undefined) this.fail({ code: "syntax", message: problem, span });
    return { name, span };
  }

  /** Takes an identifier that must be `word`, as in `@since(version = ...)`. */
  word(word: string): Span {
    const id = this.id();
    if (id.name !== word) {
      this.fail({
        code: "syntax",
        message: `expected \`${word}\`, found \`${id.name}\``,
        span: id.span,
        hint: didYouMean(id.name, [word]),
      });
    }
    return id.span;
  }

  /** `1.2.3-pre.1+build`: several tokens, as wit-parser reads it. */
  version(): { version: string; span: Span } {
    const start = this.expect("integer").start;
    this.expect(".");
    this.expect("integer");
    this.expect(".");
    let end = this.expect("integer").end;
    for (const prefix of ["-", "+"] as const) {
      if (this.eat(prefix) === undefined) continue;
      // Identifiers, numbers, `-` and `.`; but the dot of `use a:b/c@1.0.0-rc.{d}` is not part of it.
      for (;;) {
        if (isVersionPart(this.peek())) {
          end = this.take().end;
        } else if (this.peek() === "." && isVersionPart(this.#kindAfterNext())) {
          this.take();
          end = this.take().end;
        } else {
          break;
        }
      }
    }
    const { source } = this.tokens;
    const span = { source, start, end };
    const version = source.text.slice(start, end);
    if (!isVersion(version)) {
      this.fail({
        code: "syntax",
        message: "this is not a semantic version",
        span,
        hint: "write it as `1.2.3`",
      });
    }
    return { version, span };
  }

  fail(problem: Problem): never {
    return this.reporter.fail(problem);
  }

  failExpected(expected: string, opener?: Span, hint?: string): never {
    const span = this.peekSpan();
    if (this.peek() === ";" && this.tokens.kinds[this.#lastTaken()] === "}") {
      hint ??= "remove this `;`: none follows a `}`";
    }
    this.fail({
      code: "syntax",
      message: `expected ${expected}, found ${describeToken(this.peek())}`,
      span,
      hint,
      related:
        opener === undefined
          ? []
          : [{ message: `\`${opener.source.text[opener.start]}\` was opened here`, span: opener }],
    });
  }

  textOf(index: number): string {
    return this.tokens.source.text.slice(this.tokens.starts[index], this.tokens.ends[index]);
  }

  spanOf(index: number): Span {
    const { source, starts, ends } = this.tokens;
    return { source, start: starts[index] ?? source.text.length, end: ends[index] ?? source.text.length };
  }

  #skipComments(from = this.at): number {
    const { kinds } = this.tokens;
    let index = from;
    while (kinds[index] === "comment") index += 1;
    return index;
  }

  /** The kind of the token after the next one; "error" is not reported. */
  #kindAfterNext(): TokenKind {
    return this.tokens.kinds[this.#skipComments(this.#skipComments() + 1)] ?? "end of file";
  }

  /** The index of the last token before this place that is not a comment, or -1. */
  #lastTaken(): number {
    let last = this.at - 1;
    while (this.tokens.kinds[last] === "comment") last -= 1;
    return last;
  }

  /** Where a forgotten `;` belongs, if that is on another line than the token that stands in its place. */
  #missingSemicolon(): string | undefined {
    const last = this.#lastTaken();
    if (last < 0) return undefined;
    const { line } = this.tokens.source.position(this.spanOf(last).end);
    const next = this.tokens.source.position(this.peekSpan().start);
    return line === next.line ? undefined : `put a \`;\` at the end of line ${line}`;
  }

  #failInvalid(): never {
    const index = this.#skipComments();
    this.fail({
      code: "syntax",
      message: this.tokens.errors.get(index) ?? "invalid token",
      span: this.spanOf(index),
    });
  }
}

const FIRST_WORD = /^(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)$/;
const LATER_WORD = /^(?:[a-z0-9]+|[A-Z0-9]+)$/;
const KEBAB_CASE = /^(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-(?:[a-z0-9]+|[A-Z0-9]+))*$/;

function isVersionPart(kind: TokenKind): boolean {
  return kind === "identifier" || kind === "integer" || kind === "-";
}

/**
 * Why `name` is not a kebab-case name: words of one case each, joined by `-`, the first starting
 * with a letter. Undefined if it is one.
 *
 * Source: Explainer.md, "Import and Export Names" (`label`).
 */
export function invalidName(name: string): string | undefined {
  if (KEBAB_CASE.test(name)) return undefined;
  if (name === "") return "a name is missing after `%`";
  const words = name.split("-");
  if (words.includes("")) return "a name must have characters between its `-`s";
  for (const [index, word] of words.entries()) {
    if ((index === 0 ? FIRST_WORD : LATER_WORD).test(word)) continue;
    const bad = /[^A-Za-z0-9]/u.exec(word);
    if (bad !== null) return `invalid character \`${bad[0]}\` in a name: names are kebab-case`;
    if (/^[0-9]/.test(word)) return "a name must start with a letter";
    return `invalid name: each word of a name is all lower case or all upper case, and \`${word}\` is neither`;
  }
  return undefined;
}
