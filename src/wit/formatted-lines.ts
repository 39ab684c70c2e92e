/** The lines that a formatter has made so far, with their indentation and the empty lines between them. */
export class FormattedLines {
  readonly #lines: string[] = [];
  #depth = 0;
  /** Whether an empty line goes before the next one. */
  #isSeparated = false;
  /** Whether the last line opens a block that has no members yet. */
  #isOpened = false;

  /** How many blocks are open. */
  get depth(): number {
    return this.#depth;
  }

  finish(): string {
    return this.#lines.length === 0 ? "" : `${this.#lines.join("\n")}\n`;
  }

  /** Adds a line, or several of a comment, of which only the first is indented. */
  add(text: string): void {
    if (this.#isSeparated && !this.#isOpened && this.#lines.length > 0) this.#lines.push("");
    this.#isSeparated = false;
    this.#isOpened = false;
    this.#lines.push(`${"  ".repeat(this.#depth)}${text}`);
  }

  /** Puts a comment at the end of the last line. */
  trail(comment: string): void {
    const last = this.#lines.pop();
    this.#isOpened = false;
    this.#lines.push(last === undefined ? comment : `${last} ${comment}`);
  }

  /** An empty line before the next one, unless that is the first of a block, or the `}`. */
  emptyLine(): void {
    this.#isSeparated = true;
  }

  /** The last line has opened a block. */
  open(): void {
    this.#depth += 1;
    this.#isOpened = true;
  }

  close(): void {
    this.#depth -= 1;
    this.#isSeparated = false;
    const last = this.#lines.at(-1);
    if (this.#isOpened && last?.endsWith("{")) {
      this.#lines[this.#lines.length - 1] = `${last}}`;
      this.#isOpened = false;
      return;
    }
    this.add("}");
  }
}
