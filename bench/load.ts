/**
 * From the bytes of a component to one that can be instantiated: the 12 MB that `jco componentize` makes of a small
 * script with its JavaScript engine, StarlingMonkey. Against `jco transpile` of the same, which writes files that are
 * still to be compiled when they are used; hostwright's time has the compilation in it.
 *
 * Fresh processes, in interleaved rounds. The first load of a process is without the start of Node and what is imported;
 * the third shows what a warm V8 makes of it. Of jco's command line, the whole process is timed.
 *
 *   npm run bench -- load
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { median } from "./support/median.ts";

const { ROUNDS = "9" } = process.env;
const rounds = Number(ROUNDS);
const root = fileURLToPath(new URL("../", import.meta.url));
const self = fileURLToPath(import.meta.url);
const jco = join(dirname(createRequire(import.meta.url).resolve("@bytecodealliance/jco")), "jco.js");
const folder = join(root, ".tmp/bench-load");
const component = join(folder, "requests.wasm");

const out = join(folder, "transpiled");

interface Contender {
  readonly name: string;
  /** What a process of `play` loads with; undefined if it is a command line. */
  readonly load?: () => Promise<() => Promise<unknown>>;
  readonly command?: readonly string[];
}

const contenders: readonly Contender[] = [
  { name: "jco transpile, API", load: jcoTranspile },
  { name: "jco transpile, command line, whole process", command: [jco, "transpile", component, "-o", out] },
  { name: "hostwright, plain engine", load: () => hostwright(false) },
  { name: "hostwright, fuel and deadlines", load: () => hostwright(true) },
];

async function jcoTranspile(): Promise<() => Promise<unknown>> {
  const { transpile } = await import("@bytecodealliance/jco");
  return () => transpile(readFileSync(component), { name: "requests" });
}

async function hostwright(metered: boolean): Promise<() => Promise<unknown>> {
  const { Component, Engine } = await import("../src/runtime/index.ts");
  const engine = new Engine({ consumeFuel: metered, epochInterruption: metered });
  return async () => Component.fromBytes(engine, readFileSync(component));
}

/** A process that loads the component some times, and prints how long each took. */
async function play({ load }: Contender, times: number): Promise<void> {
  const once = await load?.();
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await once?.();
    taken.push(performance.now() - start);
  }
  console.log(JSON.stringify(taken));
}

/** Builds the component once; it takes some seconds. */
function build(): void {
  if (existsSync(component)) return;
  mkdirSync(folder, { recursive: true });
  const made = `${component}.${process.pid}`;
  const source = join(root, "examples/guests/requests.js");
  const args = [
    "componentize",
    source,
    "--wit",
    join(root, "wit"),
    "-n",
    "hosted",
    "--backend",
    "starlingmonkey",
  ];
  execFileSync(process.execPath, [jco, ...args, "-o", made], { stdio: ["ignore", "ignore", "inherit"] });
  renameSync(made, component);
}

/** Runs a process to its end: how long it took, and what it printed. */
function run(args: readonly string[]): { took: number; stdout: string } {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const took = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(" ")}: exit ${status}\n${stderr}`);
  return { took, stdout };
}

interface Samples {
  readonly first: number[];
  readonly third: number[];
}

function measure({ command }: Contender, index: number, { first, third }: Samples): void {
  if (command !== undefined) {
    first.push(run(command).took);
    rmSync(out, { recursive: true, force: true });
    return;
  }
  const taken = JSON.parse(run([self, String(index), "3"]).stdout) as number[];
  first.push(taken[0] ?? Number.NaN);
  third.push(taken[2] ?? Number.NaN);
}

function compare(): void {
  build();
  const samples = contenders.map((): Samples => ({ first: [], third: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) measure(contender, i, samples[i] as Samples);
  }
  const size = (readFileSync(component).length / 1e6).toFixed(1);
  console.log(`Node ${process.version}, a component of ${size} MB, ms, medians of ${rounds} rounds;`);
  console.log("in brackets how many times faster than the API of jco; the goal is 3x\n");
  console.log(`${"".padEnd(46)}${"first load".padStart(16)}${"third load".padStart(16)}`);
  for (const [i, { name }] of contenders.entries()) {
    const cells = (["first", "third"] as const).map((column) => {
      const [jco = Number.NaN, own = Number.NaN] = [0, i].map((of) => median(samples[of]?.[column] ?? []));
      return Number.isNaN(own) ? "" : `${own.toFixed(0)} (${(jco / own).toFixed(1)}x)`;
    });
    console.log(`${name.padEnd(46)}${cells.map((cell) => cell.padStart(16)).join("")}`);
  }
}

const [index, times] = process.argv.slice(2);
const contender = contenders[Number(index ?? Number.NaN)];
if (contender === undefined) compare();
else await play(contender, Number(times));
