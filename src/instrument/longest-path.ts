/**
 * How many operators at most are executed from a function's entry, or from the head of a loop that goes
 * round again, until the next such point or the end.
 *
 * WebAssembly's control flow is structured, so one pass is enough: each label collects the longest way
 * to it, and only loops have a way back. To what is around it, a loop is what it does when it goes
 * round once; each further round is the matter of its own way back. Where an exception leads, the
 * longest way so far is assumed.
 */

const UNREACHED = -1;

/** Ways are counted from the function's entry. */
export class LongestPath {
  /** The longest way here. */
  #here = 0;
  #depth = 0;
  /** Per open block: the longest way to its label, to its start, and to the end of its arms before this one. */
  #label = new Int32Array(64);
  #start = new Int32Array(64);
  #arms = new Int32Array(64);
  #loops = 0;
  /** Per open loop, and before them for the function: the longest way to its head, and to anywhere in it so far. */
  #head = new Int32Array(16);
  #longest = new Int32Array(16);

  /** Starts a function. */
  begin(): void {
    this.#here = 0;
    this.#depth = 0;
    this.#loops = 0;
    this.#longest[0] = 0;
    this.block();
  }

  /** So many operators are executed in a row. */
  advance(operators: number): void {
    if (this.#here === UNREACHED) return;
    this.#here += operators;
    if (this.#here > (this.#longest[this.#loops] as number)) this.#longest[this.#loops] = this.#here;
  }

  /** Opens a block whose label is at its end. */
  block(): void {
    const at = this.#depth++;
    if (at === this.#label.length) this.#growBlocks();
    this.#label[at] = UNREACHED;
    this.#start[at] = this.#here;
    this.#arms[at] = UNREACHED;
  }

  loop(): void {
    this.block();
    const loop = ++this.#loops;
    if (loop === this.#longest.length) this.#growLoops();
    const head = Math.max(this.#here, 0);
    this.#head[loop] = head;
    this.#longest[loop] = head;
  }

  /** `else`: the next arm starts where the block did. */
  else(): void {
    const top = this.#depth - 1;
    this.#arms[top] = Math.max(this.#arms[top] as number, this.#here);
    this.#here = this.#start[top] as number;
    // From now on there is no way past the arms.
    this.#start[top] = UNREACHED;
  }

  /** `catch`, `catch_all`: an exception may come from anywhere in the block. */
  catch(): void {
    const top = this.#depth - 1;
    this.#arms[top] = Math.max(this.#arms[top] as number, this.#here);
    this.#here = this.#longest[this.#loops] as number;
  }

  /** An exception may lead from anywhere here to the label of block `target`. */
  caught(target: number): void {
    this.#reach(target, this.#longest[this.#loops] as number);
  }

  branch(target: number): void {
    this.#reach(target, this.#here);
  }

  /** What follows is not reached from here. */
  leave(): void {
    this.#here = UNREACHED;
  }

  /** Ends a block; `skippable` if there is a way past its arms: an `if` without `else`. */
  end(skippable: boolean): void {
    const top = --this.#depth;
    this.#here = Math.max(this.#here, this.#label[top] as number, this.#arms[top] as number);
    if (skippable) this.#here = Math.max(this.#here, this.#start[top] as number);
  }

  /** Ends a loop; returns the longest way in one round of it. */
  endLoop(): number {
    this.#depth--;
    const loop = this.#loops--;
    const longest = this.#longest[loop] as number;
    this.#longest[loop - 1] = Math.max(this.#longest[loop - 1] as number, longest);
    return longest - (this.#head[loop] as number);
  }

  /** The longest way in the function, each loop gone round once. */
  get longest(): number {
    return this.#longest[0] as number;
  }

  #reach(target: number, way: number): void {
    if (way > (this.#label[target] as number)) this.#label[target] = way;
  }

  #growBlocks(): void {
    this.#label = doubled(this.#label);
    this.#start = doubled(this.#start);
    this.#arms = doubled(this.#arms);
  }

  #growLoops(): void {
    this.#head = doubled(this.#head);
    this.#longest = doubled(this.#longest);
  }
}

export function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

export function doubledBytes(array: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(array.length * 2);
  larger.set(array);
  return larger;
}
