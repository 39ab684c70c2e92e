/**
 * Every fixture in `fixtures/valid` against its JSON and its printed form, every fixture in
 * `fixtures/invalid` against its message. `npm run test:update` writes them anew.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadWit, parseWit, printWit, WitError } from "../../src/wit/index.ts";

/** Relative to the root of the project, where the tests run: messages show these paths. */
const FIXTURES = "test/wit/fixtures";
const FEATURES = { features: ["active"] };

/** The inputs in a folder: WIT files and folders. The name of a golden is the input's and one suffix more. */
function inputs(folder: string): string[] {
  return readdirSync(join(FIXTURES, folder)).filter((name) => !/\.(?:json|printed|message)$/.test(name));
}

function withoutSuffix(name: string): string {
  return name.replace(/\.(?:json|printed|message)$/, "");
}

describe("valid", () => {
  for (const name of inputs("valid")) {
    test(name, async () => {
      const resolve = await loadWit(join(FIXTURES, "valid", name), FEATURES);
      await expect(`${JSON.stringify(resolve, undefined, 2)}\n`).toMatchFileSnapshot(
        `fixtures/valid/${name}.json`,
      );
      await expect(printWit(resolve)).toMatchFileSnapshot(`fixtures/valid/${name}.printed`);
    });
  }
});

describe("what is printed means the same", () => {
  // What includes copy is spelt out in the including world, and unnamed types that only gated-out
  // functions use are gone: the order of types then differs, and nothing else.
  const reordered = new Set(["worlds.wit", "gates.wit"]);
  for (const name of inputs("valid")) {
    test(name, async () => {
      const resolve = await loadWit(join(FIXTURES, "valid", name), FEATURES);
      const text = printWit(resolve);
      const again = parseWit(text, FEATURES);
      expect(printWit(again)).toBe(text);
      if (!reordered.has(name))
        expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(resolve)));
    });
  }
});

describe("invalid", () => {
  for (const name of inputs("invalid")) {
    test(name, async () => {
      const error = await loadWit(join(FIXTURES, "invalid", name)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(WitError);
      if (error instanceof WitError) {
        await expect(`${error.message}\n`).toMatchFileSnapshot(`fixtures/invalid/${name}.message`);
      }
    });
  }
});

test("there is an input for each golden", () => {
  for (const folder of ["valid", "invalid"]) {
    const known = new Set(inputs(folder));
    const orphans = readdirSync(join(FIXTURES, folder)).filter((name) => !known.has(withoutSuffix(name)));
    expect(orphans).toEqual([]);
  }
});
