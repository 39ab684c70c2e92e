/** Which targets a command line and a configuration make together. */
import { expect, test } from "vitest";
import { Workspace } from "./workspace.ts";

const WIT = `package a:b@1.0.0;
interface i { enum color { red, dark-green } f: func(a: color) -> result<u32, string>; }
world one { import i; }
world two { import i; @unstable(feature = x) export g: func(); }`;

function workspaceWith(config: object): Workspace {
  const workspace = new Workspace();
  workspace.write("api/a.wit", WIT);
  workspace.write("hostwright.config.json", JSON.stringify(config));
  return workspace;
}

const two = {
  wit: "api",
  importExtension: ".ts",
  targets: [
    { world: "one", out: "gen/one" },
    { world: "two", out: "gen/two", enumStyle: "const" },
  ],
};

test("every target is generated, and checked", () => {
  const workspace = workspaceWith(two);
  const { status, stdout } = workspace.hostwright("generate");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^one:\ncreated .*\n[\s\S]*\ntwo:\ncreated /);
  expect(workspace.read("gen/one/a/b/i.ts")).toContain('| "dark-green"');
  expect(workspace.read("gen/two/a/b/i.ts")).toContain('DarkGreen: "dark-green"');
  expect(workspace.read("gen/two/two.ts")).toContain('from "./a/b/i.ts"');
  expect(workspace.hostwright("check").status).toBe(0);
  workspace.edit("api/a.wit", "red,", "red, blue,");
  expect(workspace.hostwright("check").status).toBe(1);
});

test("--target chooses, and what the command line says goes before the configuration", () => {
  const workspace = workspaceWith(two);
  const args = ["--target", "two", "--import-extension", ".js", "--enum-style", "union", "--all-features"];
  expect(workspace.hostwright("generate", ...args, "--out", "elsewhere").status).toBe(0);
  const text = workspace.read("elsewhere/two.ts");
  expect(text).toContain("// Options: --all-features\n");
  expect(text).toContain('from "./a/b/i.js"');
  expect(text).toContain("g(): void {");
  expect(workspace.hostwright("check", ...args, "--out", "elsewhere").status).toBe(0);
});

test("WIT, world and output are for one target", () => {
  const workspace = workspaceWith(two);
  const { status, stderr } = workspace.hostwright("generate", "api", "--world", "one");
  expect(status).toBe(2);
  expect(stderr).toContain(
    "hostwright.config.json has 2 targets, and the WIT and --world can be given for one only",
  );
  expect(stderr).toContain("--target (one, two)");
  expect(workspace.hostwright("generate", "api", "--world", "one", "--no-config").status).toBe(0);
  expect(workspace.read("src/bindings/a/b/i.ts")).toContain('| "dark-green"');
});

test("no such target, or no configuration to have one", () => {
  const workspace = workspaceWith(two);
  expect(workspace.hostwright("generate", "--target", "tow").stderr).toContain(
    'there is no target "tow"; did you mean `two`?',
  );
  expect(workspace.hostwright("generate", "--no-config", "--target", "two")).toMatchObject({ status: 2 });
});

test("a mistake in one target leaves all as they were", () => {
  const workspace = workspaceWith({
    ...two,
    targets: [...two.targets, { world: "three", out: "gen/three" }],
  });
  const before = workspace.snapshot();
  const { status, stderr } = workspace.hostwright("generate");
  expect(status).toBe(2);
  expect(stderr).toContain("`three`");
  expect(workspace.snapshot()).toEqual(before);
});

test("rules and with: paths are relative to the configuration; notes go to stderr", () => {
  const workspace = workspaceWith({});
  workspace.remove("hostwright.config.json");
  workspace.write(
    "tools/hostwright.json",
    JSON.stringify({
      wit: "../api",
      world: "one",
      out: "../src/gen",
      rules: { "*": { results: "value" }, "a:b/i": {} },
      with: { "a:b/i.color": { module: "../src/color.js", export: "Colour" } },
    }),
  );
  const { status, stderr } = workspace.hostwright("generate", "--config", "tools/hostwright.json");
  expect(status).toBe(0);
  expect(stderr).toContain('warning: rules: "a:b/i" decides nothing');
  const text = workspace.read("src/gen/a/b/i.ts");
  expect(text).toContain('import type { Colour as Color } from "../../../color.js";');
  expect(text).toContain("f(a: Color): Result<number, string>;");
});

test("--quiet: warnings, but no notes", () => {
  const workspace = new Workspace();
  workspace.write("wit/a.wit", "package a:b; interface i { then: func(); } world w { import i; }");
  expect(workspace.hostwright("generate").stderr).toBe(
    "note: a:b/i: names that TypeScript cannot keep: `then` is `then_`\n",
  );
  expect(workspace.hostwright("generate", "--quiet")).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(workspace.hostwright("generate", "--quiet", "--features", "x").stderr).toMatch(
    /^warning: the feature "x"/,
  );
});

test("a shared rule is for one of the targets at least, in every command", () => {
  const workspace = workspaceWith({ ...two, rules: { "export *": { tracing: true } } });
  for (const args of [
    ["generate"],
    ["generate", "-t", "one"],
    ["check"],
    ["check", "--json"],
    ["scaffold", "-t", "one"],
  ]) {
    const { status, stderr } = workspace.hostwright(...args);
    // Without its feature, `two` exports nothing.
    expect([args, status]).toEqual([args, args[0] === "scaffold" ? 0 : 2]);
    if (status === 2) expect(stderr).toContain('rules: "export *" matches no function of the world');
  }
  expect(workspace.hostwright("generate", "--all-features")).toMatchObject({ status: 0, stderr: "" });
  expect(workspace.hostwright("check", "--all-features")).toMatchObject({ status: 0, stderr: "" });
  const { stdout } = workspace.hostwright("check", "--all-features", "--json");
  expect(JSON.parse(stdout).targets[0].bindings).not.toHaveProperty("unused");
});
