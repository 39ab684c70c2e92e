/**
 * wit-parser, as jco packages it, as the oracle: it accepts what we accept, and worlds have the same
 * imports and exports.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { componentEmbed, componentNew, componentWit } from "@bytecodealliance/jco";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { World } from "../../src/model/resolve.ts";
import { loadWit, parseWit, printWit, selectWorld, WitError } from "../../src/wit/index.ts";
import { signatureText } from "../../src/wit/print-type.ts";
import { damagedPackage, legalPackage } from "./arbitrary.ts";

const FIXTURES = "test/wit/fixtures";

/** The error of the oracle, or undefined if it accepts the WIT. */
async function rejection(witSource: string, world: string): Promise<string | undefined> {
  try {
    await componentEmbed({ witSource, dummy: true, world });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : JSON.stringify(error);
  }
}

/** The imports and exports of a world, in a form that shows what they are. */
function shape(world: World): string[] {
  const shown: string[] = [];
  for (const [direction, items] of [
    ["import", world.imports],
    ["export", world.exports],
  ] as const) {
    for (const [key, item] of items) {
      if (item.kind === "func") shown.push(`${direction} ${key}: ${signatureText(item.func)}`);
      if (item.kind === "type") shown.push(`type ${key}: ${item.type.type.kind}`);
      if (item.kind !== "interface") continue;
      const { functions, types, name } = item.interface;
      // An interface without anything leaves no trace in a component.
      if (direction === "import" && functions.size === 0 && types.size === 0) continue;
      const inline = name === undefined ? [...functions.values()].map(signatureText) : [];
      shown.push(
        `${direction} ${key}: interface ${[name ?? "", ...inline, item.externalId ?? ""].join(" ")}`,
      );
    }
  }
  return shown;
}

describe("a world has the imports and exports that the oracle gives it", () => {
  const worlds: [input: string, world: string][] = [
    ["worlds.wit", "base"],
    ["worlds.wit", "full"],
    ["worlds.wit", "exporter"],
    ["nested.wit", "app"],
    ["names.wit", "%world"],
    ["docs.wit", "w"],
    ["external-ids.wit", "w"],
    ["folder", "main"],
  ];
  for (const [input, name] of worlds) {
    test(`${name} in ${input}`, async () => {
      const resolve = await loadWit(join(FIXTURES, "valid", input));
      const module = await componentEmbed({ witSource: printWit(resolve), dummy: true, world: name });
      const printed = await componentWit(await componentNew(module, []));
      // It prints the world alone: the packages that it is made of come from ours.
      const packages = resolve.packages.map((node) =>
        printWit(resolve, { package: node })
          .replace(/^package (.*);$/m, "package $1 {")
          .concat("}\n"),
      );
      const theirs = parseWit([printed, ...packages].join("\n"));
      expect(shape(selectWorld(resolve, name))).toEqual(shape(selectWorld(theirs, "root")));
    });
  }
});

describe("what we reject, the oracle rejects", () => {
  // It leaves these to the validation of the component that is made of the WIT.
  const laterThere = new Map([
    ["duplicates.wit", "fields, cases, flags, and names that differ in case only"],
    ["list-length.wit", "lists of length 0"],
    ["misplaced-external-id.wit", "ids that mean nothing"],
    ["type-too-large.wit", "the size of types"],
  ]);
  for (const name of readdirSync(join(FIXTURES, "invalid"))) {
    if (!name.endsWith(".wit") || laterThere.has(name)) continue;
    test(name, async () => {
      const text = readFileSync(join(FIXTURES, "invalid", name), "utf8");
      expect(await rejection(`${text}\nworld oracle {}`, "oracle")).toBeTypeOf("string");
    });
  }
});

test("the oracle accepts random packages that we accept", async () => {
  await fc.assert(
    fc.asyncProperty(legalPackage, async (text) => {
      parseWit(text);
      expect(await rejection(text, "w")).toBeUndefined();
    }),
    // The same packages each time: a difference that a lucky run finds is not a regression.
    { numRuns: 60, seed: 2 },
  );
});

test("the oracle agrees on damaged packages", async () => {
  await fc.assert(
    fc.asyncProperty(damagedPackage, async (text) => {
      // There it panics, and is of no use from then on.
      if (text.includes("/**/")) return;
      let ours: string | undefined;
      try {
        parseWit(text);
      } catch (error) {
        if (!(error instanceof WitError)) throw error;
        // We report more of these, see above.
        if (error.code === "duplicate" || error.code === "too-large") return;
        ours = error.diagnostics[0]?.message;
      }
      const theirs = await rejection(text, "w");
      // The world that is asked for may be what the damage took.
      if (ours === undefined && theirs !== undefined && /world/i.test(theirs)) return;
      expect({ text, rejected: theirs !== undefined, ours, theirs }).toMatchObject({
        rejected: ours !== undefined,
      });
    }),
    { numRuns: 150, seed: 3 },
  );
});
