/**
 * The open blocks of the function being analysed, and what is found out about loops, in flat arrays.
 */
import { OUTER, REPEATS, REPEATS_OFTEN } from "./code-analysis.ts";
import { doubled, doubledBytes } from "./longest-path.ts";

export const BODY = 0;
export const IF = 1;
export const LOOP = 2;
export const TRY_TABLE = 3;

export class OpenBlocks {
  depth = 0;
  /** Per open block its offset and its kind. */
  offset = new Int32Array(64);
  kind = new Uint8Array(64);
  /** Of a loop: which one it is. */
  #loop = new Int32Array(64);
  /** The places of the open loops. */
  readonly #openLoops: number[] = [];

  /** Of all functions. */
  loopCount = 0;
  loopFlags = new Uint8Array(1024);
  loopWeights = new Uint32Array(1024);

  /** Starts a function. */
  begin(): void {
    this.depth = 0;
    this.#openLoops.length = 0;
  }

  push(offset: number, kind: number): void {
    const at = this.depth++;
    if (at === this.offset.length) this.#grow();
    this.offset[at] = offset;
    this.kind[at] = kind;
  }

  pushLoop(offset: number): void {
    this.mark(OUTER);
    const loop = this.loopCount++;
    if (loop === this.loopFlags.length) this.#growLoops();
    this.loopFlags[loop] = 0;
    this.push(offset, LOOP);
    this.#loop[this.depth - 1] = loop;
    this.#openLoops.push(this.depth - 1);
  }

  /** Closes the innermost block; returns its kind. */
  pop(): number {
    return this.kind[--this.depth] as number;
  }

  /** After `pop` of a loop, whose longest round is `weight`; returns its flags. */
  endLoop(weight: number): number {
    const loop = this.#loop[this.#openLoops.pop() as number] as number;
    this.loopWeights[loop] = weight;
    return this.loopFlags[loop] as number;
  }

  /** Notes something about the innermost loop. */
  mark(flag: number): void {
    const innermost = this.#openLoops.at(-1);
    if (innermost !== undefined) this.#markLoop(innermost, flag);
  }

  /** Something goes to the label of block `target`. */
  branch(target: number): void {
    if (this.kind[target] !== LOOP) return;
    const again = ((this.loopFlags[this.#loop[target] as number] as number) & REPEATS) !== 0;
    this.#markLoop(target, again ? REPEATS_OFTEN : REPEATS);
  }

  /** Whether control that goes to the label of block `target` leaves the innermost loop. */
  leavesLoop(target: number): boolean {
    return target < (this.#openLoops.at(-1) ?? -1);
  }

  #markLoop(at: number, flag: number): void {
    const loop = this.#loop[at] as number;
    this.loopFlags[loop] = (this.loopFlags[loop] as number) | flag;
  }

  #grow(): void {
    this.offset = doubled(this.offset);
    this.#loop = doubled(this.#loop);
    this.kind = doubledBytes(this.kind);
  }

  #growLoops(): void {
    this.loopFlags = doubledBytes(this.loopFlags);
    const weights = new Uint32Array(this.loopWeights.length * 2);
    weights.set(this.loopWeights);
    this.loopWeights = weights;
  }
}
