/**
 * Types, functions and type definitions: the grammar below the items of a world or an interface.
 *
 * Source: WIT.md, "Items: type", "Types"; wit-parser's `ast.rs`.
 */
import type * as ast from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import type { TokenKind } from "./lexer.ts";
import { MAX_TYPE_DEPTH } from "./limits.ts";
import { parsePrelude } from "./parse-prelude.ts";

function parseType(cursor: Cursor): ast.TypeExpr {
  if (cursor.typeDepth >= MAX_TYPE_DEPTH) {
    cursor.fail({
      code: "too-large",
      message: `types nest more than ${MAX_TYPE_DEPTH} deep here`,
      span: cursor.peekSpan(),
      hint: "give an inner type a name of its own",
    });
  }
  cursor.typeDepth += 1;
  try {
    return parseTypeUnchecked(cursor);
  } finally {
    cursor.typeDepth -= 1;
  }
}

function parseTypeUnchecked(cursor: Cursor): ast.TypeExpr {
  const kind = cursor.peek();
  switch (kind) {
    case "bool":
    case "char":
    case "error-context":
    case "f32":
    case "f64":
    case "s16":
    case "s32":
    case "s64":
    case "s8":
    case "string":
    case "u16":
    case "u32":
    case "u64":
    case "u8":
      return { kind: "primitive", primitive: kind, span: cursor.take() };
    case "identifier":
    case "explicit identifier": {
      const { name, span } = cursor.id();
      return { kind: "name", name, span };
    }
    case "list":
      return parseListType(cursor);
    case "option": {
      const span = cursor.take();
      return angled(cursor, () => ({ kind, span, element: parseType(cursor) }));
    }
    case "map": {
      const span = cursor.take();
      return angled(cursor, (): ast.TypeExpr => {
        const key = parseType(cursor);
        cursor.expect(",");
        return { kind, span, key, value: parseType(cursor) };
      });
    }
    case "tuple": {
      const span = cursor.take();
      return { kind, span, types: parseList(cursor, "<", ">", () => parseType(cursor)) };
    }
    case "result":
      return parseResultType(cursor);
    case "future":
    case "stream": {
      const span = cursor.take();
      if (cursor.peek() !== "<") return { kind, span, element: undefined };
      return angled(cursor, () => ({ kind, span, element: parseType(cursor) }));
    }
    case "own":
    case "borrow": {
      cursor.take();
      return angled(cursor, () => {
        const resource = cursor.id("the name of a resource");
        return { kind, span: resource.span, resource };
      });
    }
    default:
      return cursor.failExpected("a type");
  }
}

/** `< ... >` */
function angled<T>(cursor: Cursor, inner: () => T): T {
  const opener = cursor.expect("<");
  const value = inner();
  cursor.expect(">", opener);
  return value;
}

function parseListType(cursor: Cursor): ast.TypeExpr {
  const span = cursor.take();
  return angled(cursor, (): ast.TypeExpr => {
    const element = parseType(cursor);
    if (cursor.eat(",") === undefined) return { kind: "list", span, element };
    if (cursor.peek() !== "integer") cursor.failExpected("a length");
    const digits = cursor.take();
    const length = Number(digits.source.text.slice(digits.start, digits.end));
    if (length === 0 || length > 0xffff_ffff) {
      cursor.fail({
        code: "syntax",
        message: "the length of a list must be between 1 and 4294967295",
        span: digits,
      });
    }
    return { kind: "fixed-length-list", span, element, length };
  });
}

/** `result`, `result<T>`, `result<_, E>`, `result<T, E>` */
function parseResultType(cursor: Cursor): ast.TypeExpr {
  const span = cursor.take();
  if (cursor.peek() !== "<") return { kind: "result", span, ok: undefined, err: undefined };
  return angled(cursor, (): ast.TypeExpr => {
    if (cursor.eat("_") !== undefined) {
      cursor.expect(",");
      return { kind: "result", span, ok: undefined, err: parseType(cursor) };
    }
    const ok = parseType(cursor);
    const err = cursor.eat(",") === undefined ? undefined : parseType(cursor);
    return { kind: "result", span, ok, err };
  });
}

/** Items between brackets, separated by commas; a comma may trail. */
export function parseList<T>(
  cursor: Cursor,
  open: TokenKind,
  close: TokenKind,
  parseItem: (docs: string | undefined) => T,
): T[] {
  const opener = cursor.expect(open);
  const items: T[] = [];
  for (;;) {
    const { docs } = cursor.docs();
    if (cursor.eat(close) !== undefined) return items;
    items.push(parseItem(docs));
    if (cursor.eat(",") === undefined) {
      cursor.expect(close, opener);
      return items;
    }
  }
}

/** From the `func` keyword, or `async` before it. */
export function parseFunc(cursor: Cursor): ast.Func {
  const async = cursor.eat("async") !== undefined;
  const span = cursor.expect("func");
  return { span, async, ...parseSignature(cursor) };
}

function parseSignature(cursor: Cursor): Pick<ast.Func, "params" | "result"> {
  const params = parseList(cursor, "(", ")", () => {
    const name = cursor.id();
    cursor.expect(":");
    return { name, type: parseType(cursor) };
  });
  const result = cursor.eat("->") === undefined ? undefined : parseType(cursor);
  return { params, result };
}

/** The keywords that start a type definition. */
export function startsTypeDefinition(kind: TokenKind): boolean {
  switch (kind) {
    case "type":
    case "record":
    case "variant":
    case "enum":
    case "flags":
    case "resource":
      return true;
    default:
      return false;
  }
}

/** From the keyword on; the next token must be one that `startsTypeDefinition`. */
export function parseTypeItem(cursor: Cursor, prelude: ast.Prelude): ast.TypeItem {
  const kind = cursor.peek();
  cursor.take();
  const name = cursor.id();
  return { kind: "type", prelude, name, definition: parseDefinition(cursor, kind) };
}

function parseDefinition(cursor: Cursor, kind: TokenKind): ast.TypeDefinition {
  switch (kind) {
    case "record":
      return {
        kind,
        fields: parseList(cursor, "{", "}", (docs) => {
          const name = cursor.id();
          cursor.expect(":");
          return { name, docs, type: parseType(cursor) };
        }),
      };
    case "variant":
      return {
        kind,
        cases: parseList(cursor, "{", "}", (docs) => {
          const name = cursor.id();
          const opener = cursor.eat("(");
          if (opener === undefined) return { name, docs, type: undefined };
          const type = parseType(cursor);
          cursor.expect(")", opener);
          return { name, docs, type };
        }),
      };
    case "enum":
      return { kind, cases: parseLabels(cursor) };
    case "flags":
      return { kind, flags: parseLabels(cursor) };
    case "resource":
      return { kind, funcs: parseResourceBody(cursor) };
    default: {
      cursor.expect("=");
      const type = parseType(cursor);
      cursor.expect(";");
      return { kind: "alias", type };
    }
  }
}

function parseLabels(cursor: Cursor): ast.Label[] {
  return parseList(cursor, "{", "}", (docs) => ({ name: cursor.id(), docs }));
}

function parseResourceBody(cursor: Cursor): ast.ResourceFunc[] {
  const opener = cursor.eat("{");
  if (opener === undefined) {
    if (cursor.eat(";") === undefined) cursor.failExpected("`{` or `;`");
    return [];
  }
  const funcs: ast.ResourceFunc[] = [];
  while (cursor.eat("}") === undefined) {
    const prelude = parsePrelude(cursor);
    funcs.push(parseResourceFunc(cursor, prelude, opener));
  }
  return funcs;
}

function parseResourceFunc(
  cursor: Cursor,
  prelude: ast.Prelude,
  opener: Parameters<Cursor["expect"]>[1],
): ast.ResourceFunc {
  switch (cursor.peek()) {
    case "constructor": {
      const span = cursor.take();
      const func: ast.Func = { span, async: false, ...parseSignature(cursor) };
      cursor.expect(";");
      return { kind: "constructor", prelude, name: { name: "constructor", span }, func };
    }
    case "identifier":
    case "explicit identifier": {
      const name = cursor.id();
      cursor.expect(":");
      const kind = cursor.eat("static") === undefined ? "method" : "static";
      const func = parseFunc(cursor);
      cursor.expect(";");
      return { kind, prelude, name, func };
    }
    default:
      return cursor.failExpected("`constructor`, an identifier or `}`", opener);
  }
}
