/**
 * The layout of one member of a WIT file, without its body: on one line if it fits, else with its
 * parameters, or the names of a `use`, a line each.
 */
import type { TokenKind, Tokens } from "./lexer.ts";

/** The tokens from `start` to `end`; the one at `start` is no comment. */
export interface TokenRange {
  readonly tokens: Tokens;
  readonly start: number;
  readonly end: number;
}

/** A list in brackets that may take a line for each item. */
interface List {
  readonly open: number;
  readonly close: number;
}

/**
 * Lines without the indentation that they have in common.
 *
 * @param tail what follows the member: `;`, `,` or ` {`
 * @param width the columns that there are
 */
export function layoutStatement(range: TokenRange, tail: string, width: number): readonly string[] {
  const layout = new StatementLayout(range);
  const { start, end } = range;
  const flat = layout.join(start, end, tail);
  const fits = flat.length === 1 && (flat[0] ?? "").length <= width;
  const list = fits ? undefined : layout.list();
  return list === undefined ? flat : layout.broken(list, tail);
}

class StatementLayout {
  readonly #tokens: Tokens;
  readonly #start: number;
  readonly #end: number;

  constructor({ tokens, start, end }: TokenRange) {
    this.#tokens = tokens;
    this.#start = start;
    this.#end = end;
  }

  /** Tokens and what follows them, on one line; what comes after a line comment starts another. */
  join(start: number, end: number, tail: string): string[] {
    const lines: string[] = [];
    let line = "";
    let isClosed = false;
    const add = (text: string, space: string): void => {
      if (isClosed) {
        lines.push(line);
        line = `    ${text.trimStart()}`;
      } else {
        line += line === "" ? text : space + text;
      }
      isClosed = text.startsWith("//");
    };
    for (let index = start; index < end; index += 1) {
      add(this.#text(index).trimEnd(), this.#space(index));
    }
    if (tail !== "") add(tail, "");
    return [...lines, line];
  }

  /** The parameters of a function, or the names in the braces of `use` and `include`. */
  list(): List | undefined {
    const { kinds } = this.#tokens;
    for (let open = this.#start; open < this.#end; open += 1) {
      const kind = kinds[open];
      if (kind !== "(" && kind !== "{") continue;
      const close = this.#closeOf(open);
      if (close === open + 1) continue;
      const isList = kind === "{" || kinds.slice(open, close).includes(":");
      if (isList) return { open, close };
      open = close;
    }
    return undefined;
  }

  /** Each item of the list on a line, with the comments before it, and a comma after it. */
  broken({ open, close }: List, tail: string): string[] {
    const lines = this.join(this.#start, open + 1, "");
    for (let index = open + 1; index < close; ) {
      if (this.#kind(index) === "comment") {
        const text = this.#text(index).trimEnd();
        if (this.#isOnNewLine(index)) lines.push(`  ${text}`);
        else lines.push(`${lines.pop()} ${text}`);
        index += 1;
        continue;
      }
      const end = this.#endOfItem(index, close);
      for (const line of this.join(index, end, ",")) lines.push(`  ${line}`);
      index = this.#kind(end) === "," ? end + 1 : end;
    }
    lines.push(...this.join(close, this.#end, tail));
    return lines;
  }

  /** The index of the comma after an item, or where the comments before the closing bracket start. */
  #endOfItem(start: number, close: number): number {
    let depth = 0;
    for (let index = start; index < close; index += 1) {
      const kind = this.#kind(index);
      if (kind === "<" || kind === "(") depth += 1;
      if (kind === ">" || kind === ")") depth -= 1;
      if (kind === "," && depth === 0) return index;
    }
    let end = close;
    while (this.#kind(end - 1) === "comment") end -= 1;
    return end;
  }

  #closeOf(open: number): number {
    const [opener, closer] = this.#kind(open) === "(" ? ["(", ")"] : ["{", "}"];
    let depth = 0;
    for (let index = open; index < this.#end; index += 1) {
      if (this.#kind(index) === opener) depth += 1;
      if (this.#kind(index) === closer) depth -= 1;
      if (depth === 0) return index;
    }
    return this.#end - 1;
  }

  /** What stands between a token and the one before it. */
  #space(index: number): "" | " " {
    const before = this.#kind(index - 1);
    const kind = this.#kind(index);
    if (before === "comment" || kind === "comment") return " ";
    // Inside a version, which is several tokens.
    if (before === "integer" && kind === "identifier") return "";
    switch (kind) {
      case ",":
      case ";":
      case ":":
      case ")":
      case ">":
      case ".":
      case "/":
      case "@":
      case "(":
      case "<":
      case "-":
      case "+":
        return "";
      case "{":
        return before === "." ? "" : " ";
      case "}":
        return this.#isUse() ? "" : " ";
      default:
    }
    switch (before) {
      case "(":
      case "<":
      case ".":
      case "/":
      case "@":
      case "-":
      case "+":
        return "";
      case "{":
        return this.#isUse() ? "" : " ";
      case ":":
        return this.#endsLabel(index - 1) ? " " : "";
      default:
        return " ";
    }
  }

  #isUse(): boolean {
    return this.#kind(this.#start) === "use";
  }

  /** Whether a colon stands between a name and what it names, and not inside an id such as `wasi:io/poll`. */
  #endsLabel(colon: number): boolean {
    switch (this.#kind(this.#start)) {
      case "package":
      case "use":
      case "include":
        return false;
      case "import":
      case "export":
        return this.#isFirstColon(colon) ? this.#kind(colon + 2) !== "/" : this.#isInParameters(colon);
      default:
        return true;
    }
  }

  #isFirstColon(colon: number): boolean {
    return this.#tokens.kinds.indexOf(":", this.#start) === colon;
  }

  #isInParameters(index: number): boolean {
    const paren = this.#tokens.kinds.indexOf("(", this.#start);
    return paren !== -1 && paren < index;
  }

  #isOnNewLine(index: number): boolean {
    const { source, starts, ends } = this.#tokens;
    return source.text.slice(ends[index - 1], starts[index]).includes("\n");
  }

  #kind(index: number): TokenKind | undefined {
    return this.#tokens.kinds[index];
  }

  #text(index: number): string {
    const { source, starts, ends } = this.#tokens;
    return source.text.slice(starts[index], ends[index]);
  }
}
