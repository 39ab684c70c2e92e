/**
 * WIT text to tokens, in one pass over the text.
 *
 * Source: WIT.md, "Lexical structure"; wit-parser's `ast/lex.rs`.
 */
import type { Source } from "./source.ts";

const KEYWORDS = [
  "as",
  "async",
  "bool",
  "borrow",
  "char",
  "constructor",
  "enum",
  "error-context",
  "export",
  "f32",
  "f64",
  "flags",
  "from",
  "func",
  "future",
  "import",
  "include",
  "interface",
  "list",
  "map",
  "option",
  "own",
  "package",
  "record",
  "resource",
  "result",
  "s16",
  "s32",
  "s64",
  "s8",
  "static",
  "stream",
  "string",
  "tuple",
  "type",
  "u16",
  "u32",
  "u64",
  "u8",
  "use",
  "variant",
  "with",
  "world",
  "_",
] as const;

export type Keyword = (typeof KEYWORDS)[number];

export type Punctuation =
  | "="
  | ","
  | ":"
  | "."
  | ";"
  | "("
  | ")"
  | "{"
  | "}"
  | "<"
  | ">"
  | "->"
  | "*"
  | "@"
  | "/"
  | "+"
  | "-";

export type TokenKind =
  | Keyword
  | Punctuation
  | "comment"
  | "identifier"
  /** `%name` */
  | "explicit identifier"
  | "integer"
  | "string literal"
  /** Text that is no token; `errors` says why. */
  | "error"
  | "end of file";

const KEYWORD_SET: ReadonlySet<string> = new Set(KEYWORDS);

export function isKeyword(text: string): text is Keyword {
  return KEYWORD_SET.has(text);
}

/** As messages name a token. */
export function describeToken(kind: TokenKind): string {
  switch (kind) {
    case "comment":
      return "a comment";
    case "identifier":
      return "an identifier";
    case "explicit identifier":
      return "a `%` identifier";
    case "integer":
      return "an integer";
    case "string literal":
      return "a string literal";
    case "error":
      return "an invalid token";
    case "end of file":
      return kind;
    default:
      return isKeyword(kind) ? `keyword \`${kind}\`` : `\`${kind}\``;
  }
}

/** The tokens of a source, side by side: token `i` is `kinds[i]` from `starts[i]` to `ends[i]`. */
export interface Tokens {
  readonly source: Source;
  /** Ends with one "end of file". White space is left out, comments are not: they are docs. */
  readonly kinds: readonly TokenKind[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Why each token of kind "error" is one. */
  readonly errors: ReadonlyMap<number, string>;
}

// Characters that must not be in a WIT file: control codes but line feed, carriage return and tab;
// bidirectional overrides (CVE-2021-42574); what Unicode deprecates or strongly discourages.
const FORBIDDEN =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5\u202a-\u202e\u2066-\u2069]/;

const XID_START = /\p{XID_Start}/u;
const XID_CONTINUE = /\p{XID_Continue}/u;

/** The first character that must not be in a WIT file at all. */
export function findForbidden(text: string): { offset: number; message: string } | undefined {
  const match = FORBIDDEN.exec(text);
  if (match === null) return undefined;
  const code = match[0].charCodeAt(0);
  const shown = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const what =
    code <= 0x9f
      ? "control code"
      : (code >= 0x202a && code <= 0x202e) || code >= 0x2066
        ? "bidirectional override codepoint"
        : "codepoint discouraged by Unicode,";
  return { offset: match.index, message: `the file contains the ${what} ${shown}` };
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Which single characters are tokens of their own. */
const SINGLE: ReadonlyMap<number, Punctuation> = new Map(
  (["=", ",", ":", ".", ";", "(", ")", "{", "}", "<", ">", "*", "@", "+"] as const).map((char) => [
    char.charCodeAt(0),
    char,
  ]),
);

export function tokenize(source: Source): Tokens {
  const { text } = source;
  const length = text.length;
  const kinds: TokenKind[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const errors = new Map<number, string>();

  const push = (kind: TokenKind, start: number, end: number): void => {
    kinds.push(kind);
    starts.push(start);
    ends.push(end);
  };
  const pushError = (message: string, start: number, end: number): void => {
    errors.set(kinds.length, message);
    push("error", start, end);
  };

  // A byte order mark at the start is no part of the text.
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < length) {
    const start = at;
    const code = text.charCodeAt(at);
    if (code === 0x20 || code === 0x0a || code === 0x09) {
      at += 1;
      continue;
    }
    if (code === 0x0d && text.charCodeAt(at + 1) === 0x0a) {
      at += 2;
      continue;
    }
    const single = SINGLE.get(code);
    if (single !== undefined) {
      at += 1;
      push(single, start, at);
      continue;
    }
    if (code === 0x2f /* / */) {
      const next = text.charCodeAt(at + 1);
      if (next === 0x2f) {
        const newline = text.indexOf("\n", at);
        at = newline === -1 ? length : newline;
        push("comment", start, at);
      } else if (next === 0x2a) {
        at = endOfBlockComment(text, at);
        if (at === -1) {
          at = length;
          pushError("unterminated block comment", start, start + 2);
        } else {
          push("comment", start, at);
        }
      } else {
        at += 1;
        push("/", start, at);
      }
      continue;
    }
    if (code === 0x2d /* - */) {
      const isArrow = text.charCodeAt(at + 1) === 0x3e;
      at += isArrow ? 2 : 1;
      push(isArrow ? "->" : "-", start, at);
      continue;
    }
    if (isDigit(code)) {
      while (at < length && isDigit(text.charCodeAt(at))) at += 1;
      push("integer", start, at);
      continue;
    }
    if (code === 0x22 /* " */) {
      at = endOfString(text, at);
      if (at === -1) {
        const newline = text.indexOf("\n", start);
        at = newline === -1 ? length : newline;
        pushError("unterminated string literal", start, start + 1);
      } else {
        push("string literal", start, at);
      }
      continue;
    }
    if (code === 0x25 /* % */) {
      at = endOfName(text, at + 1);
      push("explicit identifier", start, at);
      continue;
    }
    at = endOfName(text, at);
    if (at > start) {
      const word = text.slice(start, at);
      push(isKeyword(word) ? word : "identifier", start, at);
      continue;
    }
    const char = String.fromCodePoint(text.codePointAt(start) ?? 0);
    at = start + char.length;
    pushError(`unexpected character \`${char}\``, start, at);
  }
  push("end of file", length, length);
  return { source, kinds, starts, ends, errors };
}

/**
 * The end of the word at `at`, or `at` if there is none. It takes more than a name may have (any
 * XID character, `_`): the parser then says what is wrong with the whole word.
 */
function endOfName(text: string, at: number): number {
  let end = at;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code < 0x80) {
      const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
      const isContinue = end > at && isDigit(code);
      if (!isLetter && !isContinue && code !== 0x2d) break;
      end += 1;
    } else {
      const char = String.fromCodePoint(text.codePointAt(end) ?? 0);
      if (!(end === at ? XID_START : XID_CONTINUE).test(char)) break;
      end += char.length;
    }
  }
  return end;
}

/** The end of a (nesting) block comment that starts at `at`, or -1. */
function endOfBlockComment(text: string, at: number): number {
  let depth = 1;
  let end = at + 2;
  while (depth > 0) {
    const star = text.indexOf("*", end);
    // A comment opens or closes only where there is a star.
    if (star === -1) return -1;
    if (star > end && text.charCodeAt(star - 1) === 0x2f) {
      depth += 1;
      end = star + 1;
    } else if (text.charCodeAt(star + 1) === 0x2f) {
      depth -= 1;
      end = star + 2;
    } else {
      end = star + 1;
    }
  }
  return end;
}

/** The end of a string literal that starts at `at`, or -1 if a line break or a tab comes first. */
function endOfString(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 0x22) return end + 1;
    if (code === 0x0a || code === 0x0d || code === 0x09) return -1;
    if (code === 0x5c) end += 1;
  }
  return -1;
}
