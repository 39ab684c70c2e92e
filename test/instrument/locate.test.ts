/**
 * Places in the stack of a trap are mapped back to the guest's own module.
 */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MeteredInstance } from "../../scripts/wast/metered-host.ts";
import { stackPlaces } from "../../scripts/wast/stack-places.ts";
import { type CodeLocation, type InstrumentOptions, instrument } from "../../src/instrument/index.ts";
import { assemble } from "../support/assemble.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { EPOCH_ONLY, EVERYTHING, run } from "./harness.ts";
import { randomModule } from "./random-module.ts";
import { printModule } from "./random-module-text.ts";

const VARIANTS: readonly [name: string, options: InstrumentOptions][] = [
  ["everything", { ...EVERYTHING, limitHeap: true }],
  ["epoch only", EPOCH_ONLY],
  ["growth only", { fuel: undefined, epoch: false, limitGrowth: true }],
];

/** The places of the guest's own functions in the stack of what the call throws. */
function located({ exports, rewritten }: MeteredInstance, name: string, ...args: unknown[]): CodeLocation[] {
  const error = thrownBy(() => (exports[name] as (...args: unknown[]) => unknown)(...args));
  return stackPlaces(error).flatMap(
    ({ functionIndex, offset }) => rewritten.locate(functionIndex, offset) ?? [],
  );
}

/** Where an instruction, given by its bytes, stands in a module; it must stand there only once. */
function placeOf(bytes: Uint8Array, ...instruction: number[]): number {
  const haystack = Buffer.from(bytes);
  const at = haystack.indexOf(Uint8Array.from(instruction));
  expect(at).toBeGreaterThan(0);
  expect(haystack.indexOf(Uint8Array.from(instruction), at + 1)).toBe(-1);
  return at;
}

const TRAPS: readonly [what: string, body: string][] = [
  ["unreachable", "unreachable"],
  ["a load", "(drop (i32.load offset=70000 (global.get $g)))"],
  ["a store", "nop (i64.store offset=70000 (i32.const 8) (i64.const 1))"],
  ["division", "(global.set $g (i32.div_u (global.get $g) (i32.const 0)))"],
  ["conversion", "(drop (i32.trunc_f32_s (f32.const nan)))"],
  ["a call through a table", "(call_indirect (type $v) (i32.const 7))"],
  ["a null in a table", "(call_indirect (type $v) (i32.const 1))"],
  ["a signature", "(call_indirect (type $v) (i32.const 0))"],
  ["a tail call through a table", "(return_call_indirect (type $v) (i32.const 7))"],
  ["memory.fill", "(memory.fill (i32.const 0) (i32.const 1) (global.get $far))"],
  ["memory.copy", "(memory.copy (i32.const 0) (global.get $far) (i32.const 8))"],
  ["memory.init", "(memory.init $d (i32.const 0) (i32.const 0) (global.get $far))"],
  ["table.get", "(drop (table.get (global.get $far)))"],
  ["table.fill", "(table.fill (i32.const 0) (ref.null func) (global.get $far))"],
  ["table.copy", "(table.copy (i32.const 0) (i32.const 0) (global.get $far))"],
  ["ref.as_non_null", "(drop (ref.as_non_null (ref.null $s)))"],
  ["call_ref", "(call_ref $v (ref.null $v))"],
  ["ref.cast", "(drop (ref.cast (ref $s) (struct.new $t (i32.const 1))))"],
  ["struct.get", "(drop (struct.get $s 0 (ref.null $s)))"],
  ["array.get", "(drop (array.get $a (array.new $a (i32.const 1) (global.get $g)) (i32.const 9)))"],
  ["array.new", "(drop (array.new $a (i32.const 1) (i32.const -1)))"],
  [
    "array.fill",
    "(array.fill $a (array.new_default $a (i32.const 3)) (i32.const 0) (i32.const 1) (i32.const 9))",
  ],
  ["array.copy", "(array.copy $a $a (ref.null $a) (i32.const 0) (ref.null $a) (i32.const 0) (i32.const 9))"],
  ["array.new_data", "(drop (array.new_data $a $d (i32.const 0) (global.get $far)))"],
];

/** Wraps a body so that code before and around it moves. */
const SETTINGS: readonly [where: string, wrap: (body: string) => string][] = [
  ["at the start of a function", (body) => body],
  ["behind charges", (body) => `(if (global.get $g) (then (global.set $g (i32.const 1)))) ${body}`],
  ["in a loop", (body) => `(loop $l ${body} (br_if $l (global.get $g)))`],
  ["behind a loop", (body) => `(loop $l (br_if $l (i32.eqz (global.get $g)))) ${body}`],
  ["in a loop that calls", (body) => `(loop $l (call $f (i32.const 3)) ${body} (br_if $l (global.get $g)))`],
  ["in a try_table", (body) => `(block $h (try_table (catch_all $h) (call $f (i32.const 3)) ${body}))`],
  [
    "under a branch that moves",
    (body) => `(block $b (loop $l (br_if $b (i32.eqz (global.get $g))) ${body}))`,
  ],
];

function guest(body: string, wrap: (body: string) => string): string {
  return `(module
    (type $v (func))
    (type $s (sub (struct (field i64))))
    (type $t (struct (field i32)))
    (type $a (array (mut i32)))
    (import "env" "f" (func $imported))
    (memory 1) (data $d "hello")
    (table 2 funcref) (elem (i32.const 0) $f)
    (global $g (mut i32) (i32.const 1)) (global $far (mut i32) (i32.const 100000))
    (func $small (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func $f (param i32) (local $x i64)
      (if (i32.eqz (local.get 0)) (then (return)))
      (call $f (i32.sub (call $small (local.get 0)) (i32.const 2))))
    (func $trap (local $x i32) (local.set $x (i32.const 3)) ${wrap(body)})
    (func (export "run") (local $x i32) (local.set $x (call $small (i32.const 3))) nop nop (call $trap)))`;
}

describe.each(VARIANTS)("%s", (_, options) => {
  describe.each(TRAPS)("%s", (_what, body) => {
    test.each(SETTINGS)("%s", async (_where, wrap) => {
      const bytes = await assemble(guest(body, wrap));
      const imports = { env: { f: () => {} } };
      const plain = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
      const expected = stackPlaces(thrownBy(() => (plain.exports["run"] as () => void)()));
      expect(expected.length).toBeGreaterThan(0);
      expect(located(run(bytes, options, {}, imports), "run")).toEqual(expected);
    });
  });
});

test("random modules trap where they trap uninstrumented", async () => {
  const tapes = fc.array(fc.nat({ max: 4000 }), { minLength: 20, maxLength: 400, size: "max" });
  await fc.assert(
    fc.asyncProperty(tapes, fc.nat(70_000), async (tape, arg) => {
      const bytes = await assemble(printModule(randomModule(tape)));
      const plain = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
      let error: unknown;
      try {
        (plain["run"] as (...args: number[]) => unknown)(arg, 1);
      } catch (caught) {
        error = caught;
      }
      fc.pre(error instanceof WebAssembly.RuntimeError);
      const expected = stackPlaces(error);
      for (const [name, options] of VARIANTS) {
        const frames = located(run(bytes, options), "run", arg, 1);
        expect(frames[0], name).toEqual(expected[0]);
        // A tail call of a small function is a call and a return: it leaves its frame.
        expect(missing(expected, frames), name).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
});

/** What is in `places` and not, in this order, in `others`. */
function missing(places: readonly CodeLocation[], others: readonly CodeLocation[]): CodeLocation[] {
  let from = 0;
  return places.filter(({ functionIndex, offset }) => {
    const at = others.findIndex(
      (other, i) => i >= from && other.functionIndex === functionIndex && other.offset === offset,
    );
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}

describe("checks", () => {
  const stopped = { onCheck: () => true, slice: 50n, fuel: 1n << 40n };

  test.each([
    ["a tight loop", "i32.const 77 drop (loop (br 0))"],
    ["a loop that calls", "i32.const 77 drop (loop (call $imported) (br 0))"],
    ["an outer loop", "i32.const 77 drop (loop (loop) (br 0))"],
  ])("of %s stand at the loop", async (_, body) => {
    const bytes = await assemble(
      `(module (import "env" "f" (func $imported)) (func (export "run") ${body}))`,
    );
    const host = run(bytes, EVERYTHING, stopped, { env: { f: () => {} } });
    const loop = placeOf(bytes, 0x41, 0xcd, 0x00, 0x1a) + 4;
    expect(located(host, "run")).toEqual([{ functionIndex: 1, offset: loop }]);
  });

  test("of a recursion stand at the function's first instruction", async () => {
    const bytes = await assemble(
      `(module (func $f (export "run") (local i32 i64) (i32.const 77) drop (call $f)))`,
    );
    const [first, ...callers] = located(run(bytes, EVERYTHING, stopped), "run");
    expect(first).toEqual({ functionIndex: 0, offset: placeOf(bytes, 0x41, 0xcd, 0x00) });
    expect(callers[0]).toEqual({ functionIndex: 0, offset: placeOf(bytes, 0x10, 0x00) });
  });

  test("of an allocation stand at the operator", async () => {
    const bytes = await assemble(
      `(module (type $s (struct (field i32))) (func (export "run") (loop (drop (struct.new_default $s)) (br 0))))`,
    );
    const host = run(bytes, { ...EVERYTHING, limitHeap: true }, { heapSlice: 100n, onHeap: () => true });
    expect(located(host, "run")).toEqual([{ functionIndex: 0, offset: placeOf(bytes, 0xfb, 0x01, 0x00) }]);
  });
});

describe("what is not the guest's", () => {
  test("has no place in its module", async () => {
    const bytes = await assemble(
      `(module (import "env" "f" (func)) (func (export "run") (call 0) (memory.fill (i32.const 0) (i32.const 0) (memory.size))) (memory 1))`,
    );
    const { locate, bytes: rewritten } = instrument(bytes, EVERYTHING);
    const count = WebAssembly.Module.imports(new WebAssembly.Module(rewritten)).filter(
      ({ kind }) => kind === "function",
    ).length;
    expect(locate(0, 0)).toBeUndefined();
    expect(locate(1, rewritten.length >> 1)).toBeUndefined();
    expect(locate(count, 0)).toBeUndefined();
    expect(locate(count + 1, rewritten.length >> 1)).toBeUndefined();
    expect(locate(-1, 0)).toBeUndefined();
    expect(locate(Number.NaN, 0)).toBeUndefined();
  });
});
