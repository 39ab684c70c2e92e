/**
 * What limits cost: core wasm with fuel, deadline and growth limits compiled in, and with the deadline
 * alone, against the same module uninstrumented. One process, rounds interleaved, medians.
 */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { parse } from "@bytecodealliance/jco";
import { instantiateMetered, MeteredHost } from "../scripts/wast/metered-host.ts";
import { DEFAULT_OPERATOR_COSTS, type InstrumentOptions } from "../src/instrument/index.ts";

const { ROUNDS = "21", KERNELS = "" } = process.env;
const rounds = Number(ROUNDS);
/** As the runtime hands out fuel. */
const SLICE = 1_000_000n;

const VARIANTS: readonly [name: string, options: InstrumentOptions | undefined][] = [
  ["plain", undefined],
  ["everything", { fuel: DEFAULT_OPERATOR_COSTS, epoch: true, limitGrowth: true }],
  ["deadline", { fuel: undefined, epoch: true, limitGrowth: true }],
];

type Run = (n: number) => number;

/** A guest in `bench/metering/`; its first line says how much it does: `;; n = 100: ...`. */
interface Kernel {
  readonly name: string;
  readonly text: string;
  readonly n: number;
}

const folder = new URL("./metering/", import.meta.url);
const wanted = KERNELS === "" ? undefined : KERNELS.split(",");
const kernels = readdirSync(folder)
  .filter((file) => file.endsWith(".wat"))
  .map((file) => readKernel(file))
  .filter(({ name }) => wanted === undefined || wanted.includes(name));
const ratios = new Map<string, number[]>();
console.log(`Node ${process.versions.node}, medians of ${rounds} rounds`);
console.log(
  `  ${"kernel".padEnd(24)}${"plain".padStart(10)}${"everything".padStart(20)}${"deadline alone".padStart(20)}`,
);
for (const kernel of kernels) {
  const { name } = kernel;
  const medians = await measure(kernel);
  const [plain = Number.NaN] = medians;
  const columns = medians.map((median, i) => {
    const ratio = median / plain;
    const [variant = ""] = VARIANTS[i] ?? [];
    ratios.set(variant, [...(ratios.get(variant) ?? []), ratio]);
    return i === 0
      ? `${median.toFixed(2)} ms`.padStart(10)
      : `${median.toFixed(2)} ms  ${ratio.toFixed(2)}x`.padStart(20);
  });
  console.log(`  ${name.padEnd(24)}${columns.join("")}`);
}
const means = ["everything", "deadline"].map((name) =>
  `${geometricMean(ratios.get(name) ?? []).toFixed(2)}x`.padStart(20),
);
console.log(`  ${"geometric mean".padEnd(34)}${means.join("")}`);

function readKernel(file: string): Kernel {
  const text = readFileSync(new URL(file, folder), "utf8");
  const n = Number(/^;; n = (\d+):/.exec(text)?.[1]);
  return { name: file.slice(0, -".wat".length), text, n };
}

/** The median time of each variant. */
async function measure({ text, n }: Kernel): Promise<number[]> {
  const bytes = await parse(text);
  const runs = VARIANTS.map(([, options]) => instantiate(bytes, options));
  const times = runs.map(() => [] as number[]);
  // Warm up until V8 has optimised all of them; they must agree.
  for (let i = 0; i < 6; i++) {
    const results = new Set(runs.map((run) => run(n)));
    if (results.size > 1) throw new Error("the variants disagree");
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (let round = 0; round < rounds; round++) {
    for (const [i, run] of runs.entries()) {
      const start = performance.now();
      run(n);
      times[i]?.push(performance.now() - start);
    }
  }
  return times.map(median);
}

function instantiate(bytes: Uint8Array, options: InstrumentOptions | undefined): Run {
  const exports = options
    ? instantiateMetered(bytes, options, new MeteredHost({ slice: SLICE })).exports
    : new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  return exports["run"] as Run;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
