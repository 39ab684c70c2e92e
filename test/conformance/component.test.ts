/** The runner of component scripts: it must see what is right and what is wrong. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { run } from "../../scripts/conformance/component.ts";

const script = fileURLToPath(new URL("component.wast", import.meta.url));

test("each directive of a script ends as its comment says", async () => {
  const expected = new Map<number, string>();
  const lines = readFileSync(script, "utf8").split("\n");
  let start = 0;
  for (const [i, line] of lines.entries()) {
    if (line.startsWith("(")) {
      start = i + 1;
      expected.set(start, "pass");
    }
    const comment = /;; (fails|skipped)/.exec(line);
    if (comment !== null) expected.set(start, comment[1] === "fails" ? "fail" : "skip");
  }
  const actual = new Map<number, string>();
  for await (const result of run([script])) {
    if (result.outcome !== "note") actual.set(Number(result.name.split(":").at(-1)), result.outcome);
  }
  expect(actual).toEqual(expected);
  expect([...actual.values()].filter((outcome) => outcome !== "pass")).toHaveLength(7);
});

test("a skip names the feature", async () => {
  const details = new Set<string>();
  for await (const result of run([script])) if (result.outcome === "skip") details.add(result.detail);
  expect(details).toEqual(new Set(["assert_return: async functions"]));
});
