/** `hostwright inspect`, as a process, and bindings that are generated from a component. */

import { expect, test } from "vitest";
import { assemble } from "../support/assemble.ts";
import { OBS_WIT, Workspace } from "./workspace.ts";

const GUEST = `(component
  (import "amal:obs/metrics@0.1.0" (instance
    (export "counter" (func (param "name" string) (param "value" u64)))))
  (core module $m (memory 1) (func (export "run")))
  (core instance $i (instantiate $m))
  (func (export "run") (canon lift (core func $i "run"))))`;

async function workspace(text: string): Promise<Workspace> {
  const folder = new Workspace();
  folder.write("wit/obs.wit", OBS_WIT);
  folder.write("guest.wasm", await assemble(text));
  return folder;
}

test("prints what the component is", async () => {
  const { status, stdout, stderr } = (await workspace(GUEST)).hostwright("inspect", "guest.wasm");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("\n  amal:obs/metrics@0.1.0\n    counter: func(name: string, value: u64)\n");
  expect(stdout).toContain("\n  run: func()\n");
  expect(stdout).toContain("\n  module 0: 64 KiB at first, no maximum of its own\n");
  expect(stdout).toContain("\n  instances: 1, memories: 1, tables: 0\n");
});

test("a world that covers it: 0; one that does not: 1", async () => {
  const folder = await workspace(GUEST);
  const covered = folder.hostwright("inspect", "guest.wasm", "--world", "hosted");
  expect(covered.status).toBe(0);
  expect(covered.stdout).toContain(
    "\n  covered: 1 of 1 functions that it imports, 1 of 1 that the world exports\n",
  );
  folder.edit("wit/obs.wit", "value: u64", "value: u32");
  const different = folder.hostwright("inspect", "guest.wasm", "--world", "hosted");
  expect(different.status).toBe(1);
  expect(different.stdout).toContain(
    "  different import amal:obs/metrics@0.1.0#counter: func(name: string, value: u64)",
  );
  const json = folder.hostwright("inspect", "guest.wasm", "--wit", "wit", "--json");
  expect(json.status).toBe(1);
  expect(JSON.parse(json.stdout).coverage.imports).toMatchObject([{ status: "different" }]);
});

test("bindings are generated from a component, and named after its file", async () => {
  const folder = await workspace(GUEST);
  folder.write("dist/my_guest.component.wasm", await assemble(GUEST));
  const { status, stdout } = folder.hostwright("generate", "dist/my_guest.component.wasm");
  expect(status).toBe(0);
  expect(stdout).toContain("created    src/bindings/amal/obs/metrics.ts\n");
  expect(folder.read("src/bindings/my-guest.ts")).toContain("export class MyGuest {");
  expect(folder.hostwright("check", "dist/my_guest.component.wasm").status).toBe(0);
});
