/**
 * The stack of open blocks of the function being rewritten, kept in flat arrays so that deep nesting
 * costs no objects.
 */

export const FUNCTION = 0;
export const BLOCK = 1;
export const LOOP = 2;
export const IF = 3;
export const ELSE = 4;
export const TRY = 5;
export const CATCH = 6;
export const TRY_TABLE = 7;

/** Some branch goes to the end of this block. */
export const TARGETED = 1;
/** The code around this block is live: it is reached, and metered. */
export const ENTERED = 2;
/** An arm before the current one (`if` before `else`, `try` before `catch`) ends live. */
export const ARM_ENDS = 4;
/** A loop that looks up on its way back: there are two blocks around its label. */
export const WRAPPED = 16;
/** Likewise, with the slow call in a loop around it: there are four. */
export const TIGHT = WRAPPED + 32;
/** A loop that looks up at its head, with the slow call in a loop around it: there are three. */
export const TIGHT_AT_HEAD = WRAPPED + 64;
/** A catch clause goes to this label: at it, the global holds the count and the local does not. */
export const SYNCED = 8;

/** Nothing in the block leaves it other than by its end. */
const NO_ESCAPE = 0x7fff_ffff;

export class ControlStack {
  depth = 0;
  kind = new Uint8Array(64);
  flags = new Uint8Array(64);
  /** Where the price of the code around the block is being summed up, or -1. */
  site = new Int32Array(64);
  /** Where the block starts in the input. */
  start = new Int32Array(64);
  /** Of a loop: which one it is, in the order of the analysis. */
  loop = new Int32Array(64);
  /** How many labels the rewriter has added around this block and those around it. */
  added = new Int32Array(64);
  /** The outermost block that control inside may leave to; -1 for out of the function or for code that must see the exact count. */
  escape = new Int32Array(64);

  push(kind: number, start: number, flags: number, site: number): void {
    const at = this.depth++;
    if (at === this.kind.length) this.#grow();
    this.added[at] = labelsAround(flags) + (at > 0 ? (this.added[at - 1] as number) : 0);
    this.kind[at] = kind;
    this.start[at] = start;
    this.flags[at] = flags;
    this.site[at] = site;
    this.escape[at] = NO_ESCAPE;
  }

  /** Closes the innermost block; what escapes it may escape the next one. */
  pop(): void {
    const at = --this.depth;
    if (at > 0) this.escapeTo(this.escape[at] as number);
  }

  escapeTo(target: number): void {
    const top = this.depth - 1;
    if (target < (this.escape[top] as number)) this.escape[top] = target;
  }

  #grow(): void {
    const size = this.kind.length * 2;
    this.kind = grown(new Uint8Array(size), this.kind);
    this.flags = grown(new Uint8Array(size), this.flags);
    this.site = grown(new Int32Array(size), this.site);
    this.start = grown(new Int32Array(size), this.start);
    this.loop = grown(new Int32Array(size), this.loop);
    this.added = grown(new Int32Array(size), this.added);
    this.escape = grown(new Int32Array(size), this.escape);
  }
}

function labelsAround(flags: number): number {
  if ((flags & WRAPPED) === 0) return 0;
  if ((flags & TIGHT_AT_HEAD) === TIGHT_AT_HEAD) return 3;
  return (flags & TIGHT) === TIGHT ? 4 : 2;
}

function grown<A extends Uint8Array | Int32Array>(target: A, from: A): A {
  target.set(from);
  return target;
}
