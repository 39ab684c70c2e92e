/** Doubles of random packages compile, in files and in one. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { generate, writeBindings } from "../../src/codegen/index.ts";
import { compile } from "../codegen/compile.ts";
import { legalPackage } from "../wit/arbitrary.ts";

const PACKAGES = 30;

test(`doubles of ${PACKAGES} random packages`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "hostwright-doubles-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const seed = Date.now();
  console.info(`seed ${seed}`);
  let doubles = 0;
  for (const [index, text] of fc.sample(legalPackage, { numRuns: PACKAGES, seed }).entries()) {
    const place = join(folder, String(index));
    mkdirSync(place);
    const wit = join(place, "w.wit");
    writeFileSync(wit, text);
    const layout = index % 2 === 0 ? "files" : "single";
    const result = await generate({ wit, world: "w", layout, testkit: true });
    doubles += [...result.files.keys()].filter((path) => path.endsWith(".double.ts")).length;
    await writeBindings(result, join(place, "src"));
  }
  expect(doubles).toBeGreaterThan(PACKAGES / 2);
  const errors = await compile(folder, { include: ["*/src/**/*.ts"] });
  expect(errors.filter(({ file }) => /^\d/.test(file) || file === "")).toEqual([]);
}, 120_000);
