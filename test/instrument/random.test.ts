/**
 * Random modules do the same with and without instrumentation, and consume what the reference counts.
 */
import process from "node:process";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { InstrumentOptions } from "../../src/instrument/index.ts";
import { assemble } from "../support/assemble.ts";
import { EPOCH_ONLY, EVERYTHING, run } from "./harness.ts";
import { GLOBALS, type RandomModule, randomModule } from "./random-module.ts";
import { printModule } from "./random-module-text.ts";
import { interpret } from "./reference.ts";

/** How many modules to try: a handful in the suite, more by hand. */
const { FUZZ_RUNS = "150" } = process.env;

const tapes = fc.array(fc.nat({ max: 4000 }), { minLength: 0, maxLength: 400, size: "max" });
const args = fc.tuple(fc.integer({ min: -3, max: 70_000 }), fc.integer({ min: -3, max: 300 }));

const VARIANTS: readonly [name: string, options: InstrumentOptions, slice: bigint][] = [
  ["fuel, epoch and growth", EVERYTHING, 1n << 40n],
  ["fuel in small slices", EVERYTHING, 7n],
  ["epoch only, in small slices", EPOCH_ONLY, 3n],
  ["growth only", { fuel: undefined, epoch: false, limitGrowth: true }, 1n],
];

interface Observed {
  readonly ended: string;
  readonly memory: Uint8Array;
  readonly globals: readonly number[];
}

/** How a run ended, as text: a value, a trap with its message, or an exception with its payload. */
function observe(exports: WebAssembly.Exports, operands: readonly number[]): Observed {
  let ended: string;
  try {
    ended = `returned ${(exports["run"] as (...operands: number[]) => number)(...operands)}`;
  } catch (error) {
    const tag = exports["e"] as WebAssembly.Tag;
    if (error instanceof WebAssembly.Exception && error.is(tag)) ended = `threw ${payload(error, tag)}`;
    else if (error instanceof WebAssembly.RuntimeError) ended = `trapped: ${error.message}`;
    else throw error;
  }
  return {
    ended,
    memory: new Uint8Array((exports["memory"] as WebAssembly.Memory).buffer),
    globals: Array.from(
      { length: GLOBALS },
      (_, i) => (exports[`g${i}`] as WebAssembly.Global).value as number,
    ),
  };
}

function payload(exception: WebAssembly.Exception, tag: WebAssembly.Tag): unknown {
  const { getArg } = WebAssembly.Exception.prototype as unknown as {
    getArg(this: WebAssembly.Exception, tag: WebAssembly.Tag, index: number): unknown;
  };
  return getArg.call(exception, tag, 0);
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

async function check(module: RandomModule, operands: readonly number[]): Promise<void> {
  const reference = interpret(module, operands);
  fc.pre(reference !== undefined);
  const bytes = await assemble(printModule(module));
  const plain = observe(new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports, operands);
  const { outcome } = reference;
  const expected =
    outcome.kind === "returned"
      ? `returned ${outcome.value}`
      : outcome.kind === "thrown"
        ? `threw ${outcome.payload}`
        : "trapped";
  expect(plain.ended.startsWith(expected), `${plain.ended}, expected ${expected}`).toBe(true);

  for (const [name, options, slice] of VARIANTS) {
    const { exports, host } = run(bytes, options, { slice });
    const metered = observe(exports, operands);
    expect(metered.ended, name).toBe(plain.ended);
    expect(metered.globals, name).toEqual(plain.globals);
    expect(sameBytes(metered.memory, plain.memory), `memory: ${name}`).toBe(true);
    expect(metered.globals, name).toEqual(reference.globals);
    expect(sameBytes(metered.memory, reference.memory), `memory: ${name}`).toBe(true);
    if (outcome.kind === "trap") continue;
    if (options.fuel) expect(host.consumed, `fuel: ${name}`).toBe(BigInt(reference.fuel));
    // Checks alone count at least what is executed, but for one small function that the host calls.
    const operators = reference.fuel - reference.lengths;
    if (options.epoch && !options.fuel) {
      expect(Number(host.consumed), `operators: ${name}`).toBeGreaterThanOrEqual(operators - 64);
    }
  }
}

test("random modules behave and cost the same", async () => {
  await fc.assert(
    fc.asyncProperty(tapes, args, async (tape, operands) => {
      await check(randomModule(tape), operands);
    }),
    { numRuns: Number(FUZZ_RUNS) },
  );
});
