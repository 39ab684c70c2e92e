/** Over random packages: what is the same has no changes, and what differs has some. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareWorlds, type LoadedWorld } from "../../src/check/against/compare-worlds.ts";
import { parseWit, printWit, selectWorld } from "../../src/wit/index.ts";
import { legalPackage } from "../wit/arbitrary.ts";

const load = (text: string): LoadedWorld => {
  const resolve = parseWit(text);
  return { resolve, world: selectWorld(resolve, "w") };
};
const runs = { numRuns: 150 };

describe("compareWorlds", () => {
  test("finds nothing between a package and itself, printed", () => {
    fc.assert(
      fc.property(legalPackage, (text) => {
        expect(compareWorlds(load(text), load(printWit(parseWit(text))))).toEqual([]);
      }),
      runs,
    );
  });

  test("finds nothing between a package and itself under a compatible version", () => {
    fc.assert(
      fc.property(legalPackage, (text) => {
        expect(compareWorlds(load(text), load(text.replace("@0.1.0", "@0.1.7")))).toEqual([]);
      }),
      runs,
    );
  });

  test("finds each primitive that becomes another, and only there", () => {
    fc.assert(
      fc.property(legalPackage, fc.nat(), (text, pick) => {
        const places = primitives(text);
        fc.pre(places.length > 0);
        const { start, end, word } = places[pick % places.length] ?? { start: 0, end: 0, word: "" };
        const edited = `${text.slice(0, start)}${word === "u16" ? "s16" : "u16"}${text.slice(end)}`;
        const [there, back] = [
          compareWorlds(load(text), load(edited)),
          compareWorlds(load(edited), load(text)),
        ];
        expect(there.length).toBeGreaterThan(0);
        expect(there.map(({ path, category }) => [path, category])).toEqual(
          back.map(({ path, category }) => [path, category]),
        );
        for (const change of there) expect(change.category).toMatch(/type-changed|case-payload/);
      }),
      runs,
    );
  });

  test("has an answer for any two packages, and the opposite one for the way back", () => {
    fc.assert(
      fc.property(legalPackage, legalPackage, (a, b) => {
        const [there, back] = [compareWorlds(load(a), load(b)), compareWorlds(load(b), load(a))];
        const categories = (changes: typeof there, from: string, to: string) =>
          changes
            .filter(({ category }) => category.endsWith(from))
            .map(({ path }) => `${path} ${to}`)
            .sort();
        expect(categories(there, "-added", "x")).toEqual(categories(back, "-removed", "x"));
        expect(there.length === 0).toBe(back.length === 0);
      }),
      runs,
    );
  });
});

/** The primitives of a package that are types, not part of a name or of docs, nor keys of maps. */
function primitives(text: string): { readonly start: number; readonly end: number; readonly word: string }[] {
  return [...text.matchAll(/(?<=[ (<])(?:u16|u32|s64|string|bool|f64)(?=[,)>; ])/g)].flatMap((found) => {
    const lineStart = text.lastIndexOf("\n", found.index) + 1;
    const line = text.slice(lineStart, found.index);
    if (line.includes("///") || line.endsWith("map<")) return [];
    return [{ start: found.index, end: found.index + found[0].length, word: found[0] }];
  });
}
