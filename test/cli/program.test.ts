/** The command line itself: help, versions, unknown commands, and how errors are shown. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { OBS_WIT, Workspace } from "./workspace.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

test("--version", () => {
  expect(new Workspace().hostwright("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
});

test("--help lists the commands", () => {
  const { status, stdout, stderr } = new Workspace().hostwright("--help");
  expect([status, stderr]).toEqual([0, ""]);
  for (const command of ["generate", "check", "scaffold", "wit", "inspect", "run", "doctor"])
    expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
});

test("no command: help on stderr, and 2", () => {
  const { status, stdout, stderr } = new Workspace().hostwright();
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("Usage: hostwright");
});

test("unknown command: 2, with the one that was meant", () => {
  const { status, stdout, stderr } = new Workspace().hostwright("generat");
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("error: unknown command 'generat'\n(Did you mean generate?)\n");
});

test("help of a command that there is not: 2", () => {
  const workspace = new Workspace();
  expect(workspace.hostwright("help", "run").stdout).toContain("Usage: hostwright run");
  const { status, stdout, stderr } = workspace.hostwright("help", "nonsense");
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("error: unknown command 'nonsense'\n");
});

describe.each(["generate", "check", "scaffold", "wit", "inspect", "run", "doctor"])(
  "%s --help",
  (command) => {
    test("has examples and exit codes", () => {
      const { status, stdout, stderr } = new Workspace().hostwright(command, "--help");
      expect([status, stderr]).toEqual([0, ""]);
      expect(stdout).toContain(`Usage: hostwright ${command}`);
      expect(stdout).toContain(`Examples:\n  hostwright ${command}`);
      expect(stdout).toMatch(/Exit codes:\n {2}0 /);
    });
  },
);

describe("errors", () => {
  test("have a stack only on request", () => {
    const workspace = new Workspace();
    const stack = /^ +at /m;
    expect(workspace.hostwright("generate").stderr).not.toMatch(stack);
    expect(workspace.hostwright("generate", "--verbose").stderr).toMatch(stack);
    expect(workspace.hostwrightWith({ HOSTWRIGHT_DEBUG: "1" }, "generate").stderr).toMatch(stack);
  });

  test("have colour only where it is wanted", () => {
    const workspace = new Workspace();
    expect(workspace.hostwright("generate").stderr).toMatch(/^error: /);
    expect(workspace.hostwrightWith({ FORCE_COLOR: "1" }, "generate").stderr).toMatch(/^\u001b\[31merror:/);
    expect(workspace.hostwrightWith({ FORCE_COLOR: "1" }, "nothing").stderr).toMatch(/^\u001b\[31merror:/);
  });
});

test.skipIf(!existsSync("/dev/full"))("output that cannot be written: 2, without a stack", () => {
  const { status, stderr } = new Workspace().hostwrightWritingTo("/dev/full", "--help");
  expect(status).toBe(2);
  expect(stderr).toBe("error: cannot write the output: no space is left on the disk\n");
});

describe("wit", () => {
  test("prints WIT that is its own fixed point", () => {
    const workspace = new Workspace();
    workspace.write("wit/obs.wit", OBS_WIT);
    const first = workspace.hostwright("wit");
    expect([first.status, first.stderr]).toEqual([0, ""]);
    expect(first.stdout).toContain("package amal:obs@0.1.0;");
    workspace.write("again.wit", first.stdout);
    expect(workspace.hostwright("wit", "again.wit").stdout).toBe(first.stdout);
  });

  test("--json prints the form of wasm-tools", () => {
    const workspace = new Workspace();
    workspace.write("wit/obs.wit", OBS_WIT);
    const { status, stdout } = workspace.hostwright("wit", "--json");
    expect(status).toBe(0);
    const json = JSON.parse(stdout);
    expect(json.packages[0].name).toBe("amal:obs@0.1.0");
    expect(json.worlds[0].name).toBe("hosted");
  });

  test("--fmt --check lists what --fmt then formats", () => {
    const workspace = new Workspace();
    workspace.write("wit/a.wit", "package a:b;\n// why\ninterface i{f:func();}");
    const before = workspace.snapshot();
    expect(workspace.hostwright("wit", "--fmt", "--check")).toEqual({
      status: 1,
      stdout:
        "not formatted  wit/a.wit\n1 of 1 file would change. To mend it:\n\n  npx hostwright wit --fmt wit\n",
      stderr: "",
    });
    expect(workspace.snapshot()).toEqual(before);
    expect(workspace.hostwright("wit", "--fmt").stdout).toBe("formatted  wit/a.wit\n");
    expect(workspace.read("wit/a.wit")).toBe("package a:b;\n\n// why\ninterface i {\n  f: func();\n}\n");
    expect(workspace.hostwright("wit", "--fmt", "--check")).toEqual({
      status: 0,
      stdout: "1 file formatted already\n",
      stderr: "",
    });
  });

  test("--check without --fmt, --fmt with --json: 2", () => {
    const workspace = new Workspace();
    workspace.write("wit/obs.wit", OBS_WIT);
    expect(workspace.hostwright("wit", "--check").status).toBe(2);
    expect(workspace.hostwright("wit", "--fmt", "--json").status).toBe(2);
  });

  test("bad WIT: 2", () => {
    const workspace = new Workspace();
    workspace.write("bad.wit", "package amal:obs;\ninterface {");
    const { status, stdout, stderr } = workspace.hostwright("wit", "bad.wit");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("bad.wit:2:");
  });

  test("a reader that goes away is no error", async () => {
    const workspace = new Workspace();
    const functions = Array.from({ length: 20_000 }, (_, i) => `fun${i}: func();`).join("\n");
    workspace.write("big.wit", `package a:b;\ninterface i {\n${functions}\n}`);
    expect(await workspace.hostwrightClosingStdout("wit", "big.wit")).toEqual({ status: 0, stderr: "" });
  });
});
