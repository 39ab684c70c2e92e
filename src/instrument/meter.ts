/**
 * Charging: keeps the fuel counter of the function being rewritten, and emits the code that
 * loads, charges, checks and writes it back.
 *
 * The counter lives in an i64 local. Code that is executed equally often shares one *site*: a
 * subtraction at its start, whose constant is patched as further operators turn out to belong to it.
 */
import type { ByteBuffer } from "./byte-buffer.ts";

/** The largest price that fits a site: two bytes of signed LEB128. */
const SITE_CAPACITY = 0x1fff;

export interface MeterTarget {
  readonly fuelGlobal: number;
  /** The function `(param i64) (result i64)` of the slow path. */
  readonly slowCheck: number;
}

export class Meter {
  readonly #out: ByteBuffer;
  readonly #target: MeterTarget;
  #local = 0;
  /** Where the constant of the open site is in the output, or -1. */
  site = -1;
  /** Whether the local holds the count. If not, the global does. */
  loaded = false;

  constructor(out: ByteBuffer, target: MeterTarget) {
    this.#out = out;
    this.#target = target;
  }

  /** Starts a function whose counter is `local`. */
  reset(local: number): void {
    this.#local = local;
    this.site = -1;
    this.loaded = false;
  }

  /** Adds `cost` to the open site; false if there is none with room for it. */
  add(cost: number): boolean {
    const site = this.site;
    if (site < 0) return false;
    const bytes = this.#out.bytes;
    const total = ((bytes[site] as number) & 0x7f) + ((bytes[site + 1] as number) << 7) + cost;
    if (total > SITE_CAPACITY) return false;
    bytes[site] = (total & 0x7f) | 0x80;
    bytes[site + 1] = total >> 7;
    return true;
  }

  /** Opens a site here, with `cost` in it. */
  open(cost: number): void {
    this.#subtract(cost);
    this.#out.u8(0x21); // local.set
    this.#out.u32(this.#local);
    this.loaded = true;
  }

  /**
   * Opens a site here and checks the counter: at function entries and loop heads. Returns where the
   * unlikely branch is in the output.
   */
  openChecked(cost: number): number {
    const out = this.#out;
    this.#subtract(cost);
    out.u8(0x22); // local.tee
    out.u32(this.#local);
    out.u8(0x42); // i64.const 0
    out.u8(0x00);
    out.u8(0x53); // i64.lt_s
    const branch = out.length;
    out.u8(0x04); // if
    out.u8(0x40);
    out.u8(0x20); // local.get
    out.u32(this.#local);
    out.u8(0x10); // call
    out.u32(this.#target.slowCheck);
    out.u8(0x21); // local.set
    out.u32(this.#local);
    out.u8(0x0b);
    this.loaded = true;
    return branch;
  }

  /** Makes the local hold the count. */
  load(): void {
    if (this.loaded) return;
    this.#out.u8(0x23); // global.get
    this.#out.u32(this.#target.fuelGlobal);
    this.#out.u8(0x21); // local.set
    this.#out.u32(this.#local);
    this.loaded = true;
  }

  /** Makes the global hold the count. */
  writeBack(): void {
    if (!this.loaded) return;
    this.#out.u8(0x20); // local.get
    this.#out.u32(this.#local);
    this.#out.u8(0x24); // global.set
    this.#out.u32(this.#target.fuelGlobal);
  }

  #subtract(cost: number): void {
    const out = this.#out;
    if (this.loaded) {
      out.u8(0x20); // local.get
      out.u32(this.#local);
    } else {
      out.u8(0x23); // global.get
      out.u32(this.#target.fuelGlobal);
    }
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
  }
}
