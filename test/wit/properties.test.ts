/** Random packages, damaged packages and any text: they parse and print to the same, or end in a `WitError`. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Resolve } from "../../src/model/resolve.ts";
import { parseWit, printWit, WitError } from "../../src/wit/index.ts";
import { damagedPackage, legalPackage, tokenSoup } from "./arbitrary.ts";

/** A `Resolve`, or the `WitError`; anything else is thrown on. */
function attempt(text: string): Resolve | WitError {
  try {
    return parseWit(text);
  } catch (error) {
    if (error instanceof WitError) return error;
    throw error;
  }
}

test("legal packages parse, and mean the same once printed", () => {
  fc.assert(
    fc.property(legalPackage, (text) => {
      const resolve = parseWit(text);
      const printed = printWit(resolve);
      const again = parseWit(printed);
      expect(printWit(again)).toBe(printed);
    }),
    { numRuns: 150 },
  );
});

test("without includes, the JSON is the same once printed", () => {
  fc.assert(
    fc.property(legalPackage, (text) => {
      const resolve = parseWit(text.replace(/ {2}include base with .*\n/, ""));
      const again = parseWit(printWit(resolve));
      expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(resolve)));
    }),
    { numRuns: 150 },
  );
});

test("any text ends in a Resolve or a WitError", () => {
  fc.assert(
    fc.property(fc.oneof(tokenSoup, fc.string({ unit: "binary", maxLength: 200 })), (text) => {
      const result = attempt(text);
      if (!(result instanceof WitError)) expect(result.packages.length).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});

test("damaged packages end in a Resolve or a WitError whose places are in the text", () => {
  fc.assert(
    fc.property(damagedPackage, (text) => {
      const result = attempt(text);
      if (!(result instanceof WitError)) return;
      const lines = text.split("\n");
      expect(result.diagnostics.length).toBeLessThanOrEqual(20);
      for (const { line, column, file, message } of result.diagnostics) {
        expect(message).not.toBe("");
        expect(file).toBe("input.wit");
        if (line === undefined || column === undefined) continue;
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
      }
    }),
    { numRuns: 1_000 },
  );
});
