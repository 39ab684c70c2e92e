/** Changes of a text by places of the original: all that is not named stays as it is, byte for byte. */
export class TextEdits {
  readonly #edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];

  get isEmpty(): boolean {
    return this.#edits.length === 0;
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  /** Insertions at one place come in the order in which they were made. */
  apply(original: string): string {
    const edits = this.#edits.map((edit, index) => ({ ...edit, index }));
    edits.sort((a, b) => a.start - b.start || a.index - b.index);
    let result = "";
    let at = 0;
    for (const { start, end, text } of edits) {
      result += original.slice(at, start) + text;
      at = end;
    }
    return result + original.slice(at);
  }
}
