/**
 * How many operators at most are executed from a function's entry, or from a loop's head, until the
 * next one or the end.
 *
 * WebAssembly's control flow is structured, so one pass is enough: each label collects the longest way
 * to it, and only loops have a way back. What happens in a loop is the matter of its own head: to
 * what is around it, a loop is no longer than the way to it. Where an exception leads, the longest way
 * so far is assumed.
 */

const UNREACHED = -1;

export class LongestPath {
  /** The longest way here from the head of the innermost loop, or from the entry. */
  #here = 0;
  #depth = 0;
  /** Per open block: the longest way to its label, to its start, and to the end of its arms before this one. */
  #label = new Int32Array(64);
  #start = new Int32Array(64);
  #arms = new Int32Array(64);
  /** Per open block: how many loops are open around its label. */
  #loopsAround = new Int32Array(64);
  #loops = 0;
  /** Per open loop, and before them for the function: the longest way anywhere in it so far, and the way to the next inner loop. */
  #longest = new Int32Array(16);
  #toInner = new Int32Array(16);

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
    this.#loopsAround[at] = this.#loops;
  }

  loop(): void {
    this.block();
    if (this.#loops + 1 === this.#longest.length) this.#growLoops();
    this.#toInner[this.#loops] = this.#here;
    this.#loops++;
    this.#loopsAround[this.#depth - 1] = this.#loops;
    this.#longest[this.#loops] = 0;
    if (this.#here !== UNREACHED) this.#here = 0;
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

  /** Ends a loop; returns the longest way in it. */
  endLoop(): number {
    this.#depth--;
    const longest = this.#longest[this.#loops] as number;
    const reached = this.#here !== UNREACHED;
    this.#loops--;
    this.#here = reached ? (this.#toInner[this.#loops] as number) : UNREACHED;
    return longest;
  }

  /** The longest way in the function outside of its loops. */
  get longest(): number {
    return this.#longest[0] as number;
  }

  /** To a label outside of the innermost loop, the way is that to the loop next inside of it. */
  #reach(target: number, way: number): void {
    if (way === UNREACHED) return;
    const loops = this.#loopsAround[target] as number;
    const length = loops < this.#loops ? (this.#toInner[loops] as number) : way;
    if (length > (this.#label[target] as number)) this.#label[target] = length;
  }

  #growBlocks(): void {
    this.#label = doubled(this.#label);
    this.#start = doubled(this.#start);
    this.#arms = doubled(this.#arms);
    this.#loopsAround = doubled(this.#loopsAround);
  }

  #growLoops(): void {
    this.#longest = doubled(this.#longest);
    this.#toInner = doubled(this.#toInner);
  }
}

export function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
