/**
 * How fast instances of a compiled component of 200 KB are made, each in a store of its own and called once, against
 * jco's `instantiate` of the same, transpiled and compiled before; and whether memory stays flat over 100,000
 * instances and 1,000,000 calls.
 *
 *   npm run bench -- instantiate
 *   INSTANCES=10000 npm run bench -- instantiate
 */
import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { EngineConfig } from "../src/runtime/index.ts";
import { hostwright, type Instantiate, type Totals, transpiled } from "./instantiate/contenders.ts";
import { buildComponent } from "./instantiate/guest.ts";
import { median } from "./support/median.ts";
import { ask, startPlayer } from "./support/player.ts";

const { ROUNDS = "15", INSTANCES = "100000" } = process.env;
const rounds = Number(ROUNDS);
const instances = Number(INSTANCES);
/** Instances in a round. */
const BATCH = 200;
/** Rounds that are not counted. */
const WARM_UP = 3;
const CALLS_PER_INSTANCE = 10;
const SAMPLES = 10;
const TEXT = "GET /basket";

interface Contender {
  readonly name: string;
  readonly make: (bytes: Uint8Array, totals: Totals, folder: string) => Instantiate | Promise<Instantiate>;
}

const metered: EngineConfig = { consumeFuel: true, epochInterruption: true };
const contenders: readonly Contender[] = [
  { name: "jco", make: transpiled },
  { name: "hostwright", make: (bytes, totals) => hostwright(bytes, totals, {}) },
  { name: "hostwright, pool", make: (bytes, totals) => hostwright(bytes, totals, { pooling: {} }) },
  { name: "hostwright, metered", make: (bytes, totals) => hostwright(bytes, totals, metered) },
  {
    name: "hostwright, metered, pool",
    make: (bytes, totals) => hostwright(bytes, totals, { ...metered, pooling: {} }),
  },
];

/** One instance and some calls. */
function use(instantiate: Instantiate, calls: number): void {
  const { guest, dispose } = instantiate();
  for (let i = 0; i < calls; i++) {
    if (guest.handle(TEXT) !== TEXT) throw new Error("the guest answers wrongly");
  }
  dispose();
}

/** A process that plays one contender: it answers with the time of a batch, or with what memory is in use after one. */
async function play({ make }: Contender, folder: string): Promise<void> {
  const totals: Totals = { counted: 0n };
  const instantiate = await make(await buildComponent(), totals, folder);
  process.on("message", ({ batch, calls }: Order) => {
    const start = performance.now();
    for (let i = 0; i < batch; i++) use(instantiate, calls);
    const elapsed = performance.now() - start;
    globalThis.gc?.();
    const { heapUsed, rss, arrayBuffers } = process.memoryUsage();
    process.send?.({ elapsed, heapUsed, rss, arrayBuffers } satisfies Answer);
  });
  process.send?.("ready");
}

interface Order {
  readonly batch: number;
  readonly calls: number;
}

/** Milliseconds and bytes. */
interface Answer {
  readonly elapsed: number;
  readonly heapUsed: number;
  readonly rss: number;
  readonly arrayBuffers: number;
}

function start(index: number, folder: string): Promise<ChildProcess> {
  return startPlayer(fileURLToPath(import.meta.url), [String(index), folder]);
}

async function compareSpeed(folder: string): Promise<void> {
  const players = await Promise.all(contenders.map((_, i) => start(i, folder)));
  const times = players.map(() => [] as number[]);
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [i, player] of players.entries()) {
      const { elapsed } = await ask<Answer>(player, { batch: BATCH, calls: 1 } satisfies Order);
      if (round >= 0) times[i]?.push(elapsed);
    }
  }
  for (const player of players) player.kill();
  console.log(
    `Instances per second, each called once; medians of ${rounds} interleaved rounds of ${BATCH}\n`,
  );
  const baseline = median(times[0] ?? []);
  for (const [i, { name }] of contenders.entries()) {
    const ms = median(times[i] ?? []);
    const perSecond = Math.round((BATCH / ms) * 1000);
    const micros = ((ms / BATCH) * 1000).toFixed(1);
    const ratio = `${(baseline / ms).toFixed(2)}x`;
    console.log(
      `  ${name.padEnd(28)}${`${perSecond}/s`.padStart(12)}${`${micros} us`.padStart(12)}${ratio.padStart(10)}`,
    );
  }
}

/** Heap and resident memory, sampled after a collection, while one process makes many instances. */
async function watchMemory(index: number, folder: string): Promise<void> {
  const name = contenders[index]?.name;
  const calls = instances * CALLS_PER_INSTANCE;
  console.log(`\nMemory over ${instances} instances and ${calls} calls, ${name}, after collections\n`);
  const player = await start(index, folder);
  const batch = Math.ceil(instances / SAMPLES);
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`.padStart(12);
  console.log(
    `  ${"instances".padStart(10)}${"heap".padStart(12)}${"buffers".padStart(12)}${"resident".padStart(12)}`,
  );
  for (let i = 0; i <= SAMPLES; i++) {
    // The first sample is the warm-up.
    const { heapUsed, arrayBuffers, rss } = await ask<Answer>(player, {
      batch,
      calls: CALLS_PER_INSTANCE,
    } satisfies Order);
    const count = i === 0 ? "warm-up" : String(i * batch);
    console.log(`  ${count.padStart(10)}${megabytes(heapUsed)}${megabytes(arrayBuffers)}${megabytes(rss)}`);
  }
  player.kill();
}

const [index, given = ""] = process.argv.slice(2);
const contender = contenders[Number(index ?? Number.NaN)];
if (contender === undefined) {
  const folder = join(
    fileURLToPath(new URL("../", import.meta.url)),
    `.tmp/bench-instantiate-${process.pid}`,
  );
  try {
    const size = Math.round((await buildComponent()).length / 1000);
    console.log(`Node ${process.version}, a component of ${size} KB`);
    await compareSpeed(folder);
    await watchMemory(
      contenders.findIndex(({ name }) => name === "hostwright"),
      folder,
    );
    await watchMemory(
      contenders.findIndex(({ name }) => name === "hostwright, metered, pool"),
      folder,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else await play(contender, given);
