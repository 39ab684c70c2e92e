/**
 * Bulk operators with lengths of every size: they do the same, pay before the work, and look up meanwhile.
 */
import { describe, expect, test } from "vitest";
import { assemble } from "../support/assemble.ts";
import { EPOCH_ONLY, EVERYTHING, run } from "./harness.ts";

const PAGE = 65536;
const SIZE = 80 * PAGE;

const MODULE = `(module
  (memory (export "memory") 80) (memory $other (export "other") 40) (memory $long (export "long") i64 80)
  (table $t (export "table") 200000 externref) (table $funcs 10 funcref)
  (type $bytes (array (mut i8))) (type $numbers (array (mut i32))) (type $any (array (mut anyref)))
  (elem $e funcref (ref.func $f0) (ref.null func)) (func $f0)
  (data $long-data "${"abcdefghij".repeat(40_000)}")
  (global $numbers (ref $numbers) (array.new $numbers (i32.const 3) (i32.const 100000)))
  (global $any (ref $any) (array.new $any (ref.i31 (i32.const 5)) (i32.const 100000)))
  (func (export "sum") (result i32) (local $i i32) (local $sum i32)
    (loop $l
      (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31))
        (i32.add (array.get $numbers (global.get $numbers) (local.get $i))
          (i31.get_s (ref.cast (ref i31) (array.get $any (global.get $any) (local.get $i)))))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100000))))
    (local.get $sum))
  (func (export "set") (local $i i32)
    (loop $l
      (array.set $numbers (global.get $numbers) (local.get $i) (i32.mul (local.get $i) (local.get $i)))
      (array.set $any (global.get $any) (local.get $i) (ref.i31 (local.get $i)))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100000)))))
  (func (export "copyNumbers") (param i32 i32 i32)
    (array.copy $numbers $numbers (global.get $numbers) (local.get 0) (global.get $numbers) (local.get 1) (local.get 2)))
  (func (export "copyAny") (param i32 i32 i32)
    (array.copy $any $any (global.get $any) (local.get 0) (global.get $any) (local.get 1) (local.get 2)))
  (func (export "copyNull") (param i32 i32 i32)
    (array.copy $any $any (global.get $any) (local.get 0) (ref.null $any) (local.get 1) (local.get 2)))
  (func (export "initArray") (param i32 i32 i32)
    (array.init_data $numbers $long-data (global.get $numbers) (local.get 0) (local.get 1) (local.get 2)))
  (func (export "initTable") (param i32 i32 i32) (table.init $funcs $e (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copyTable") (param i32 i32 i32) (table.copy $t $t (local.get 0) (local.get 1) (local.get 2)))
  (func (export "nullsTable") (result i32) (local $i i32) (local $sum i32)
    (loop $l
      (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (ref.is_null (table.get $t (local.get $i)))))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 200000))))
    (local.get $sum))
  (func (export "dropData") (data.drop $long-data))
  (data $d "${"0123456789".repeat(20)}")
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)))
  (func (export "across") (param i32 i32 i32) (memory.copy $other 0 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fill64") (param i64 i32 i64) (memory.fill $long (local.get 0) (local.get 1) (local.get 2)))
  (func (export "from64") (param i32 i64 i32) (memory.copy 0 $long (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fillTable") (param i32 externref i32) (table.fill $t (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fillArray") (param i32 i32 i32) (result i32) (local $a (ref null $bytes))
    (local.set $a (array.new $bytes (i32.const 7) (i32.const 100000)))
    (array.fill $bytes (local.get $a) (local.get 0) (local.get 1) (local.get 2))
    (array.get_u $bytes (local.get $a) (i32.const 99999))))`;

type Operands = readonly (number | bigint | string)[];

/** Calls that must do the same, with lengths below and above where the closer look and the chunks begin. */
const CALLS: readonly [name: string, ...Operands][] = [
  ["fill", 10, 5, 100],
  ["fill", 10, 5, 65536],
  ["fill", 10, 5, 65537],
  ["fill", 7, 9, 1 << 20],
  ["fill", 7, 9, (1 << 20) + 1],
  ["fill", 0, 9, SIZE],
  ["fill", 1, 9, SIZE],
  ["fill", SIZE, 9, 0],
  ["fill", SIZE + 1, 9, 0],
  ["fill", -1, 9, -1],
  ["fill", 0, 9, -1],
  ["copy", 0, 100, 3_000_000],
  ["copy", 100, 0, 3_000_000],
  ["copy", 2_000_000, 0, 3_000_000],
  ["copy", 0, 0, SIZE],
  ["copy", 0, 1, SIZE],
  ["copy", 1, 0, SIZE],
  ["copy", 5, 5, -1],
  ["init", 0, 0, 200],
  ["init", 0, 1, 200],
  ["init", SIZE - 10, 0, 20],
  ["init", 0, 0, 100_000],
  ["across", 0, 0, 40 * PAGE],
  ["across", 0, 1, 40 * PAGE],
  ["across", 1, 0, 40 * PAGE],
  ["fill64", 3n, 8, 4_000_000n],
  ["fill64", 3n, 8, -1n],
  ["fill64", -1n, 8, 3n],
  ["fill64", -1n, 8, -1n],
  ["fill64", 1n << 40n, 8, 1n << 40n],
  ["from64", 0, 0n, 3_000_000],
  ["from64", 0, 3n, SIZE],
  ["from64", 0, -1n, -1],
  ["fillTable", 0, "x", 200_000],
  ["fillTable", 1, "x", 200_000],
  ["fillTable", 5, "y", -1],
  ["fillArray", 0, 3, 100_000],
  ["fillArray", 1, 3, 100_000],
  ["fillArray", -1, 3, -1],
  ["fillTable", 70_000, "z", 1000],
  ["copyTable", 0, 1, 199_999],
  ["nullsTable"],
  ["copyTable", 1, 0, 199_999],
  ["copyTable", 50_000, 3, 150_000],
  ["nullsTable"],
  ["copyTable", 1, 0, 200_000],
  ["copyTable", 0, 1, -1],
  ["nullsTable"],
  ["initTable", 0, 0, 2],
  ["initTable", 0, 0, 70_000],
  ["set"],
  ["copyNumbers", 0, 1, 99_999],
  ["copyAny", 0, 1, 99_999],
  ["sum"],
  ["copyNumbers", 30_000, 0, 70_000],
  ["copyAny", 30_000, 0, 70_000],
  ["sum"],
  ["copyNumbers", 0, 1, 100_000],
  ["copyNumbers", 0, 0, 100_000],
  ["copyAny", 0, -1, -1],
  ["copyNull", 0, 0, 70_000],
  ["sum"],
  ["initArray", 0, 0, 100_000],
  ["sum"],
  ["initArray", 20_001, 79_999, 79_999],
  ["sum"],
  ["initArray", 0, 1, 100_000],
  ["initArray", 1, 0, 100_000],
  ["initArray", 0, 200_000, 70_000],
  ["sum"],
  ["dropData"],
  ["initArray", 0, 0, 70_000],
  ["initArray", 0, 0, 0],
  ["sum"],
];

function prepare(exports: WebAssembly.Exports): void {
  for (const name of ["memory", "other", "long"]) {
    const bytes = new Uint8Array((exports[name] as WebAssembly.Memory).buffer);
    for (let i = 0; i < bytes.length; i += 997) bytes[i] = i % 251;
  }
}

function ended(
  exports: WebAssembly.Exports,
  [name = "", ...operands]: readonly (number | bigint | string)[],
): string {
  try {
    return `returned ${(exports[String(name)] as unknown as (...operands: unknown[]) => unknown)(...operands)}`;
  } catch (error) {
    return String(error);
  }
}

describe("bulk operators", () => {
  test.each([
    ["fuel, in one slice", EVERYTHING, 1n << 40n],
    ["fuel, in small slices", EVERYTHING, 10_000n],
    ["epoch only", EPOCH_ONLY, 100n],
  ] as const)("do the same as without: %s", async (_name, options, slice) => {
    const bytes = await assemble(MODULE);
    const plain = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    const { exports } = run(bytes, options, { slice });
    prepare(plain);
    prepare(exports);
    for (const call of CALLS) {
      expect(ended(exports, call), call.join(" ")).toBe(ended(plain, call));
      for (const name of ["memory", "other", "long"]) {
        const [mine, theirs] = [exports[name], plain[name]] as WebAssembly.Memory[];
        const same = Buffer.compare(new Uint8Array(mine?.buffer ?? []), new Uint8Array(theirs?.buffer ?? []));
        expect(same, `${name} after ${call.join(" ")}`).toBe(0);
      }
    }
  });

  test("large ones look up in between", async () => {
    for (const options of [EVERYTHING, EPOCH_ONLY]) {
      const { exports, host } = run(await assemble(MODULE), options, { slice: 10_000n });
      for (const call of [
        ["fill", 0, 1, SIZE],
        ["fillTable", 0, "x", 200_000],
        ["copyTable", 0, 1, 199_999],
        ["copyAny", 1, 0, 99_999],
        ["initArray", 0, 0, 100_000],
      ] as const) {
        const before = host.checks;
        ended(exports, call);
        expect(host.checks - before, call.join(" ")).toBeGreaterThanOrEqual(5);
      }
    }
  });

  test("are stopped before what they cannot pay for, chunk by chunk", async () => {
    const { exports } = run(await assemble(MODULE), EVERYTHING, { fuel: 2_500_000n });
    expect(ended(exports, ["fill", 0, 1, SIZE])).toMatch(/unreachable/);
    const memory = new Uint8Array((exports["memory"] as WebAssembly.Memory).buffer);
    expect(memory[(2 << 20) - 1]).toBe(1);
    expect(memory[3 << 20]).toBe(0);
  });

  test("out of bounds, they trap as such and cost next to nothing", async () => {
    const { exports, host } = run(await assemble(MODULE), EVERYTHING, { fuel: 300_000n });
    const before = host.consumed;
    expect(ended(exports, ["fill", 0, 1, -1])).toMatch(/out of bounds/);
    expect(ended(exports, ["fill64", 0n, 1, -1n])).toMatch(/out of bounds/);
    expect(ended(exports, ["fillTable", 0, "x", -1])).toMatch(/out of bounds/);
    expect(host.consumed - before).toBeLessThan(100n);
  });
});
