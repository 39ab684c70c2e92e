/**
 * What surrounds the code: imports, exports, names, hints and other custom sections.
 */
import { print } from "@bytecodealliance/jco";
import { describe, expect, test } from "vitest";
import { ByteBuffer } from "../../src/instrument/byte-buffer.ts";
import { instrument } from "../../src/instrument/index.ts";
import { assemble } from "../support/assemble.ts";
import { EPOCH_ONLY, EVERYTHING, run } from "./harness.ts";

/** Appends or inserts a custom section. */
function withCustom(bytes: Uint8Array, name: string, content: Uint8Array, at = bytes.length): Uint8Array {
  const payload = new ByteBuffer();
  payload.name(name);
  payload.append(content);
  const out = new ByteBuffer();
  out.append(bytes.subarray(0, at));
  out.u8(0);
  out.u32(payload.length);
  out.append(payload.view());
  out.append(bytes.subarray(at));
  return out.view();
}

describe("imports and exports", () => {
  test("the import module is a name that the guest does not use", async () => {
    const bytes = await assemble(
      `(module (import "hostwright" "f" (func)) (import "hostwright:1" "g" (func)) (func))`,
    );
    const { importModule, bytes: rewritten } = instrument(bytes, EVERYTHING);
    expect(importModule).toBe("hostwright:2");
    const modules = WebAssembly.Module.imports(new WebAssembly.Module(rewritten)).map(({ module }) => module);
    expect(modules).toEqual(["hostwright", "hostwright:1", "hostwright:2", "hostwright:2"]);
  });

  test("what is imported is what the result says", async () => {
    const bytes = await assemble(`(module (memory 1) (table 1 funcref) (func))`);
    const names = (options: typeof EVERYTHING) =>
      WebAssembly.Module.imports(new WebAssembly.Module(instrument(bytes, options).bytes)).map(
        ({ name, kind }) => `${kind} ${name}`,
      );
    expect(names(EVERYTHING)).toEqual([
      "global fuel",
      "function check",
      "function memory_grow",
      "function table_grow",
    ]);
    expect(names(EPOCH_ONLY)).toEqual(["global fuel", "function check"]);
    expect(names({ fuel: undefined, epoch: false, limitGrowth: false })).toEqual([]);
  });

  test("exports keep their names, kinds, types and order", async () => {
    const bytes = await assemble(`(module
      (func (export "f") (param i32 i64) (result i32 i64) (local.get 0) (local.get 1)) (global (export "g") i32 (i32.const 5))
      (memory (export "constructor") 1) (table (export "") 1 funcref) (tag (export "t") (param i32))
      (func (export "__proto__")))`);
    const rewritten = instrument(bytes, EVERYTHING).bytes;
    const exportsOf = (module: Uint8Array) => WebAssembly.Module.exports(new WebAssembly.Module(module));
    expect(exportsOf(rewritten)).toEqual(exportsOf(bytes));
    const { exports } = run(bytes);
    expect((exports["f"] as unknown as (a: number, b: bigint) => unknown)(1, 2n)).toEqual([1, 2n]);
    expect((exports["g"] as WebAssembly.Global).value).toBe(5);
  });

  test("an import that is exported is the same function", async () => {
    const f = new WebAssembly.Instance(new WebAssembly.Module(await assemble(`(module (func (export "f")))`)))
      .exports["f"];
    const bytes = await assemble(`(module (import "" "f" (func $f)) (export "f" (func $f)) (func))`);
    expect(run(bytes, EVERYTHING, {}, { "": { f: f as () => void } }).exports["f"]).toBe(f);
  });

  test("an empty module needs nothing", async () => {
    const { bytes, meters } = instrument(await assemble(`(module)`), EVERYTHING);
    expect(meters).toBe(false);
    expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([]);
  });

  test("the same module gives the same bytes", async () => {
    const bytes = await assemble(
      `(module (func $f (param i32) (loop (br_if 0 (local.get 0)))) (export "f" (func $f)))`,
    );
    expect(instrument(bytes, EVERYTHING).bytes).toEqual(instrument(bytes, EVERYTHING).bytes);
  });
});

describe("names", () => {
  const MODULE = `(module $guest
    (import "" "imported" (func $imported)) (global $counter (mut i32) (i32.const 0))
    (memory $heap 1)
    (func $first (param $count i32) (local $rest i64) (loop $again (br_if $again (local.get $count))) (call $imported))
    (func $crash (export "run") (loop) (drop (i32.load (i32.const -4)))))`;

  test("stay with what they name", async () => {
    const text = await print(instrument(await assemble(MODULE), EVERYTHING).bytes);
    expect(text).toContain("(module $guest");
    expect(text).toMatch(
      /\(func \$imported .*\(import "" "imported"|\(import "" "imported" \(func \$imported/,
    );
    expect(text).toMatch(/\(func \$first .*\(param \$count i32\)/);
    expect(text).toMatch(/\(global \$counter .*\(mut i32\) i32\.const 0/);
    expect(text).toContain("$hostwright.check");
    expect(text).toContain("$hostwright.fuel");
  });

  test("a trap shows the guest's names", async () => {
    const { exports } = run(await assemble(MODULE), EVERYTHING, {}, { "": { imported: () => {} } });
    let stack = "";
    try {
      (exports["run"] as () => void)();
    } catch (error) {
      stack = (error as Error).stack ?? "";
    }
    expect(stack).toMatch(/at guest\.crash \(wasm/);
    expect(stack).toContain("hostwright: enter 2");
  });

  test("a name section that cannot be read is dropped", async () => {
    const bytes = withCustom(await assemble(`(module (func))`), "name", Uint8Array.of(1, 200, 1, 1));
    const { bytes: rewritten } = instrument(bytes, EVERYTHING);
    expect(WebAssembly.Module.customSections(new WebAssembly.Module(rewritten), "name")).toEqual([]);
  });
});

interface Hint {
  readonly func: number;
  readonly offset: number;
  readonly likely: number;
}

function readHints(bytes: Uint8Array): Hint[] {
  const [section] = WebAssembly.Module.customSections(
    new WebAssembly.Module(bytes),
    "metadata.code.branch_hint",
  );
  const content = new Uint8Array(section ?? new ArrayBuffer(1));
  let at = 0;
  const u32 = () => {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = content[at++] as number;
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
  };
  const hints: Hint[] = [];
  for (let functions = u32(); functions > 0; functions--) {
    const func = u32();
    for (let count = u32(); count > 0; count--) {
      const offset = u32();
      expect(u32()).toBe(1);
      hints.push({ func, offset, likely: u32() });
    }
  }
  return hints;
}

/** Where each function's body starts, imports not counted. */
function bodyOffsets(bytes: Uint8Array): number[] {
  let at = 8;
  const u32 = () => {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] as number;
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
  };
  for (;;) {
    const id = bytes[at++];
    const size = u32();
    if (id !== 10) {
      at += size;
      continue;
    }
    return Array.from({ length: u32() }, () => {
      const length = u32();
      const start = at;
      at += length;
      return start;
    });
  }
}

describe("branch hints", () => {
  const MODULE = `(module (import "" "f" (func $f (param i32)))
    (func (export "run") (param i32) (result i32) (local i32 i64)
      (@metadata.code.branch_hint "\\01")
      (if (local.get 0) (then (local.set 1 (i32.const 300))))
      (block $out (loop $l
        (@metadata.code.branch_hint "\\00")
        (br_if $out (i32.eqz (local.get 1)))
        (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
        (br $l)))
      (call $f (local.get 1))
      (@metadata.code.branch_hint "\\01")
      (if (i32.eqz (local.get 0)) (then (return (i32.const 8))))
      (local.get 1)))`;

  test.each([
    ["everything", EVERYTHING],
    ["epoch only", EPOCH_ONLY],
  ])("the guest's and our own point at branches: %s", async (_name, options) => {
    const rewritten = instrument(await assemble(MODULE), options).bytes;
    const hints = readHints(rewritten);
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(rewritten));
    const imported = imports.filter(({ kind }) => kind === "function").length;
    const bodies = bodyOffsets(rewritten);
    for (const { func, offset } of hints) {
      const opcode = rewritten[(bodies[func - imported] as number) + offset];
      expect([0x04, 0x0d]).toContain(opcode);
    }
    const perFunction = new Map<number, number[]>();
    for (const { func, offset } of hints) perFunction.set(func, [...(perFunction.get(func) ?? []), offset]);
    for (const offsets of perFunction.values()) {
      expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
    }
    // Three are the guest's; ours, at the entry and at the head of the loop, are unlikely.
    expect(hints.filter(({ likely }) => likely === 1)).toHaveLength(2);
    expect(hints.filter(({ likely }) => likely === 0).length).toBe(3);
  });

  test("without instrumentation the guest's own survive", async () => {
    const options = { fuel: undefined, epoch: false, limitGrowth: false };
    const bytes = await assemble(MODULE);
    expect(readHints(instrument(bytes, options).bytes)).toEqual(readHints(bytes));
  });

  test("hints that are not well formed are dropped", async () => {
    const bytes = await assemble(`(module (func (loop)))`);
    const rewritten = instrument(
      withCustom(bytes, "metadata.code.branch_hint", Uint8Array.of(1, 0, 2, 5, 1, 0, 5, 1, 7), 8),
      EVERYTHING,
    ).bytes;
    expect(readHints(rewritten).every(({ likely }) => likely === 0)).toBe(true);
  });
});

test("custom sections are kept, but for those that speak of where code is", async () => {
  let bytes: Uint8Array = await assemble(`(module (func))`);
  for (const name of ["producers", ".debug_info", "mine", "sourceMappingURL", "metadata.code.trace_inst"]) {
    bytes = withCustom(bytes, name, Uint8Array.of(1, 2, 3));
  }
  const module = new WebAssembly.Module(instrument(bytes, EVERYTHING).bytes);
  const kept = (name: string) => WebAssembly.Module.customSections(module, name).length;
  expect(kept("producers")).toBe(1);
  expect(kept("mine")).toBe(1);
  expect(kept(".debug_info") + kept("sourceMappingURL") + kept("metadata.code.trace_inst")).toBe(0);
});
