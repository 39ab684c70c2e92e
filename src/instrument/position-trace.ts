/**
 * Where the instructions of one function went when it was rewritten.
 *
 * Output is either a copy of input, byte by byte, or stands as a whole for one instruction. Entries
 * ascend by their place in the output.
 */

export class PositionTrace {
  readonly #out: number[] = [];
  readonly #input: number[] = [];
  readonly #isRun: boolean[] = [];

  /** `length` bytes of input from `input` on are copied to `out`. What follows, unless told otherwise, belongs to what comes next. */
  run(out: number, input: number, length: number): void {
    this.#add(out, input, true);
    this.#add(out + length, input + length, false);
  }

  /** The output from `out` on stands for the instruction at `input`. */
  mark(out: number, input: number): void {
    this.#add(out, input, false);
  }

  /** The place in the input that the place `out` in the output stands for; undefined for one before all entries. */
  inputOf(out: number): number | undefined {
    let low = 0;
    let high = this.#out.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#out[middle] as number) <= out) low = middle + 1;
      else high = middle;
    }
    const at = low - 1;
    const input = this.#input[at];
    if (input === undefined) return undefined;
    return this.#isRun[at] ? input + out - (this.#out[at] as number) : input;
  }

  #add(out: number, input: number, isRun: boolean): void {
    this.#out.push(out);
    this.#input.push(input);
    this.#isRun.push(isRun);
  }
}
