/**
 * Keeps the count of the function being rewritten: emits the code that charges, checks, loads it and
 * writes it back.
 *
 * The count is in an i64 local, or in the global, or in both. Code that is executed equally often
 * shares one *site*: a subtraction at its start, whose constant is patched as further operators turn
 * out to belong to it.
 */
import type { BodyWriter } from "./body-writer.ts";
import type { BranchHints } from "./branch-hints.ts";

/** The largest price that fits a site: two bytes of signed LEB128. */
const SITE_CAPACITY = 0x1fff;

export interface MeterOptions {
  readonly writer: BodyWriter;
  readonly hints: BranchHints;
  readonly fuelGlobal: number;
  /** The function `(param i64) (result i64)` of the slow path. */
  readonly slowCheck: number;
  /** Operators are charged; otherwise only checks count. */
  readonly charges: boolean;
}

export class Meter {
  readonly #options: MeterOptions;
  readonly #writer: BodyWriter;
  readonly #charges: boolean;
  #local = 0;
  /** Where the constant of the open site is in the output, or -1. */
  site = -1;
  /** Whether the local holds the count; if not, the global does. */
  loaded = false;
  /** Whether the current function is metered. */
  active = false;
  /** Whether the current code is reached, in a function that is metered: other code is not charged. */
  live = false;

  constructor(options: MeterOptions) {
    this.#options = options;
    this.#writer = options.writer;
    this.#charges = options.charges;
  }

  /** Starts a function whose count is in `local`. */
  reset(active: boolean, local: number, loaded: boolean): void {
    this.active = active;
    this.live = active;
    this.#local = local;
    this.loaded = loaded;
    this.site = -1;
  }

  /** Charges for the operator at `at`. */
  charge(at: number, cost: number): void {
    if (cost === 0 || !this.live || !this.#charges) return;
    const site = this.site;
    if (site >= 0) {
      const { bytes } = this.#writer.out;
      const total = ((bytes[site] as number) & 0x7f) + ((bytes[site + 1] as number) << 7) + cost;
      if (total <= SITE_CAPACITY) {
        bytes[site] = (total & 0x7f) | 0x80;
        bytes[site + 1] = total >> 7;
        return;
      }
    }
    this.#writer.copyTo(at);
    this.push();
    this.#subtract(cost);
  }

  /** Checks the count before what is at `at`. In the stack of a trap, the check stands at `shownAt`. */
  check(at: number, shownAt: number = at): void {
    if (!this.live) return;
    this.#test(at);
    const { out } = this.#writer;
    this.#hintUnlikely();
    out.u8(0x04); // if
    out.u8(0x40);
    this.slowCheck(shownAt);
    out.u8(0x0b);
  }

  /** Emits the slow path: the host looks whether the guest may go on. In the stack of a trap, it stands at `shownAt`. */
  slowCheck(shownAt: number): void {
    this.#writer.mark(shownAt);
    this.push();
    this.#writer.out.u8(0x10); // call
    this.#writer.out.u32(this.#options.slowCheck);
    this.store();
  }

  /** Checks the count before what is at `at`; if it is used up, goes to where there is a `slowCheck`. */
  checkOrBranch(at: number, label: number): void {
    this.#test(at);
    this.#hintUnlikely();
    this.#writer.out.u8(0x0d); // br_if
    this.#writer.out.u32(label);
  }

  /** If only checks count: counts one before what is at `at`, as `weight`. */
  count(at: number, weight: number): void {
    if (!this.live || this.#charges) return;
    this.#writer.copyTo(at);
    this.push();
    this.#subtract(weight);
    this.site = -1;
  }

  /** Makes the local hold the count, before what is at `at`. */
  load(at: number): void {
    if (this.loaded || !this.live) return;
    this.#writer.copyTo(at);
    const { out } = this.#writer;
    out.u8(0x23); // global.get
    out.u32(this.#options.fuelGlobal);
    this.store();
  }

  /** Makes the global hold the count, before what is at `at`. */
  writeBack(at: number): void {
    if (!this.loaded || !this.live) return;
    this.#writer.copyTo(at);
    const { out } = this.#writer;
    this.push();
    out.u8(0x24); // global.set
    out.u32(this.#options.fuelGlobal);
  }

  /** Emits: the count, from wherever it is; in dead code, any. */
  push(): void {
    const { out } = this.#writer;
    if (this.loaded) {
      out.u8(0x20); // local.get
      out.u32(this.#local);
    } else {
      out.u8(0x23); // global.get
      out.u32(this.#options.fuelGlobal);
    }
  }

  /** Emits: the count on the stack goes into the local. */
  store(): void {
    this.#writer.out.u8(0x21); // local.set
    this.#writer.out.u32(this.#local);
    this.loaded = true;
  }

  /** Emits: the count on the stack goes into the local, less what the code from here costs. */
  storeAndOpen(): void {
    if (this.#charges) this.#subtract(0);
    else this.store();
  }

  /** The count is in the global now, and nowhere else. */
  forget(): void {
    this.loaded = false;
    this.site = -1;
  }

  #subtract(cost: number): void {
    const { out } = this.#writer;
    out.u8(0x42); // i64.const
    if (cost > SITE_CAPACITY) {
      this.site = -1;
      out.s32(cost);
    } else {
      this.site = out.length;
      out.u8((cost & 0x7f) | 0x80);
      out.u8(cost >> 7);
    }
    out.u8(0x7d); // i64.sub
    this.store();
  }

  /** Emits: whether the count is below zero. */
  #test(at: number): void {
    this.#writer.copyTo(at);
    const { out } = this.#writer;
    this.push();
    if (!this.loaded) {
      out.u8(0x22); // local.tee
      out.u32(this.#local);
      this.loaded = true;
    }
    out.u8(0x42); // i64.const 0
    out.u8(0x00);
    out.u8(0x53); // i64.lt_s
  }

  /** The branch that is emitted next is unlikely. */
  #hintUnlikely(): void {
    this.#options.hints.add(this.#writer.out.length - this.#writer.outStart, 0);
  }
}
