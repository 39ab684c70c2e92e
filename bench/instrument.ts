/**
 * How fast core wasm is rewritten, and how much memory that takes: on the largest module at hand, a
 * JavaScript engine of 12 MB. Each variant runs in processes of its own; speed is the median of warm runs,
 * memory what one run in a fresh process adds to its resident peak.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { DEFAULT_OPERATOR_COSTS, type InstrumentOptions, instrument } from "../src/instrument/index.ts";
import { median } from "./support/median.ts";

const VARIANTS: Readonly<Record<string, InstrumentOptions>> = {
  everything: { fuel: DEFAULT_OPERATOR_COSTS, epoch: true, limitGrowth: true },
  "deadline alone": { fuel: undefined, epoch: true, limitGrowth: true },
};
const MB = 1e6;
const { ROUNDS = "15" } = process.env;

const [task, variant = "", path = ""] = process.argv.slice(2);
if (task === "speed") console.log(JSON.stringify(measureSpeed(variant, path)));
else if (task === "memory") console.log(JSON.stringify(measureMemory(variant, path)));
else main();

function main(): void {
  const jco = dirname(dirname(createRequire(import.meta.url).resolve("@bytecodealliance/jco")));
  const module = join(jco, "../componentize-js/lib/starlingmonkey_embedding_weval.wasm");
  if (!existsSync(module)) {
    console.error(`the module to rewrite is not installed: ${module}`);
    process.exit(2);
  }
  const size = readFileSync(module).length;
  console.log(
    `Node ${process.versions.node}, a module of ${(size / MB).toFixed(1)} MB, medians of ${ROUNDS} runs`,
  );
  for (const name of Object.keys(VARIANTS)) {
    const { first, warm, compile, written } = child<Speed>("speed", name, module);
    const { peak } = child<ReturnType<typeof measureMemory>>("memory", name, module);
    const speed = (milliseconds: number) => `${(size / MB / (milliseconds / 1000)).toFixed(0)} MB/s`;
    console.log(
      `  ${name}: ${speed(warm)} (first run ${speed(first)}), peak ${(peak / size).toFixed(1)}x the module`,
    );
    console.log(
      `    ${(warm / compile).toFixed(2)}x of what V8 takes to compile the same module (${compile.toFixed(0)} ms); ` +
        `result ${(written / size).toFixed(2)}x the module`,
    );
  }
}

function child<Result>(...args: string[]): Result {
  const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`measuring ${args.join(" ")} failed`);
  return JSON.parse(stdout) as Result;
}

interface Speed {
  /** Milliseconds of the first run, and of the median of the others. */
  readonly first: number;
  readonly warm: number;
  /** Milliseconds that V8 takes to compile the module as it is: the baseline, in turns with the others. */
  readonly compile: number;
  /** Bytes of the result. */
  readonly written: number;
}

function measureSpeed(name: string, module: string): Speed {
  const bytes = readFileSync(module);
  const options = VARIANTS[name] as InstrumentOptions;
  let written = 0;
  const compiles: number[] = [];
  const times = Array.from({ length: Number(ROUNDS) + 1 }, () => {
    const start = performance.now();
    new WebAssembly.Module(bytes);
    const between = performance.now();
    compiles.push(between - start);
    written = instrument(bytes, options).bytes.length;
    return performance.now() - between;
  });
  const [first = Number.NaN, ...rest] = times;
  return { first, warm: median(rest), compile: median(compiles.slice(1)), written };
}

/** By how many bytes one run raises the resident peak of the process; the module itself is loaded before. */
function measureMemory(name: string, module: string): { peak: number } {
  const bytes = readFileSync(module);
  const options = VARIANTS[name] as InstrumentOptions;
  const before = process.memoryUsage.rss();
  instrument(bytes, options);
  const after = process.resourceUsage().maxRSS * 1024;
  return { peak: after - before + bytes.length };
}
