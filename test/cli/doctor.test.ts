/** `hostwright doctor`, as a process: what it says of the limits, and its exit codes. */
import { expect, test } from "vitest";
import { Workspace } from "./workspace.ts";

test("doctor finds that every limit holds", () => {
  const workspace = new Workspace();
  const { status, stdout, stderr } = workspace.hostwright(
    "doctor",
    "--timeout",
    "20ms",
    "--fuel",
    "1_000_000",
  );
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^Node v\d+.*, 1000000 fuel, 20 ms, 16 MiB of memory\n/);
  expect(stdout).not.toContain("FAILS");
  expect(stdout.match(/^holds/gm)).toHaveLength(11);
}, 60_000);

test("doctor --json", () => {
  const { status, stdout } = new Workspace().hostwright("doctor", "--timeout", "20ms", "--pooling", "--json");
  expect(status).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ ok: true, node: process.version, settings: { pooling: true, timeout: 20 } });
  expect(report.limits.every((limit: { held: number }) => limit.held > 0)).toBe(true);
}, 60_000);

test("settings with which no guest could start: 2", () => {
  const { status, stderr } = new Workspace().hostwright("doctor", "--max-memory", "64KiB");
  expect(status).toBe(2);
  expect(stderr).toContain("need --max-memory of at least 1 MiB");
});
