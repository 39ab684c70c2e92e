/**
 * Counts what a conformance suite did, and prints a line for each failure.
 */

export class SuiteReport {
  passed = 0;
  failed = 0;
  /** Reason to how often: a skip names a documented, unsupported feature. */
  readonly skips = new Map<string, number>();

  pass(): void {
    this.passed++;
  }

  fail(where: string, message: string): void {
    this.failed++;
    console.log(`FAIL ${where}: ${message}`);
  }

  skip(reason: string): void {
    this.skips.set(reason, (this.skips.get(reason) ?? 0) + 1);
  }

  get skipped(): number {
    let sum = 0;
    for (const count of this.skips.values()) sum += count;
    return sum;
  }

  /** Prints the reasons of skips and the last line. */
  print(): void {
    for (const [reason, count] of this.skips) console.log(`skipped ${count}: ${reason}`);
    console.log(`${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`);
  }
}
