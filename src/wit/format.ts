/**
 * WIT text to the same text, laid out in one way.
 *
 * It works on tokens, and never changes their order: comments stay where they are, and what the text
 * means stays the same, docs included (any comment before an item is documentation of it). Only white
 * space and trailing commas change. Names, numbers and the order of items are the author's own.
 *
 * The layout is that of `printWit`: two spaces, one member a line, a trailing comma in lists that take
 * several lines. Empty lines between members are kept, at most one in a row.
 */
import { Reporter } from "./errors.ts";
import { FormattedLines } from "./formatted-lines.ts";
import { type TokenKind, type Tokens, tokenize } from "./lexer.ts";
import { parseFile } from "./parser.ts";
import { Source } from "./source.ts";
import { layoutStatement } from "./statement-layout.ts";

/** Columns that a line may take; what has a list to break is broken if it takes more. */
const MAX_WIDTH = 100;

/** The options of `formatWit`. */
export interface FormatOptions {
  /** How messages call the text. Default: "input.wit". */
  readonly path?: string | undefined;
}

/**
 * Formats the text of one WIT file.
 *
 * @throws WitError if the text is not WIT; names need not resolve
 * @example formatWit("package a:b;world w{import f:func();}")
 * // "package a:b;\n\nworld w {\n  import f: func();\n}\n"
 */
export function formatWit(text: string, options: FormatOptions = {}): string {
  const source = new Source(options.path ?? "input.wit", text);
  const reporter = new Reporter();
  parseFile(source, reporter);
  reporter.throwIfFailed();
  const formatter = new Formatter(tokenize(source));
  return formatter.file();
}

/** The definitions whose bodies are lists separated by commas. */
const LIST_BODIES: ReadonlySet<TokenKind> = new Set(["record", "variant", "enum", "flags"]);

class Formatter {
  readonly #tokens: Tokens;
  readonly #lines = new FormattedLines();
  #at = 0;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  file(): string {
    this.#members("end of file", ";");
    return this.#lines.finish();
  }

  /** What stands between braces, or in a file. `end` is taken too. */
  #members(end: TokenKind, separator: "," | ";"): void {
    const isFile = this.#lines.depth === 0;
    for (;;) {
      this.#comments();
      if (this.#kind() === end) {
        this.#at += 1;
        return;
      }
      this.#member(separator, isFile);
    }
  }

  /** Comments before a member: on lines of their own, or behind what they were written behind. */
  #comments(): void {
    while (this.#kind() === "comment") {
      const text = this.#text(this.#at).trimEnd();
      if (this.#linesBefore(this.#at) === 0 && this.#at > 0) this.#lines.trail(text);
      else {
        this.#emptyLine();
        this.#lines.add(text);
      }
      this.#at += 1;
    }
  }

  #member(separator: "," | ";", isFile: boolean): void {
    if (isFile && this.#startsItem()) this.#lines.emptyLine();
    this.#emptyLine();
    this.#attributes();
    const start = this.#at;
    const end = this.#endOfHead(start, separator);
    const head = { tokens: this.#tokens, start, end };
    const width = MAX_WIDTH - this.#lines.depth * 2;
    const terminator = this.#tokens.kinds[end];
    this.#at = end;
    if (terminator === "{") {
      this.#block(layoutStatement(head, " {", width), LIST_BODIES.has(this.#kindFrom(start)) ? "," : ";");
    } else {
      // `include ... with { ... }` ends without a semicolon, the last of a list may lack its comma.
      const isTaken = terminator === ";" || terminator === ",";
      const tail = separator === "," ? "," : isTaken ? ";" : "";
      for (const line of layoutStatement(head, tail, width)) this.#lines.add(line);
      if (isTaken) this.#at += 1;
    }
    if (isFile && this.#kindFrom(start) !== "use") this.#lines.emptyLine();
  }

  #block(head: readonly string[], separator: "," | ";"): void {
    for (const line of head) this.#lines.add(line);
    this.#at += 1;
    this.#lines.open();
    this.#members("}", separator);
    this.#lines.close();
  }

  /** `@since(version = 0.2.0)` and others, each on a line of its own. */
  #attributes(): void {
    while (this.#kind() === "@") {
      const start = this.#at;
      while (this.#kind() !== ")") this.#at += 1;
      this.#at += 1;
      const attribute = { tokens: this.#tokens, start, end: this.#at };
      for (const line of layoutStatement(attribute, "", Number.POSITIVE_INFINITY)) this.#lines.add(line);
      this.#comments();
    }
  }

  /**
   * Where the head of a member ends: at its `;`, at the `{` of its body, or, in a list, at the `,` or
   * before the `}`. The braces of `use` and `include` belong to the head.
   */
  #endOfHead(start: number, separator: "," | ";"): number {
    const { kinds } = this.#tokens;
    let depth = 0;
    for (let index = start; ; index += 1) {
      const kind = kinds[index];
      if (kind === undefined || kind === "end of file") return index;
      if (kind === "(" || kind === "<") depth += 1;
      if (kind === ")" || kind === ">") depth -= 1;
      if (depth > 0) continue;
      if (kind === ";" || (kind === separator && separator === ",") || kind === "}") {
        return this.#withoutComments(start, index, kind);
      }
      if (kind !== "{") continue;
      const before = this.#kindBefore(index);
      if (before !== "." && before !== "with") return index;
      while (kinds[index] !== "}") index += 1;
      if (before === "with") return index + 1;
    }
  }

  /** Comments before the `}` of a list are no part of the last member. */
  #withoutComments(start: number, end: number, kind: TokenKind): number {
    if (kind !== "}") return end;
    while (end > start && this.#tokens.kinds[end - 1] === "comment") end -= 1;
    return end;
  }

  #kindBefore(index: number): TokenKind | undefined {
    do index -= 1;
    while (this.#tokens.kinds[index] === "comment");
    return this.#tokens.kinds[index];
  }

  #kindFrom(index: number): TokenKind {
    return this.#tokens.kinds[index] ?? "end of file";
  }

  #kind(): TokenKind {
    return this.#kindFrom(this.#at);
  }

  #text(index: number): string {
    const { source, starts, ends } = this.#tokens;
    return source.text.slice(starts[index], ends[index]);
  }

  /** Keeps an empty line that the author has left before the token here. */
  #emptyLine(): void {
    if (this.#linesBefore(this.#at) > 1) this.#lines.emptyLine();
  }

  /** How many line breaks stand between the token and the one before it. */
  #linesBefore(index: number): number {
    const { source, starts, ends } = this.#tokens;
    const gap = source.text.slice(index === 0 ? 0 : ends[index - 1], starts[index]);
    return gap.split("\n").length - 1;
  }

  /** Whether an item of the file starts here, and not in the comments before it. */
  #startsItem(): boolean {
    return this.#at > 0 && this.#kindFrom(this.#at - 1) !== "comment" && this.#kind() !== "use";
  }
}
