/** `docs/pooling.md` lists every option, with its default. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { MAX_LIVE_MEMORIES, resolvePooling } from "../../../src/runtime/pool/pooling-config.ts";

const text = readFileSync(new URL("../../../docs/pooling.md", import.meta.url), "utf8");

const units: Readonly<Record<string, number>> = { MiB: 2 ** 20, GiB: 2 ** 30 };

it("the table of options is complete, and its defaults are those of the engine", () => {
  const rows = [...text.matchAll(/^\| `(\w+)` +\| .* \| ([\d,]+)(?: (\w+))? +\|$/gm)].map(
    ([, option = "", number = "", unit]) => [
      option,
      Number(number.replaceAll(",", "")) * (unit === undefined ? 1 : (units[unit] ?? Number.NaN)),
    ],
  );
  expect(Object.fromEntries(rows)).toEqual(resolvePooling({}));
});

it("the bound on memories is the engine's", () => {
  const written = MAX_LIVE_MEMORIES.toLocaleString("en-US");
  expect(text.split(written)).toHaveLength(3);
});
