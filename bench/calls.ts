/**
 * What a call across the border costs: hostwright against hand-written glue and against jco's transpiled code,
 * on the same guest and the same host functions. Nanoseconds per call, medians of interleaved rounds; hostwright
 * once without metering, and once with fuel and deadlines (a deadline reads the clock after each host call).
 *
 * Each contender has a process of its own, so that none spoils what V8 has learnt about another; the rounds are
 * taken in turns.
 *
 *   npm run bench -- calls
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parse, transpile } from "@bytecodealliance/jco";
import { Component, Engine, type EngineConfig, Linker, Store } from "../src/runtime/index.ts";

const { ROUNDS = "15" } = process.env;
const rounds = Number(ROUNDS);
const folder = join(fileURLToPath(new URL("../", import.meta.url)), ".tmp/bench-calls");

/** Host calls are made in a loop inside the guest, so that only the border is measured. */
const main = `
  (core module $main
    (import "host" "tick" (func $tick))
    (import "host" "counter" (func $counter (param i32 i32 i64)))
    (import "host" "add" (func $add (param i32 i32) (result i32)))
    (memory (export "memory") 2)
    (data (i32.const 16) "requests")
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "ticks") (param $n i32)
      (loop $again
        (call $tick)
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
    (func (export "adds") (param $n i32)
      (local $sum i32)
      (loop $again
        (local.set $sum (call $add (local.get $sum) (local.get $n)))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
    (func (export "counters") (param $n i32)
      (loop $again
        (call $counter (i32.const 16) (i32.const 8) (i64.extend_i32_u (local.get $n)))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
    (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    ;; Returns the string that it was given: the result is a pointer to the pair (pointer, length).
    (func (export "echo") (param $p i32) (param $n i32) (result i32)
      (i32.store (i32.const 8) (local.get $p))
      (i32.store (i32.const 12) (local.get $n))
      (i32.const 8))
    (func (export "echo-post") (param i32)))`;

const component = `(component
  (import "bench:calls/host" (instance $host
    (export "tick" (func))
    (export "counter" (func (param "name" string) (param "value" u64)))
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))))
  ;; The functions of the host need the memory of $main, which imports them: a table breaks the circle.
  (core module $shim
    (type $counter (func (param i32 i32 i64)))
    (table (export "table") 1 1 funcref)
    (func (export "counter") (param i32 i32 i64)
      (call_indirect (type $counter) (local.get 0) (local.get 1) (local.get 2) (i32.const 0))))
  (core module $fixup
    (import "" "table" (table 1 1 funcref))
    (import "" "counter" (func $counter (param i32 i32 i64)))
    (elem (i32.const 0) $counter))
  ${main}
  (core instance $shim (instantiate $shim))
  (core func $tick (canon lower (func $host "tick")))
  (core func $add (canon lower (func $host "add")))
  (core instance $main (instantiate $main (with "host" (instance
    (export "tick" (func $tick))
    (export "add" (func $add))
    (export "counter" (func $shim "counter"))))))
  (core func $counter (canon lower (func $host "counter") (memory (core memory $main "memory"))))
  (core instance (instantiate $fixup (with "" (instance
    (export "table" (table $shim "table"))
    (export "counter" (func $counter))))))
  (func (export "ticks") (param "n" u32) (canon lift (core func $main "ticks")))
  (func (export "adds") (param "n" u32) (canon lift (core func $main "adds")))
  (func (export "counters") (param "n" u32) (canon lift (core func $main "counters")))
  (func (export "twice") (param "x" u32) (result u32) (canon lift (core func $main "twice")))
  (func (export "echo") (param "text" string) (result string)
    (canon lift (core func $main "echo")
      (memory (core memory $main "memory"))
      (realloc (core func $main "realloc"))
      (post-return (core func $main "echo-post")))))`;

interface Guest {
  ticks(n: number): void;
  adds(n: number): void;
  counters(n: number): void;
  twice(x: number): number;
  echo(text: string): string;
}

/** The host that all guests call. */
class Host {
  ticks = 0;
  sum = 0n;
  readonly tick = (): void => {
    this.ticks++;
  };
  readonly counter = (name: string, value: bigint): void => {
    this.ticks += name.length;
    this.sum = value;
  };
  readonly add = (a: number, b: number): number => (a + b) >>> 0;
}

/** What somebody would write who knows this one guest and its types. */
function handWritten(bytes: Uint8Array, host: Host): Guest {
  interface Slices {
    utf8Slice(start: number, end: number): string;
    utf8Write(text: string, offset: number, length: number): number;
  }
  let view: DataView;
  let buffer: Buffer & Slices;
  const refresh = () => {
    view = new DataView(memory.buffer);
    buffer = Buffer.from(memory.buffer) as Buffer & Slices;
  };
  const imports = {
    tick: () => host.tick(),
    add: (a: number, b: number) => host.add(a >>> 0, b >>> 0),
    counter(pointer: number, length: number, value: bigint) {
      if (buffer.length === 0) refresh();
      host.counter(buffer.utf8Slice(pointer, pointer + length), BigInt.asUintN(64, value));
    },
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: imports });
  const core = exports as unknown as Omit<Guest, "echo"> & {
    memory: WebAssembly.Memory;
    realloc(old: number, oldSize: number, alignment: number, size: number): number;
    echo(pointer: number, length: number): number;
    "echo-post"(result: number): void;
  };
  const { memory } = core;
  refresh();
  return {
    ticks: (n) => core.ticks(n),
    adds: (n) => core.adds(n),
    counters: (n) => core.counters(n),
    twice: (x) => core.twice(x) >>> 0,
    echo(text) {
      const length = Buffer.byteLength(text);
      const pointer = core.realloc(0, 0, 1, length);
      if (buffer.length === 0) refresh();
      buffer.utf8Write(text, pointer, length);
      const result = core.echo(pointer, length);
      if (buffer.length === 0) refresh();
      const start = view.getUint32(result, true);
      const answer = buffer.utf8Slice(start, start + view.getUint32(result + 4, true));
      core["echo-post"](result);
      return answer;
    },
  };
}

function hostwright(bytes: Uint8Array, host: Host, config: EngineConfig): Guest {
  const engine = new Engine(config);
  const linker = new Linker<Host>(engine);
  linker
    .instance("bench:calls/host")
    .func("tick", ({ data }) => data.tick())
    .func("counter", ({ data }, name: string, value: bigint) => data.counter(name, value))
    .func("add", ({ data }, a: number, b: number) => data.add(a, b));
  const store = new Store(engine, host, {
    ...(config.consumeFuel === true && { fuel: 2n ** 62n }),
    ...(config.epochInterruption === true && { epochDeadline: 1_000_000 }),
  });
  if (config.epochInterruption === true) engine.startEpochTicker({ intervalMs: 10 });
  const instance = linker.instantiate(store, Component.fromBytes(engine, bytes));
  const ticks = instance.getTypedFunc<[number], void>("ticks");
  const adds = instance.getTypedFunc<[number], void>("adds");
  const counters = instance.getTypedFunc<[number], void>("counters");
  const twice = instance.getTypedFunc<[number], number>("twice");
  const echo = instance.getTypedFunc<[string], string>("echo");
  return {
    ticks: (n) => ticks.call(n),
    adds: (n) => adds.call(n),
    counters: (n) => counters.call(n),
    twice: (x) => twice.call(x),
    echo: (text) => echo.call(text),
  };
}

async function jco(bytes: Uint8Array, host: Host): Promise<Guest> {
  const { files } = await transpile(bytes, { name: "guest", instantiation: "sync" });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const modules = new Map<string, WebAssembly.Module>();
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith(".wasm")) modules.set(name, new WebAssembly.Module(content as Uint8Array));
    else if (name.endsWith(".js")) writeFileSync(join(folder, name), content as Uint8Array);
  }
  const { instantiate } = await import(pathToFileURL(join(folder, "guest.js")).href);
  return instantiate(
    (name: string) => modules.get(name),
    { "bench:calls/host": { tick: host.tick, counter: host.counter, add: host.add } },
    (module: WebAssembly.Module, imports: WebAssembly.Imports) => new WebAssembly.Instance(module, imports),
  );
}

interface Case {
  readonly name: string;
  /** Makes `n` calls. */
  readonly run: (guest: Guest, n: number) => void;
}

const SHORT = "requests";
const LONG = "A sentence of some length, as a guest might well pass it to its host, with an é in it.";

const cases: readonly Case[] = [
  { name: "host call tick()", run: (guest, n) => guest.ticks(n) },
  { name: "host call add(u32, u32) -> u32", run: (guest, n) => guest.adds(n) },
  { name: "host call counter(string, u64)", run: (guest, n) => guest.counters(n) },
  { name: "guest call twice(u32) -> u32", run: (guest, n) => repeat(n, () => guest.twice(n)) },
  {
    name: "guest call echo(string) -> string, 8 bytes",
    run: (guest, n) => repeat(n, () => guest.echo(SHORT)),
  },
  {
    name: "guest call echo(string) -> string, 87 bytes",
    run: (guest, n) => repeat(n, () => guest.echo(LONG)),
  },
];

function repeat(n: number, call: () => unknown): void {
  for (let i = 0; i < n; i++) call();
}

interface Contender {
  readonly name: string;
  /** Calls per round: jco is slower by so much that it gets fewer. */
  readonly calls: number;
  readonly make: (host: Host) => Promise<Guest>;
}

const contenders: readonly Contender[] = [
  {
    name: "hand-written",
    calls: 100_000,
    make: async (host) => handWritten(await parse(main.replace("core module", "module").trim()), host),
  },
  {
    name: "hostwright",
    calls: 100_000,
    make: async (host) => hostwright(await parse(component), host, {}),
  },
  {
    name: "hostwright, metered",
    calls: 100_000,
    make: async (host) =>
      hostwright(await parse(component), host, { consumeFuel: true, epochInterruption: true }),
  },
  { name: "jco", calls: 2_000, make: async (host) => jco(await parse(component), host) },
];

/** A process that plays one contender: it is sent the index of a case, and answers with nanoseconds per call. */
async function play({ calls, make }: Contender): Promise<void> {
  const guest = await make(new Host());
  process.on("message", (index: number) => {
    const { run } = cases[index] as Case;
    const start = process.hrtime.bigint();
    run(guest, calls);
    process.send?.(Number(process.hrtime.bigint() - start) / calls);
  });
  process.send?.("ready");
}

async function ask(player: ChildProcess, index: number): Promise<number> {
  player.send(index);
  const [answer] = await once(player, "message");
  return answer as number;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function compare(): Promise<void> {
  const players = await Promise.all(
    contenders.map(async (_, i) => {
      const player = fork(fileURLToPath(import.meta.url), [String(i)]);
      await once(player, "message");
      return player;
    }),
  );
  console.log(`Node ${process.version}, ns per call, medians of ${rounds} interleaved rounds\n`);
  console.log(`${"".padEnd(44)}${contenders.map(({ name }) => name.padStart(20)).join("")}`);
  for (const [index, { name }] of cases.entries()) {
    const times: number[][] = players.map(() => []);
    for (let round = -WARM_UP; round < rounds; round++) {
      for (const [i, player] of players.entries()) {
        const ns = await ask(player, index);
        if (round >= 0) times[i]?.push(ns);
      }
    }
    const medians = times.map(median);
    const [baseline = Number.NaN] = medians;
    const cells = medians.map((ns) => `${ns.toFixed(1)} (${(ns / baseline).toFixed(2)}x)`.padStart(20));
    console.log(`${name.padEnd(44)}${cells.join("")}`);
  }
  for (const player of players) player.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** Rounds that are not counted. */
const WARM_UP = 5;

const contender = contenders[Number(process.argv[2] ?? Number.NaN)];
if (contender === undefined) await compare();
else await play(contender);
