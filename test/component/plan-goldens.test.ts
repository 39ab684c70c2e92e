/** Plans of small components: `fixtures/plans/x.wat` must give `fixtures/plans/x.plan`. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { planComponent, printPlan } from "../../src/component/index.ts";
import { assemble } from "../support/assemble.ts";

const folder = new URL("fixtures/plans/", import.meta.url);
const files = readdirSync(folder);
const stems = (suffix: string): string[] =>
  files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length));

test.each(stems(".wat"))("%s.wat", async (stem) => {
  const source = readFileSync(new URL(`${stem}.wat`, folder), "utf8");
  const plan = printPlan(planComponent(await assemble(source)));
  await expect(plan).toMatchFileSnapshot(new URL(`${stem}.plan`, folder).pathname);
});

test("no golden is left over", () => {
  expect(stems(".plan").filter((stem) => !files.includes(`${stem}.wat`))).toEqual([]);
});
