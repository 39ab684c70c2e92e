/**
 * Modules that are linked with each other share a count, whatever they hand each other.
 */
import { describe, expect, test } from "vitest";
import { instantiateMetered, MeteredHost } from "../../scripts/wast/metered-host.ts";
import { assemble } from "../support/assemble.ts";
import { EPOCH_ONLY, EVERYTHING } from "./harness.ts";

/** Exports a table of functions, and calls whatever is in it. */
const FIRST = `(module
  (type $t (func (param i32) (result i32)))
  (table (export "table") 4 funcref) (elem (i32.const 0) $double)
  (memory (export "memory") 1) (tag $e (export "e") (param i32)) (global (export "g") (mut i32) (i32.const 5))
  (func $double (type $t) (i32.mul (local.get 0) (i32.const 2)))
  (func (export "through") (param i32 i32) (result i32) (call_indirect (type $t) (local.get 0) (local.get 1)))
  (func (export "throws") (param i32) (throw $e (local.get 0)))
  (func (export "tail") (param i32 i32) (result i32) (return_call_indirect (type $t) (local.get 0) (local.get 1))))`;

/** Imports all of it, fills the table, keeps a table of its own, and calls back and forth. */
const SECOND = `(module
  (type $t (func (param i32) (result i32)))
  (import "first" "table" (table $shared 4 funcref))
  (import "first" "memory" (memory 1)) (import "first" "e" (tag $e (param i32))) (import "first" "g" (global $g (mut i32)))
  (import "first" "through" (func $through (param i32 i32) (result i32)))
  (import "first" "throws" (func $throws (param i32)))
  (import "first" "tail" (func $tail (param i32 i32) (result i32)))
  (table $own 2 funcref) (elem (table $own) (i32.const 0) func $square $through_again)
  (elem (table $shared) (i32.const 1) func $square $through_again)
  (func $square (type $t) (i32.mul (local.get 0) (local.get 0)))
  (func $through_again (type $t) (call $through (i32.add (local.get 0) (i32.const 1)) (i32.const 0)))
  (func $caught (param i32) (result i32)
    (block $h (result i32) (try_table (catch $e $h) (call $throws (local.get 0))) (i32.const 0)))
  (func (export "run") (param i32) (result i32)
    (table.copy $shared $own (i32.const 3) (i32.const 0) (i32.const 1))
    (global.set $g (i32.add (global.get $g) (call $caught (local.get 0))))
    (i32.add
      (i32.add (call $through (local.get 0) (i32.const 0)) (call $through (local.get 0) (i32.const 1)))
      (i32.add
        (i32.add (call $through (local.get 0) (i32.const 2)) (call $tail (local.get 0) (i32.const 3)))
        (i32.add (call_indirect $own (type $t) (local.get 0) (i32.const 1)) (global.get $g))))))`;

type Run = (operand: number) => number;

describe("linked modules", () => {
  test.each([
    ["fuel", EVERYTHING, 1n << 40n],
    ["fuel, in small slices", EVERYTHING, 3n],
    ["epoch only", EPOCH_ONLY, 3n],
  ] as const)("%s", async (_name, options, slice) => {
    const [first, second] = [await assemble(FIRST), await assemble(SECOND)];
    const plainFirst = new WebAssembly.Instance(new WebAssembly.Module(first)).exports;
    const plain = new WebAssembly.Instance(new WebAssembly.Module(second), {
      first: plainFirst as WebAssembly.ModuleImports,
    }).exports;
    const host = new MeteredHost({ slice });
    const meteredFirst = instantiateMetered(first, options, host).exports;
    const imports = { first: meteredFirst as WebAssembly.ModuleImports };
    const metered = instantiateMetered(second, options, host, imports).exports;
    for (const operand of [3, 7]) {
      expect((metered["run"] as Run)(operand)).toBe((plain["run"] as Run)(operand));
    }
    if (options !== EVERYTHING) return;
    // run: entry, table.copy of one (5), global.set (4 and the call of $caught), five calls, and the rest.
    const caught = 1 + 2 + 1 + (1 + 2);
    const double = 1 + 3;
    const square = 1 + 3;
    const through = 1 + 3;
    const throughAgain = 1 + 5 + through + double;
    const run =
      1 +
      (4 + 1) +
      (5 + caught) +
      4 * 3 +
      4 +
      5 +
      (through + double) +
      (through + square) +
      (through + throughAgain);
    expect(host.consumed).toBe(2n * BigInt(run + (through + square) + throughAgain));
  });
});
