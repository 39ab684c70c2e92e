/** `generate --testkit` and `check --testkit`, as processes: doubles are files like the others. */
import { expect, test } from "vitest";
import { OBS_WIT, Workspace } from "../cli/workspace.ts";

const DOUBLE = "src/bindings/amal/obs/metrics.double.ts";

test("doubles are written, checked, and removed when they are not wanted any more", () => {
  const workspace = new Workspace();
  workspace.write("wit/obs.wit", OBS_WIT);
  expect(workspace.hostwright("generate", "--testkit").status).toBe(0);
  const double = workspace.read(DOUBLE);
  expect(double).toContain("export function metricsDouble(");
  expect(double).toMatch(/^\/\/ Options: --testkit$/m);
  expect(workspace.read("src/bindings/amal/obs/metrics.ts")).not.toContain("testkit");
  expect(workspace.hostwright("check", "--testkit").status).toBe(0);

  workspace.write(DOUBLE, double.replace("metricsDouble", "mine"));
  const stale = workspace.hostwright("check", "--testkit");
  expect([stale.status, stale.stdout]).toEqual([1, expect.stringContaining("metrics.double.ts")]);
  expect(stale.stdout + stale.stderr).toContain("--testkit");
  expect(workspace.hostwright("check", "--testkit", "--fix").status).toBe(0);
  expect(workspace.read(DOUBLE)).toBe(double);

  const orphaned = workspace.hostwright("check");
  expect([orphaned.status, orphaned.stdout]).toEqual([1, expect.stringContaining("hosted.double.ts")]);
  const removed = workspace.hostwright("generate");
  expect(removed.stdout + removed.stderr).toContain("removed    src/bindings/hosted.double.ts");
  expect(workspace.hostwright("check").status).toBe(0);
});
