/**
 * The same bytes in a guest's memory mean the same values under hostwright and under jco's transpiled output: each
 * lowers a list of values into a guest, and the other lifts it from a copy of that guest's memory.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transpile } from "@bytecodealliance/jco";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { ValueType } from "../../src/model/value-type.ts";
import { Component, Engine, Linker, Store, types } from "../../src/runtime/index.ts";
import { valuesOf } from "../support/arbitrary.ts";
import { assemble } from "../support/assemble.ts";
import { WatType } from "./wat-type.ts";

const folder = fileURLToPath(new URL("../../.tmp/oracle/", import.meta.url));

interface Guest {
  /** Lowers a list of values, and keeps it. */
  put(values: unknown): void;
  /** Lifts it again. */
  get(): unknown;
  /** The guest's memory. */
  image(): Uint8Array;
  /** Takes the place of the guest's memory. */
  restore(image: Uint8Array): void;
}

/** The list is found by the pointer and length at 8; memory from 1024 on is handed out, and 64 KiB are in the image. */
function guest(type: string, named: string): string {
  return `(component
    (core module $main
      (memory (export "memory") 4)
      (global $top (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $p i32)
        (local.set $p (i32.and
          (i32.add (global.get $top) (i32.sub (local.get 2) (i32.const 1)))
          (i32.sub (i32.const 0) (local.get 2))))
        (global.set $top (i32.add (local.get $p) (local.get 3)))
        (local.get $p))
      (func (export "put") (param i32 i32)
        (i32.store (i32.const 8) (local.get 0))
        (i32.store (i32.const 12) (local.get 1))
        (global.set $top (i32.const 1024)))
      (func (export "get") (result i32) (i32.const 8))
      (func (export "image") (result i32)
        (i32.store (i32.const 16) (i32.const 0))
        (i32.store (i32.const 20) (i32.const 65536))
        (i32.const 16))
      (func (export "prepare") (global.set $top (i32.const 65536)))
      (func (export "restore") (param i32 i32)
        (memory.copy (i32.const 0) (local.get 0) (local.get 1))
        (global.set $top (i32.const 1024))))
    (core instance $main (instantiate $main))
    ${named}
    (func (export "put") (param "values" (list ${type}))
      (canon lift (core func $main "put")
        (memory (core memory $main "memory")) (realloc (core func $main "realloc"))))
    (func (export "get") (result (list ${type}))
      (canon lift (core func $main "get") (memory (core memory $main "memory"))))
    (func (export "image") (result (list u8))
      (canon lift (core func $main "image") (memory (core memory $main "memory"))))
    (func (export "prepare") (canon lift (core func $main "prepare")))
    (func (export "restore") (param "image" (list u8))
      (canon lift (core func $main "restore")
        (memory (core memory $main "memory")) (realloc (core func $main "realloc")))))`;
}

interface Raw extends Guest {
  prepare(): void;
}

function ours(bytes: Uint8Array): Guest {
  const engine = new Engine();
  const component = Component.fromBytes(engine, bytes);
  const instance = new Linker<undefined>(engine).instantiate(new Store(engine, undefined), component);
  const func = (name: string) =>
    instance.getTypedFunc<never[], never>(name).call as (...args: unknown[]) => never;
  return prepared({
    put: func("put"),
    get: func("get"),
    image: func("image"),
    restore: func("restore"),
    prepare: func("prepare"),
  });
}

async function jcos(bytes: Uint8Array, name: string): Promise<Guest> {
  const { files } = await transpile(bytes, { name, instantiation: "sync" });
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    if (!file.endsWith(".d.ts")) writeFileSync(join(folder, file), content as Uint8Array);
  }
  const { instantiate } = await import(/* @vite-ignore */ pathToFileURL(join(folder, `${name}.js`)).href);
  return prepared(
    instantiate(
      (file: string) => new WebAssembly.Module(readFileSync(join(folder, file))),
      {},
      (module: WebAssembly.Module, imports: WebAssembly.Imports) => new WebAssembly.Instance(module, imports),
    ),
  );
}

/** An image is lowered above the memory that it replaces. */
function prepared(raw: Raw): Guest {
  return {
    put: (values) => raw.put(values),
    get: () => raw.get(),
    image: () => raw.image(),
    restore(image) {
      raw.prepare();
      raw.restore(image);
    },
  };
}

const item = types.record([
  ["name", types.string],
  ["in-stock", types.bool],
  ["price-in-cents", types.u64],
  ["tags", types.list(types.string)],
]);
const colour = types.enumeration(["red", "light-green", "blue"]);

const cases: readonly (readonly [name: string, type: ValueType])[] = [
  ["integers", types.tuple([types.s8, types.u16, types.s32, types.u64, types.u8, types.s64])],
  ["floats", types.tuple([types.f32, types.f64, types.f32])],
  ["texts", types.tuple([types.string, types.char, types.string])],
  ["bytes", types.tuple([types.list(types.u8), types.list(types.s64), types.list(types.f32)])],
  ["records", item],
  [
    "options",
    types.tuple([types.option(types.u8), types.option(item), types.option(types.option(types.string))]),
  ],
  [
    "results",
    types.tuple([
      types.result(types.u8, types.f64),
      types.result(),
      types.result(types.string),
      types.result(undefined, colour),
    ]),
  ],
  [
    "variants",
    types.variant([
      ["none"],
      ["small", types.u8],
      ["large", types.tuple([types.f64, types.u8])],
      ["item", item],
    ]),
  ],
  ["enums", types.tuple([colour, types.enumeration(Array.from({ length: 300 }, (_, i) => `c${i}`))])],
  [
    "flags",
    types.tuple([
      types.flags(["a", "b-c"]),
      types.flags(Array.from({ length: 11 }, (_, i) => `f${i}`)),
      types.flags(Array.from({ length: 32 }, (_, i) => `f${i}`)),
    ]),
  ],
];

describe("values under hostwright and under jco", () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(cases)("%s", async (name, type) => {
    const wat = new WatType();
    const text = wat.of(type);
    const bytes = await assemble(guest(text, wat.imports()));
    const hostwright = ours(bytes);
    const jco = await jcos(bytes, name);
    fc.assert(
      fc.property(fc.array(valuesOf(type), { minLength: 1, maxLength: 4 }), (values) => {
        hostwright.put(values);
        const image = hostwright.image();
        expect(hostwright.get()).toEqual(values);
        jco.restore(image);
        const lifted = jco.get();
        expect(lifted).toEqual(values);
        expect(hostwright.get()).toStrictEqual(lifted);

        jco.put(values);
        hostwright.restore(jco.image());
        expect(hostwright.get()).toEqual(values);
      }),
      { numRuns: 60 },
    );
  });
});
