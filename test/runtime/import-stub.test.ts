/** The code that a link error offers for missing imports can be pasted: it compiles, and it links. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { camelCase } from "../../src/model/names.ts";
import type { FuncType, ValueType } from "../../src/model/value-type.ts";
import { Component, Engine, LinkError, Linker, types } from "../../src/runtime/index.ts";
import { returnTypeOf, typescriptType } from "../../src/runtime/typescript-type.ts";
import { compile } from "../codegen/compile.ts";
import { goldenFiles, goldenFolder } from "../codegen/goldens.ts";
import { valueType } from "../support/arbitrary.ts";
import { assemble } from "../support/assemble.ts";
import { thrownBy } from "../support/thrown-by.ts";

const folder = fileURLToPath(new URL("../../.tmp/import-stubs/", import.meta.url));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engine = new Engine();

/** What a link error says between "To define them:" and what comes after. */
function stubIn(error: unknown): string {
  expect(error).toBeInstanceOf(LinkError);
  const [, rest = ""] = (error as Error).message.split("To define them:\n\n");
  return rest.split("\n\n")[0] ?? "";
}

async function stubFor(text: string, linker = new Linker<undefined>(engine)) {
  const component = Component.fromBytes(engine, await assemble(text));
  return { component, linker, stub: stubIn(thrownBy(() => linker.instantiatePre(component))) };
}

/** Runs it as JavaScript: what TypeScript adds are types, and those of parameters and results only. */
async function paste(stub: string, linker: Linker<undefined>, bytes: Uint8Array): Promise<void> {
  const { transform } = await import("esbuild");
  const { code } = await transform(stub, { loader: "ts" });
  new Function("linker", "bytes", code)(linker, bytes);
}

/** What generated bindings do with a linker. */
interface Bindings {
  readonly addToLinker?: (linker: object, getHost: () => object) => void;
}

const SHAPES = `(component
  (type $item (record (field "name" string) (field "in-stock" bool) (field "price" (option u64)) (field "then" u8)))
  (import "item" (type $i (eq $item)))
  (type $shape (variant (case "dot" $i) (case "path" (list $i)) (case "empty")))
  (import "shape" (type $s (eq $shape)))
  (type $rights (flags "read" "write-all"))
  (import "rights" (type $r (eq $rights)))
  (type $colour (enum "red" "dark-blue"))
  (import "colour" (type $c (eq $colour)))
  (import "amal:obs/metrics@0.1.0" (instance
    (export "counter" (func (param "name" string) (param "start-value" u64)))
    (export "gauge" (func (param "name" string) (result (option f64))))))
  (import "amal:obs/blobs" (instance
    (export "blob" (type $blob (sub resource)))
    (export "[constructor]blob" (func (param "init" (list u8)) (result (own $blob))))
    (export "[method]blob.read" (func (param "self" (borrow $blob)) (param "n" u32) (result (result (list u8) (error string)))))
    (export "[static]blob.merge" (func (param "lhs" (own $blob)) (param "rhs" (own $blob)) (result (own $blob))))))
  (import "words" (func (param "class" u8) (param "caller" s64) (param "arguments" char) (param "await" bool)))
  (import "m" (core module (export "run" (func))))
  (import "exchange" (func (param "items" (list $i)) (param "shape" $s) (param "rights" $r) (param "colour" $c)
    (param "pair" (tuple u8 string)) (param "deep" (option (option u32))) (param "outcome" (result u32 (error $c)))
    (param "table" (map string (list f32))) (param "three" (list u16 3)) (param "twenty" (list u16 20))
    (result (result (error string))))))`;

describe("a stub", () => {
  it("compiles at TypeScript's strictest, and links", async () => {
    const { component, linker, stub } = await stubFor(SHAPES);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "stub.ts"),
      `import type { Linker } from "hostwright/runtime";
      export function define(linker: Linker<undefined>, bytes: Uint8Array): void {\n${stub}\n}\n`,
    );
    const errors = await compile(folder, {
      include: ["stub.ts"],
      compilerOptions: { noUnusedParameters: false },
    });
    expect(errors.filter(({ file }) => file === "stub.ts")).toEqual([]);
    expect(stub).toMatchInlineSnapshot(`
      "  linker.instance("amal:obs/metrics@0.1.0")
          .func("counter", (caller, name: string, startValue: bigint): void => { throw new Error("not implemented"); })
          .func("gauge", (caller, name: string): number | undefined => { throw new Error("not implemented"); });
        linker.instance("amal:obs/blobs")
          .resource("blob", { kind: "resource", name: "blob" })
          .func("[constructor]blob", (caller, init: Uint8Array): object => { throw new Error("not implemented"); })
          .func("[method]blob.read", (caller, self: object, n: number): Uint8Array => { throw new Error("not implemented"); })
          .func("[static]blob.merge", (caller, lhs: object, rhs: object): object => { throw new Error("not implemented"); });
        linker.root()
          .func("words", (caller, class_: number, caller_: bigint, arguments_: string, await_: boolean): void => { throw new Error("not implemented"); })
          .module("m", bytes)
          .func("exchange", (caller, items: Array<{ name: string; inStock: boolean; price?: bigint | undefined; then: number }>, shape: { tag: "dot"; val: { name: string; inStock: boolean; price?: bigint | undefined; then: number } } | { tag: "path"; val: Array<{ name: string; inStock: boolean; price?: bigint | undefined; then: number }> } | { tag: "empty" }, rights: { read?: boolean | undefined; writeAll?: boolean | undefined }, colour: "red" | "dark-blue", pair: [number, string], deep: { tag: "some"; val: number | undefined } | { tag: "none" }, outcome: { tag: "ok"; val: number } | { tag: "err"; val: "red" | "dark-blue" }, table: Map<string, Float32Array>, three: [number, number, number], twenty: Array<number>): void => { throw new Error("not implemented"); });"
    `);
    await paste(stub, linker, await assemble('(module (func (export "run")))'));
    expect(linker.instantiatePre(component)).toBeDefined();
  }, 60_000);

  it("adds to what is defined under a compatible version", async () => {
    const linker = new Linker<undefined>(engine);
    linker.instance("amal:obs/metrics@0.1.7").func("counter", () => undefined);
    const { component, stub } = await stubFor(
      '(component (import "amal:obs/metrics@0.1.0" (instance (export "counter" (func)) (export "gauge" (func)))))',
      linker,
    );
    expect(stub).toContain('linker.instance("amal:obs/metrics@0.1.7")');
    await paste(stub, linker, new Uint8Array());
    expect(linker.instantiatePre(component)).toBeDefined();
  });
});

describe("a type in TypeScript", () => {
  const goldens = [
    "aliases",
    "enums",
    "fixed-length-lists",
    "flags",
    "lists",
    "maps",
    "options",
    "records",
    "results",
    "scalars",
    "tuples",
    "variants",
  ];

  it("is what the generator gives a name to", async () => {
    const lines = ["type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;"];
    let compared = 0;
    for (const golden of goldens) {
      for (const file of goldenFiles(golden).keys()) {
        if (!file.includes("/") || file.startsWith("exports/")) continue;
        const path = `${goldenFolder}${golden}/bindings/${file}`;
        const { addToLinker } = (await import(path)) as Bindings;
        if (addToLinker === undefined) continue;
        const funcs = new Map<string, FuncType>();
        const instance = { func: (name: string, _: unknown, type: FuncType) => void funcs.set(name, type) };
        addToLinker({ instance: () => instance }, () => ({}));
        const alias = `Host${compared}`;
        const from = relative(folder, path).replaceAll("\\", "/").replace(/\.ts$/, ".js");
        lines.unshift(`import type { Host as ${alias} } from ${JSON.stringify(from)};`);
        for (const [name, type] of funcs) {
          const member = `${alias}[${JSON.stringify(camelCase(name))}]`;
          const params = type.params.map((param) => typescriptType(param.type)).join(", ");
          // Too large for a stub.
          if (/\bunknown\b/.test(params)) continue;
          lines.push(
            `export const c${compared++}: Same<Parameters<${member}>, [${params}]> = true;`,
            `export const c${compared++}: Same<ReturnType<${member}>, ${returnTypeOf(type)}> = true;`,
          );
        }
      }
    }
    expect(compared).toBeGreaterThan(80);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "shapes.ts"), lines.join("\n"));
    const errors = await compile(folder, { include: ["shapes.ts"] });
    expect(errors.filter(({ file }) => file === "shapes.ts")).toEqual([]);
  }, 60_000);

  it("is of bounded size, however large the type is", () => {
    let bomb: ValueType = types.u8;
    for (let i = 0; i < 40; i++) bomb = types.tuple([bomb, bomb]);
    expect(typescriptType(bomb)).toBe("unknown");
    let tuples: ValueType = types.u8;
    for (let i = 0; i < 8; i++) tuples = { kind: "fixed-length-list", element: tuples, length: 16 };
    expect(typescriptType(tuples)).toBe("unknown");
    expect(typescriptType(types.enumeration(["a".repeat(100_000)]))).toBe("unknown");
    const wide = types.record(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, types.u8]));
    expect(typescriptType(wide)).toBe("unknown");
    expect(typescriptType({ kind: "fixed-length-list", element: types.u8, length: 2 ** 31 })).toBe(
      "Array<number>",
    );
  });

  it("can be parsed, whatever it is made of", async () => {
    const { transformSync } = await import("esbuild");
    fc.assert(
      fc.property(valueType, (type) => {
        const { warnings } = transformSync(`export type T = ${typescriptType(type)};`, { loader: "ts" });
        expect(warnings).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
