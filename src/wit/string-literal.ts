/**
 * The contents of a string literal. It has the escapes of WebAssembly's text format.
 *
 * Source: WIT.md, `string-literal ::= <core:name>`.
 */
import type { Cursor } from "./cursor.ts";
import type { Span } from "./source.ts";

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ["t", "\t"],
  ["n", "\n"],
  ["r", "\r"],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
]);

export function unquote(cursor: Cursor, literal: Span): string {
  const { source } = literal;
  const raw = source.text.slice(literal.start + 1, literal.end - 1);
  if (!raw.includes("\\")) return raw;
  const invalid = (at: number, length: number): never =>
    cursor.fail({
      code: "syntax",
      message: "invalid escape in a string literal",
      span: { source, start: literal.start + 1 + at, end: literal.start + 1 + at + length },
    });
  // `\hh` gives bytes, which need to make up UTF-8 together with their neighbours.
  const bytes: Uint8Array[] = [];
  const encoder = new TextEncoder();
  let at = 0;
  while (at < raw.length) {
    const backslash = raw.indexOf("\\", at);
    if (backslash !== at) {
      bytes.push(encoder.encode(raw.slice(at, backslash === -1 ? undefined : backslash)));
      if (backslash === -1) break;
      at = backslash;
    }
    const simple = SIMPLE.get(raw[at + 1] ?? "");
    if (simple !== undefined) {
      bytes.push(encoder.encode(simple));
      at += 2;
      continue;
    }
    const rest = raw.slice(at + 1, at + 16);
    const hex = /^[0-9a-fA-F]{2}/.exec(rest);
    const point = /^u\{([0-9a-fA-F]{1,8})\}/.exec(rest);
    if (hex !== null) {
      bytes.push(Uint8Array.of(Number.parseInt(hex[0], 16)));
      at += 3;
    } else if (point !== null) {
      const code = Number.parseInt(point[1] ?? "", 16);
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) invalid(at, point[0].length + 1);
      bytes.push(encoder.encode(String.fromCodePoint(code)));
      at += point[0].length + 1;
    } else {
      invalid(at, 2);
    }
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(concat(bytes));
  } catch {
    return cursor.fail({ code: "syntax", message: "the string literal is not valid UTF-8", span: literal });
  }
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** A string literal with this content. */
export function quote(text: string): string {
  const escaped = text.replace(
    /["\\]|[\0-\x1f\x7f-\x9f\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5\u202a-\u202e\u2066-\u2069]/g,
    (char) => (char === '"' || char === "\\" ? `\\${char}` : `\\u{${char.charCodeAt(0).toString(16)}}`),
  );
  return `"${escaped}"`;
}
