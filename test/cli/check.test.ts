/** `hostwright check`, as a process: causes, --against, --fix, --json, and what GitHub is told. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { generate } from "../../src/index.ts";
import { OBS_WIT, Workspace } from "./workspace.ts";

const METRICS = "src/bindings/amal/obs/metrics.ts";

/** The bindings of the README's WIT: made once, since a process takes its time. */
const bindings = new Map<string, string>();

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "hostwright-check-"));
  writeFileSync(join(folder, "obs.wit"), OBS_WIT);
  const { files } = await generate({ wit: join(folder, "obs.wit") });
  for (const [path, text] of files) bindings.set(`src/bindings/${path}`, text);
  rmSync(folder, { recursive: true });
});

function generated(): Workspace {
  const workspace = new Workspace();
  workspace.write("wit/obs.wit", OBS_WIT);
  for (const [path, text] of bindings) workspace.write(path, text);
  return workspace;
}

/** A repository whose `main` has the WIT of the README, and bindings that are fresh. */
function committed(): Workspace {
  const workspace = generated();
  git(workspace, "init", "--quiet", "--initial-branch=main");
  git(workspace, "add", ".");
  git(workspace, "commit", "--quiet", "--message=first");
  return workspace;
}

function git(workspace: Workspace, ...args: string[]): void {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...identity, ...args], { cwd: workspace.folder, stdio: "pipe" });
}

/** The part of the JSON that the tests look at. */
interface Json {
  readonly ok: boolean;
  readonly targets: readonly {
    readonly name: string;
    readonly bindings: {
      readonly fresh: boolean;
      readonly command: string;
      readonly files: readonly {
        readonly path: string;
        readonly cause: string | null;
        readonly line: number | null;
      }[];
    } | null;
    readonly fixed: readonly { readonly path: string; readonly action: string }[] | null;
    readonly against: {
      readonly world: { readonly before: string | null; readonly after: string | null };
      readonly host: string;
      readonly guest: string;
      readonly changes: readonly {
        readonly path: string;
        readonly category: string;
        readonly place: { readonly file: string; readonly line: number } | null;
      }[];
      readonly versions: readonly { readonly package: string }[];
    } | null;
  }[];
}

function json(workspace: Workspace, ...args: string[]): Json {
  const { stdout, stderr } = workspace.hostwright("check", "--json", ...args);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Json;
}

const causes = (report: Json): Record<string, string | null> =>
  Object.fromEntries(
    report.targets.flatMap(({ bindings }) => bindings?.files ?? []).map(({ path, cause }) => [path, cause]),
  );

describe("the cause", () => {
  test.each<[string, (workspace: Workspace) => void, Record<string, string | null>, string[]]>([
    ["nothing", () => {}, { "amal/obs/metrics.ts": null, "hosted.ts": null }, []],
    [
      "the WIT has changed",
      (workspace) => workspace.edit("wit/obs.wit", "value: u64", "value: u32"),
      { "amal/obs/metrics.ts": "wit", "hosted.ts": null },
      [],
    ],
    [
      "the version of the WIT has changed",
      (workspace) => workspace.edit("wit/obs.wit", "@0.1.0", "@0.1.1"),
      { "amal/obs/metrics.ts": "wit", "hosted.ts": "wit" },
      [],
    ],
    [
      "edited by hand",
      (workspace) => workspace.edit(METRICS, "counter(", "count("),
      { "amal/obs/metrics.ts": "edited", "hosted.ts": null },
      [],
    ],
    [
      "edited by hand, and the WIT has changed",
      (workspace) => {
        workspace.edit(METRICS, "counter(", "count(");
        workspace.edit("wit/obs.wit", "value: u64", "value: u32");
      },
      { "amal/obs/metrics.ts": "edited", "hosted.ts": null },
      [],
    ],
    [
      "deleted",
      (workspace) => workspace.remove(METRICS),
      { "amal/obs/metrics.ts": "missing", "hosted.ts": null },
      [],
    ],
    [
      "other options",
      () => {},
      { "amal/obs/metrics.ts": "options", "hosted.ts": "options" },
      ["--import-extension", ".ts"],
    ],
    [
      "something else in the way",
      (workspace) => workspace.write(METRICS, "export const mine = 1;\n"),
      { "amal/obs/metrics.ts": "foreign", "hosted.ts": null },
      [],
    ],
    [
      "another interface",
      (workspace) => workspace.write("wit/obs.wit", OBS_WIT.replaceAll("metrics", "numbers")),
      { "amal/obs/numbers.ts": "missing", "hosted.ts": "wit", "amal/obs/metrics.ts": "orphaned" },
      [],
    ],
  ])("%s", (_, change, expected, args) => {
    const workspace = generated();
    change(workspace);
    const before = workspace.snapshot();
    const report = json(workspace, ...args);
    expect(causes(report)).toEqual(expected);
    expect(report.ok).toBe(Object.values(expected).every((cause) => cause === null));
    expect(workspace.snapshot()).toEqual(before);
  });

  test("another version of hostwright: only if it would write something else", () => {
    const workspace = generated();
    const [, made = ""] = workspace.read(METRICS).split("\n");
    workspace.edit(METRICS, made, made.replace(/\d+\.\d+\.\d+/, "0.0.1"));
    expect(causes(json(workspace))["amal/obs/metrics.ts"]).toBeNull();
    workspace.edit("wit/obs.wit", "value: u64", "value: u32");
    expect(causes(json(workspace))["amal/obs/metrics.ts"]).toBe("version");
    expect(workspace.hostwright("check").stdout).toMatch(/hostwright 0\.0\.1 generated it, and this is \d/);
  });

  test("a checkout with other line ends is fresh", () => {
    const workspace = generated();
    workspace.write(METRICS, workspace.read(METRICS).replaceAll("\n", "\r\n"));
    expect(json(workspace).ok).toBe(true);
  });
});

describe("--fix", () => {
  test("writes what is stale and ends with 0", () => {
    const workspace = generated();
    workspace.edit("wit/obs.wit", "value: u64", "value: u32");
    workspace.write("src/bindings/old.ts", "// @generated by hostwright: old.ts\n");
    const { status, stdout } = workspace.hostwright("check", "--fix");
    expect(status).toBe(0);
    expect(stdout).toContain(`updated   ${METRICS}`);
    expect(stdout).toContain("removed   src/bindings/old.ts");
    expect(stdout).toMatch(/mended: 2 of 3 files/);
    expect(workspace.hostwright("check").status).toBe(0);
  });

  test("touches nothing that is fresh", () => {
    const workspace = generated();
    const before = workspace.snapshot();
    expect(workspace.hostwright("check", "--fix").status).toBe(0);
    expect(workspace.snapshot()).toEqual(before);
  });

  test("does not overwrite what is not its own: 2", () => {
    const workspace = generated();
    workspace.write(METRICS, "export const mine = 1;\n");
    expect(workspace.hostwright("check", "--fix").status).toBe(2);
    expect(workspace.read(METRICS)).toBe("export const mine = 1;\n");
  });

  test("does not excuse a change that breaks: 1", () => {
    const workspace = committed();
    workspace.edit("wit/obs.wit", "value: u64", "value: u32");
    expect(workspace.hostwright("check", "--fix", "--against", "main").status).toBe(1);
    expect(workspace.hostwright("check").status).toBe(0);
  });
});

describe("--against", () => {
  test("a revision of git: groups, places, and both verdicts", () => {
    const workspace = committed();
    workspace.edit("wit/obs.wit", "gauge:", "reset: func(name: string);\n    gauge:");
    workspace.edit("wit/obs.wit", "export run: func();", "export run: func();\n    export stop: func();");
    const before = workspace.snapshot();
    const { status, stdout } = workspace.hostwright("check", "--against", "main", "--wit-only");
    expect(status).toBe(1);
    expect(stdout).toMatch(/breaks the host:\n {2}amal:obs\/metrics@0\.1\.0#reset wit\/obs\.wit:\d+\n/);
    expect(stdout).toMatch(/breaks guests:\n {2}amal:obs\/hosted@0\.1\.0#stop wit\/obs\.wit:\d+\n/);
    expect(stdout).toMatch(/2 changes {2}host: breaking {2}guests: breaking/);
    expect(workspace.snapshot()).toEqual(before);
  });

  test.each([
    ["any", 1],
    ["host", 1],
    ["guests", 0],
    ["code", 1],
    ["none", 0],
  ])("--fail-on %s, of a change that breaks the host only: %i", (whom, expected) => {
    const workspace = committed();
    workspace.edit("wit/obs.wit", "gauge:", "reset: func(name: string);\n    gauge:");
    const { status } = workspace.hostwright("check", "--wit-only", "--against", "main", "--fail-on", whom);
    expect(status).toBe(expected);
  });

  test("nothing has changed, or docs only: 0", () => {
    const workspace = committed();
    const docs = OBS_WIT.replace(/\/\/\/ .*/, "/// Other words.");
    expect(docs).not.toBe(OBS_WIT);
    workspace.write("wit/obs.wit", docs);
    const { status, stdout } = workspace.hostwright("check", "--wit-only", "--against", "HEAD");
    expect([status, stdout]).toEqual([0, expect.stringContaining("no changes")]);
  });

  test("every world of the package, where none is named and bindings are not looked at", () => {
    const workspace = committed();
    workspace.edit("wit/obs.wit", "value: u64", "value: u32");
    workspace.write("wit/admin.wit", "world admin { import metrics; }\n");
    const { status, stdout } = workspace.hostwright("check", "--wit-only", "--against", "main");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^amal:obs\/hosted@0\.1\.0:\namal:obs\/hosted@0\.1\.0, compared with main\n/m);
    expect(stdout).toMatch(
      /^amal:obs\/admin@0\.1\.0:\n.*\n\nbreaks nothing:\n {2}amal:obs\/admin@0\.1\.0 wit\/admin\.wit:1\n {4}world `admin` is new\n/m,
    );
    const named = workspace.hostwright("check", "--wit-only", "--against", "main", "--world", "admin");
    expect([named.status, named.stdout]).toEqual([0, expect.not.stringContaining("hosted")]);
    // Bindings are of one world.
    expect(workspace.hostwright("check", "--against", "main").stderr).toContain("several worlds");
    const names = json(workspace, "--wit-only", "--against", "main").targets.map((target) => target.name);
    expect(names.sort()).toEqual(["amal:obs/admin@0.1.0", "amal:obs/hosted@0.1.0"]);

    git(workspace, "add", ".");
    git(workspace, "commit", "--quiet", "--message=two worlds");
    workspace.write("wit/admin.wit", "interface other { f: func(); }\n");
    const gone = workspace.hostwright("check", "--wit-only", "--against", "HEAD");
    expect(gone.status).toBe(1);
    expect(gone.stdout).toContain("amal:obs/admin@0.1.0, compared with HEAD\n\nbreaks guests:\n");
    expect(json(workspace, "--wit-only", "--against", "HEAD").targets[1]?.against?.world).toEqual({
      before: "amal:obs/admin@0.1.0",
      after: null,
    });
  });

  test("every target of a configuration, also one that is new", () => {
    const workspace = committed();
    workspace.edit("wit/obs.wit", "value: u64", "value: u32");
    workspace.write("wit/admin.wit", "world admin { import metrics; }\n");
    const targets = ["hosted", "admin"].map((world) => ({ world, out: `src/bindings/${world}` }));
    workspace.write("hostwright.config.json", JSON.stringify({ targets }));
    workspace.hostwright("generate");
    const report = json(workspace, "--against", "main");
    expect(report.targets.map(({ name, against }) => [name, against?.host])).toEqual([
      ["hosted", "breaking"],
      ["admin", "compatible"],
    ]);
    expect(workspace.hostwright("check", "--against", "main", "-t", "admin").status).toBe(0);
    expect(workspace.hostwright("check", "--against", "main").status).toBe(1);
  });

  test("a folder, a file, and a component", () => {
    const workspace = generated();
    workspace.write("old/obs.wit", OBS_WIT.replace("value: u64", "value: u32"));
    for (const against of ["old", "old/obs.wit"]) {
      const [target] = json(workspace, "--against", against).targets;
      expect(target?.against?.changes).toMatchObject([
        {
          path: "amal:obs/metrics@0.1.0#counter(value)",
          category: "type-changed",
          place: { file: "wit/obs.wit" },
        },
      ]);
      expect(target?.against).toMatchObject({ host: "breaking", guest: "breaking" });
      expect(target?.against?.versions).toMatchObject([{ package: "amal:obs" }]);
    }
  });

  test("a revision, where there is a folder of that name; another path", () => {
    const workspace = committed();
    workspace.write("main/obs.wit", OBS_WIT.replace("value: u64", "value: u32"));
    expect(json(workspace, "--wit-only", "--against", "main").targets[0]?.against?.changes).toHaveLength(1);
    expect(json(workspace, "--wit-only", "--against", "git:main").targets[0]?.against?.changes).toEqual([]);
    expect(
      json(workspace, "wit/obs.wit", "--wit-only", "--against", "git:main").targets[0]?.against?.changes,
    ).toEqual([]);
    git(workspace, "mv", "wit", "api");
    git(workspace, "commit", "--quiet", "--message=moved");
    expect(
      json(workspace, "api", "--wit-only", "--against", "HEAD~1:wit").targets[0]?.against?.changes,
    ).toEqual([]);
  });

  test("files that are not WIT, and links that lead elsewhere, stay in git", () => {
    const workspace = committed();
    workspace.write("wit/notes.txt", "notes");
    symlinkSync("/etc/hostname", join(workspace.folder, "wit/link.wit"));
    git(workspace, "add", ".");
    git(workspace, "commit", "--quiet", "--message=link");
    rmSync(join(workspace.folder, "wit/link.wit"));
    expect(json(workspace, "--wit-only", "--against", "HEAD").targets[0]?.against?.changes).toEqual([]);
  });

  test.each([
    ["nowhere", "git knows no such revision"],
    ["--output=x", "is no revision of git"],
    ["git:-x", "is no revision of git"],
    ["main:nothing", "has no WIT in nothing"],
    ["git:", "is no revision of git"],
  ])("%s: 2, with the reason", (against, reason) => {
    const workspace = committed();
    const { status, stdout, stderr } = workspace.hostwright("check", `--against=${against}`);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(reason);
  });

  test("old WIT that is no good: 2, with its place in git", () => {
    const workspace = committed();
    workspace.edit("wit/obs.wit", "value: u64", "value: u65");
    git(workspace, "commit", "--quiet", "--all", "--message=bad");
    workspace.write("wit/obs.wit", OBS_WIT);
    const { status, stderr } = workspace.hostwright("check", "--against", "HEAD");
    expect(status).toBe(2);
    expect(stderr).toContain("HEAD:wit/obs.wit:");
    expect(stderr).not.toContain("hostwright-against-");
  });

  test("not in a repository: 2", () => {
    const workspace = generated();
    const { status, stderr } = workspace.hostwrightWith(
      { GIT_CEILING_DIRECTORIES: join(workspace.folder, "..") },
      ...["check", "--against", "main"],
    );
    expect(status).toBe(2);
    expect(stderr).toContain("in no git repository");
  });

  test("options that make no sense: 2", () => {
    const workspace = generated();
    for (const args of [
      ["--wit-only"],
      ["--against"],
      ["--against", "x", "--fail-on", "me"],
      ["--fix", "--wit-only"],
    ]) {
      expect(workspace.hostwright("check", ...args).status, args.join(" ")).toBe(2);
    }
  });
});

describe("on GitHub", () => {
  const github = (workspace: Workspace, ...args: string[]): string[] =>
    workspace
      .hostwrightWith({ GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: workspace.folder }, "check", ...args)
      .stdout.split("\n");

  test("stale files and changes that break are annotated", () => {
    const workspace = committed();
    workspace.edit("wit/obs.wit", "value: u64", "value: u32");
    const commands = github(workspace, "--against", "main").filter((line) =>
      /^::(?:error|warning)/.test(line),
    );
    expect(commands).toEqual([
      expect.stringMatching(
        /^::error file=src\/bindings\/amal\/obs\/metrics\.ts,line=\d+,title=bindings are stale%3A amal\/obs\/metrics\.ts::the WIT has changed since it was generated%0ATo mend it: npx hostwright generate wit --out src\/bindings$/,
      ),
      expect.stringMatching(
        /^::error file=wit\/obs\.wit,line=\d+,title=breaks the host and guests%3A amal%3Aobs\/metrics@0\.1\.0#counter\(value\)::the type was `u64` and is `u32` now%0A/,
      ),
      expect.stringMatching(/^::warning title=version of amal%3Aobs::.*use 0\.2\.0$/),
    ]);
  });

  test("a change that does not make it fail is a warning", () => {
    const workspace = committed();
    workspace.edit("wit/obs.wit", "gauge:", "reset: func(name: string);\n    gauge:");
    const commands = github(workspace, "--wit-only", "--against", "main", "--fail-on", "guests");
    expect(commands.filter((line) => /^::(?:error|warning)/.test(line))).toEqual([
      expect.stringMatching(/^::warning file=wit\/obs\.wit,line=\d+,title=breaks the host%3A/),
    ]);
  });

  test("what somebody wrote into a file is no command", () => {
    const workspace = generated();
    workspace.write(METRICS, `${workspace.read(METRICS)}::add-mask::secret\n`);
    const lines = github(workspace);
    const [start, end] = [lines.findIndex((line) => line.startsWith("::stop-commands::")), lines.length];
    const token = lines[start]?.slice("::stop-commands::".length) ?? "";
    const resumed = lines.indexOf(`::${token}::`);
    const hostile = lines.findIndex((line) => line.includes("add-mask"));
    expect([start, resumed > hostile, hostile > start, end > resumed]).toEqual([0, true, true, true]);
  });

  test("bad WIT is annotated where it is bad: 2", () => {
    const workspace = generated();
    workspace.edit("wit/obs.wit", "value: u64", "value: u65");
    const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: workspace.folder };
    const { status, stdout, stderr } = workspace.hostwrightWith(env, "check");
    expect(status).toBe(2);
    expect(stdout).toMatch(/^::error file=wit\/obs\.wit,line=\d+,title=bad WIT::.*u65.*\n$/);
    expect(stderr).toMatch(/^error: /);
    expect(workspace.hostwrightWith(env, "check", "--json").stdout).toBe("");
  });

  test("elsewhere there are no commands, nor with --json", () => {
    const workspace = generated();
    workspace.edit("wit/obs.wit", "value: u64", "value: u32");
    expect(workspace.hostwright("check").stdout).not.toMatch(/^::/m);
    const { stdout } = workspace.hostwrightWith({ GITHUB_ACTIONS: "true" }, "check", "--json");
    expect(stdout).not.toMatch(/^::/m);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false });
  });
});

describe("--json", () => {
  test("has the keys that the docs show, and no others", () => {
    const docs = readFileSync(new URL("../../docs/check.md", import.meta.url), "utf8");
    const [, example = ""] = /```jsonc\n(.*?)```/s.exec(docs) ?? [];
    const documented: unknown = JSON.parse(example.replace(/ \/\/ .*$/gm, ""));
    const workspace = committed();
    workspace.edit("wit/obs.wit", "value: u64", "value: u32");
    const keys = keysOf(JSON.parse(workspace.hostwright("check", "--json", "--against", "main").stdout));
    expect([...keys].sort()).toEqual([...keysOf(documented)].sort());
  });
});

/** Every path of keys: "targets[].name". */
function keysOf(value: unknown, path = ""): Set<string> {
  const keys = new Set<string>();
  if (typeof value !== "object" || value === null) return keys;
  for (const [key, inner] of Object.entries(value)) {
    const next = Array.isArray(value) ? `${path}[]` : `${path}.${key}`;
    keys.add(next);
    for (const found of keysOf(inner, next)) keys.add(found);
  }
  return keys;
}

describe("with a configuration", () => {
  test("other rules are other options", () => {
    const workspace = new Workspace();
    workspace.write("wit/obs.wit", OBS_WIT);
    const configure = (rules: object) => workspace.write("hostwright.config.json", JSON.stringify({ rules }));
    configure({});
    expect(workspace.hostwright("generate").status).toBe(0);
    configure({ "amal:obs/metrics": { tracing: true } });
    expect(causes(json(workspace))["amal/obs/metrics.ts"]).toBe("options");
    expect(workspace.hostwright("check", "--fix").status).toBe(0);
    configure({ "amal:obs/metrics": { async: true } });
    const { stdout } = workspace.hostwright("check");
    expect(stdout).toContain("the WIT, or the configuration, has changed since it was generated");
    expect(stdout).toContain("\n  npx hostwright generate\n");
  });

  const CONFIG = JSON.stringify({
    targets: [
      { world: "hosted", out: "gen/a" },
      { name: "other", world: "hosted", out: "gen/b", importExtension: ".ts" },
    ],
  });

  test("each target is checked, and named in the command that mends it", () => {
    const workspace = new Workspace();
    workspace.write("wit/obs.wit", OBS_WIT);
    workspace.write("hostwright.config.json", CONFIG);
    expect(workspace.hostwright("generate").status).toBe(0);
    expect(workspace.hostwright("check").status).toBe(0);
    workspace.remove("gen/b/hosted.ts");
    const { status, stdout } = workspace.hostwright("check");
    expect(status).toBe(1);
    expect(stdout).toContain("hosted:\nfresh: 2 files in gen/a\n\nother:\nmissing   gen/b/hosted.ts");
    expect(stdout).toContain("\n  npx hostwright generate --target other\n");
    const report = json(workspace);
    expect(report.targets.map(({ bindings }) => bindings?.fresh)).toEqual([true, false]);
    expect(workspace.hostwright("check", "--target", "hosted").status).toBe(0);
    expect(workspace.hostwright("check", "--fix").status).toBe(0);
    expect(workspace.hostwright("check").status).toBe(0);
  });
});
