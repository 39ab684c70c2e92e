/** Bindings of random packages: they compile, and are the same each time. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { generate, writeBindings } from "../../src/codegen/index.ts";
import { parseWit, printWit } from "../../src/wit/index.ts";
import { legalPackage } from "../wit/arbitrary.ts";
import { compile } from "./compile.ts";

const PACKAGES = 40;

test(`bindings of ${PACKAGES} random packages compile, and those of the printed package are the same`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "hostwright-random-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const seed = Date.now();
  console.info(`seed ${seed}`);
  for (const [index, text] of fc.sample(legalPackage, { numRuns: PACKAGES, seed }).entries()) {
    const place = join(folder, String(index));
    mkdirSync(place);
    writeFileSync(join(place, "w.wit"), text);
    writeFileSync(join(place, "printed.wit"), printWit(parseWit(text)));
    const result = await generate({ wit: join(place, "w.wit"), world: "w" });
    expect(await generate({ wit: join(place, "w.wit"), world: "w" })).toEqual(result);
    const printed = await generate({ wit: join(place, "printed.wit"), world: "w" });
    expect([...printed.files.keys()].sort()).toEqual([...result.files.keys()].sort());
    for (const [path, content] of printed.files) {
      expect(sorted(content)).toEqual(sorted(result.files.get(path) ?? ""));
    }
    await writeBindings(result, join(place, "src"));
  }
  const errors = await compile(folder, { include: ["*/src/**/*.ts"] });
  expect(errors.filter(({ file }) => /^\d/.test(file) || file === "")).toEqual([]);
}, 120_000);

/** The printer may give functions and types another order, which TypeScript does not mind. */
function sorted(content: string): string[] {
  return content
    .split("\n")
    .filter((line) => !line.startsWith("// Made by"))
    .map((line) => line.trim())
    .sort();
}
