/** The runner `npm run conformance -- wit`, on data made here. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseWit } from "../../src/wit/index.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "hostwright-conformance-test-"));
});
afterAll(() => rmSync(root, { recursive: true }));

function run(...args: string[]): { status: number | null; lines: string[]; stderr: string } {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "conformance", "--", ...args], {
    encoding: "utf8",
  });
  return { status, lines: stdout.trimEnd().split("\n"), stderr };
}

function suite(name: string, files: Record<string, string>): string {
  const folder = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const GOOD = "package a:b; world w { import f: func(); }";

test("passes", () => {
  const folder = suite("passes", {
    "good.wit": GOOD,
    "good.wit.json": JSON.stringify(parseWit(GOOD)),
    "text.wat": "(component)",
    "parse-fail/bad.wit": "package a:b;\nworld w { import }",
    "parse-fail/bad.wit.result": "expected\n     --> tests/ui/parse-fail/bad.wit:2:18\n",
    "parse-fail/folder/a.wit": "interface i {}",
    "parse-fail/folder.wit.result": "no package",
    "parse-fail/gone.wit.result": "no input",
  });
  expect(run("wit", folder)).toMatchObject({
    status: 0,
    lines: [
      "goldens without an input, not run: parse-fail/gone.wit.result",
      "error positions: 1 of 1 agree (100.0 %)",
      "3 passed, 0 failed, 0 skipped",
    ],
  });
  expect(run("wit", join(folder, "good.wit")).lines.at(-1)).toBe("1 passed, 0 failed, 0 skipped");
});

test("fails", () => {
  const json = JSON.stringify(parseWit(GOOD)).replace('"w"', '"other"');
  const folder = suite("fails", {
    "different.wit": GOOD,
    "different.wit.json": json,
    "rejected.wit": "package",
    "rejected.wit.json": "{}",
    "parse-fail/accepted.wit": GOOD,
    "parse-fail/accepted.wit.result": "no",
    "parse-fail/elsewhere.wit": "package a:b; oops",
    "parse-fail/elsewhere.wit.result": "no\n     --> tests/ui/parse-fail/elsewhere.wit:1:1\n",
  });
  const { status, lines } = run("wit", folder);
  expect(status).toBe(1);
  expect(lines.at(-1)).toBe("0 passed, 4 failed, 0 skipped");
  expect(lines.filter((line) => line.startsWith("fail "))).toHaveLength(4);
  expect(lines).toContainEqual(expect.stringContaining('resolve.worlds.0.name: got "w", expected "other"'));
});

test.each<[string, string[], string]>([
  ["no suite", [], "usage:"],
  ["no path", ["wit"], "usage:"],
  ["a suite that is not there", ["nope", "."], "suites:"],
  ["a path that is not there", ["wit", "/does/not/exist"], "there is no file or folder"],
])("bad usage: %s", (_, args, message) => {
  const { status, stderr } = run(...args);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});
