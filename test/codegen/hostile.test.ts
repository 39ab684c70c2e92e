/** WIT that was written to break the generator ends in bindings or in a typed error. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GenerateResult, generate, UnsupportedError } from "../../src/index.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-hostile-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function generateFrom(text: string): Promise<GenerateResult> {
  const wit = join(folder, "world.wit");
  writeFileSync(wit, `package a:b;\n${text}\nworld w { import i; export i; }\n`);
  return generate({ wit });
}

/** `line(1)` to `line(count - 1)`. */
const repeat = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count - 1 }, (_, index) => line(index + 1)).join("\n");

test("a long chain of aliases", async () => {
  const chain = repeat(20_000, (n) => `type t${n} = t${n - 1};`);
  const { files } = await generateFrom(`interface i { type t0 = u32; ${chain} f: func(a: t19999); }`);
  expect(files.get("a/b/i.ts")).toContain('types.func([["a", types.u32]])');
});

test("a long chain of uses", async () => {
  const chain = repeat(2_000, (n) => `interface i${n} { use i${n - 1}.{t}; f: func(a: t); }`);
  const { files } = await generateFrom(
    `interface i0 { record t { a: u32 } } ${chain} interface i { use i1999.{t}; f: func(a: t); }`,
  );
  expect(files.get("a/b/i.ts")).toContain('import { tType } from "./i0.js";');
});

test("types that are nested too deep for any runtime", async () => {
  const chain = repeat(20_000, (n) => `record t${n} { a: t${n - 1} }`);
  const wit = `interface i { record t0 { a: u32 } ${chain} f: func(a: t19999); }`;
  await expect(generateFrom(wit)).rejects.toThrow(UnsupportedError);
});

test("lists of lists that would take more text than there is memory", async () => {
  const type = `${"list<".repeat(60)}u8${", 16>".repeat(60)}`;
  const { files } = await generateFrom(`interface i { f: func(a: ${type}); }`);
  expect(files.get("a/b/i.ts")?.length).toBeLessThan(100_000);
});

test("many functions, types and methods", async () => {
  const functions = repeat(10_000, (n) => `fn-${n}: func(a: t-${n}); record t-${n} { a: u32 }`);
  const methods = repeat(10_000, (n) => `fn-${n}: func(); st-${n}: static func();`);
  const { files } = await generateFrom(`interface i { ${functions} resource r { ${methods} } }`);
  expect(files.get("a/b/i.ts")).toContain("fn9999(a: T9999): void;");
});

test("fields and flags that are one name in camelCase", async () => {
  const { files } = await generateFrom(
    "interface i { record r { a1: u8, a-1: u8 } flags f { b1, b-1, b-2 } }",
  );
  const text = files.get("a/b/i.ts");
  expect(text).toContain("  a1: number;\n  a1_: number;\n");
  expect(text).toMatch(/ {2}b1\?.*\n {2}b1_\?.*\n {2}b2\?/);
});

test("functions that are one name in camelCase", async () => {
  const { files } = await generateFrom("interface i { a1: func(); a-1: func(b1: u8, b-1: u8); }");
  expect(files.get("a/b/i.ts")).toContain("a1_(b1: number, b1_: number): void;");
});
