/** `hostwright generate` and `check`, as processes: what is written, touched and removed, and what is said of it. */
import { describe, expect, test } from "vitest";
import { OBS_WIT, Workspace } from "./workspace.ts";

function generated(): Workspace {
  const workspace = new Workspace();
  workspace.write("wit/obs.wit", OBS_WIT);
  const { status, stderr } = workspace.hostwright("generate");
  expect([status, stderr]).toEqual([0, ""]);
  return workspace;
}

const METRICS = "src/bindings/amal/obs/metrics.ts";

describe("generate", () => {
  test("writes the bindings and says what it wrote", () => {
    const workspace = new Workspace();
    workspace.write("wit/obs.wit", OBS_WIT);
    const { status, stdout, stderr } = workspace.hostwright("generate");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/created +src\/bindings\/amal\/obs\/metrics\.ts/);
    expect(stdout).toMatch(/created +src\/bindings\/hosted\.ts/);
    expect(stdout).toMatch(/2 files: 2 created \(\d+ ms\)/);
    expect(workspace.read(METRICS)).toContain("counter(name: string, value: bigint): void;");
  });

  test("a second run touches nothing", () => {
    const workspace = generated();
    const before = workspace.snapshot();
    const { status, stdout } = workspace.hostwright("generate");
    expect(status).toBe(0);
    expect(stdout).toMatch(/2 files: 2 unchanged/);
    expect(workspace.snapshot()).toEqual(before);
  });

  test("removes what it wrote and no longer wants, and nothing else", () => {
    const workspace = generated();
    workspace.write("src/bindings/mine.ts", "export {};\n");
    workspace.edit("wit/obs.wit", "interface metrics", "interface numbers");
    workspace.edit("wit/obs.wit", "import metrics", "import numbers");
    const { status, stdout } = workspace.hostwright("generate");
    expect(status).toBe(0);
    expect(stdout).toMatch(/removed +src\/bindings\/amal\/obs\/metrics\.ts/);
    expect(stdout).toMatch(/3 files: 1 created, 1 updated, 1 removed/);
    expect(() => workspace.read(METRICS)).toThrow("ENOENT");
    expect(workspace.read("src/bindings/mine.ts")).toBe("export {};\n");
  });

  test("--quiet prints nothing", () => {
    const workspace = generated();
    workspace.remove(METRICS);
    expect(workspace.hostwright("generate", "--quiet")).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(workspace.read(METRICS)).toContain("interface Host");
  });

  test("options choose the WIT, the world, the folder and the extension", () => {
    const workspace = new Workspace();
    workspace.write("api/obs.wit", `${OBS_WIT}\nworld second { export start: func(); }\n`);
    expect(workspace.hostwright("generate", "api").status).toBe(2);
    const args = ["api", "--world", "amal:obs/hosted@0.1.0", "--out", "gen", "--import-extension", ".ts"];
    expect(workspace.hostwright("generate", ...args).status).toBe(0);
    expect(workspace.read("gen/hosted.ts")).toContain('"./amal/obs/metrics.ts"');
    expect(workspace.hostwright("check", ...args).status).toBe(0);
    expect(workspace.hostwright("check", ...args.slice(0, -2)).status).toBe(1);
  });

  test("features show unstable items", () => {
    const workspace = new Workspace();
    workspace.write("wit/obs.wit", OBS_WIT);
    workspace.edit("wit/obs.wit", "gauge:", "@unstable(feature = gauges)\n    gauge:");
    expect(workspace.hostwright("generate").status).toBe(0);
    expect(workspace.read(METRICS)).not.toContain("gauge");
    expect(workspace.hostwright("generate", "--features", "a,gauges").status).toBe(0);
    expect(workspace.read(METRICS)).toContain("gauge");
    expect(workspace.hostwright("check", "--all-features").status).toBe(1);
    expect(workspace.hostwright("generate", "--features", "gauges", "--all-features").status).toBe(2);
  });
});

describe("check", () => {
  test("fresh: 0", () => {
    const workspace = generated();
    const before = workspace.snapshot();
    const { status, stdout, stderr } = workspace.hostwright("check");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/fresh/);
    expect(workspace.snapshot()).toEqual(before);
  });

  test.each<[name: string, spoil: (workspace: Workspace) => void, line: RegExp]>([
    [
      "changed WIT",
      (workspace) => workspace.edit("wit/obs.wit", "value: f64", "value: f32, unit: string"),
      /changed +src\/bindings\/amal\/obs\/metrics\.ts/,
    ],
    [
      "edited output",
      (workspace) => workspace.edit(METRICS, "bigint", "number"),
      /changed +src\/bindings\/amal\/obs\/metrics\.ts/,
    ],
    [
      "deleted output",
      (workspace) => workspace.remove("src/bindings/hosted.ts"),
      /missing +src\/bindings\/hosted\.ts/,
    ],
    [
      "orphan",
      (workspace) =>
        workspace.write(
          "src/bindings/old/gone.ts",
          workspace.read(METRICS).replace("amal/obs/metrics.ts", "old/gone.ts"),
        ),
      /orphaned +src\/bindings\/old\/gone\.ts/,
    ],
  ])("%s: 1, and nothing is written", (_, spoil, line) => {
    const workspace = generated();
    spoil(workspace);
    const before = workspace.snapshot();
    const { status, stdout, stderr } = workspace.hostwright("check");
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(line);
    expect(stdout).toMatch(/stale/);
    expect(stdout).toContain("\n  npx hostwright generate wit --out src/bindings\n");
    expect(workspace.snapshot()).toEqual(before);
    // The command that it prints mends it.
    expect(workspace.hostwright("generate").status).toBe(0);
    expect(workspace.hostwright("check").status).toBe(0);
  });

  test("shows what changed", () => {
    const workspace = generated();
    workspace.edit(
      "wit/obs.wit",
      "gauge: func(name: string, value: f64)",
      "gauge: func(name: string, level: f32)",
    );
    const { stdout } = workspace.hostwright("check");
    expect(stdout).toMatch(/^ *-.*gauge\(name: string, value: number\): void;$/m);
    expect(stdout).toMatch(/^ *\+.*gauge\(name: string, level: number\): void;$/m);
  });

  test("prints the command with the options that were typed", () => {
    const workspace = new Workspace();
    workspace.write("my wit/obs.wit", OBS_WIT);
    const { status, stdout } = workspace.hostwright(
      "check",
      "my wit",
      "-w",
      "hosted",
      "--out=gen",
      "--all-features",
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(/missing +gen\/hosted\.ts/);
    expect(stdout).toContain(
      "\n  npx hostwright generate 'my wit' --world hosted --out gen --all-features\n",
    );
  });

  test("a file that hostwright did not write is in the way: 1, and generate refuses", () => {
    const workspace = generated();
    workspace.write(METRICS, "export const mine = 1;\n");
    const before = workspace.snapshot();
    const { status, stdout } = workspace.hostwright("check");
    expect(status).toBe(1);
    expect(stdout).toMatch(/foreign +src\/bindings\/amal\/obs\/metrics\.ts/);
    const { status: refused, stderr } = workspace.hostwright("generate");
    expect(refused).toBe(2);
    expect(stderr).toContain("metrics.ts was not generated by hostwright");
    expect(workspace.snapshot()).toEqual(before);
  });

  test("nothing generated yet: 1", () => {
    const workspace = new Workspace();
    workspace.write("wit/obs.wit", OBS_WIT);
    expect(workspace.hostwright("check").status).toBe(1);
    expect(() => workspace.read("src")).toThrow("ENOENT");
  });
});

describe.each(["generate", "check"])("%s, wrong", (command) => {
  test("bad WIT: 2, with the place, and nothing is written", () => {
    const workspace = generated();
    workspace.edit("wit/obs.wit", "value: u64", "value: u65");
    const before = workspace.snapshot();
    const { status, stdout, stderr } = workspace.hostwright(command);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^error: .*`u65`/);
    expect(stderr).toContain("wit/obs.wit:6:38");
    expect(stderr).not.toMatch(/^ +at /m);
    expect(workspace.snapshot()).toEqual(before);
  });

  test("no WIT: 2", () => {
    const { status, stdout, stderr } = new Workspace().hostwright(command);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^error: .*wit/);
  });

  test("unknown world: 2, with the one that was meant", () => {
    const { status, stderr } = generated().hostwright(command, "--world", "hostd");
    expect(status).toBe(2);
    expect(stderr).toMatch(/hosted/);
  });

  test("unknown option: 2, with the one that was meant", () => {
    const workspace = generated();
    const before = workspace.snapshot();
    const { status, stdout, stderr } = workspace.hostwright(command, "--wrold", "hosted");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("error: unknown option '--wrold'\n(Did you mean --world?)\n");
    expect(workspace.snapshot()).toEqual(before);
  });

  test("an option without its value, a wrong choice, too many arguments: 2", () => {
    const workspace = generated();
    for (const args of [["--world"], ["--import-extension", ".mjs"], ["wit", "more"]]) {
      expect(workspace.hostwright(command, ...args).status).toBe(2);
    }
  });
});
