/**
 * Whatever goes on without end passes a check, and cannot catch the trap that stops it.
 */
import { describe, expect, test } from "vitest";
import { assemble } from "../support/assemble.ts";
import { EPOCH_ONLY, EVERYTHING, run } from "./harness.ts";

/** Modules whose function `$run` never ends. */
const MODULES: Record<string, string> = {
  "a loop": `(func $run (loop (br 0)))`,
  "a loop that runs in its condition": `(func $run (loop (br_if 0 (i32.const 1))))`,
  "a loop by br_table": `(func $run (loop (br_table 0 0 (i32.const 0))))`,
  "a loop by br_on_null": `(func $run (loop (drop (br_on_null 0 (ref.null func))) ))`,
  "a loop inside a loop": `(func $run (loop $o (loop $i (br $o))))`,
  "a loop that calls": `(func $f (loop)) (func $run (loop (call $f) (br 0)))`,
  "a loop that calls a small function": `(func $f) (func $run (loop (call $f) (br 0)))`,
  "a recursion": `(func $run (call $run))`,
  "a tree of calls": `
    (func $f (param i32) (if (local.get 0) (then
      (call $f (i32.sub (local.get 0) (i32.const 1))) (call $f (i32.sub (local.get 0) (i32.const 1))))))
    (func $run (call $f (i32.const 60)))`,
  "a tree of small functions without recursion": `
    ${Array.from({ length: 60 }, (_, i) => `(func $f${i} (call $f${i + 1}) (call $f${i + 1}))`).join("\n")}
    (func $f60) (func $run (call $f0))`,
  "a tail call": `(func $run (return_call $run))`,
  "a tail call through a table": `(table funcref (elem $run)) (func $run (return_call_indirect (i32.const 0)))`,
  "a tail call through an exported table": `
    (table (export "table") funcref (elem $run)) (func $run (return_call_indirect (i32.const 0)))`,
  "a tail call through a reference": `
    (type $t (func)) (elem declare func $run) (func $run (type $t) (return_call_ref $t (ref.func $run)))`,
  "a call through a table": `(table funcref (elem $run)) (func $run (call_indirect (i32.const 0)))`,
  "filling memory": `(memory 16) (global $n (mut i32) (i32.const 1000000))
    (func $run (loop (memory.fill (i32.const 0) (i32.const 1) (global.get $n)) (br 0)))`,
  "copying nothing": `(memory 1) (global $n (mut i32) (i32.const 0))
    (func $run (loop (memory.copy (i32.const 0) (i32.const 1) (global.get $n)) (br 0)))`,
  "making arrays": `(type $a (array i8)) (global $n (mut i32) (i32.const 1000))
    (func $run (loop (drop (array.new_default $a (global.get $n))) (br 0)))`,
  "throwing and catching": `(tag $e) (func $run (loop $l (block $h (try_table (catch $e $h) (throw $e))) (br $l)))`,
  "a catch clause as the way back": `(tag $e) (func $run (loop $l (try_table (catch_all $l) (throw $e))))`,
  "an import that throws, as the way back": `
    (import "" "throws" (func $throws)) (func $run (loop $l (try_table (catch_all $l) (call $throws))))`,
  "legacy catch": `(tag $e) (func $run loop $l try throw $e catch_all br $l end end)`,
  "a recursion in a handler": `(tag $e) (func $run (block $h (try_table (catch_all $h) (throw $e))) (call $run))`,
  "a tree of calls that ends in exceptions": `(tag $e)
    (func $f (param i32) (if (i32.eqz (local.get 0)) (then (throw $e)))
      (block $h (try_table (catch_all $h) (call $f (i32.sub (local.get 0) (i32.const 1)))))
      (call $f (i32.sub (local.get 0) (i32.const 1))))
    (func $run (call $f (i32.const 60)))`,
  "running out of stack again and again": `
    (func $deep (call $deep) (call $deep))
    (func $run (loop $l (block $h (try_table (catch_all $h) (call $deep))) (br $l)))`,
};

/** The function `$run` itself, or one that swallows whatever can be caught of it and starts again. */
const DIRECT = `(export "run" (func $run))`;
const SWALLOWING = `(func (export "run") (loop $l (block $h (try_table (catch_all $h) (call $run))) (br $l)))`;

const IMPORTS = {
  "": {
    throws: () => {
      throw new Error("host");
    },
  },
};

describe.each(Object.entries(MODULES))("%s", (name, text) => {
  test.each([
    ["fuel", EVERYTHING, DIRECT],
    ["the deadline alone", EPOCH_ONLY, DIRECT],
    ["fuel, swallowing what can be swallowed", EVERYTHING, SWALLOWING],
    ["the deadline alone, swallowing what can be swallowed", EPOCH_ONLY, SWALLOWING],
  ] as const)("%s", async (_variant, options, entry) => {
    // V8 takes no module with both kinds of handlers.
    const bytes = await assemble(`(module ${text} ${name === "legacy catch" ? DIRECT : entry})`);
    let left = 100;
    const { exports, host } = run(bytes, options, { slice: 1000n, onCheck: () => left-- <= 0 }, IMPORTS);
    // A recursion may run out of stack first: to V8 that is a RangeError.
    expect(exports["run"]).toThrow(/unreachable|call stack/);
    expect(host.checks).toBeLessThanOrEqual(101);
  });
});
