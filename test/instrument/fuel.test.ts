/**
 * What guests consume, to the unit.
 */
import { describe, expect, test } from "vitest";
import { DEFAULT_OPERATOR_COSTS, resolveOperatorCosts } from "../../src/instrument/index.ts";
import { assemble } from "../support/assemble.ts";
import { EVERYTHING, run } from "./harness.ts";

/** Bodies of `run`, with what else the module has, and what a call costs: 1 for the entry, and so on. */
const CASES: readonly [name: string, text: string, fuel: number][] = [
  ["an empty function", `(func (export "run"))`, 1],
  ["structure and drops are free", `(func (export "run") nop (block (block nop)) (drop (i32.const 1)))`, 2],
  [
    "a diamond: both arms pay their own",
    `(func (export "run") (result i32)
       (if (result i32) (i32.const 1) (then (i32.const 1)) (else (i32.add (i32.const 1) (i32.const 2)))))`,
    4,
  ],
  [
    "the other arm",
    `(func (export "run") (result i32)
       (if (result i32) (i32.const 0) (then (i32.const 1)) (else (i32.add (i32.const 1) (i32.const 2)))))`,
    6,
  ],
  [
    "code behind a diamond is paid for once",
    `(func (export "run") (local i32)
       (if (i32.const 1) (then (local.set 0 (i32.const 5))))
       (local.set 0 (i32.const 6)) (local.set 0 (i32.const 7)))`,
    1 + 2 + 2 + 4,
  ],
  [
    "code behind a block that is left early",
    `(func (export "run") (local i32)
       (block (br_if 0 (i32.const 1)) (local.set 0 (i32.const 5)))
       (local.set 0 (i32.const 6)))`,
    1 + 2 + 2,
  ],
  [
    "a branch out of two blocks skips what is behind the inner one",
    `(func (export "run") (local i32)
       (block $out (block (br_if $out (i32.const 1))) (local.set 0 (i32.const 5)))
       (local.set 0 (i32.const 6)))`,
    1 + 2 + 2,
  ],
  [
    "br_table",
    `(func (export "run") (local i32)
       (block $a (block $b (br_table $a $b $a (i32.const 1))) (local.set 0 (i32.const 1)) (br $a))
       (local.set 0 (i32.const 2)))`,
    1 + 2 + 3 + 2,
  ],
  [
    "a loop pays for each round",
    `(func (export "run") (local i32)
       (local.set 0 (i32.const 10))
       (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))`,
    1 + 2 + 10 * 5,
  ],
  [
    "nested loops, the inner one left by a branch to the outer one",
    `(func (export "run") (local $i i32)
       (loop $outer
         (loop $inner
           (local.set $i (i32.add (local.get $i) (i32.const 1)))
           (br_if $outer (i32.lt_u (local.get $i) (i32.const 3))))
         (br_if $outer (i32.lt_u (local.get $i) (i32.const 5)))))`,
    1 + 5 * (4 + 4) + 3 * 4,
  ],
  [
    "a small function, which its caller pays for",
    `(func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
     (func (export "run") (result i32) (call $add (i32.const 1) (i32.const 2)))`,
    1 + 3 + 1 + 3,
  ],
  [
    "the same through a table",
    `(type $t (func (param i32 i32) (result i32)))
     (table funcref (elem $add))
     (func $add (type $t) (i32.add (local.get 0) (local.get 1)))
     (func (export "run") (result i32) (call_indirect (type $t) (i32.const 1) (i32.const 2) (i32.const 0)))`,
    1 + 4 + 1 + 3,
  ],
  [
    "the same through a table that is exported",
    `(type $t (func (param i32 i32) (result i32)))
     (table (export "table") funcref (elem $add))
     (func $add (type $t) (i32.add (local.get 0) (local.get 1)))
     (func (export "run") (result i32) (call_indirect (type $t) (i32.const 1) (i32.const 2) (i32.const 0)))`,
    1 + 4 + 1 + 3,
  ],
  [
    "a recursion",
    `(func $down (export "run") (local i32) (call $f (i32.const 10)))
     (func $f (param i32) (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))))))`,
    1 + 2 + 11 * 3 + 10 * 4,
  ],
  [
    "tail calls",
    `(func (export "run") (result i32) (return_call $f (i32.const 10)))
     (func $f (param i32) (result i32)
       (if (local.get 0) (then (return_call $f (i32.sub (local.get 0) (i32.const 1)))))
       (i32.const 7))`,
    1 + 2 + 11 * 3 + 10 * 4 + 1,
  ],
  [
    "an exception that is caught: what was not executed is not paid for",
    `(tag $e (param i32))
     (func $f (param i32) (throw $e (local.get 0)) (drop (i32.const 1)) (drop (i32.const 2)))
     (func (export "run") (result i32)
       (block $h (result i32)
         (try_table (catch $e $h) (call $f (i32.const 5)) (drop (i32.const 9)))
         (i32.const 8)))`,
    1 + 1 + 2 + (1 + 2),
  ],
  [
    "multiple results",
    `(func $two (result i32 i32) (call $nothing) (i32.const 1) (i32.const 2))
     (func $nothing (loop))
     (func (export "run") (result i32) (call $two) i32.add)`,
    1 + 2 + (1 + 3) + 1,
  ],
  [
    "a length that is a literal",
    `(memory 1) (func (export "run") (memory.fill (i32.const 0) (i32.const 0) (i32.const 100)))`,
    1 + 4 + 100,
  ],
  [
    "a length that is not",
    `(memory 1) (global $n (mut i32) (i32.const 100))
     (func (export "run") (memory.copy (i32.const 0) (i32.const 9) (global.get $n)) (drop (i32.const 1)))`,
    1 + 4 + 100 + 1,
  ],
  [
    "a length of many chunks",
    `(memory 64) (global $n (mut i32) (i32.const 3000001))
     (func (export "run") (memory.fill (i32.const 8) (i32.const 1) (global.get $n)))`,
    1 + 4 + 3000001,
  ],
  [
    "table growth, granted and not",
    `(table $t 1 5 funcref) (global $n (mut i32) (i32.const 4))
     (func (export "run")
       (drop (table.grow $t (ref.null func) (global.get $n)))
       (drop (table.grow $t (ref.null func) (global.get $n))))`,
    1 + 3 + 4 + 3,
  ],
];

describe("fuel", () => {
  test.each(CASES)("%s", async (_name, text, fuel) => {
    const bytes = await assemble(`(module ${text})`);
    for (const slice of [1n << 40n, 5n]) {
      const { exports, host } = run(bytes, EVERYTHING, { slice });
      (exports["run"] as () => void)();
      expect(host.consumed).toBe(BigInt(fuel));
    }
  });

  test("the host sees the exact count while the guest is in a call", async () => {
    const bytes = await assemble(`(module (import "" "look" (func $look))
      (func (export "run") (drop (i32.const 1)) (call $f) (drop (i32.const 2)) (call $look))
      (func $f (local i32) (call $look) (local.set 0 (i32.const 1))))`);
    const seen: bigint[] = [];
    const { exports, host } = run(bytes, EVERYTHING, {}, { "": { look: () => seen.push(host.consumed) } });
    (exports["run"] as () => void)();
    expect(seen).toEqual([1n + 2n + 2n, 1n + 2n + 4n + 2n]);
    expect(host.consumed).toBe(9n);
  });

  test("what the host consumes during a call is kept", async () => {
    const bytes = await assemble(`(module (import "" "pay" (func $pay))
      (func (export "run") (call $pay) (drop (i32.const 1)) (call $pay)))`);
    const { exports, host } = run(
      bytes,
      EVERYTHING,
      {},
      {
        "": {
          pay: () => {
            host.fuel.value -= 100n;
          },
        },
      },
    );
    (exports["run"] as () => void)();
    expect(host.consumed).toBe(204n);
  });

  test("a host error leaves the exact count", async () => {
    const bytes = await assemble(`(module (import "" "fail" (func $fail))
      (func (export "run") (call $f) (drop (i32.const 9)))
      (func $f (drop (i32.const 1)) (call $fail) (drop (i32.const 2))))`);
    const fail = () => {
      throw new Error("host");
    };
    const { exports, host } = run(bytes, EVERYTHING, {}, { "": { fail } });
    expect(exports["run"]).toThrow("host");
    expect(host.consumed).toBe(1n + 1n + 1n + 2n);
  });

  test("`unreachable` leaves the exact count", async () => {
    const bytes = await assemble(`(module (func (export "run") (call $f) (drop (i32.const 9)))
      (func $f (drop (i32.const 1)) unreachable (drop (i32.const 2))))`);
    const { exports, host } = run(bytes);
    expect(exports["run"]).toThrow(WebAssembly.RuntimeError);
    expect(host.consumed).toBe(1n + 1n + 1n + 1n);
  });

  test("a limit leaves the exact count of what was done", async () => {
    const bytes = await assemble(`(module (func (export "run") (local i32)
      (loop (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br 0))))`);
    const { exports, host } = run(bytes, EVERYTHING, { fuel: 1000n });
    expect(exports["run"]).toThrow(WebAssembly.RuntimeError);
    // A round costs 5, and the round that crosses the limit is the last.
    expect(host.consumed).toBe(1n + 200n * 5n);
  });

  test("a budget that suffices exactly", async () => {
    const bytes = await assemble(`(module (func (export "run") (local i32)
      (local.set 0 (i32.const 10))
      (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`);
    const ends = (fuel: bigint) => {
      try {
        (run(bytes, EVERYTHING, { fuel }).exports["run"] as () => void)();
        return true;
      } catch {
        return false;
      }
    };
    expect(ends(53n)).toBe(true);
    // One round less is not enough: the head of the last round sees it.
    expect(ends(47n)).toBe(false);
  });

  test("costs can be set by group", async () => {
    const costs = resolveOperatorCosts({
      constant: 10,
      local: 3,
      functionEntry: 0,
      bulkByte: 2,
      structure: 100,
    });
    const bytes = await assemble(`(module (memory 1) (func (export "run") (local i32)
      (local.set 0 (i32.const 1)) nop
      (memory.fill (i32.const 0) (i32.const 0) (local.get 0))))`);
    const { exports, host } = run(bytes, { ...EVERYTHING, fuel: costs });
    (exports["run"] as () => void)();
    // Three constants, two locals, nop, and memory.fill of one byte.
    expect(host.consumed).toBe(BigInt(3 * 10 + 2 * 3 + 100 + 1 + 2));
  });

  test("costs above what one instruction can hold", async () => {
    const costs = resolveOperatorCosts({ constant: 1_000_000 });
    const bytes = await assemble(`(module (func (export "run") ${"(drop (i32.const 1))".repeat(20)}))`);
    const { exports, host } = run(bytes, { ...EVERYTHING, fuel: costs });
    (exports["run"] as () => void)();
    expect(host.consumed).toBe(20_000_001n);
  });

  test("the default table is wasmtime's", () => {
    expect(resolveOperatorCosts({})).toEqual(DEFAULT_OPERATOR_COSTS);
    expect(resolveOperatorCosts(undefined)).toEqual(DEFAULT_OPERATOR_COSTS);
    const free = Object.entries(DEFAULT_OPERATOR_COSTS).filter(([, cost]) => cost === 0);
    expect(free.map(([group]) => group)).toEqual(["structure"]);
  });
});
