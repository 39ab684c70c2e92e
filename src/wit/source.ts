/**
 * A WIT file in memory, and places in it.
 */

/** A place that a person can go to. Both numbers start at 1; columns count UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export class Source {
  /** As messages show it; nothing is read from there. */
  readonly path: string;
  readonly text: string;
  /** The offsets at which lines start: made when a message first needs them. */
  #lineStarts: number[] | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  position(offset: number): Position {
    const starts = this.#lines();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** The text of a line (from 1) without its line break. */
  line(number: number): string {
    const starts = this.#lines();
    const start = starts[number - 1] ?? this.text.length;
    const next = starts[number];
    let end = next === undefined ? this.text.length : next - 1;
    if (end > start && this.text.charCodeAt(end - 1) === 0x0d) end -= 1;
    return this.text.slice(start, end);
  }

  #lines(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf("\n"); at !== -1; at = this.text.indexOf("\n", at + 1)) {
        starts.push(at + 1);
      }
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}

/** A half-open range of a source, in UTF-16 code units. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}
