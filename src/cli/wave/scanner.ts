/**
 * A cursor over WAVE text: trivia, punctuation, labels, numbers, characters and strings.
 *
 * Source: wasm-wave's `wave_ebnf.md`.
 */
import { WaveError, type WaveSpan } from "./wave-error.ts";

const TRIVIA = /(?:[ \t\r\n]|\/\/[^\n]*)*/y;
const LABEL = /%?(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*))*/y;
const NUMBER = /-?(?:inf|(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y;
/** What a person would take for one word: shown in errors. */
const LUMP = /[^\s,:()[\]{}"'/]+/y;
const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["'", "'"],
  ['"', '"'],
  ["\\", "\\"],
  ["t", "\t"],
  ["n", "\n"],
  ["r", "\r"],
]);

/** Words that stand for values; as the name of a case they are written with a leading `%`. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  "true",
  "false",
  "inf",
  "nan",
  "some",
  "none",
  "ok",
  "err",
]);

export interface Label {
  /** Without the `%`. */
  readonly name: string;
  /** True for a keyword that was written without `%`. */
  readonly keyword: boolean;
  readonly span: WaveSpan;
}

export class Scanner {
  readonly text: string;
  #at: number;

  constructor(text: string, start = 0) {
    this.text = text;
    this.#at = start;
  }

  /** Where the next token starts. */
  get position(): number {
    this.#at += this.#match(TRIVIA)?.length ?? 0;
    return this.#at;
  }

  /** Where the last token ended. */
  get lastEnd(): number {
    return this.#at;
  }

  get atEnd(): boolean {
    return this.position === this.text.length;
  }

  /** True, and moves on, if the next characters are `punctuation`. */
  accept(punctuation: string): boolean {
    if (!this.text.startsWith(punctuation, this.position)) return false;
    this.#at += punctuation.length;
    return true;
  }

  peek(punctuation: string): boolean {
    return this.text.startsWith(punctuation, this.position);
  }

  expect(punctuation: string, context: string): void {
    if (!this.accept(punctuation)) this.failExpected(`\`${punctuation}\` ${context}`);
  }

  peekLabel(): Label | undefined {
    const start = this.position;
    const written = this.#match(LABEL);
    if (written === undefined || written.length !== this.#match(LUMP)?.length) return undefined;
    const name = written.startsWith("%") ? written.slice(1) : written;
    const keyword = written === name && KEYWORDS.has(name);
    return { name, keyword, span: { start, end: start + written.length } };
  }

  /** True, and moves on, if the next token is `keyword`, written without `%`. */
  acceptKeyword(keyword: string): boolean {
    const label = this.peekLabel();
    if (label === undefined || !label.keyword || label.name !== keyword) return false;
    this.#at = label.span.end;
    return true;
  }

  label(what: string): Label {
    const label = this.peekLabel();
    if (label === undefined) return this.failExpected(what);
    this.#at = label.span.end;
    return label;
  }

  /** The text of a number, or of `nan`, `inf` and `-inf`. */
  number(what: string): { readonly text: string; readonly span: WaveSpan } {
    const start = this.position;
    if (this.acceptKeyword("nan")) return { text: "nan", span: { start, end: this.#at } };
    const text = this.#match(NUMBER);
    if (text === undefined || text.length !== this.#match(LUMP)?.length) return this.failExpected(what);
    this.#at += text.length;
    return { text, span: { start, end: this.#at } };
  }

  char(): string {
    const start = this.position;
    if (!this.accept("'")) this.failExpected("a char such as 'x'");
    if (this.text.startsWith("'", this.#at)) {
      this.fail("a char holds one character", { start, end: start + 2 });
    }
    const value = this.#character("'", start);
    if (!this.text.startsWith("'", this.#at)) {
      const close = this.text.indexOf("'", this.#at);
      this.fail(
        close === -1
          ? "this char is not closed"
          : "a char holds one character: is this a string? Use double quotes",
        { start, end: close === -1 ? this.text.length : close + 1 },
      );
    }
    this.#at += 1;
    return value;
  }

  string(): string {
    const start = this.position;
    if (this.peek('"""')) return this.#multilineString(start);
    if (!this.accept('"')) this.failExpected('a string such as "text"');
    let value = "";
    while (!this.text.startsWith('"', this.#at)) value += this.#character('"', start);
    this.#at += 1;
    return value;
  }

  fail(reason: string, span: WaveSpan): never {
    throw new WaveError(reason, this.text, span);
  }

  /** Fails at the next token: "expected X, got Y". */
  failExpected(what: string): never {
    const start = this.position;
    const lump = this.#match(LUMP) ?? String.fromCodePoint(this.text.codePointAt(start) ?? 0);
    const got = this.atEnd ? "the end" : `\`${lump}\``;
    this.fail(`expected ${what}, got ${got}`, { start, end: start + (this.atEnd ? 0 : lump.length) });
  }

  /** One character or escape inside a literal that was opened at `open`. */
  #character(quote: string, open: number): string {
    const code = this.text.codePointAt(this.#at);
    if (code === undefined || code === 0x0a) {
      return this.fail(`this ${quote === "'" ? "char" : "string"} is not closed`, {
        start: open,
        end: this.#at,
      });
    }
    if (code !== 0x5c) {
      const character = String.fromCodePoint(code);
      if (code >= 0xd800 && code <= 0xdfff) {
        this.fail("a lone surrogate is not a character", { start: this.#at, end: this.#at + 1 });
      }
      this.#at += character.length;
      return character;
    }
    return this.#escape();
  }

  #escape(): string {
    const start = this.#at;
    const letter = this.text.slice(start + 1, start + 2);
    const simple = SIMPLE_ESCAPES.get(letter);
    if (simple !== undefined) {
      this.#at += 2;
      return simple;
    }
    const unicode = /^\\u\{([0-9a-fA-F]+)\}/.exec(this.text.slice(start, start + 64));
    if (unicode === null) {
      return this.fail(`unknown escape: use \\\\, \\", \\', \\t, \\n, \\r or \\u{1f600}`, {
        start,
        end: Math.min(start + 2, this.text.length),
      });
    }
    const [written, digits = ""] = unicode;
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      this.fail("this is not a Unicode scalar value", { start, end: start + written.length });
    }
    this.#at += written.length;
    return String.fromCodePoint(code);
  }

  /** `"""`, a line break, lines, and spaces before the closing `"""` that say how far all lines are indented. */
  #multilineString(start: number): string {
    const bodyStart = /"""\r?\n/y;
    bodyStart.lastIndex = start;
    const opener = bodyStart.exec(this.text)?.[0];
    if (opener === undefined) {
      return this.fail('a multi-line string starts with """ and a line break', { start, end: start + 3 });
    }
    const body = start + opener.length;
    const close = this.text.indexOf('"""', body);
    if (close === -1) this.fail("this string is not closed", { start, end: start + 3 });
    const lines = this.text.slice(body, close).split("\n");
    const indent = lines.pop() ?? "";
    if (/[^ ]/.test(indent)) {
      this.fail('only spaces may stand before the closing """ of a multi-line string', {
        start: close - indent.length,
        end: close,
      });
    }
    let value = "";
    let lineStart = body;
    for (const [index, line] of lines.entries()) {
      const content = line.endsWith("\r") ? line.slice(0, -1) : line;
      if (!content.startsWith(indent)) {
        this.fail(`this line is indented less than the closing """`, {
          start: lineStart,
          end: lineStart + content.length,
        });
      }
      if (index > 0) value += "\n";
      const end = lineStart + content.length;
      for (this.#at = lineStart + indent.length; this.#at < end; ) value += this.#character('"', start);
      lineStart += line.length + 1;
    }
    this.#at = close + 3;
    return value;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.text)?.[0];
  }
}
