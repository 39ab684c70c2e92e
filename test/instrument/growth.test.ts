/**
 * The host is asked before a memory or a table grows.
 */
import { describe, expect, test } from "vitest";
import { MeteredHost } from "../../scripts/wast/metered-host.ts";
import { instrument } from "../../src/instrument/index.ts";
import { assemble } from "../support/assemble.ts";
import { EVERYTHING, run } from "./harness.ts";

type Grow = (delta: number) => number;

const MODULE = `(module
  (memory (export "small") 1) (memory $m (export "memory") 2 10) (memory $l (export "long") i64 1)
  (table 1 externref) (table $t (export "table") 3 20 funcref)
  (func (export "grow") (param i32) (result i32) (memory.grow $m (local.get 0)))
  (func (export "growLong") (param i64) (result i64) (memory.grow $l (local.get 0)))
  (func (export "growTable") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0))))`;

describe("growth", () => {
  test("the host is told which one and by how much", async () => {
    const asked: unknown[] = [];
    const onGrow = (what: string, index: number, delta: bigint) => {
      asked.push([what, index, delta]);
      return 1 as const;
    };
    const { exports, rewritten } = run(await assemble(MODULE), EVERYTHING, { onGrow });
    expect((exports["grow"] as Grow)(3)).toBe(2);
    expect((exports["growTable"] as Grow)(4)).toBe(3);
    expect((exports["growLong"] as unknown as (delta: bigint) => bigint)(2n)).toBe(1n);
    expect(asked).toEqual([
      ["memory", 1, 3n],
      ["table", 1, 4n],
      ["memory", 2, 2n],
    ]);
    expect(rewritten).toMatchObject({ growsMemory: true, growsTable: true });
  });

  test("a refusal is not tried, and gives -1", async () => {
    const { exports } = run(await assemble(MODULE), EVERYTHING, { onGrow: () => 0 });
    expect((exports["grow"] as Grow)(1)).toBe(-1);
    expect((exports["growTable"] as Grow)(1)).toBe(-1);
    expect((exports["memory"] as WebAssembly.Memory).buffer.byteLength).toBe(2 * 65536);
    expect((exports["table"] as WebAssembly.Table).length).toBe(3);
  });

  test("growth by nothing is not asked for", async () => {
    const { exports } = run(await assemble(MODULE), EVERYTHING, { onGrow: () => "trap" });
    expect((exports["grow"] as Grow)(0)).toBe(2);
    expect((exports["growTable"] as Grow)(0)).toBe(3);
    expect(() => (exports["grow"] as Grow)(1)).toThrow(WebAssembly.RuntimeError);
  });

  test("a delta is unsigned", async () => {
    const asked: bigint[] = [];
    const onGrow = (_what: string, _index: number, delta: bigint) => {
      asked.push(delta);
      return 1 as const;
    };
    const { exports } = run(await assemble(MODULE), EVERYTHING, { onGrow });
    expect((exports["grow"] as Grow)(-1)).toBe(-1);
    expect((exports["growLong"] as unknown as (delta: bigint) => bigint)(-1n)).toBe(-1n);
    expect(asked).toEqual([0xffff_ffffn, 0xffff_ffff_ffff_ffffn]);
  });

  test("what V8 refuses after all is -1 to the guest", async () => {
    const { exports } = run(await assemble(MODULE));
    expect((exports["grow"] as Grow)(9)).toBe(-1);
    expect((exports["growTable"] as Grow)(18)).toBe(-1);
  });

  test("a trap of the host cannot be caught", async () => {
    const bytes = await assemble(`(module (memory 1) (func (export "run") (result i32)
      (block $h (try_table (catch_all $h) (return (memory.grow (i32.const 1))))) (i32.const 7)))`);
    const { exports } = run(bytes, EVERYTHING, { onGrow: () => "trap" });
    expect(exports["run"]).toThrow(WebAssembly.RuntimeError);
  });

  test("the sizes that a module declares are reported", async () => {
    const bytes = await assemble(`(module (import "" "m" (memory 1)) (import "" "t" (table 1 funcref))
      (memory 2 5) (memory i64 3) (table 4 funcref) (table 5 6 externref))`);
    const { rewritten } = run(
      bytes,
      EVERYTHING,
      {},
      {
        "": {
          m: new WebAssembly.Memory({ initial: 1 }),
          t: new WebAssembly.Table({ element: "anyfunc", initial: 1 }),
        },
      },
    );
    expect(rewritten.memories).toEqual([
      { index: 1, min: 2n, max: 5n, is64: false },
      { index: 2, min: 3n, max: undefined, is64: true },
    ]);
    expect(rewritten.tables).toEqual([
      { index: 1, min: 4n, max: undefined, is64: false },
      { index: 2, min: 5n, max: 6n, is64: false },
    ]);
  });

  test("memories can be made imports", async () => {
    const bytes =
      await assemble(`(module (import "" "m" (memory $imported 1)) (memory $own (export "own") 1 2) (memory i64 3)
      (data (memory $own) (i32.const 3) "hi")
      (func (export "run") (result i32)
        (drop (memory.grow $own (i32.const 1)))
        (i32.store8 $imported (i32.const 0) (i32.const 9))
        (i32.add (i32.load8_u $own (i32.const 3)) (memory.size $own))))`);
    const {
      bytes: rewritten,
      importModule,
      importsMemories,
    } = instrument(bytes, {
      ...EVERYTHING,
      importMemories: true,
    });
    expect(importsMemories).toBe(true);
    const module = new WebAssembly.Module(rewritten);
    const memories = WebAssembly.Module.imports(module).filter(({ kind }) => kind === "memory");
    expect(memories.map(({ name }) => name)).toEqual(["m", "memory 1", "memory 2"]);
    const own = new WebAssembly.Memory({ initial: 1, maximum: 100 });
    const long = { initial: 3n, address: "i64" } as unknown as { initial: number };
    const { exports } = new WebAssembly.Instance(module, {
      "": { m: new WebAssembly.Memory({ initial: 1 }) },
      [importModule]: {
        ...new MeteredHost().imports(),
        "memory 1": own,
        "memory 2": new WebAssembly.Memory(long),
      },
    });
    expect(exports["own"]).toBe(own);
    expect((exports["run"] as () => number)()).toBe(0x68 + 2);
  });

  test("a module that cannot grow anything imports nothing for it", async () => {
    const { rewritten } = run(await assemble(`(module (func (export "run")))`));
    expect(rewritten).toMatchObject({ meters: true, growsMemory: false, growsTable: false });
  });
});
