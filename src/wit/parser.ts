/**
 * WIT tokens to a syntax tree.
 *
 * After an error the parser skips to the next item and goes on, so that one run reports several.
 * Source: WIT.md; wit-parser's `ast.rs`, whose order of looking at tokens it keeps, so that the first
 * error is at the same place.
 */
import type { PackageName } from "../model/resolve.ts";
import type * as ast from "./ast.ts";
import { Cursor } from "./cursor.ts";
import type { Reporter } from "./errors.ts";
import { findForbidden, tokenize } from "./lexer.ts";
import { MAX_PACKAGE_DEPTH } from "./limits.ts";
import { parseAttributes } from "./parse-prelude.ts";
import { parseFunc, parseList, parseTypeItem, startsTypeDefinition } from "./parse-type.ts";
import type { Source, Span } from "./source.ts";

/** The syntax tree of a file; undefined if it has errors, which are then in `reporter`. */
export function parseFile(source: Source, reporter: Reporter): ast.PackageFile | undefined {
  const forbidden = findForbidden(source.text);
  if (forbidden !== undefined) {
    const { message, offset } = forbidden;
    reporter.report({ code: "syntax", message, span: { source, start: offset, end: offset + 1 } });
    return undefined;
  }
  const parser = new Parser(new Cursor(tokenize(source), reporter));
  const file = reporter.attempt(() => parser.file());
  return parser.failed ? undefined : file;
}

/** `name` or `namespace:package/name@version`, as a user of the library writes it. */
export function parseUsePath(source: Source, reporter: Reporter): ast.UsePath {
  const cursor = new Cursor(tokenize(source), reporter);
  const path = new Parser(cursor).usePath();
  if (cursor.peek() !== "end of file") cursor.failExpected("nothing more");
  return path;
}

/** What may come next in a body, for messages. */
const EXPECTED = {
  package: "`world`, `interface`, `use` or `}`",
  interface: "a function, a type definition, `use` or `}`",
  world: "`import`, `export`, `include`, `use`, a type definition or `}`",
};

class Parser {
  readonly #cursor: Cursor;
  failed = false;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  file(): ast.PackageFile {
    const cursor = this.#cursor;
    const start = cursor.at;
    const id = this.#recover(() => {
      const docs = cursor.docs();
      if (cursor.eat("package") === undefined) return undefined;
      const packageId = this.#packageId(docs);
      return cursor.eat(";") === undefined ? undefined : packageId;
    });
    // `package a:b { ... }` is an item: read it again as one.
    if (id === undefined && !this.failed) cursor.at = start;
    const items: ast.Item[] = [];
    for (;;) {
      const docs = cursor.docs();
      if (this.#nextIs("end of file")) return { kind: "package", id, items };
      const item = this.#recover(() => this.#item(docs, 0));
      if (item !== undefined) items.push(item);
      // At the top nothing is left to close: a `}` that ended recovery is a stray one.
      else if (this.#nextIs("}")) cursor.at += 1;
    }
  }

  usePath(): ast.UsePath {
    const cursor = this.#cursor;
    const first = cursor.id();
    if (cursor.eat(":") === undefined) return { package: undefined, name: first };
    const second = cursor.id();
    cursor.expect("/");
    const name = cursor.id();
    const version = cursor.eat("@") === undefined ? undefined : cursor.version().version;
    return {
      package: {
        name: { namespace: first.name, name: second.name, version },
        span: join(first.span, second.span),
      },
      name,
    };
  }

  /** `namespace:name@version` after `package`. */
  #packageId(docs: Pick<ast.PackageId, "docs" | "docsSpan">): ast.PackageId {
    const cursor = this.#cursor;
    const namespace = cursor.id();
    cursor.expect(":");
    const name = cursor.id();
    const version = cursor.eat("@") === undefined ? undefined : cursor.version();
    const packageName: PackageName = {
      namespace: namespace.name,
      name: name.name,
      version: version?.version,
    };
    return { name: packageName, span: join(namespace.span, version?.span ?? name.span), ...docs };
  }

  #item(docs: Pick<ast.Prelude, "docs" | "docsSpan">, depth: number): ast.Item {
    const cursor = this.#cursor;
    const hasAttributes = cursor.peek() === "@";
    const prelude = parseAttributes(cursor, docs);
    switch (cursor.peek()) {
      case "interface": {
        cursor.take();
        this.#noExternalId(prelude);
        const name = cursor.id();
        return { kind: "interface", prelude, name, members: this.#interfaceMembers() };
      }
      case "world": {
        cursor.take();
        this.#noExternalId(prelude);
        const name = cursor.id();
        return { kind: "world", prelude, name, members: this.#worldMembers() };
      }
      case "use": {
        const span = cursor.take();
        const path = this.usePath();
        const as = cursor.eat("as") === undefined ? undefined : cursor.id();
        cursor.expect(";");
        if (hasAttributes) {
          cursor.fail({ code: "gate", message: "attributes are not allowed on a top-level `use`", span });
        }
        return { kind: "use", path, as };
      }
      case "package": {
        const span = cursor.take();
        if (depth >= MAX_PACKAGE_DEPTH) {
          cursor.fail({
            code: "too-large",
            message: `packages nest more than ${MAX_PACKAGE_DEPTH} deep here`,
            span,
          });
        }
        if (hasAttributes) {
          cursor.fail({ code: "gate", message: "attributes are not allowed on nested packages", span });
        }
        return this.#nestedPackage(docs, depth);
      }
      default:
        return cursor.failExpected(
          depth === 0 ? "`world`, `interface`, `use` or `package`" : EXPECTED.package,
        );
    }
  }

  #nestedPackage(docs: Pick<ast.Prelude, "docs" | "docsSpan">, depth: number): ast.PackageFile {
    const cursor = this.#cursor;
    const id = this.#packageId(docs);
    if (cursor.peek() === ";") {
      cursor.failExpected(
        "`{`",
        undefined,
        "a file has one `package a:b;` at its start; others are written `package a:b { ... }`",
      );
    }
    const items = this.#body("package", (innerDocs) => this.#item(innerDocs, depth + 1));
    return { kind: "package", id, items };
  }

  #interfaceMembers(): ast.InterfaceMember[] {
    return this.#body("interface", (docs) => this.#interfaceMember(docs));
  }

  #interfaceMember(docs: Pick<ast.Prelude, "docs" | "docsSpan">): ast.InterfaceMember {
    const cursor = this.#cursor;
    const prelude = parseAttributes(cursor, docs);
    const kind = cursor.peek();
    if (startsTypeDefinition(kind)) return parseTypeItem(cursor, prelude);
    switch (kind) {
      case "use":
        return this.#use(prelude);
      case "identifier":
      case "explicit identifier": {
        const name = cursor.id();
        cursor.expect(":");
        const func = parseFunc(cursor);
        cursor.expect(";");
        return { kind: "func", prelude, name, func };
      }
      default:
        return cursor.failExpected(EXPECTED.interface);
    }
  }

  #worldMembers(): ast.WorldMember[] {
    return this.#body("world", (docs) => this.#worldMember(docs));
  }

  #worldMember(docs: Pick<ast.Prelude, "docs" | "docsSpan">): ast.WorldMember {
    const cursor = this.#cursor;
    const prelude = parseAttributes(cursor, docs);
    const kind = cursor.peek();
    if (startsTypeDefinition(kind)) return parseTypeItem(cursor, prelude);
    switch (kind) {
      case "import":
      case "export":
        cursor.take();
        return { kind, prelude, item: this.#externItem(prelude) };
      case "use":
        return this.#use(prelude);
      case "include":
        return this.#include(prelude);
      default:
        return cursor.failExpected(EXPECTED.world);
    }
  }

  #externItem(prelude: ast.Prelude): ast.ExternItem {
    const cursor = this.#cursor;
    const start = cursor.at;
    const name = cursor.id();
    if (cursor.eat(":") !== undefined) {
      const kind = cursor.peek();
      if (kind === "func" || kind === "async") {
        const func = parseFunc(cursor);
        cursor.expect(";");
        return { kind: "func", name, func };
      }
      if (kind === "interface") {
        cursor.take();
        return { kind: "interface", name, members: this.#interfaceMembers() };
      }
      // `label: path` or `namespace:package/name`? Only the latter has a slash after the next word.
      const afterColon = cursor.at;
      if (kind === "identifier" || kind === "explicit identifier") cursor.take();
      if (!this.#nextIs("/")) {
        cursor.at = afterColon;
        const path = this.usePath();
        cursor.expect(";");
        return { kind: "path", label: name, path };
      }
    }
    // What has an id has no need of another.
    this.#noExternalId(prelude);
    cursor.at = start;
    const path = this.usePath();
    cursor.expect(";");
    return { kind: "path", label: undefined, path };
  }

  #use(prelude: ast.Prelude): ast.Use {
    const cursor = this.#cursor;
    cursor.take();
    this.#noExternalId(prelude);
    const path = this.usePath();
    cursor.expect(".");
    const names = parseList(cursor, "{", "}", () => {
      const name = cursor.id();
      return { name, as: cursor.eat("as") === undefined ? undefined : cursor.id() };
    });
    cursor.expect(";");
    return { kind: "use", prelude, path, names };
  }

  #include(prelude: ast.Prelude): ast.Include {
    const cursor = this.#cursor;
    cursor.take();
    this.#noExternalId(prelude);
    const path = this.usePath();
    if (cursor.eat("with") === undefined) {
      cursor.expect(";");
      return { kind: "include", prelude, path, names: [] };
    }
    const names = parseList(cursor, "{", "}", () => {
      const name = cursor.id();
      cursor.expect("as");
      return { name, as: cursor.id() };
    });
    return { kind: "include", prelude, path, names };
  }

  #noExternalId(prelude: ast.Prelude): void {
    if (prelude.externalId === undefined) return;
    this.#cursor.fail({
      code: "syntax",
      message: "`@external-id` is for functions, types, and imports and exports with a plain name",
      span: this.#cursor.peekSpan(),
    });
  }

  /** `{ ... }`, going on after each member that has an error. */
  #body<T>(
    kind: keyof typeof EXPECTED,
    parseMember: (docs: Pick<ast.Prelude, "docs" | "docsSpan">) => T,
  ): T[] {
    const cursor = this.#cursor;
    const opener = cursor.expect("{");
    const members: T[] = [];
    for (;;) {
      const docs = cursor.docs();
      if (this.#nextIs("}")) {
        cursor.take();
        return members;
      }
      // Where the closing brace is missing, leave this body and let the caller read the next item.
      const isUnclosed = kind !== "package" && this.#isTopLevelStart(cursor.at);
      if (isUnclosed || this.#nextIs("end of file")) cursor.failExpected(EXPECTED[kind], opener);
      const member = this.#recover(() => parseMember(docs));
      if (member !== undefined) members.push(member);
    }
  }

  /**
   * Runs a production. If it fails, skips to where the next one may start: after a `;` or a block, or
   * before the `}` of the enclosing block.
   */
  #recover<T>(production: () => T): T | undefined {
    const cursor = this.#cursor;
    const start = cursor.at;
    const parsed = cursor.reporter.attempt(() => ({ value: production() }));
    if (parsed !== undefined) return parsed.value;
    this.failed = true;
    this.#skip(start, cursor.at);
    return undefined;
  }

  #skip(start: number, failedAt: number): void {
    const cursor = this.#cursor;
    const { kinds } = cursor.tokens;
    let depth = 0;
    for (let index = start; ; index += 1) {
      const kind = kinds[index];
      if (kind === undefined || kind === "end of file") {
        cursor.at = kinds.length - 1;
        return;
      }
      const passed = index >= failedAt;
      if (passed && index > start && this.#isTopLevelStart(index)) {
        cursor.at = index;
        return;
      }
      if (kind === "{") depth += 1;
      if (kind === "}") {
        if (depth === 0 && passed) {
          cursor.at = index;
          return;
        }
        depth = Math.max(0, depth - 1);
        if (depth === 0 && passed) {
          cursor.at = index + 1;
          return;
        }
      }
      if (kind === ";" && depth === 0 && passed) {
        cursor.at = index + 1;
        return;
      }
    }
  }

  /** `interface` or `world` at the start of a line: an item, whatever the braces say. */
  #isTopLevelStart(index: number): boolean {
    const { kinds, starts, source } = this.#cursor.tokens;
    const kind = kinds[index];
    if (kind !== "interface" && kind !== "world") return false;
    const start = starts[index] ?? 0;
    return start === 0 || source.text[start - 1] === "\n";
  }

  #nextIs(kind: ReturnType<Cursor["peek"]>): boolean {
    const { kinds } = this.#cursor.tokens;
    let index = this.#cursor.at;
    while (kinds[index] === "comment") index += 1;
    return kinds[index] === kind;
  }
}

function join(first: Span, last: Span): Span {
  return { source: first.source, start: first.start, end: last.end };
}
