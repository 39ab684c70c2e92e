/**
 * The fuel and the deadline of one store.
 *
 * Guests count down a global that holds a slice of the fuel, and ask `check` when it is used up. Slices bound
 * what a trap can lose of the count, and give deadlines their beat: the clock is read once per slice.
 */
import type { EngineState } from "./engine.ts";

/** Fuel per slice: at most some 25 ms of work, where every operator misses the cache; commonly far below one. */
const SLICE = 250_000n;

/**
 * Of host functions that have just been seen to return quickly, every so many returns read the clock. Reading it takes
 * several times what a small host call takes.
 */
const PASSED_RETURNS = 7;

/** What "quickly" is: milliseconds since the clock was last read. So a deadline is seen half a millisecond late at most. */
const QUICK_MS = 0.06;

const NONE = 0n;

/** Why a guest may not go on. */
export type Stop = "out-of-fuel" | "interrupt";

export class Meter {
  readonly #engine: EngineState;
  /** What is left of the slice. Imported by every instrumented module of the store. */
  readonly global = new WebAssembly.Global<bigint>({ value: "i64", mutable: true }, NONE);
  /** Fuel that is not in the slice. */
  #reserve = NONE;
  /** Fuel that has been consumed and is still in the reserve: a plain number, so that to count a small call costs little. */
  #owed = 0;
  /** How much may be owed: no more than the reserve has, so that the guest cannot spend it twice. */
  #credit = 0;
  /** The epoch at which guests are stopped; undefined until it is set. */
  #deadline: number | undefined;
  #fuelGiven = false;
  /** When this store last read the clock, in the clock's own milliseconds. */
  #readAt = 0;
  /** Asked when the deadline is reached: ticks to go on for, or undefined to trap. */
  #onDeadline: (() => number | undefined) | undefined;

  constructor(engine: EngineState) {
    this.#engine = engine;
    if (engine.fuel === undefined) this.global.value = SLICE;
  }

  get fuelGiven(): boolean {
    return this.#fuelGiven;
  }

  get deadlineGiven(): boolean {
    return this.#deadline !== undefined;
  }

  /** What is left, never below zero. */
  get fuel(): bigint {
    const left = this.#left;
    return left < NONE ? NONE : left;
  }

  set fuel(fuel: bigint) {
    this.#fuelGiven = true;
    this.#share(fuel);
  }

  setDeadline(ticks: number): void {
    this.#deadline = this.#engine.clock.epoch + ticks;
  }

  set onDeadline(callback: (() => number | undefined) | undefined) {
    this.#onDeadline = callback;
  }

  /** The slice is used up. Gives the guest another, or the reason to stop it. */
  check(): Stop | undefined {
    if (this.#engine.fuel === undefined) {
      this.global.value = SLICE;
    } else {
      const left = this.#left;
      if (left < NONE) return "out-of-fuel";
      this.#share(left);
    }
    return this.checkDeadline();
  }

  /** Consumes fuel from outside of the guest: a whole number. False if there is not enough of it. */
  consume(fuel: number): boolean {
    this.#owed += fuel;
    if (this.#owed <= this.#credit) return true;
    const left = this.#left;
    this.#share(left);
    return left >= NONE;
  }

  /**
   * To be asked after `checkDeadline`, when a host function has returned: how many of its next returns need not check. A
   * function that was slow just now is checked every time, so what guests can gain is a few returns of one that changes its pace.
   */
  pace(): number {
    const { clock } = this.#engine;
    const before = this.#readAt;
    this.#readAt = clock.readAt;
    return clock.ticking && this.#readAt - before < QUICK_MS ? PASSED_RETURNS : 0;
  }

  /** Looks at the clock. */
  checkDeadline(): Stop | undefined {
    if (this.#deadline === undefined || this.#engine.clock.epoch < this.#deadline) return undefined;
    const ticks = this.#onDeadline?.();
    if (ticks === undefined) return "interrupt";
    this.setDeadline(ticks);
    return undefined;
  }

  /** What is left; below zero by what could not be paid for. */
  get #left(): bigint {
    return this.#reserve - BigInt(this.#owed) + this.global.value;
  }

  #share(fuel: bigint): void {
    const slice = fuel < SLICE ? fuel : SLICE;
    this.global.value = slice;
    this.#reserve = fuel - slice;
    this.#owed = 0;
    this.#credit = Number(this.#reserve < SLICE ? this.#reserve : SLICE);
  }
}
