/**
 * What limits cost: core wasm with fuel, deadline and growth limits compiled in, and with the deadline
 * alone, against the same module uninstrumented. One process, rounds interleaved; medians of times, and of the ratios
 * in each round: so what else the machine does counts less.
 */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { parse } from "@bytecodealliance/jco";
import { instantiateMetered, MeteredHost } from "../scripts/wast/metered-host.ts";
import { DEFAULT_OPERATOR_COSTS, type InstrumentOptions } from "../src/instrument/index.ts";
import type { EngineConfig } from "../src/runtime/index.ts";
import { javascript, type Run } from "./metering/javascript.ts";
import { median } from "./support/median.ts";

const { ROUNDS = "21", KERNELS = "" } = process.env;
const rounds = Number(ROUNDS);
/** As the runtime hands out fuel. */
const SLICE = 1_000_000n;

interface Variant {
  readonly name: string;
  readonly options: InstrumentOptions | undefined;
  /** The same for a component. */
  readonly engine: EngineConfig;
}

const VARIANTS: readonly Variant[] = [
  { name: "plain", options: undefined, engine: {} },
  {
    name: "everything",
    options: { fuel: DEFAULT_OPERATOR_COSTS, epoch: true, limitGrowth: true },
    engine: { consumeFuel: true, epochInterruption: true },
  },
  {
    name: "deadline",
    options: { fuel: undefined, epoch: true, limitGrowth: true },
    engine: { epochInterruption: true },
  },
];

interface Kernel {
  readonly name: string;
  readonly n: number;
  readonly run: (variant: Variant) => Run;
}

const folder = new URL("./metering/", import.meta.url);
const wanted = KERNELS === "" ? undefined : KERNELS.split(",");
const files = readdirSync(folder).filter((file) => file.endsWith(".wat"));
const kernels: Kernel[] = [
  ...(await Promise.all(files.map(readKernel))),
  { name: "javascript", n: 2000, run: ({ engine }: Variant) => javascript(engine) },
].filter(({ name }) => wanted === undefined || wanted.includes(name));
const ratios = new Map<string, number[]>();
console.log(`Node ${process.versions.node}, medians of ${rounds} rounds`);
console.log(
  `  ${"kernel".padEnd(24)}${"plain".padStart(10)}${"everything".padStart(20)}${"deadline alone".padStart(20)}`,
);
for (const kernel of kernels) {
  const { name } = kernel;
  const times = await measure(kernel);
  const medians = times.map(median);
  const inRounds = times.map((rounds) =>
    median(rounds.map((time, i) => time / (times[0]?.[i] ?? Number.NaN))),
  );
  const columns = medians.map((median, i) => {
    const ratio = i === 0 ? 1 : (inRounds[i] ?? Number.NaN);
    const variant = VARIANTS[i]?.name ?? "";
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

/** A guest in `bench/metering/`; its first line says how much it does: `;; n = 100: ...`. */
async function readKernel(file: string): Promise<Kernel> {
  const text = readFileSync(new URL(file, folder), "utf8");
  const n = Number(/^;; n = (\d+):/.exec(text)?.[1]);
  const bytes = await parse(text);
  return { name: file.slice(0, -".wat".length), n, run: ({ options }) => instantiate(bytes, options) };
}

/** The times of each variant, by round. */
async function measure({ run, n }: Kernel): Promise<number[][]> {
  const runs = VARIANTS.map(run);
  const times = runs.map(() => [] as number[]);
  // Warm up until V8 has optimised all of them; they must agree.
  for (let i = 0; i < 8; i++) {
    const results = new Set(runs.map((one) => one(n)));
    if (results.size > 1) throw new Error("the variants disagree");
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (let round = 0; round < rounds; round++) {
    for (const [i, one] of runs.entries()) {
      const start = performance.now();
      one(n);
      times[i]?.push(performance.now() - start);
    }
  }
  return times;
}

function instantiate(bytes: Uint8Array, options: InstrumentOptions | undefined): Run {
  const exports = options
    ? instantiateMetered(bytes, options, new MeteredHost({ slice: SLICE })).exports
    : new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  return exports["run"] as Run;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
