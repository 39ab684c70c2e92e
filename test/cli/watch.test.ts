/** `hostwright generate --watch`, as a process. */
import { expect, test, vi } from "vitest";
import { OBS_WIT, Workspace } from "./workspace.ts";

test("generate --watch follows the WIT, through mistakes in it", async () => {
  const workspace = new Workspace();
  workspace.write("wit/obs.wit", OBS_WIT);
  await using running = workspace.hostwrightRunning("generate", "--watch");
  const waitFor = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 50 });
  await waitFor(() => expect(running.stdout()).toMatch(/waiting for changes/));
  expect(workspace.read("src/bindings/amal/obs/metrics.ts")).toContain("value: bigint");

  workspace.edit("wit/obs.wit", "value: u64", "value: u46");
  await waitFor(() => expect(running.stderr()).toContain("u46"));
  workspace.edit("wit/obs.wit", "value: u46", "value: u32");
  await waitFor(() => {
    expect(workspace.read("src/bindings/amal/obs/metrics.ts")).toContain(
      "counter(name: string, value: number)",
    );
  });
  // A second file is a part of the package as well.
  workspace.write("wit/more.wit", "interface more { f: func(); }\nworld other { import more; }\n");
  await waitFor(() => expect(running.stderr()).toContain("several worlds"));
});

test("generate --dry-run writes nothing", () => {
  const workspace = new Workspace();
  workspace.write("wit/obs.wit", OBS_WIT);
  const before = workspace.snapshot();
  const { status, stdout } = workspace.hostwright("generate", "--dry-run");
  expect(status).toBe(0);
  expect(stdout).toContain("created    src/bindings/amal/obs/metrics.ts\n");
  expect(stdout).toContain("nothing was written: leave --dry-run out to write it\n");
  expect(workspace.snapshot()).toEqual(before);
});
