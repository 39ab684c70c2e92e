/**
 * Keeps V8 inlining as it would have without instrumentation.
 *
 * V8 sizes the budget for inlining by the share of small functions in a module: few of them, and it
 * takes it that the toolchain has done the work. Metering makes functions longer, and so would cost
 * a module most of its inlining. Empty functions, which nothing calls, restore the balance.
 *
 * Measured with V8 14.6 (`--trace-wasm-inlining`): functions below 50 bytes are small; up to a share of
 * 25 % a function may grow to 2 times its size, from 50 % on to 5 times, and linearly in between.
 */

const SMALL_FUNCTION_BYTES = 50;
/** Where the budget begins and ceases to rise with the share. */
const LOWEST_SHARE = 0.25;
const HIGHEST_SHARE = 0.5;

/** Counts functions by size. */
export class FunctionSizes {
  count = 0;
  small = 0;

  add(bytes: number): void {
    this.count++;
    if (bytes < SMALL_FUNCTION_BYTES) this.small++;
  }

  get share(): number {
    return this.count === 0 ? 0 : this.small / this.count;
  }
}

/** How many empty functions give the rewritten module the share of small functions that the guest had. */
export function fillersNeeded(guest: FunctionSizes, rewritten: FunctionSizes): number {
  const share = Math.min(guest.share, HIGHEST_SHARE);
  if (share <= LOWEST_SHARE || rewritten.share >= share) return 0;
  // (small + x) / (count + x) = share
  return Math.ceil((share * rewritten.count - rewritten.small) / (1 - share));
}
