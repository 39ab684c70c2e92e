/** `hostwright scaffold`, as a process. */
import { expect, test } from "vitest";
import { OBS_WIT, Workspace } from "./workspace.ts";

test("--dry-run shows what scaffold then writes", () => {
  const workspace = new Workspace();
  workspace.write("wit/obs.wit", OBS_WIT);
  const before = workspace.snapshot();
  const dry = workspace.hostwright("scaffold", "--dry-run");
  expect([dry.status, dry.stderr]).toEqual([0, ""]);
  expect(dry.stdout).toContain("created    src/host/metrics.ts\n  added      class Metrics\n");
  expect(dry.stdout).toContain("    +export class Metrics implements metrics.Host {\n");
  expect(workspace.snapshot()).toEqual(before);

  expect(workspace.hostwright("scaffold").stdout).toBe(
    "created    src/host/metrics.ts\n  added      class Metrics\n" +
      "created    src/host/hosted.ts\n  added      class HostedHost\n",
  );
  expect(workspace.read("src/host/metrics.ts")).toContain("  counter(name: string, value: bigint): void {\n");
  expect(workspace.hostwright("scaffold").stdout).toBe(
    "unchanged  src/host/hosted.ts\nunchanged  src/host/metrics.ts\n",
  );
});

test("a change of the WIT is said by its functions", () => {
  const workspace = new Workspace();
  workspace.write("wit/obs.wit", OBS_WIT);
  workspace.hostwright("scaffold", "-i", "app/hosts");
  workspace.edit("wit/obs.wit", "value: f64", "value: f64, unit: string");
  const { status, stdout } = workspace.hostwright("scaffold", "-i", "app/hosts");
  expect(status).toBe(0);
  expect(stdout).toContain(
    "updated    app/hosts/metrics.ts\n" +
      "  changed    Metrics.gauge: gauge(name: string, value: number, unit: string): void\n",
  );
});

test("targets that want one file are told apart before anything is written", () => {
  const workspace = new Workspace();
  workspace.write("wit/obs.wit", `${OBS_WIT}\nworld admin { import metrics; }\n`);
  const targets = ["hosted", "admin"].map((world) => ({ world, out: `src/bindings/${world}` }));
  workspace.write("hostwright.config.json", JSON.stringify({ targets }));
  const before = workspace.snapshot();
  const { status, stderr } = workspace.hostwright("scaffold");
  expect(status).toBe(2);
  expect(stderr).toContain("--target admin --implementation src/host/admin");
  expect(workspace.snapshot()).toEqual(before);
  expect(workspace.hostwright("scaffold", "-t", "hosted").status).toBe(0);
  expect(workspace.hostwright("scaffold", "-t", "admin", "-i", "src/host/admin").status).toBe(0);
  expect(workspace.read("src/host/admin/metrics.ts")).toContain("../../bindings/admin/amal/obs/metrics.js");
});

test("each target of a configuration says where its classes are", () => {
  const workspace = new Workspace();
  workspace.write("wit/obs.wit", `${OBS_WIT}\nworld admin { import metrics; }\n`);
  const targets = ["hosted", "admin"].map((world) => ({
    world,
    out: `src/bindings/${world}`,
    ...(world === "admin" && { implementation: "app/admin" }),
  }));
  workspace.write("hostwright.config.json", JSON.stringify({ targets }));
  const { status, stdout } = workspace.hostwright("scaffold");
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^hosted:\ncreated {4}src\/host\/metrics\.ts\n[\s\S]*\nadmin:\ncreated {4}app\/admin\/metrics\.ts\n/,
  );
  expect(workspace.read("app/admin/metrics.ts")).toContain("../../src/bindings/admin/amal/obs/metrics.js");
  expect(workspace.hostwright("scaffold", "-t", "admin", "-i", "elsewhere").stdout).toContain(
    "created    elsewhere/metrics.ts",
  );
  expect(workspace.hostwright("scaffold", "-t", "admin").stdout).toContain("unchanged  app/admin/metrics.ts");
});

test("classes of another target, in a folder below, are left alone", () => {
  const workspace = new Workspace();
  workspace.write("wit/obs.wit", `${OBS_WIT}\nworld admin { import metrics; }\n`);
  const targets = [
    { world: "hosted", out: "src/bindings" },
    { world: "admin", out: "src/bindings/admin", implementation: "src/host/admin" },
  ];
  workspace.write("hostwright.config.json", JSON.stringify({ targets }));
  expect(workspace.hostwright("generate").status).toBe(0);
  expect(workspace.hostwright("scaffold").status).toBe(0);
  const { status, stdout } = workspace.hostwright("scaffold");
  expect([status, stdout]).toEqual([0, expect.not.stringContaining("gone")]);
});

test("a file in the way, bad WIT: 2, and nothing is written", () => {
  const workspace = new Workspace();
  workspace.write("wit/obs.wit", OBS_WIT);
  workspace.write("src/host/metrics.ts", "mine\n");
  const before = workspace.snapshot();
  const { status, stderr } = workspace.hostwright("scaffold");
  expect(status).toBe(2);
  expect(stderr).toContain("has no class that implements Host of amal:obs/metrics@0.1.0");
  expect(workspace.snapshot()).toEqual(before);
  workspace.write("wit/obs.wit", "package a:b");
  expect(workspace.hostwright("scaffold").status).toBe(2);
});
