/** What is measured: kinds of calls, each with how many of them make a round. */
import { BYTES, ELEMENTS, type Guest, type Point, type Sample } from "./guest.ts";

export interface Case {
  readonly name: string;
  /** Calls in a round. A slow contender makes fewer of the small ones. */
  readonly calls: number;
  /** Makes `n` calls. */
  readonly run: (guest: Guest, n: number) => void;
  /** At most this many times what hand-written glue takes is the goal. */
  readonly goal: number;
}

const SCALAR = 1.25;
const COMPOUND = 1.5;

const SHORT = "requests";
const LONG = "A sentence of some length, as a guest might well pass it to its host, with an é in it.";
const POINT: Point = { id: 1, x: 2.5, y: 3.5, on: true };
const POINTS: Point[] = Array.from({ length: ELEMENTS }, (_, id) => ({
  id,
  x: id / 2,
  y: -id,
  on: id % 2 === 0,
}));
const SAMPLES: Sample[] = Array.from({ length: ELEMENTS }, (_, i) => ({
  name: `sample-${i}`,
  value: BigInt(i),
}));
const MEBIBYTE = new Uint8Array(BYTES).fill(7);

function repeat(n: number, call: () => unknown): void {
  for (let i = 0; i < n; i++) call();
}

export const cases: readonly Case[] = [
  { name: "host: tick()", calls: 200_000, goal: SCALAR, run: (guest, n) => guest.ticks(n) },
  { name: "host: add(u32, u32) -> u32", calls: 200_000, goal: SCALAR, run: (guest, n) => guest.adds(n) },
  { name: "host: counter(string, u64)", calls: 100_000, goal: SCALAR, run: (guest, n) => guest.counters(n) },
  { name: "host: resource method", calls: 100_000, goal: COMPOUND, run: (guest, n) => guest.uses(n) },
  { name: "host: list of 1,000 records", calls: 200, goal: COMPOUND, run: (guest, n) => guest.passPoints(n) },
  {
    name: "host: list of 1,000 records with strings",
    calls: 100,
    goal: COMPOUND,
    run: (guest, n) => guest.passSamples(n),
  },
  { name: "host: 1 MiB list<u8>", calls: 8, goal: COMPOUND, run: (guest, n) => guest.passBytes(n) },
  {
    name: "guest: u32 to u32",
    calls: 200_000,
    goal: SCALAR,
    run: (guest, n) => repeat(n, () => guest.twice(n)),
  },
  {
    name: "guest: resource method",
    calls: 100_000,
    goal: COMPOUND,
    run: (guest, n) => repeat(n, () => guest.readGauge()),
  },
  {
    name: "guest: string to string, 8 bytes",
    calls: 100_000,
    goal: SCALAR,
    run: (guest, n) => repeat(n, () => guest.echo(SHORT)),
  },
  {
    name: "guest: string to string, 87 bytes",
    calls: 100_000,
    goal: SCALAR,
    run: (guest, n) => repeat(n, () => guest.echo(LONG)),
  },
  {
    name: "guest: record to record",
    calls: 100_000,
    goal: COMPOUND,
    run: (guest, n) => repeat(n, () => guest.mirror(POINT)),
  },
  {
    name: "guest: 1,000 records, there and back",
    calls: 100,
    goal: COMPOUND,
    run: (guest, n) => repeat(n, () => guest.echoPoints(POINTS)),
  },
  {
    name: "guest: 1,000 with strings, there and back",
    calls: 50,
    goal: COMPOUND,
    run: (guest, n) => repeat(n, () => guest.echoSamples(SAMPLES)),
  },
  {
    name: "guest: 1 MiB list<u8>, there and back",
    calls: 10,
    goal: COMPOUND,
    run: (guest, n) => repeat(n, () => guest.echoBytes(MEBIBYTE)),
  },
];
