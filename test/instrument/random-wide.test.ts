/**
 * Random modules over all groups of instructions do the same with and without instrumentation, and consume the same
 * fuel however it is given out.
 */
import process from "node:process";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { InstrumentOptions } from "../../src/instrument/index.ts";
import { assemble } from "../support/assemble.ts";
import { EPOCH_ONLY, EVERYTHING, run } from "./harness.ts";
import { randomWideModule } from "./random-wide.ts";

/** How many modules to try: a handful in the suite, more by hand. */
const { FUZZ_RUNS = "120" } = process.env;

const all = { ...EVERYTHING, limitHeap: true };
const VARIANTS: readonly [name: string, options: InstrumentOptions, slice: bigint][] = [
  ["everything", all, 1n << 40n],
  ["everything, in small slices", all, 7n],
  ["everything, memories imported", { ...all, importMemories: true }, 100n],
  ["epoch only, in small slices", EPOCH_ONLY, 3n],
  ["epoch, heap and imported memories", { ...EPOCH_ONLY, limitHeap: true, importMemories: true }, 50n],
  ["growth only", { fuel: undefined, epoch: false, limitGrowth: true }, 1n],
];

interface Observed {
  readonly ended: string;
  readonly state: unknown;
  readonly globals: readonly unknown[];
  readonly memories: readonly Buffer[];
}

/** How a call of `run` ended, and what it has left behind. */
function observe(exports: WebAssembly.Exports, operands: readonly [number, bigint]): Observed {
  const { run: entry, state } = exports as Record<string, (...operands: unknown[]) => unknown>;
  return {
    ended: ended(() => entry?.(...operands)),
    state: ended(() => state?.()),
    globals: ["g-i32", "g-i64"].map((name) => (exports[name] as WebAssembly.Global).value as unknown),
    memories: ["m", "long"].map((name) => Buffer.from((exports[name] as WebAssembly.Memory).buffer)),
  };
}

function ended(act: () => unknown): string {
  try {
    return `returned ${String(act())}`;
  } catch (error) {
    if (error instanceof WebAssembly.Exception) return "threw";
    if (error instanceof WebAssembly.RuntimeError) return `trapped: ${error.message}`;
    throw error;
  }
}

test("random modules of all instructions behave the same, and cost the same", async () => {
  const tapes = fc.array(fc.nat({ max: 4000 }), { minLength: 10, maxLength: 500, size: "max" });
  const operands = fc.tuple(fc.integer({ min: -3, max: 70_000 }), fc.bigInt({ min: -3n, max: 300n }));
  await fc.assert(
    fc.asyncProperty(tapes, operands, async (tape, args) => {
      const bytes = await assemble(randomWideModule(tape));
      const plain = observe(new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports, args);
      const fuel = new Set<bigint>();
      for (const [name, options, slice] of VARIANTS) {
        const { exports, host } = run(bytes, options, { slice, heapSlice: 64n });
        const metered = observe(exports, args);
        expect(metered.ended, name).toBe(plain.ended);
        expect(metered.state, name).toBe(plain.state);
        expect(metered.globals, name).toEqual(plain.globals);
        for (const [i, memory] of metered.memories.entries()) {
          expect(memory.compare(plain.memories[i] ?? Buffer.of()), `memory ${i}: ${name}`).toBe(0);
        }
        // A trap in the middle of the guest's code loses what was counted since the last check.
        if (options.fuel && !plain.ended.startsWith("trapped")) fuel.add(host.consumed);
      }
      expect(fuel.size, "different amounts of fuel").toBeLessThanOrEqual(1);
    }),
    { numRuns: Number(FUZZ_RUNS) },
  );
});
