/**
 * What a call across the border costs: hostwright against hand-written glue and against jco's transpiled code,
 * on the same guest and the same host functions. Nanoseconds per call, medians of interleaved rounds; hostwright
 * once without metering, and once with fuel and deadlines; hand-written glue once bare, which is what the ratios are to,
 * and once with the guard that an untrusted guest takes.
 *
 * Each contender has a process of its own, so that none spoils what V8 has learnt about another; the rounds are
 * taken in turns. The first run of a case is checked to do the same in all of them.
 *
 *   npm run bench -- calls
 *   CASES=record ROUNDS=5 npm run bench -- calls     only the cases whose name contains "record"
 */
import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Case, cases } from "./calls/cases.ts";
import type { Guest } from "./calls/guest.ts";
import { handGuarded } from "./calls/hand-guarded.ts";
import { handWritten } from "./calls/hand-written.ts";
import { Host } from "./calls/host.ts";
import { hostwright } from "./calls/hostwright.ts";
import { transpiled } from "./calls/transpiled.ts";
import { median } from "./support/median.ts";
import { ask, startPlayer } from "./support/player.ts";

const { ROUNDS = "21", CASES = "" } = process.env;
const rounds = Number(ROUNDS);
/** Cases of fewer calls in a round make large values. */
const MANY = 1000;
/** Rounds that are not counted. */
const WARM_UP = 5;
/** Where jco's output lies, for as long as this runs. */
const folder = join(fileURLToPath(new URL("../", import.meta.url)), `.tmp/bench-calls-${process.ppid}`);

interface Contender {
  readonly name: string;
  /** The most calls that it makes in a round, because it is so slow. */
  readonly atMost?: number;
  readonly make: (host: Host) => Promise<Guest>;
}

const HAND_WRITTEN = "hand-written";
const HOSTWRIGHT = "hostwright";
const JCO = "jco";
const contenders: readonly Contender[] = [
  { name: HAND_WRITTEN, make: handWritten },
  { name: "with a guard", make: handGuarded },
  { name: HOSTWRIGHT, make: (host) => hostwright(host, {}) },
  {
    name: "metered",
    make: (host) => hostwright(host, { consumeFuel: true, epochInterruption: true }),
  },
  { name: JCO, atMost: 5000, make: (host) => transpiled(host, folder) },
];

/** A process that plays one contender: it is sent the index of a case, and answers with nanoseconds per call. */
async function play({ make, atMost = Number.POSITIVE_INFINITY }: Contender): Promise<void> {
  const host = new Host();
  const guest = await make(host);
  process.on("message", (index: number) => {
    const { run, calls } = cases[index] as Case;
    const n = Math.min(calls, atMost);
    // What the round before has left is not this one's. Small calls leave little, and a collection makes V8 forget.
    if (calls < MANY) globalThis.gc?.();
    const start = process.hrtime.bigint();
    run(guest, n);
    const elapsed = Number(process.hrtime.bigint() - start);
    process.send?.({ ns: elapsed / n, seen: String(host.last) });
  });
  process.send?.("ready");
}

interface Answer {
  readonly ns: number;
  /** What the host has seen last: the same under all contenders, or something is not measured that should be. */
  readonly seen: string;
}

async function compare(): Promise<void> {
  const players = await Promise.all(
    contenders.map((_, i) => startPlayer(fileURLToPath(import.meta.url), [String(i)])),
  );
  console.log(
    `Node ${process.version}, medians of ${rounds} interleaved rounds: time per call, and how often`,
  );
  console.log(`what hand-written glue takes; the goal; and how many times faster than jco hostwright is\n`);
  const titles = contenders.map(({ name }) => name.padStart(18)).join("");
  console.log(`${"".padEnd(44)}${titles}${"goal".padStart(9)}${"vs. jco".padStart(10)}`);
  for (const [index, one] of cases.entries()) {
    if (one.name.includes(CASES)) await measure(players, index, one);
  }
  for (const player of players) player.kill();
}

async function measure(players: readonly ChildProcess[], index: number, { name, goal }: Case): Promise<void> {
  const times: number[][] = players.map(() => []);
  for (let round = -WARM_UP; round < rounds; round++) {
    const seen = new Set<string>();
    for (const [i, player] of players.entries()) {
      const answer = await ask<Answer>(player, index);
      seen.add(answer.seen);
      if (round >= 0) times[i]?.push(answer.ns);
    }
    if (seen.size > 1) throw new Error(`${name}: the contenders disagree: ${[...seen].join(", ")}`);
  }
  const of = (contender: string) => times[contenders.findIndex((one) => one.name === contender)] ?? [];
  const cells = times.map((own) =>
    `${time(median(own))} (${quotient(own, of(HAND_WRITTEN)).toFixed(2)}x)`.padStart(18),
  );
  const faster = `${quotient(of(JCO), of(HOSTWRIGHT)).toFixed(1)}x`.padStart(10);
  console.log(`${name.padEnd(44)}${cells.join("")}${`${goal}x`.padStart(9)}${faster}`);
}

/** The median of what one takes compared with another in the same round: what disturbs a machine lasts longer than a round. */
function quotient(times: readonly number[], others: readonly number[]): number {
  return median(times.map((time, round) => time / (others[round] ?? Number.NaN)));
}

function time(ns: number): string {
  return ns < 1000 ? `${ns.toFixed(1)} ns` : `${(ns / 1000).toFixed(1)} us`;
}

const contender = contenders[Number(process.argv[2] ?? Number.NaN)];
if (contender === undefined) {
  try {
    await compare();
  } finally {
    rmSync(join(folder, `../bench-calls-${process.pid}`), { recursive: true, force: true });
  }
} else await play(contender);
