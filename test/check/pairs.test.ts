/** For each pair of WIT versions: the verdict per side, in a table that a reader can audit. */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compareWorlds } from "../../src/check/against/compare-worlds.ts";
import { parseWit, printWit } from "../../src/wit/index.ts";
import { isUpdating } from "../codegen/goldens.ts";
import { compare, loadPair, type Pair, pairs, verdictsOf } from "./pairs.ts";

test("there are enough pairs", () => {
  expect(pairs.length).toBeGreaterThanOrEqual(60);
});

test("there is a pair for every category that the docs name, and no other", () => {
  const docs = readFileSync(new URL("../../docs/check.md", import.meta.url), "utf8");
  const [, list = ""] = /^`category` is one of: (.*?)\n\n/ms.exec(docs) ?? [];
  const documented = [...list.matchAll(/`([a-z-]+)`/g)].map(([, category = ""]) => category);
  const covered = new Set(pairs.flatMap(({ categories }) => categories));
  expect([...covered].sort()).toEqual(documented.sort());
});

describe.each(pairs)("$name", (pair) => {
  test("has the verdicts and the changes that are expected", () => {
    const changes = compare(pair);
    const categories = [...new Set(changes.map((change) => change.category))].sort();
    expect({ ...verdictsOf(changes), categories }).toEqual({ ...pair.expected, categories: pair.categories });
  });

  test("no version differs from itself, or from itself printed", () => {
    for (const world of loadPair(pair)) {
      expect(compareWorlds(world, world)).toEqual([]);
    }
    for (const text of [pair.before, pair.after]) {
      expect(compare({ before: text, after: printWit(parseWit(text)) })).toEqual([]);
    }
  });

  test("the way back is a change exactly if the way there is", () => {
    const back = compare({ before: pair.after, after: pair.before });
    expect(back.length > 0).toBe(compare(pair).length > 0);
  });
});

test("the table in the docs is up to date", () => {
  const place = new URL("../../docs/check-verdicts.md", import.meta.url);
  const table = verdictTable();
  if (isUpdating()) writeFileSync(place, table);
  expect(readFileSync(place, "utf8"), "if this is meant: npm run test:update").toBe(table);
});

function verdictTable(): string {
  const rows = pairs.map((pair) => {
    const { host, guests, hostCode, guestCode } = verdictsOf(compare(pair));
    const cells = [host, guests, hostCode, guestCode].map((verdict) =>
      verdict === "breaking" ? "**breaks**" : "ok",
    );
    return `| [${pair.name}](../test/check/pairs/${pair.name}.wit) | ${pair.title} | ${cells.join(" | ")} |`;
  });
  return `# What breaks whom

The verdicts of \`hostwright check --against\` for ${pairs.length} pairs of WIT versions. Each links to both versions and to the
verdicts that were expected of them; [check.md](check.md) says what the columns mean.

This file is written by \`npm run test:update\`, and a test holds it to what \`check\` says.

| pair | change | host | guests | host code | guest code |
|---|---|---|---|---|---|
${rows.join("\n")}

## In words

${pairs.map(inWords).join("\n\n")}
`;
}

function inWords(pair: Pair): string {
  const lines = compare(pair).map(({ path, what, why, hint }) => {
    const guess = hint === undefined ? "" : ` (${hint})`;
    return `- \`${path}\`: ${what}${guess}. ${why[0]?.toUpperCase()}${why.slice(1)}.`;
  });
  return [`### ${pair.name}`, "", ...(lines.length === 0 ? ["No change."] : lines)].join("\n");
}
