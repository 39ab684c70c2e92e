/** Rules, replacements and features that targets share: each has to be of use to one of them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { generate } from "../../src/codegen/index.ts";
import { judgeShared, type Target } from "../../src/config/index.ts";
import { type Config, loadConfig } from "../../src/index.ts";

const WIT = `package a:b@1.0.0;
interface types { enum error { full } record point { x: u8 } }
interface disk { use types.{error}; read: func() -> result<u8, error>; }
interface log { write: func(text: string); }
world one { import disk; }
world two { import log; export run: func(); @unstable(feature = x) export g: func(); }
world three { import log; }`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-shared-"));
  writeFileSync(join(folder, "world.wit"), WIT);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function targets(config: Config, worlds = ["one", "two"]): Promise<readonly Target[]> {
  const own = config.targets ?? [];
  const all = worlds.map((world, i) => ({ world, out: join(folder, world), ...own[i] }));
  const text = JSON.stringify({ wit: "world.wit", ...config, targets: all });
  writeFileSync(join(folder, "hostwright.config.json"), text);
  return (await loadConfig({ cwd: folder }))?.targets.map(inFolder) ?? [];
}

/** Paths of a configuration are relative to the current folder. */
function inFolder({ options, ...target }: Target): Target {
  return { ...target, options: { ...options, wit: join(folder, options.wit) } };
}

/** What is said of a configuration all of whose targets are generated, or only those that are chosen. */
async function judge(config: Config, chosen = ["one", "two"], worlds = chosen) {
  const all = await targets(config, worlds);
  const judged = [];
  for (const target of all.filter(({ name }) => chosen.includes(name))) {
    judged.push({ target, unused: (await generate(target.options)).unused });
  }
  return judgeShared(
    judged,
    all.filter(({ name }) => !chosen.includes(name)),
  );
}

const errorMap = { "a:b/types.error": { module: "./errors.js", export: "toError" } };

describe("one of the targets has a use for it", () => {
  test.each<[string, Config]>([
    ["a rule", { rules: { "a:b/disk": { tracing: true }, "export run": { tracing: true } } }],
    ["a replacement", { with: { "a:b/disk": "./disk.js", "a:b/log": "./log.js" } }],
    ["a type", { with: { "a:b/types.point": "./point.js" } }],
    ["an error type of a rule that both have a use for", { rules: { "*": { errorMap } } }],
    ["a setting", { rules: { "*": { results: "value" } } }],
    ["a rule that another leaves nothing in one world", { rules: { "a:b/log": {}, "import *": {} } }],
    ["a feature", { features: ["x"] }],
  ])("%s", async (_, config) => {
    expect(await judge(config)).toEqual([]);
  });
});

describe("none has", () => {
  test("a rule", async () => {
    await expect(judge({ rules: { "a:b/dsk": {} } })).rejects.toThrow(
      /^rules: "a:b\/dsk" matches no function of the world one; did you mean `a:b\/disk`\?\nrules: .* world two/,
    );
  });

  test("an error type", async () => {
    const other = { "a:b/types.point": { module: "./errors.js", export: "toError" } };
    await expect(judge({ rules: { "*": { errorMap: { ...errorMap, ...other } } } })).rejects.toThrow(
      /errorMap: "a:b\/types\.point" is the error type of no host function/,
    );
    // The rule is of use to a world without errors only.
    await expect(judge({ rules: { "a:b/log": { errorMap } } })).rejects.toThrow(
      /errorMap: "a:b\/types\.error"/,
    );
  });

  test("a replacement", async () => {
    await expect(judge({ with: { "a:b/lgo": "./log.js" } })).rejects.toThrow(
      /with: "a:b\/lgo" is no interface or type that the world two imports; did you mean `a:b\/log`/,
    );
  });

  test("what is no error is said once", async () => {
    const said = await judge({
      features: ["y"],
      rules: { "import *": {}, "a:b/log": {}, "export *": { store: true } },
    });
    expect(said.map(({ code, severity }) => [severity, code])).toEqual([
      ["warning", "unused-feature"],
      ["warning", "shadowed-rule"],
      ["note", "unused-setting"],
    ]);
    expect(said[1]?.message).toContain('"a:b/log" decides nothing');
  });

  test("a message shows some of many worlds", async () => {
    const wit = `package a:b;\n${Array.from({ length: 9 }, (_, i) => `world w${i} { export f: func(); }`).join("\n")}`;
    writeFileSync(join(folder, "world.wit"), wit);
    const worlds = Array.from({ length: 9 }, (_, i) => `w${i}`);
    await expect(judge({ rules: { g: {} } }, worlds)).rejects.toThrow(/world w2.*\n\(and 6 more targets\)$/);
  });
});

describe("a target of its own", () => {
  test("its tables must be of use to itself, and those of others are not asked", async () => {
    const rules = { "a:b/disk": {} };
    const [, two] = await targets({ targets: [{}, { rules }] });
    await expect(generate(two?.options ?? { wit: "" })).rejects.toThrow(
      /matches no function of the world two/,
    );
    // `one` does not share the rules, so that they match there is of no help.
    await expect(judge({ rules, targets: [{ rules }, {}] }, ["one", "two"])).rejects.toThrow(/world two/);
  });
});

describe("of targets that are not chosen", () => {
  test("a use counts", async () => {
    expect(await judge({ rules: { "a:b/disk": {} } }, ["two"], ["one", "two"])).toEqual([]);
    await expect(judge({ rules: { "a:b/dsk": {} } }, ["two"], ["one", "two"])).rejects.toThrow(/world one/);
  });

  test("mistakes do not", async () => {
    expect(await judge({ rules: { "a:b/disk": {} } }, ["two"], ["nowhere", "two"])).toEqual([]);
  });
});
