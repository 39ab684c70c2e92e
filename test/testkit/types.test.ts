/**
 * Doubles, to the compiler: of every golden world they compile, and the type-level tests of `types/` hold: what they mark with
 * `@ts-expect-error` is an error, and nothing else is.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generate } from "../../src/index.ts";
import { compile, compilers } from "../codegen/compile.ts";
import { goldenCases, goldenOptions } from "../codegen/goldens.ts";

const types = fileURLToPath(new URL("types/", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-testkit-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each(compilers)("type-level tests, with %s", async (compiler) => {
  expect(await compile(folder, { include: [`${types}*.ts`], compiler })).toEqual([]);
});

test("doubles of every golden world, in files and in one", async () => {
  for (const name of goldenCases) {
    const options = goldenOptions(name);
    for (const layout of ["files", "single"] as const) {
      const out = join(folder, "golden", name, layout);
      // What errors are mapped to imports the types of bindings in files of their own.
      if (layout === "single" && name === "rules-error-map") continue;
      const { files } = await generate({ ...options, layout, out, importExtension: ".js", testkit: true });
      for (const [path, text] of files) {
        const place = join(out, path);
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, text);
      }
    }
  }
  expect(await compile(folder, { include: ["golden/**/*.ts"] })).toEqual([]);
});
