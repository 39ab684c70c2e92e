/** Scripts work with a cache and without, and a cache that is not theirs is not used. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CachedScripts } from "../../src/cli/cached-scripts.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-scripts-"));
  script("main", `exports.value = () => require("./part.cjs").double(21);`);
  script("part", "exports.double = (x) => x * 2;");
});

afterEach(() => rmSync(folder, { recursive: true }));

function script(name: string, body: string): void {
  writeFileSync(
    join(folder, `${name}.cjs`),
    `(function (exports, require, importModule, __filename) {${body}\n})`,
  );
}

const room = new URL("../../src/cli/cached-scripts.ts", import.meta.url).href;

/** What `value` of the main script gives in a process of its own: within one, V8 compiles the same text once. */
async function run(command = "generate"): Promise<unknown> {
  const program = `
    const { CachedScripts } = await import(${JSON.stringify(room)});
    const scripts = new CachedScripts(${JSON.stringify(folder)}, ${JSON.stringify(command)});
    const value = await scripts.require("./main.cjs").value();
    scripts.keep();
    console.log(JSON.stringify(value));
  `;
  const args = ["--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ 16, at);
  return changed;
}

const versions = (): string => join(folder, ".cache", `${process.version}-${process.arch}`);
const cached = (command = "generate"): string => join(versions(), command);

test("a script knows its place, and gets others once", () => {
  script(
    "main",
    `exports.same = require("./part.cjs") === require("./part.cjs"); exports.place = __filename;`,
  );
  const main = new CachedScripts(folder, "wit").require("./main.cjs");
  expect(main).toEqual({ same: true, place: join(folder, "main.cjs") });
});

test("Node's modules and packages come from Node", () => {
  const scripts = new CachedScripts(join(process.cwd(), "dist/bin"), "wit");
  expect(scripts.require("node:path")).toBe(process.getBuiltinModule("node:path"));
  expect(scripts.require("diff")).toHaveProperty("createPatch");
});

test("scripts that need each other see what there is so far", () => {
  script("main", `exports.a = 1; exports.b = require("./part.cjs").b;`);
  script("part", `exports.b = require("./main.cjs").a + 1;`);
  expect(new CachedScripts(folder, "wit").require("./main.cjs")).toEqual({ a: 1, b: 2 });
});

test("the first run keeps what it has compiled, and the next one uses it", async () => {
  expect(await run()).toBe(42);
  expect(readdirSync(cached()).sort()).toEqual(["main.cjs.bin", "part.cjs.bin"]);
  // V8 takes a cache for any text of the same length: so it is seen which of the two runs.
  script("part", "exports.double = (x) => x * 3;");
  expect(await run()).toBe(42);
  rmSync(cached(), { recursive: true });
  expect(await run()).toBe(63);
});

test("each command has a cache of its own", async () => {
  await run("generate");
  await run("check");
  expect(readdirSync(versions()).sort()).toEqual(["check", "generate"]);
});

describe("a cache that is of no use is replaced", () => {
  test.each<[string, (bytes: Buffer) => Buffer]>([
    ["empty", () => Buffer.alloc(0)],
    [
      "something else",
      () => Buffer.from("no compiled code at all, but long enough to be taken for its header"),
    ],
    ["cut off", (bytes) => bytes.subarray(0, bytes.length / 2)],
    [
      "of another V8",
      (bytes) => Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(8, 7), bytes.subarray(12)]),
    ],
    // V8 would take most of these, and end the process.
    ["with a bit that is another one", (bytes) => flipped(bytes, bytes.length >> 1)],
    ["with another seal", (bytes) => flipped(bytes, bytes.length - 1)],
    [
      "with a right head, and nothing right behind it",
      (bytes) => Buffer.concat([bytes.subarray(0, 64), Buffer.alloc(bytes.length - 64, 0xa5)]),
    ],
  ])("%s", async (_, change) => {
    await run();
    const path = join(cached(), "part.cjs.bin");
    const good = readFileSync(path);
    writeFileSync(path, change(good));
    expect(await run()).toBe(42);
    expect(readFileSync(path).length).toBe(good.length);
    expect(readFileSync(path)).not.toEqual(change(good));
  });

  test("of a text of another length", async () => {
    await run();
    script("part", "exports.double = (x) => x * 300;");
    expect(await run()).toBe(6300);
  });
});

test("a cache that cannot be written is no error", async () => {
  writeFileSync(join(folder, ".cache"), "a file, where a folder would have to be");
  expect(await run()).toBe(42);
  expect(existsSync(versions())).toBe(false);
});

test("what a script throws has its place in the stack", () => {
  script("main", `\n\nexports.fail = () => { throw new Error("no"); };`);
  const main = new CachedScripts(folder, "wit").require("./main.cjs") as { fail: () => void };
  let thrown: unknown;
  try {
    main.fail();
  } catch (error) {
    thrown = error;
  }
  expect((thrown as Error).stack).toContain(`${join(folder, "main.cjs")}:3:`);
});

test("a script imports packages, and files by their URL", async () => {
  const file = join(folder, "it.mjs");
  writeFileSync(file, "export const it = 7;");
  script(
    "main",
    `exports.value = async () => [
      (await importModule(${JSON.stringify(pathToFileURL(file).href)})).it,
      typeof (await importModule("chokidar")).watch,
    ];`,
  );
  expect(await run()).toEqual([7, "function"]);
  expect(await run()).toEqual([7, "function"]);
});
