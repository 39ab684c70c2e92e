/**
 * What a guest allocates on V8's heap is counted, and the host is asked in time.
 */
import { describe, expect, test } from "vitest";
import { instrument } from "../../src/instrument/index.ts";
import { assemble } from "../support/assemble.ts";
import { EVERYTHING, run } from "./harness.ts";

const HEAP = { ...EVERYTHING, limitHeap: true };

/** Bodies of a function `$run`, which allocates at least a byte each time. */
const MAKERS: Record<string, string> = {
  "struct.new": `(type $t (struct (field i64))) (func $run (drop (struct.new $t (i64.const 1))))`,
  "struct.new_default": `(type $t (struct (field i64))) (func $run (drop (struct.new_default $t)))`,
  "array.new": `(type $t (array i64)) (func $run (drop (array.new $t (i64.const 1) (i32.const 10))))`,
  "array.new, of a length that is not a literal": `
    (type $t (array i64)) (global $n (mut i32) (i32.const 10))
    (func $run (drop (array.new $t (i64.const 1) (global.get $n))))`,
  "array.new_default": `(type $t (array v128)) (func $run (drop (array.new_default $t (i32.const 10))))`,
  "array.new_fixed": `(type $t (array i8)) (func $run (drop (array.new_fixed $t 2 (i32.const 1) (i32.const 2))))`,
  "array.new_data": `(type $t (array i8)) (data $d "abc") (func $run (drop (array.new_data $t $d (i32.const 0) (i32.const 3))))`,
  "array.new_elem": `(type $t (array funcref)) (elem $e func $run) (func $run (drop (array.new_elem $t $e (i32.const 0) (i32.const 1))))`,
  throw: `(tag $e) (func $run (block $h (try_table (catch $e $h) (throw $e))))`,
};

describe.each(Object.entries(MAKERS))("%s", (_name, text) => {
  test.each([
    ["with fuel", HEAP],
    ["alone", { fuel: undefined, epoch: false, limitGrowth: false, limitHeap: true }],
  ])("cannot go on for ever: %s", async (_variant, options) => {
    const bytes = await assemble(`(module ${text}
      (func (export "run") (loop $l (block $h (try_table (catch_all $h) (call $run))) (br $l))))`);
    let left = 20;
    const { exports, rewritten } = run(bytes, options, { heapSlice: 10_000n, onHeap: () => left-- <= 0 });
    expect(exports["run"]).toThrow(WebAssembly.RuntimeError);
    expect(left).toBe(-1);
    expect(rewritten).toMatchObject({ allocates: true, limitsHeap: true });
  });
});

describe("the heap", () => {
  test("arrays pay for all of their bytes before they are made", async () => {
    const bytes = await assemble(`(module (type $t (array i64)) (global $n (mut i32) (i32.const 100000000))
      (func (export "run") (drop (array.new_default $t (global.get $n)))))`);
    const { exports, host } = run(bytes, HEAP, { onHeap: () => true });
    host.heap.value = 700_000_000n;
    expect(exports["run"]).toThrow(/unreachable/);
    expect(host.heap.value).toBeLessThan(-100_000_000n + 1000n);
  });

  test("a refusal leaves the exact count of fuel", async () => {
    const bytes = await assemble(`(module (type $t (struct (field i64)))
      (func (export "run") (drop (i32.const 1)) (drop (struct.new_default $t)) (drop (i32.const 1))))`);
    const { exports, host } = run(bytes, HEAP, { heapSlice: 0n, onHeap: () => true });
    expect(exports["run"]).toThrow(/unreachable/);
    expect(host.consumed).toBe(2n);
  });

  test("what constant expressions make is reported", async () => {
    const bytes = await assemble(`(module (type $t (array i64))
      (global i32 (i32.const 1000)) (global (ref $t) (array.new_default $t (global.get 0))))`);
    const { initialHeap, allocates } = instrument(bytes, EVERYTHING);
    expect(allocates).toBe(true);
    expect(initialHeap).toBeGreaterThanOrEqual(8000n);
    expect(initialHeap).toBeLessThan(9000n);
  });

  test("a module without such types does not pay", async () => {
    const { rewritten } = run(await assemble(`(module (func (export "run")))`), HEAP);
    expect(rewritten).toMatchObject({ allocates: false, limitsHeap: false, initialHeap: 0n });
  });

  test("it is not limited unless that is asked for", async () => {
    const { rewritten } = run(await assemble(`(module (type (struct (field i32))) (func))`), EVERYTHING);
    expect(rewritten).toMatchObject({ allocates: true, limitsHeap: false });
  });
});
