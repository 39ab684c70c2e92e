/** Patterns, and what is said of rules and replacements that are for nothing. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parsePattern } from "../../src/codegen/pattern.ts";
import {
  ConfigError,
  type GenerateOptions,
  type GenerateResult,
  generate,
  type Rule,
} from "../../src/index.ts";
import { goldenFolder } from "./goldens.ts";

const place = (id: string) => {
  const [, namespace = "", pkg = "", name = "", version] = /^(.+):(.+)\/([^@]+)(?:@(.+))?$/.exec(id) ?? [];
  return { kind: "id", namespace, package: pkg, name, version } as const;
};
const counter = { side: "import", places: [place("amal:obs/metrics@0.1.0")], items: ["counter"] } as const;
const read = {
  side: "export",
  places: [place("wasi:io/streams@0.2.3")],
  items: ["[method]input-stream.read", "input-stream.read", "input-stream"],
} as const;
const run = {
  side: "export",
  places: [place("amal:obs/hosted@0.1.0"), { kind: "plain", name: "run" }],
  items: ["run"],
} as const;

describe("patterns", () => {
  test.each([
    ["*", [true, true, true]],
    ["amal:obs", [true, false, true]],
    ["amal:obs/*", [true, false, true]],
    ["amal:obs/metrics", [true, false, false]],
    ["amal:obs/metric", [false, false, false]],
    ["amal:obs/met*", [true, false, false]],
    ["*:*/*", [true, true, true]],
    ["amal:obs@0.1.0", [true, false, true]],
    ["amal:obs@0.2.0", [false, false, false]],
    ["amal:obs/metrics@0.1.0", [true, false, false]],
    ["amal:obs/metrics@0.1.*", [true, false, false]],
    ["amal:obs/metrics.counter", [true, false, false]],
    ["amal:obs/metrics#counter", [true, false, false]],
    ["amal:obs/metrics@0.1.0#count*", [true, false, false]],
    ["amal:obs/metrics.gauge", [false, false, false]],
    ["wasi:io/streams.input-stream", [false, true, false]],
    ["wasi:io/streams.input-stream.read", [false, true, false]],
    ["wasi:io/streams@0.2.3#[method]input-stream.read", [false, true, false]],
    ["wasi:io/streams.[method]*", [false, true, false]],
    ["wasi:io/streams.*.read", [false, true, false]],
    ["run", [false, false, true]],
    ["amal:obs/hosted.run", [false, false, true]],
    ["import *", [true, false, false]],
    ["export *", [false, true, true]],
    ["export amal:obs/*", [false, false, true]],
    ["metrics", [false, false, false]],
  ])("%s", (text, expected) => {
    const pattern = parsePattern(text, "rules");
    expect([counter, read, run].map((subject) => pattern.matches(subject))).toEqual(expected);
  });

  test.each([
    "",
    " ",
    "a b",
    "a/b",
    ":b/c",
    "a:/c",
    "a:b/c@",
    "a:b/c#",
    "import",
    "inport *",
    "a:b/c d",
    "é",
  ])("%j is none", (text) => {
    if (text === "import") return expect(parsePattern(text, "rules").matches(counter)).toBe(false);
    expect(() => parsePattern(text, "rules")).toThrow(ConfigError);
  });
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-patterns-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const obs = (options: Partial<GenerateOptions>): Promise<GenerateResult> =>
  generate({ wit: `${goldenFolder}obs/world.wit`, ...options });
const withRules = (rules: Record<string, Rule>): Promise<GenerateResult> => obs({ rules });

function from(text: string, options: Partial<GenerateOptions> = {}): Promise<GenerateResult> {
  const wit = join(folder, "world.wit");
  writeFileSync(wit, text);
  return generate({ wit, ...options });
}

describe("what matches nothing is an error", () => {
  test.each<[Record<string, Rule>, RegExp]>([
    [
      { "amal:obs/metrcs": {} },
      /^rules: "amal:obs\/metrcs" matches no function .*; did you mean `amal:obs\/metrics`\?/,
    ],
    [{ "amal:obs/metrics.countr": {} }, /did you mean `amal:obs\/metrics\.counter`\?/],
    [{ "amal:obs/metrics@0.2.0": {} }, /did you mean `amal:obs\/metrics@0\.1\.0`\?/],
    [{ "import run": {} }, /^rules: "import run" matches no function of the world hosted/],
    [
      { x: {}, "*": {}, y: {} },
      /^rules: "x" matches no function of the world hosted.*\nrules: "y" matches no/,
    ],
    [{ "a b": {} }, /rules: "a b" is no pattern; patterns are such as/],
    [
      { "*": { errorMap: { "amal:obs/types.error": { module: "./x.js", export: "f" } } } },
      /rules\["\*"\]\.errorMap: "amal:obs\/types\.error" is the error type of no host function/,
    ],
  ])("rules %j", async (rules, message) => {
    await expect(withRules(rules)).rejects.toThrow(ConfigError);
    await expect(withRules(rules)).rejects.toThrow(message);
  });

  test.each<[string, RegExp]>([
    [
      "amal:obs/metrcs",
      /with: "amal:obs\/metrcs" is no interface or type .*; did you mean `amal:obs\/metrics`/,
    ],
    ["amal:obs/metrics.point", /with: "amal:obs\/metrics\.point" is no interface or type/],
    ["amal:obs/*", /name one interface/],
    ["amal:obs", /name one interface/],
  ])("with %s", async (key, message) => {
    await expect(obs({ with: { [key]: "./x.js" } })).rejects.toThrow(message);
  });

  test("what is only exported cannot be replaced: its clients are", async () => {
    const wit = "package a:b; interface i { f: func(); } world w { export i; }";
    await expect(from(wit, { with: { "a:b/i": "./x.js" } })).rejects.toThrow(ConfigError);
  });

  test("an entry says what it is for", async () => {
    const wit = "package a:b; interface i { record r { a: u8 } f: func(); } world w { import i; }";
    await expect(from(wit, { with: { "a:b/i": { module: "x", export: "y" } } })).rejects.toThrow(
      /export is for types/,
    );
    await expect(from(wit, { with: { "a:b/i.r": { module: "x", link: true } } })).rejects.toThrow(
      /link is for interf/,
    );
  });
});

describe("diagnostics", () => {
  test("none, if there is nothing to say", async () => {
    expect((await obs({})).diagnostics).toEqual([]);
    expect((await withRules({ "amal:obs/metrics": { tracing: true, store: true } })).diagnostics).toEqual([]);
  });

  test("a rule that decides nothing", async () => {
    const { diagnostics } = await withRules({ "amal:*": {}, "amal:obs/metrics": { tracing: true } });
    expect(diagnostics).toMatchObject([{ severity: "warning", code: "shadowed-rule" }]);
    expect(diagnostics[0]?.message).toContain('"amal:obs/metrics" decides nothing');
  });

  test("settings that change nothing", async () => {
    const { diagnostics } = await withRules({ "export *": { store: true, results: "value" } });
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ["unused-setting", expect.stringContaining('rules["export *"].results changes nothing')],
      ["unused-setting", expect.stringContaining('rules["export *"].store changes nothing')],
    ]);
  });

  test("features that nothing asks for", async () => {
    const wit =
      "package a:b@1.0.0; interface i { @unstable(feature = x) f: func(); } world w { import i; @unstable(feature = y) export g: func(); }";
    const { diagnostics } = await from(wit, { features: ["x", "y", "z"] });
    expect(diagnostics).toMatchObject([{ severity: "warning", code: "unused-feature" }]);
    expect(diagnostics[0]?.message).toContain('"z"');
  });

  test("names that could not be kept", async () => {
    const wit =
      "package a:b; interface i { then: func(); record r { a1: u8, a-1: u8 } f: func(a: r); } world w { import i; export i; }";
    const { diagnostics } = await from(wit);
    expect(diagnostics).toMatchObject([{ severity: "note", code: "renamed" }]);
    expect(diagnostics[0]?.message).toBe(
      "a:b/i: names that TypeScript cannot keep: `a-1` is `a1_`, `then` is `then_`",
    );
  });

  test("what the runtime does not run yet", async () => {
    const wit =
      "package a:b; interface i { f: async func(); g: func(a: list<stream<u8>>); h: func(); } world w { import i; export run: func(); }";
    const { diagnostics } = await from(wit, { rules: { run: { async: true } } });
    expect(diagnostics).toMatchObject([{ severity: "note", code: "unsupported" }]);
    expect(diagnostics[0]?.message).toMatch(/: import a:b\/i#f, import a:b\/i#g, export run$/);
    const skipped = await from(wit, { rules: { "a:b/i.h": {}, "a:b/i": { skip: true } } });
    expect(skipped.diagnostics).toEqual([]);
  });
});

test("modules are imported from where they are, as seen from each file", async () => {
  const rules = { "*": { tracing: true } };
  const read = async (out: string, module: string): Promise<string> => {
    const { files } = await obs({ out, rules, with: { "amal:obs/metrics": { module, link: true } } });
    return /import \* as metrics from "(.*)"/.exec(files.get("hosted.ts") ?? "")?.[1] ?? "";
  };
  expect(await read("src/bindings", "./src/metrics.js")).toBe("../metrics.js");
  expect(await read("src/bindings", "./src/bindings/own/metrics.js")).toBe("./own/metrics.js");
  expect(await read("gen", "../shared/metrics.js")).toBe("../../shared/metrics.js");
  expect(await read("gen", "@scope/metrics")).toBe("@scope/metrics");
  expect(await read("gen", 'a"; alert(1); "')).toBe('a\\"; alert(1); \\"');
});
