/**
 * What an instance costs, with and without pooling: a store is made, a component with 1.1 MiB of memory is instantiated
 * in it and called once, and the store is disposed of. Microseconds each, medians of interleaved rounds.
 *
 * Then 100,000 such stores, whose guests end in all kinds of ways: the memory of the process has to stay flat.
 *
 *   npm run bench -- pool
 *   ROUNDS=5 STORES=10000 npm run bench -- pool
 */
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parse } from "@bytecodealliance/jco";
import {
  Component,
  Engine,
  type EngineConfig,
  type InstancePre,
  Linker,
  MiB,
  Store,
  Trap,
} from "../src/runtime/index.ts";
import { median } from "./support/median.ts";

const { ROUNDS = "21", STORES = "100000" } = process.env;
const rounds = Number(ROUNDS);
const stores = Number(STORES);

const STORES_PER_ROUND = 300;

/** Rounds that are not counted. */
const WARM_UP = 3;

/** As linkers lay modules out: a stack of 1 MiB, then data, and a table of functions. */
const guest = `(component
  (import "host" (func $host))
  (core func $host (canon lower (func $host)))
  (core module $main
    (import "host" "f" (func $host))
    (memory (export "memory") 17)
    (data (i32.const 1048576) "${"hostwright ".repeat(1500)}")
    (table 60 funcref)
    (elem (i32.const 1) ${"$add ".repeat(59)})
    (global $stack (mut i32) (i32.const 1048576))
    (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    ;; Works in 16 KiB of its stack.
    (func (export "run") (param $n i32) (result i32)
      (local $p i32)
      (local.set $p (i32.sub (global.get $stack) (i32.const 16384)))
      (loop $l
        (i32.store (local.get $p) (local.get $n))
        (br_if $l (i32.lt_u
          (local.tee $p (i32.add (local.get $p) (i32.const 4)))
          (global.get $stack))))
      (i32.load (i32.sub (global.get $stack) (i32.const 8192))))
    (func (export "grow") (drop (memory.grow (i32.const 3))))
    (func (export "trap") (i32.store (i32.const 5000) (i32.const 7)) (unreachable))
    (func (export "far") (drop (i32.load (i32.const 0x7fffffff))))
    (func (export "spin") (loop $l (br $l)))
    (func $deep (export "deep") (call $deep) (call $deep))
    (func (export "call") (call $host)))
  (core instance $main (instantiate $main (with "host" (instance (export "f" (func $host))))))
  (func (export "run") (param "n" u32) (result u32) (canon lift (core func $main "run")))
  ${["grow", "trap", "far", "spin", "deep", "call"]
    .map((name) => `(func (export "${name}") (canon lift (core func $main "${name}")))`)
    .join("\n")})`;

const bytes = await parse(guest);

class Contender {
  readonly name: string;
  readonly engine: Engine;
  readonly #guest: InstancePre<undefined>;

  constructor(name: string, config: EngineConfig) {
    this.name = name;
    this.engine = new Engine({ consumeFuel: true, ...config });
    const linker = new Linker<undefined>(this.engine);
    linker.root().func("host", () => {
      throw new Error("the host says no");
    });
    this.#guest = linker.instantiatePre(Component.fromBytes(this.engine, bytes));
  }

  /** One store, from its making to its end. */
  use(name: string, ...args: unknown[]): unknown {
    const store = new Store(this.engine, undefined, { fuel: 100_000 });
    try {
      return this.#guest
        .instantiate(store)
        .getFunc(name)
        ?.call(...args);
    } finally {
      store[Symbol.dispose]();
    }
  }

  /** Microseconds per store. */
  round(): number {
    const start = process.hrtime.bigint();
    for (let i = 0; i < STORES_PER_ROUND; i++) {
      if (this.use("run", i) !== i) throw new Error("wrong answer");
    }
    return Number(process.hrtime.bigint() - start) / STORES_PER_ROUND / 1000;
  }
}

function compare(): void {
  const contenders = [new Contender("without pooling", {}), new Contender("with pooling", { pooling: {} })];
  const times: number[][] = contenders.map(() => []);
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const us = contender.round();
      if (round >= 0) times[i]?.push(us);
    }
  }
  console.log(
    `Node ${process.version}, a store with an instance of 17 pages, medians of ${rounds} interleaved rounds\n`,
  );
  const [baseline = Number.NaN, pooled = Number.NaN] = times.map(median);
  console.log(`without pooling  ${baseline.toFixed(1).padStart(7)} us`);
  console.log(
    `with pooling     ${pooled.toFixed(1).padStart(7)} us   ${(baseline / pooled).toFixed(2)}x as fast\n`,
  );
}

async function soak(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const contender = new Contender("with pooling", { pooling: { totalMemories: 10 } });
  const ends = ["run", "trap", "far", "spin", "deep", "call", "grow"];
  console.log(
    `${stores} stores whose guests return, trap, run out of fuel or stack, fail in the host, or grow`,
  );
  console.log(
    `${"stores".padStart(10)}${"heap, MiB".padStart(12)}${"RSS, MiB".padStart(12)}${"traps".padStart(10)}`,
  );
  let traps = 0;
  for (let i = 0; i <= stores; i++) {
    if (i % (stores / 10) === 0) {
      await sleep(10);
      gc();
      const { heapUsed, rss } = process.memoryUsage();
      const cells = [(heapUsed / MiB).toFixed(1), (rss / MiB).toFixed(0)].map((cell) => cell.padStart(12));
      console.log(`${String(i).padStart(10)}${cells.join("")}${String(traps).padStart(10)}`);
    }
    const name = ends[i % ends.length] ?? "run";
    try {
      contender.use(name, ...(name === "run" ? [i] : []));
    } catch (error) {
      if (!(error instanceof Trap)) throw error;
      traps++;
    }
  }
  console.log(contender.engine.poolingAllocatorMetrics());
}

compare();
await soak();
