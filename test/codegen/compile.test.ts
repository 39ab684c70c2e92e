/**
 * All golden bindings compile at TypeScript's strictest, and the type-level tests of `types/` hold: what they
 * mark with `@ts-expect-error` is an error, and nothing else is.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile, compilers } from "./compile.ts";
import { goldenFolder } from "./goldens.ts";

const types = fileURLToPath(new URL("types/", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hostwright-compile-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test.each(compilers)("goldens and type-level tests, with %s", async (compiler) => {
  const include = [`${goldenFolder}*/bindings/**/*.ts`, `${types}*.ts`];
  expect(await compile(folder, { include, compiler })).toEqual([]);
});

test("goldens, as a bundler resolves them", async () => {
  const include = [`${goldenFolder}*/bindings/**/*.ts`];
  const compilerOptions = { module: "esnext", moduleResolution: "bundler", target: "esnext" };
  expect(await compile(folder, { include, compilerOptions })).toEqual([]);
});

test("the compiler's errors are seen", async () => {
  await writeFile(join(folder, "wrong.ts"), "export const x: number = '';\n");
  const errors = await compile(folder, { include: ["wrong.ts"] });
  expect(errors).toMatchObject([{ file: "wrong.ts", text: expect.stringContaining("TS2322") }]);
});
