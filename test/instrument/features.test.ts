/**
 * Every kind of instruction does the same with and without instrumentation.
 */
import { describe, expect, test } from "vitest";
import type { InstrumentOptions } from "../../src/instrument/index.ts";
import { assemble } from "../support/assemble.ts";
import { EPOCH_ONLY, EVERYTHING, run } from "./harness.ts";

/** Modules that export `run`, which takes an i32 and gives an i32. */
const MODULES: Record<string, string> = {
  "multi-value blocks with parameters": `
    (func (export "run") (param i32) (result i32)
      local.get 0 i32.const 3
      block (param i32 i32) (result i32 i32) local.get 0 br_if 0 i32.add i32.const 4 end
      loop (param i32) (result i32) i32.const 1 i32.sub local.tee 0 local.get 0 br_if 0 end
      i32.add)`,
  "functions with many results": `
    (func $swap (param i32 i64 f32) (result f32 i64 i32)
      (if (local.get 0) (then (return (local.get 2) (local.get 1) (local.get 0))))
      (local.get 2) (i64.const 7) (local.get 0))
    (func (export "run") (param i32) (result i32) (local i64)
      (call $swap (local.get 0) (i64.const 5) (f32.const 1.5))
      local.set 0 local.set 1 i32.trunc_f32_s local.get 1 i32.wrap_i64 i32.add local.get 0 i32.add)`,
  "sign extension and saturating conversions": `
    (func (export "run") (param i32) (result i32)
      (i32.add (i32.extend8_s (local.get 0)) (i32.trunc_sat_f64_s (f64.mul (f64.const 1e9) (f64.convert_i32_s (local.get 0))))))`,
  "reference types": `
    (table $t 4 externref) (table $f 4 funcref) (elem declare func $g)
    (func $g (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
    (type $sig (func (param i32) (result i32)))
    (func (export "run") (param i32) (result i32)
      (table.set $f (i32.const 1) (ref.func $g))
      (drop (table.grow $f (table.get $f (i32.const 1)) (i32.const 2)))
      (table.fill $f (i32.const 2) (ref.func $g) (i32.const 2))
      (table.copy $f $f (i32.const 0) (i32.const 2) (i32.const 1))
      (i32.add (i32.add (call_indirect $f (type $sig) (local.get 0) (i32.const 0))
                        (call_indirect $f (type $sig) (local.get 0) (i32.const 5)))
               (i32.add (table.size $f) (ref.is_null (table.get $t (i32.const 0))))))`,
  "a reference to a function that is only exported": `
    (type $sig (func (param i32) (result i32)))
    (table 1 funcref)
    (func $g (export "g") (type $sig) (loop) (i32.add (local.get 0) (i32.const 1)))
    (func (export "run") (param i32) (result i32)
      (table.set (i32.const 0) (ref.func $g))
      (call_indirect (type $sig) (local.get 0) (i32.const 0)))`,
  "references in globals and element segments": `
    (type $sig (func (param i32) (result i32)))
    (func $small (type $sig) (i32.add (local.get 0) (i32.const 1)))
    (func $large (type $sig) (loop $l (br_if $l (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 9)))) (local.get 0))
    (global $g funcref (ref.func $large))
    (table $t 8 funcref)
    (elem (table $t) (i32.const 1) func $small $large)
    (elem $p funcref (ref.func $small) (ref.null func) (ref.func $large))
    (func (export "run") (param i32) (result i32)
      (table.set $t (i32.const 7) (global.get $g))
      (table.init $t $p (i32.const 3) (i32.const 0) (i32.const 3))
      (elem.drop $p)
      (i32.add (i32.add (call_indirect $t (type $sig) (local.get 0) (i32.const 1))
                        (call_indirect $t (type $sig) (local.get 0) (i32.const 7)))
               (call_indirect $t (type $sig) (local.get 0) (i32.sub (i32.const 5) (i32.eqz (local.get 0))))))`,
  vectors: `
    (memory 1)
    (func $sum (param v128) (result v128) (i32x4.add (local.get 0) (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get 0) (local.get 0))))
    (func (export "run") (param i32) (result i32) (local v128 v128)
      (local.set 1 (i32x4.splat (local.get 0)))
      (v128.store (i32.const 16) (i32x4.replace_lane 2 (local.get 1) (i32.const 99)))
      (local.set 2 (v128.load32_lane 1 (i32.const 24) (v128.load (i32.const 16))))
      (i32x4.extract_lane 3 (call $sum (f32x4.relaxed_madd (local.get 2) (v128.const i32x4 1 2 3 4) (local.get 1)))))`,
  "tail calls, far deeper than the stack": `
    (type $sig (func (param i32 i32) (result i32)))
    (table funcref (elem $odd))
    (func $even (type $sig) (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (return_call_indirect (type $sig) (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (i32.const 1)) (i32.const 0)))
    (func $odd (type $sig) (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (return_call $even (i32.sub (local.get 0) (i32.const 1)) (i32.xor (local.get 1) (i32.const 3))))
    (func (export "run") (param i32) (result i32) (return_call $even (i32.const 1000001) (local.get 0)))`,
  "tail calls through an exported table": `
    (type $sig (func (param i32 i32) (result i32)))
    (table (export "table") funcref (elem $odd))
    (func $even (type $sig) (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (return_call_indirect (type $sig) (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (i32.const 1)) (i32.const 0)))
    (func $odd (type $sig) (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (return_call $even (i32.sub (local.get 0) (i32.const 1)) (i32.xor (local.get 1) (i32.const 3))))
    (func (export "run") (param i32) (result i32) (return_call $even (i32.const 1000001) (local.get 0)))`,
  "tail calls of small functions and of imports": `
    (import "" "id" (func $id (param i32) (result i32)))
    (func $small (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func $a (param i32) (result i32) (if (local.get 0) (then (return_call $small (local.get 0)))) (return_call $id (i32.const 5)))
    (func (export "run") (param i32) (result i32) (i32.add (call $a (local.get 0)) (call $a (i32.const 0))))`,
  "exceptions: try_table": `
    (tag $e (param i32)) (tag $f)
    (func $throws (param i32)
      (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $e (i32.const 10))))
      (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $f))))
    (func $catches (param i32) (result i32) (local exnref)
      (block $all
        (block $ref (result i32 exnref)
          (block $plain (result i32)
            (try_table (catch $e $plain) (catch_all $all) (call $throws (local.get 0)))
            (try_table (catch_ref $e $ref) (call $throws (i32.sub (local.get 0) (i32.const 2))))
            (return (i32.const 3)))
          (return (i32.add (i32.const 100))))
        (local.set 1)
        (drop)
        (try_table (catch_all $all) (throw_ref (local.get 1))))
      (i32.const 50))
    (func (export "run") (param i32) (result i32)
      (i32.add (call $catches (local.get 0))
        (i32.add (call $catches (i32.add (local.get 0) (i32.const 1))) (call $catches (i32.add (local.get 0) (i32.const 2))))))`,
  "exceptions: a catch clause that goes to a loop": `
    (tag $e)
    (func $throws (param i32) (if (i32.lt_s (local.get 0) (i32.const 5)) (then (throw $e))))
    (func (export "run") (param i32) (result i32)
      (loop $again
        (local.set 0 (i32.add (local.get 0) (i32.const 1)))
        (try_table (catch $e $again) (call $throws (local.get 0)))
        (br_if $again (i32.lt_s (local.get 0) (i32.const 9))))
      (local.get 0))`,
  "exceptions: a catch clause that goes to the function": `
    (tag $e (param i32))
    (func $throws (param i32) (if (i32.and (local.get 0) (i32.const 1)) (then (throw $e (i32.const 77)))))
    (func $f (param i32) (result i32)
      (try_table (catch $e 0) (call $throws (local.get 0)))
      (if (i32.eq (local.get 0) (i32.const 2)) (then (br 1 (i32.const 2))))
      (i32.const 5))
    (func (export "run") (param i32) (result i32)
      (i32.add (i32.add (call $f (local.get 0)) (i32.mul (i32.const 1000) (call $f (i32.add (local.get 0) (i32.const 1))))) (call $f (i32.const 2))))`,
  "exceptions: legacy": `
    (tag $e (param i32))
    (func $throws (param i32) (if (local.get 0) (then (throw $e (local.get 0)))))
    (func $f (param i32) (result i32)
      try (result i32)
        local.get 0 call $throws
        i32.const 1
      catch $e
        i32.const 2 i32.mul
      catch_all
        i32.const 3
      end)
    (func $g (param i32) (result i32)
      try (result i32)
        try (result i32) local.get 0 call $throws i32.const 4 delegate 0
      catch_all
        try (result i32) rethrow 1 catch $e end
      end)
    (func (export "run") (param i32) (result i32)
      (i32.add (i32.add (call $f (local.get 0)) (call $f (i32.const 0))) (i32.add (call $g (local.get 0)) (call $g (i32.const 0)))))`,
  "typed function references": `
    (type $sig (func (param i32) (result i32)))
    (func $g (type $sig) (i32.mul (local.get 0) (i32.const 3)))
    (func $h (type $sig) (return_call_ref $sig (local.get 0) (ref.func $g)))
    (elem declare func $g $h)
    (func (export "run") (param i32) (result i32) (local $r (ref null $sig))
      (block $null
        (drop (call_ref $sig (i32.const 1) (br_on_null $null (local.get $r)))))
      (local.set $r (ref.func $h))
      (drop (block $some (result (ref $sig)) (br_on_non_null $some (local.get $r)) (unreachable)))
      (call_ref $sig (local.get 0) (ref.as_non_null (local.get $r))))`,
  "a typed reference that is not called": `
    (type $sig (func (param i32) (result i32)))
    (table 2 funcref)
    (func $g (type $sig) (loop) (i32.mul (local.get 0) (i32.const 3)))
    (elem declare func $g)
    (func (export "run") (param i32) (result i32) (local $r (ref null $sig))
      (local.set $r (ref.func $g))
      (table.set (i32.const 1) (local.get $r))
      (call_indirect (type $sig) (local.get 0) (i32.const 1)))`,
  "typed element segments": `
    (type $sig (func (param i32) (result i32)))
    (table 2 funcref)
    (func $g (type $sig) (loop) (i32.mul (local.get 0) (i32.const 3)))
    (elem $e (ref null $sig) (ref.func $g) (ref.null $sig))
    (func (export "run") (param i32) (result i32)
      (table.init $e (i32.const 0) (i32.const 0) (i32.const 2))
      (call_indirect (type $sig) (local.get 0) (i32.and (local.get 0) (i32.const 1))))`,
  "garbage-collected types": `
    (rec (type $node (struct (field $next (ref null $node)) (field $value (mut i32)))))
    (type $bytes (array (mut i8)))
    (type $refs (array (mut (ref null $node))))
    (type $sub (sub (struct (field i32)))) (type $subsub (sub $sub (struct (field i32) (field i32))))
    (data $d "abcdef")
    (elem $e (ref null $node) (ref.null $node) (ref.null $node))
    (func $list (param i32) (result (ref null $node)) (local $l (ref null $node))
      (loop $more
        (local.set $l (struct.new $node (local.get $l) (local.get 0)))
        (br_if $more (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
      (local.get $l))
    (func $cast (param anyref) (result i32)
      (block $sub (result (ref $sub))
        (drop (br_on_cast $sub anyref (ref $sub) (local.get 0)))
        (return (i31.get_u (ref.cast (ref i31) (local.get 0)))))
      (struct.get $sub 0))
    (func (export "run") (param i32) (result i32) (local $l (ref null $node)) (local $s i32) (local $b (ref $bytes))
      (local.set $l (call $list (i32.add (local.get 0) (i32.const 5))))
      (loop $next
        (local.set $s (i32.add (local.get $s) (struct.get $node $value (local.get $l))))
        (br_if $next (i32.eqz (ref.is_null (local.tee $l (struct.get $node $next (local.get $l)))))))
      (local.set $b (array.new_data $bytes $d (i32.const 1) (i32.add (local.get 0) (i32.const 1))))
      (array.fill $bytes (local.get $b) (i32.const 0) (i32.const 7) (i32.and (local.get 0) (i32.const 1)))
      (array.copy $bytes $bytes (local.get $b) (i32.const 0) (local.get $b) (i32.const 0) (array.len (local.get $b)))
      (array.init_data $bytes $d (local.get $b) (i32.const 0) (i32.const 0) (i32.and (local.get 0) (i32.const 1)))
      (drop (array.new_elem $refs $e (i32.const 0) (i32.and (local.get 0) (i32.const 1))))
      (drop (array.new $refs (ref.null $node) (local.get 0)))
      (i32.add (i32.add (local.get $s) (array.get_u $bytes (local.get $b) (i32.const 0)))
        (i32.add (call $cast (ref.i31 (i32.const 8))) (call $cast (struct.new $subsub (i32.const 20) (i32.const 1))))))`,
  "arrays in constant expressions": `
    (type $a (array i32)) (type $s (struct (field (ref $a)) (field i64)))
    (global $n i32 (i32.add (i32.const 3) (i32.const 4)))
    (global $a (ref $a) (array.new $a (i32.const 9) (i32.mul (global.get $n) (i32.const 2))))
    (global $s (ref $s) (struct.new $s (array.new_fixed $a 2 (i32.const 1) (i32.const 2)) (i64.const 5)))
    (func (export "run") (param i32) (result i32)
      (i32.add (array.len (global.get $a)) (array.get $a (struct.get $s 0 (global.get $s)) (i32.const 1))))`,
  "64-bit memories and tables": `
    (memory i64 1 4) (table $t i64 2 8 funcref) (data $d "xyz")
    (func (export "run") (param i32) (result i32)
      (memory.init $d (i64.const 5) (i32.const 0) (i32.and (local.get 0) (i32.const 3)))
      (memory.fill (i64.const 70000) (i32.const 1) (i64.extend_i32_u (memory.grow (i64.const 1)) (i32.wrap_i64)))
      (memory.copy (i64.const 100) (i64.const 5) (i64.extend_i32_u (local.get 0)))
      (drop (table.grow $t (ref.null func) (i64.const 3)))
      (table.fill $t (i64.const 0) (ref.null func) (table.size $t))
      (i32.add (i32.load offset=100 (i64.const 0)) (i32.wrap_i64 (i64.add (table.size $t) (memory.size)))))`,
  "several memories": `
    (memory $a 1) (memory $b 1 3) (data $d (memory $b) (i32.const 7) "hello")
    (func (export "run") (param i32) (result i32)
      (drop (memory.grow $b (i32.const 1)))
      (memory.copy $a $b (i32.const 0) (i32.const 7) (i32.and (local.get 0) (i32.const 3)))
      (i32.store16 $b (i32.const 70000) (local.get 0))
      (i32.add (i32.load8_u $a (i32.const 0)) (i32.add (i32.load $b (i32.const 70000)) (memory.size $b))))`,
  "extended constants": `
    (global $a i32 (i32.add (i32.const 3) (i32.mul (i32.const 4) (i32.const 5))))
    (global $b i32 (i32.sub (global.get $a) (i32.const 1)))
    (memory 1) (data (offset (global.get $b)) "A")
    (func (export "run") (param i32) (result i32) (i32.add (global.get $b) (i32.load8_u (i32.const 22))))`,
  "atomics on a memory that is not shared": `
    (memory 1)
    (func (export "run") (param i32) (result i32)
      (i32.atomic.store (i32.const 8) (local.get 0))
      (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 5)))
      atomic.fence
      (drop (i64.atomic.rmw32.cmpxchg_u (i32.const 8) (i64.const 6) (i64.const 60)))
      (i32.add (i32.atomic.load (i32.const 8)) (memory.atomic.notify (i32.const 8) (i32.const 1))))`,
  "dead code": `
    (func $f (param i32) (result i32) (loop) (local.get 0))
    (func (export "run") (param i32) (result i32)
      (block $out (result i32)
        (br $out (local.get 0))
        (call $f) (drop)
        (loop $l (result i32) (br_if $l (i32.const 1)) (call $f (i32.const 1)) (br_table $l $l (local.get 0)))
        (if (result i32) (then (return (i32.const 2))) (else (i32.const 1)))
        (unreachable)
        (return_call $f (i32.const 3))))`,
  "a start function, globals and a guest's own start": `
    (global $g (mut i32) (i32.const 1))
    (func $s (loop $l (global.set $g (i32.add (global.get $g) (i32.const 1))) (br_if $l (i32.lt_u (global.get $g) (i32.const 40)))))
    (start $s)
    (func (export "run") (param i32) (result i32) (i32.add (global.get $g) (local.get 0)))`,
};

const VARIANTS: readonly [string, InstrumentOptions, bigint][] = [
  ["everything", EVERYTHING, 1n << 40n],
  ["everything, a slice of one", EVERYTHING, 1n],
  ["everything and the heap", { ...EVERYTHING, limitHeap: true }, 100n],
  ["the heap alone", { fuel: undefined, epoch: false, limitGrowth: false, limitHeap: true }, 1n],
  ["epoch only", EPOCH_ONLY, 1n],
  ["growth only", { fuel: undefined, epoch: false, limitGrowth: true }, 1n],
  ["nothing", { fuel: undefined, epoch: false, limitGrowth: false }, 1n],
];

const IMPORTS = { "": { id: (x: number) => x } };

function outcome(exports: WebAssembly.Exports, operand: number): string {
  try {
    return `returned ${(exports["run"] as (operand: number) => number)(operand)}`;
  } catch (error) {
    return `threw ${String(error)}`;
  }
}

describe.each(Object.entries(MODULES))("%s", (_name, text) => {
  test.each(VARIANTS)("%s", async (_variant, options, slice) => {
    const bytes = await assemble(`(module ${text})`);
    const plain = new WebAssembly.Instance(new WebAssembly.Module(bytes), IMPORTS).exports;
    const { exports } = run(bytes, options, { slice }, IMPORTS);
    for (const operand of [1, 2, 3, 0, 100]) {
      expect(outcome(exports, operand)).toBe(outcome(plain, operand));
    }
  });
});
