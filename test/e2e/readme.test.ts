/** The README's example is what the project does: its WIT is the one in `wit/`, and its guest runs. (`npm run smoke` runs its host.) */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Metrics, MetricsHost } from "../../examples/metrics-host/host.ts";
import { buildJavaScript } from "../../scripts/guests.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(`${root}README.md`, "utf8");

/** The code of a block, without the line that names its file. */
function block(language: string): string {
  const found = new RegExp(`\\n\`\`\`${language}\\n// [^\\n]*\\n([\\s\\S]*?)\`\`\``).exec(readme);
  if (found?.[1] === undefined) throw new Error(`the README has no block of ${language}`);
  return found[1];
}

test("the WIT", () => {
  expect(block("wit")).toBe(readFileSync(`${root}wit/obs.wit`, "utf8"));
});

test("the guest, built as the README says", async () => {
  mkdirSync(`${root}.tmp/readme`, { recursive: true });
  writeFileSync(`${root}.tmp/readme/guest.js`, block("js"));
  const flags = "--backend quickjs --backend-qjs-stub-wasi --backend-qjs-disable-async";
  expect(readme, "the flags that scripts/guests.ts uses").toContain(flags);
  const guest = await buildJavaScript("readme", {
    source: ".tmp/readme/guest.js",
    wit: "wit",
    world: "hosted",
  });
  const host = new MetricsHost();
  try {
    const metrics = new Metrics();
    host.run(await host.load(guest), metrics);
    expect(metrics.counters).toEqual(new Map([["requests", 1n]]));
  } finally {
    host[Symbol.dispose]();
  }
});
