/** Each golden world gives what is committed, no less and no more, and gives it every time. */
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTwoFilesPatch } from "diff";
import { describe, expect, test } from "vitest";
import { isSameOutput } from "../../src/codegen/index.ts";
import { relocate } from "../../src/config/index.ts";
import { generate, writeBindings } from "../../src/index.ts";
import { goldenCases, goldenFiles, goldenFolder, goldenOptions, isUpdating } from "./goldens.ts";

test("there are golden worlds", () => {
  expect(goldenCases.length).toBeGreaterThanOrEqual(48);
});

describe.each(goldenCases)("%s", (name) => {
  test("gives the committed files", async () => {
    const result = await generate(goldenOptions(name));
    if (isUpdating()) {
      await writeBindings(result, `${goldenFolder}${name}/bindings`);
    }
    const difference = differences(goldenFiles(name), result.files);
    expect(difference, `if this is meant: npm run test:update\n${difference}`).toBe("");
  });

  test("gives the same a second time", async () => {
    const [first, second] = [await generate(goldenOptions(name)), await generate(goldenOptions(name))];
    expect([...second.files]).toEqual([...first.files]);
  });
});

test("another folder, locale and time zone give the same bytes", async () => {
  const script = fileURLToPath(new URL("print-bindings.ts", import.meta.url));
  // With paths that are relative to that folder.
  const inputs = goldenCases.map((name) =>
    JSON.stringify(relocate(goldenOptions(name), process.cwd(), tmpdir())),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...inputs], {
    cwd: tmpdir(),
    env: { ...process.env, LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Asia/Kathmandu" },
    maxBuffer: 64 * 1024 * 1024,
  });
  const printed = JSON.parse(stdout) as [string, string][][];
  for (const [index, name] of goldenCases.entries()) {
    const { files } = await generate(goldenOptions(name));
    expect(printed[index]).toEqual([...files]);
  }
});

/** All differences between two sets of files, as one unified diff; empty if there are none. */
function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => !isSameOutput(before.get(path) ?? "", after.get(path) ?? ""))
    .map((path) =>
      createTwoFilesPatch(
        before.has(path) ? path : "(missing)",
        after.has(path) ? path : "(left over)",
        before.get(path) ?? "",
        after.get(path) ?? "",
      ),
    )
    .join("\n");
}
