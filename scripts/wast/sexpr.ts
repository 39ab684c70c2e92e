/**
 * S-expressions of the WebAssembly text format: enough to take a `.wast` script apart without
 * understanding what is inside a module.
 *
 * Source: core specification, "Text Format: Lexical Format".
 */

export interface SExpr {
  readonly kind: "list";
  readonly items: readonly SNode[];
  /** Where it starts and ends in the source, parentheses included. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export interface SAtom {
  readonly kind: "atom";
  readonly text: string;
}

export interface SString {
  readonly kind: "string";
  readonly bytes: Uint8Array;
}

export type SNode = SExpr | SAtom | SString;

/** A script that is not well-formed. */
export class SExprError extends Error {
  override readonly name = "SExprError";
}

/** Parses a script into its top-level lists. Annotations are left out. */
export function parseSExprs(source: string): SExpr[] {
  const parser = new Parser(source);
  const lists: SExpr[] = [];
  for (let node = parser.next(); node; node = parser.next()) {
    if (node.kind !== "list") throw new SExprError(`line ${parser.line}: expected a list`);
    lists.push(node);
  }
  return lists;
}

class Parser {
  readonly #source: string;
  #pos = 0;
  line = 1;

  constructor(source: string) {
    this.#source = source;
  }

  /** The next node that is not an annotation; undefined at the end of the source or before a closing parenthesis. */
  next(): SNode | undefined {
    this.#skipSpace();
    const char = this.#source[this.#pos];
    if (char === undefined || char === ")") return undefined;
    if (char === "(") {
      const list = this.#list();
      return head(list).startsWith("@") ? this.next() : list;
    }
    if (char === '"') return { kind: "string", bytes: this.#string() };
    return this.#atom();
  }

  #list(): SExpr {
    const start = this.#pos;
    const line = this.line;
    this.#pos++;
    const items: SNode[] = [];
    for (let node = this.next(); node; node = this.next()) items.push(node);
    if (this.#source[this.#pos] !== ")") throw new SExprError(`line ${line}: unclosed list`);
    this.#pos++;
    return { kind: "list", items, start, end: this.#pos, line };
  }

  #atom(): SAtom {
    const start = this.#pos;
    while (this.#pos < this.#source.length) {
      const char = this.#source[this.#pos] as string;
      if (" \t\r\n();".includes(char)) break;
      if (char === '"') this.#string();
      else this.#pos++;
    }
    // A lone semicolon: only annotations have one.
    if (this.#pos === start) this.#pos++;
    return { kind: "atom", text: this.#source.slice(start, this.#pos) };
  }

  #string(): Uint8Array {
    const bytes: number[] = [];
    const simple: Record<string, number> = { t: 9, n: 10, r: 13, '"': 34, "'": 39, "\\": 92 };
    this.#pos++;
    for (;;) {
      const code = this.#source.codePointAt(this.#pos);
      if (code === undefined) throw new SExprError(`line ${this.line}: unclosed string`);
      const char = String.fromCodePoint(code);
      this.#pos += char.length;
      if (char === '"') return Uint8Array.from(bytes);
      if (char === "\n") this.line++;
      if (char !== "\\") {
        bytes.push(...new TextEncoder().encode(char));
        continue;
      }
      const letter = this.#source[this.#pos] as string;
      const plain = simple[letter];
      if (plain !== undefined) {
        bytes.push(plain);
        this.#pos++;
      } else if (letter === "u") {
        const close = this.#source.indexOf("}", this.#pos);
        const digits = this.#source.slice(this.#pos + 2, close).replaceAll("_", "");
        bytes.push(...new TextEncoder().encode(String.fromCodePoint(Number.parseInt(digits, 16))));
        this.#pos = close + 1;
      } else {
        bytes.push(Number.parseInt(this.#source.slice(this.#pos, this.#pos + 2), 16));
        this.#pos += 2;
      }
    }
  }

  #skipSpace(): void {
    const source = this.#source;
    for (;;) {
      const char = source[this.#pos];
      if (char === "\n") {
        this.line++;
        this.#pos++;
      } else if (char === " " || char === "\t" || char === "\r") {
        this.#pos++;
      } else if (char === ";" && source[this.#pos + 1] === ";") {
        const end = source.indexOf("\n", this.#pos);
        this.#pos = end < 0 ? source.length : end;
      } else if (char === "(" && source[this.#pos + 1] === ";") {
        this.#blockComment();
      } else {
        return;
      }
    }
  }

  #blockComment(): void {
    const line = this.line;
    let depth = 0;
    do {
      const two = this.#source.slice(this.#pos, this.#pos + 2);
      if (two === "") throw new SExprError(`line ${line}: unclosed comment`);
      if (two === "(;") depth++;
      else if (two === ";)") depth--;
      else if (two[0] === "\n") this.line++;
      this.#pos += two === "(;" || two === ";)" ? 2 : 1;
    } while (depth > 0);
  }
}

/** The keyword that a list starts with, or "". */
export function head(list: SExpr): string {
  const first = list.items[0];
  return first?.kind === "atom" ? first.text : "";
}
