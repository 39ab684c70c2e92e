/** Configuration files: where they are found, what they may say, and what is said of mistakes in them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { importWithJiti } from "../../src/config/import-config.ts";
import { type Config, ConfigError, defineConfig, loadConfig } from "../../src/index.ts";
import { Workspace } from "../cli/workspace.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-config-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const writeJson = (config: unknown, name = "hostwright.config.json"): void =>
  write(name, JSON.stringify(config));
const load = (file?: string) => loadConfig({ cwd: folder, file });

async function errorOf(promise: Promise<unknown>): Promise<ConfigError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
}

describe("is found", () => {
  const expected = {
    targets: [{ name: "hosted", options: { wit: "api", world: "hosted", out: "src/bindings" } }],
  };

  test.each([
    ["hostwright.config.json", '{ "wit": "api", "world": "hosted" }'],
    ["hostwright.config.js", 'export default { wit: "api", world: "hosted" };'],
    ["hostwright.config.mjs", 'export default Promise.resolve({ wit: "api", world: "hosted" });'],
    ["package.json", '{ "type": "module", "hostwright": { "wit": "api", "world": "hosted" } }'],
  ])("in %s", async (name, text) => {
    if (name !== "package.json") write("package.json", '{ "type": "module" }');
    write(name, text);
    expect(await load()).toMatchObject({ file: name, ...expected });
  });

  // Vitest has a loader of its own for what the process itself would import.
  test("in hostwright.config.ts, whatever it is written with", async () => {
    const workspace = new Workspace();
    const config = 'interface W { world: string }\nconst w: W = { world: "hosted" };\n';
    workspace.write("package.json", '{ "type": "module" }');
    workspace.write("api/a.wit", "package a:b; world hosted { export run: func(); }");
    for (const extra of ["", "enum E { a }\n"]) {
      workspace.write(
        "hostwright.config.ts",
        `${config}${extra}export default { wit: "api", out: "gen", ...w };`,
      );
      const { status, stdout } = workspace.hostwright("generate");
      expect([status, stdout]).toEqual([0, expect.stringContaining("gen/hosted.ts")]);
    }
    const place = join(workspace.folder, "hostwright.config.ts");
    expect(await importWithJiti(place)).toMatchObject({ default: { wit: "api", world: "hosted" } });
  });

  test("by name, with paths relative to it", async () => {
    mkdirSync(join(folder, "config"));
    writeJson(
      { wit: "../api", out: "out", with: { "a:b/c": "./c.js", "a:b/d": "pkg/d" } },
      "config/custom.json",
    );
    const loaded = await load("config/custom.json");
    expect(loaded?.file).toBe("config/custom.json");
    expect(loaded?.targets[0]?.options).toMatchObject({
      wit: "api",
      out: "config/out",
      with: { "a:b/c": "./config/c.js", "a:b/d": "pkg/d" },
    });
  });

  test("anew, when it has changed", async () => {
    write("hostwright.config.mjs", 'export default { world: "first" };');
    expect((await load())?.targets[0]?.name).toBe("first");
    await new Promise((resolve) => setTimeout(resolve, 20));
    write("hostwright.config.mjs", 'export default { world: "second" };');
    expect((await load())?.targets[0]?.name).toBe("second");
  });

  test("not at all, if there is none", async () => {
    expect(await load()).toBeUndefined();
    write("package.json", "{}");
    expect(await load()).toBeUndefined();
  });
});

describe("targets", () => {
  test("take what is common, and go before it", async () => {
    writeJson({
      importExtension: ".ts",
      features: ["x"],
      targets: [
        { world: "a", out: "gen/a" },
        {
          name: "second",
          wit: "other",
          out: "gen/b",
          importExtension: ".js",
          rules: { "*": { tracing: true } },
        },
      ],
    });
    expect((await load())?.targets).toEqual([
      {
        name: "a",
        options: {
          wit: "wit",
          world: "a",
          out: "gen/a",
          importExtension: ".ts",
          features: ["x"],
          shared: ["features"],
        },
      },
      {
        name: "second",
        options: {
          wit: "other",
          out: "gen/b",
          importExtension: ".js",
          features: ["x"],
          shared: ["features"],
          rules: { "*": { tracing: true } },
        },
      },
    ]);
  });

  test("say where their classes are, relative to the configuration", async () => {
    mkdirSync(join(folder, "config"));
    const targets = [
      { world: "a", out: "a" },
      { world: "b", out: "b", implementation: "../app/b" },
    ];
    writeJson({ implementation: "../app", targets }, "config/custom.json");
    expect((await load("config/custom.json"))?.targets.map((target) => target.implementation)).toEqual([
      "app",
      "app/b",
    ]);
    writeJson({ targets: [{ world: "a" }] });
    expect((await load())?.targets[0]).not.toHaveProperty("implementation");
  });

  test("share what stands beside them, if there are several and they have none of their own", async () => {
    const rules = { "*": {} };
    const shared = async (config: Config): Promise<unknown> => {
      writeJson(config);
      return (await load())?.targets.map(({ options }) => options.shared);
    };
    expect(await shared({ rules })).toEqual([undefined]);
    expect(await shared({ rules, targets: [{}] })).toEqual([undefined]);
    const two = [{ out: "a" }, { out: "b", rules }];
    expect(await shared({ rules, with: {}, targets: two })).toEqual([["rules", "with"], ["with"]]);
  });

  test("have folders and names of their own", async () => {
    writeJson({ targets: [{ world: "a" }, { world: "b", out: "./src/bindings/" }] });
    expect((await errorOf(load())).message).toContain('"a" and "b" both write to');
    writeJson({
      targets: [
        { world: "a", out: "x" },
        { world: "a", out: "y" },
      ],
    });
    expect((await errorOf(load())).message).toContain('two targets are called "a"');
  });
});

describe("a mistake", () => {
  test.each<[string, unknown, RegExp]>([
    ["in a key", { wrld: "a" }, /^hostwright\.config\.json: unknown key "wrld"; did you mean `world`\?$/],
    [
      "in a key of a target",
      { targets: [{}, { enumstyle: "const" }] },
      /json\.targets\[1\]: unknown key "enumstyle"; did you mean `enumStyle`/,
    ],
    [
      "in a key of a rule",
      { rules: { "a:b/*": { result: "value" } } },
      /json\.rules\["a:b\/\*"\]: unknown key "result"; did you mean `results`/,
    ],
    [
      "in a value",
      { layout: "sinlge" },
      /json\.layout must be "files" or "single", not "sinlge"; did you mean `single`/,
    ],
    ["in a type", { features: "a" }, /json\.features must be an array of names, not "a"/],
    ["in a replacement", { with: { "a:b/c": 1 } }, /json\.with\["a:b\/c"\] must be a module, .*, not 1/],
    [
      "what is missing",
      { with: { "a:b/c": {} } },
      /json\.with\["a:b\/c"\]: "module" is missing: give a module/,
    ],
    ["no targets", { targets: [] }, /json\.targets must be an array of at least one target/],
    ["no object", [], /json must be an object/],
    ["null", null, /json must be an object, .*, not null/],
    ["a name of every object", { constructor: {} }, /unknown key "constructor"/],
  ])("%s", async (_, config, message) => {
    writeJson(config);
    expect((await errorOf(load())).message).toMatch(message);
  });

  test("in package.json is said to be there", async () => {
    write("package.json", '{ "hostwright": { "outt": "x" } }');
    expect((await errorOf(load())).message).toMatch(
      /^package\.json#hostwright: unknown key "outt"; did you mean `out`/,
    );
  });

  test("two files", async () => {
    writeJson({});
    write("hostwright.config.mjs", "export default {};");
    expect((await errorOf(load())).message).toMatch(
      /hostwright\.config\.mjs and hostwright\.config\.json both/,
    );
  });

  test("a file that is not there, is no JSON, does not run, or exports nothing", async () => {
    expect((await errorOf(load("nowhere.json"))).message).toContain("no configuration file nowhere.json");
    write("hostwright.config.json", "{");
    expect((await errorOf(load())).message).toContain("cannot read hostwright.config.json");
    rmSync(join(folder, "hostwright.config.json"));
    write("hostwright.config.mjs", 'throw new Error("no luck");');
    expect((await errorOf(load())).message).toBe("cannot load hostwright.config.mjs: no luck");
    write("hostwright.config.mjs", "export const config = {};");
    expect((await errorOf(load("hostwright.config.mjs"))).message).toContain("no default export");
  });
});

test("defineConfig gives a type and changes nothing", () => {
  const config: Config = { targets: [{ world: "a", rules: { "*": { results: "value" } } }] };
  expect(defineConfig(config)).toBe(config);
  // @ts-expect-error: no such key
  defineConfig({ wolrd: "a" });
  // @ts-expect-error: not a style
  defineConfig({ enumStyle: "numbers" });
});
