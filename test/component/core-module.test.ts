/** The header scan of core modules, against the text format and against V8. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildGuest } from "../../scripts/guests.ts";
import { type CoreModule, readComponent } from "../../src/component/index.ts";
import { MalformedComponentError, UnsupportedError } from "../../src/model/errors.ts";
import type { CoreExternType } from "../../src/model/extern-type.ts";
import { assemble } from "../support/assemble.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { CORE_PREAMBLE, component, PREAMBLE, section } from "../support/wasm-builder.ts";

async function scan(module: string): Promise<CoreModule> {
  const { modules } = readComponent(await assemble(`(component (core module ${module}))`));
  const [first] = modules;
  if (first === undefined) {
    throw new Error("no module");
  }
  return first;
}

function exportsOf(module: CoreModule): Record<string, CoreExternType> {
  return Object.fromEntries(module.exports);
}

test("functions, imported and defined", async () => {
  const module = await scan(`
    (import "env" "f" (func $f (param i32 f64) (result i64)))
    (func $g (param f32) (result i32 v128) unreachable)
    (export "f again" (func $f))
    (export "g" (func $g))`);
  const f = { kind: "func", type: { params: ["i32", "f64"], results: ["i64"] } };
  expect(module.imports).toEqual([{ module: "env", name: "f", type: f }]);
  expect(exportsOf(module)).toEqual({
    "f again": f,
    g: { kind: "func", type: { params: ["f32"], results: ["i32", "v128"] } },
  });
});

test("memories and tables, with limits", async () => {
  const module = await scan(`
    (import "env" "shared" (memory 1 2 shared))
    (memory (export "wide") i64 3)
    (table (export "t") 5 7 funcref)
    (table (export "u") 1 (ref null extern))
    (table (export "filled") 2 funcref (ref.null func))`);
  const limits = { min: 1n, max: undefined, shared: false, index64: false };
  expect(module.imports[0]?.type).toEqual({
    kind: "memory",
    limits: { ...limits, max: 2n, shared: true },
  });
  expect(exportsOf(module)).toEqual({
    wide: { kind: "memory", limits: { ...limits, min: 3n, index64: true } },
    t: { kind: "table", element: "funcref", limits: { ...limits, min: 5n, max: 7n } },
    u: { kind: "table", element: "externref", limits },
    filled: { kind: "table", element: "funcref", limits: { ...limits, min: 2n } },
  });
});

test("globals with every kind of constant expression, and tags", async () => {
  const module = await scan(`
    (type $s (struct (field i8) (field (mut i64))))
    (type $a (array (mut i16)))
    (import "env" "base" (global $base i32))
    (tag (export "oops") (param i32 i32))
    (func $f (export "f"))
    (global (export "sum") i32 (i32.add (global.get $base) (i32.const -1)))
    (global (export "big") (mut i64) (i64.const 0x7fffffffffffffff))
    (global (export "half") f32 (f32.const 0.5))
    (global (export "pi") f64 (f64.const 3.14159))
    (global (export "vector") v128 (v128.const i64x2 1 2))
    (global (export "func") (ref func) (ref.func $f))
    (global (export "nothing") (ref null $s) (ref.null $s))
    (global (export "struct") (ref $s) (struct.new $s (i32.const 1) (i64.const 2)))
    (global (export "array") (ref $a) (array.new_fixed $a 2 (i32.const 1) (i32.const 2)))
    (global (export "i31") i31ref (ref.i31 (i32.const 3)))`);
  const types = Object.fromEntries(
    [...module.exports].flatMap(([name, type]) => (type.kind === "global" ? [[name, type.type]] : [])),
  );
  expect(types).toEqual({
    sum: "i32",
    big: "i64",
    half: "f32",
    pi: "f64",
    vector: "v128",
    func: "(ref func)",
    nothing: "(ref null 0)",
    struct: "(ref 0)",
    array: "(ref 1)",
    i31: "i31ref",
  });
  expect(module.exports.get("big")).toEqual({ kind: "global", type: "i64", mutable: true });
  expect(module.exports.get("oops")).toEqual({ kind: "tag", type: { params: ["i32", "i32"], results: [] } });
});

test("types in recursion groups and with supertypes keep their indices", async () => {
  const module = await scan(`
    (rec (type $a (sub (struct (field (ref null $b))))) (type $b (sub $a (struct (field (ref null $b))))))
    (type $f (func (param i64)))
    (func (export "f") (type $f))`);
  expect(module.exports.get("f")).toEqual({ kind: "func", type: { params: ["i64"], results: [] } });
});

test("agrees with V8 on the modules of a real component", async () => {
  const { modules } = readComponent(readFileSync(await buildGuest("requests")));
  expect(modules.length).toBeGreaterThan(3);
  for (const module of modules) {
    const compiled = new WebAssembly.Module(module.bytes as Uint8Array<ArrayBuffer>);
    const kind = (type: CoreExternType): string => (type.kind === "func" ? "function" : type.kind);
    expect(module.imports.map(({ module, name, type }) => ({ module, name, kind: kind(type) }))).toEqual(
      WebAssembly.Module.imports(compiled).map(({ module, name, kind }) => ({ module, name, kind })),
    );
    expect([...module.exports].map(([name, type]) => ({ name, kind: kind(type) }))).toEqual(
      WebAssembly.Module.exports(compiled).map(({ name, kind }) => ({ name, kind })),
    );
  }
});

test("bytes are a view of the component", async () => {
  const bytes = await assemble('(component (core module (func (export "f"))))');
  const [module] = readComponent(bytes).modules;
  expect(module?.bytes.buffer).toBe(bytes.buffer);
  expect(module?.bytes.byteOffset).toBe(module?.offset);
});

describe("refused", () => {
  const inComponent = (...sections: number[][]) =>
    component(section(1, [...CORE_PREAMBLE, ...sections.flat()]));
  const refused: [string, Uint8Array, RegExp, number][] = [
    ["a component in its place", component(section(1, PREAMBLE)), /that of a component/, 14],
    ["an unknown section", inComponent([99, 0]), /malformed section id/, 18],
    ["sections out of order", inComponent(section(3, [0]), section(1, [0])), /out of order/, 21],
    ["a section twice", inComponent(section(1, [0]), section(1, [0])), /out of order/, 21],
    ["a type that is not one", inComponent(section(1, [1, 0x10])), /invalid leading byte \(0x10\)/, 21],
    ["an export of nothing", inComponent(section(7, [1, 1, 0x66, 0, 0])), /refers to nothing/, 21],
    ["content beyond the last item", inComponent(section(1, [0, 0])), /unexpected content/, 21],
    ["a size beyond the end", inComponent([1, 50]), /unexpected end-of-file/, 20],
  ];
  test.each(refused)("%s", (_, bytes, message, offset) => {
    const error = thrownBy(() => readComponent(bytes));
    expect(error).toBeInstanceOf(MalformedComponentError);
    expect(error).toMatchObject({ message: expect.stringMatching(message), offset });
  });

  test.each([
    ['(import "a" "b" (func)) (import "a" "b" (global i32))', /duplicate import name `a:b`/],
    ["(memory 65537)", /at most 65536 pages/],
  ])("%s", async (text, message) => {
    await expect(scan(text)).rejects.toThrow(message);
  });

  test("features that V8 does not have are named", () => {
    const pageSize = inComponent(section(5, [1, 0x08, 0, 0]));
    expect(thrownBy(() => readComponent(pageSize))).toMatchObject({
      constructor: UnsupportedError,
      feature: "custom-page-sizes",
    });
  });
});
