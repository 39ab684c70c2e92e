/**
 * Bulk operators with lengths of every size: they do the same, pay before the work, and look up meanwhile.
 */
import { describe, expect, test } from "vitest";
import { EPOCH_ONLY, EVERYTHING, run, wat } from "./harness.ts";

const PAGE = 65536;
const SIZE = 80 * PAGE;

const MODULE = `(module
  (memory (export "memory") 80) (memory $other (export "other") 40) (memory $long (export "long") i64 80)
  (table $t (export "table") 200000 externref) (table $funcs 10 funcref)
  (type $bytes (array (mut i8)))
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
    const bytes = await wat(MODULE);
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
      const { exports, host } = run(await wat(MODULE), options, { slice: 10_000n });
      ended(exports, ["fill", 0, 1, SIZE]);
      expect(host.checks).toBeGreaterThanOrEqual(5);
    }
  });

  test("are stopped before what they cannot pay for, chunk by chunk", async () => {
    const { exports } = run(await wat(MODULE), EVERYTHING, { fuel: 2_500_000n });
    expect(ended(exports, ["fill", 0, 1, SIZE])).toMatch(/unreachable/);
    const memory = new Uint8Array((exports["memory"] as WebAssembly.Memory).buffer);
    expect(memory[(2 << 20) - 1]).toBe(1);
    expect(memory[3 << 20]).toBe(0);
  });

  test("out of bounds, they trap as such and cost next to nothing", async () => {
    const { exports, host } = run(await wat(MODULE), EVERYTHING, { fuel: 100_000n });
    expect(ended(exports, ["fill", 0, 1, -1])).toMatch(/out of bounds/);
    expect(ended(exports, ["fill64", 0n, 1, -1n])).toMatch(/out of bounds/);
    expect(ended(exports, ["fillTable", 0, "x", -1])).toMatch(/out of bounds/);
    expect(host.consumed).toBeLessThan(100n);
  });
});
