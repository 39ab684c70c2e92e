/**
 * What rewriting has to know of the code before it comes to it.
 */

/** Of a function or a loop: calls another function, or may: growth and throws count as well. */
export const CALLS = 1;
/** Of a function: it has a loop. */
export const LOOPS = 2;
/** Of a function: it has control flow of any kind. */
export const BRANCHES = 4;
/** Of a function: it calls through a table. */
export const CALLS_INDIRECT = 8;
/** Of a function: it has an operator whose price depends on a length. */
export const BULK = 16;

/** Of a loop: it has another loop inside. */
export const OUTER = 32;
/** Of a loop: some branch goes back to its head. */
export const REPEATS = 64;
/** Of a loop: more than one branch does. */
export const REPEATS_OFTEN = 128;
/** Of a loop: something other than its end leaves it. */
export const EXITS = 2;

/** A small function that does not meter itself: whoever calls it pays for it. */
export const FREE = 1;
/**
 * A small function that calls nothing but others of these two kinds. It need not check at its entry: it does not
 * recurse, and loops check themselves.
 */
export const LEAF = 2;

/** What the first pass found. Functions are counted from the first defined one, loops in the order in which they start. */
export interface CodeAnalysis {
  readonly functionFlags: Uint8Array;
  /** How many instructions each function has. */
  readonly functionOperators: Uint32Array;
  /** Per function: the most operators that are executed between its entry and its end, each loop gone round once. */
  readonly functionWeights: Uint32Array;
  /** Per function: `FREE`, `LEAF`, or 0. */
  readonly functionClasses: Uint8Array;
  /** What each function costs if all of it is executed once, entry included. */
  readonly functionCosts: Float64Array;
  /** The first loop of each function. */
  readonly firstLoops: Uint32Array;
  readonly loopFlags: Uint8Array;
  /** Per loop: the most operators that are executed in one round, loops in it gone round once. */
  readonly loopWeights: Uint32Array;
  /** Offsets of the block instructions, and of the bodies, whose label a catch clause goes to. */
  readonly caughtLabels: ReadonlySet<number>;
  /** Functions that `ref.func` names. */
  readonly referenced: ReadonlySet<number>;
  readonly usesIndirectTailCalls: boolean;
  readonly usesCallRef: boolean;
  /** Whether there is a reference type that names a type. */
  readonly namesTypes: boolean;
}
