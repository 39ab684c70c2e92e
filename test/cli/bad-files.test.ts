/** Files that are not what a command needs: what is wrong, with which file, and no stack. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assemble } from "../support/assemble.ts";
import { CORE_PREAMBLE, PREAMBLE } from "../support/wasm-builder.ts";
import { OBS_WIT, Workspace } from "./workspace.ts";

async function workspace(): Promise<Workspace> {
  const folder = new Workspace();
  folder.write("folder/note.txt", "not WIT");
  folder.write("empty.wasm", "");
  folder.write("text.wasm", "hello");
  folder.write("core.wasm", Uint8Array.from(CORE_PREAMBLE));
  folder.write("start.wasm", Uint8Array.from(PREAMBLE.slice(0, 6)));
  const component = await assemble('(component (core module (func (export "run"))))');
  folder.write("whole.wasm", component);
  folder.write("half.wasm", component.subarray(0, component.length / 2));
  folder.write("binary.wit", Uint8Array.of(0xff, 0xfe));
  folder.write("open.wit", "package a:b; interface i {");
  symlinkSync("circle.wasm", join(folder.folder, "circle.wasm"));
  return folder;
}

function expectRefusal(folder: Workspace, args: readonly string[], file: string, reason: RegExp): void {
  const { status, stdout, stderr } = folder.hostwright(...args);
  expect([args.join(" "), status, stdout]).toEqual([args.join(" "), 2, ""]);
  expect(stderr).toMatch(/^error: /);
  expect(stderr).toContain(file);
  expect(stderr).toMatch(reason);
  expect(stderr).not.toMatch(/^ +at |mistake of hostwright|\b[A-Z]{5,}: /m);
}

test.each([
  ["missing.wasm", /there is no such file/],
  ["whole.wasm/inside.wasm", /part of its path is a file/],
  ["folder", /it is a folder/],
  ["circle.wasm", /links lead in a circle/],
  ["empty.wasm", /preamble of 8 bytes, 0 are there/],
  ["start.wasm", /preamble of 8 bytes, 6 are there/],
  ["half.wasm", /unexpected end-of-file/],
  ["text.wasm", /not a component/],
  ["core.wasm", /a core module, not a component: make .* `wasm-tools component new`/],
])("no component: %s", async (file, reason) => {
  const folder = await workspace();
  for (const command of ["inspect", "run"]) expectRefusal(folder, [command, file], file, reason);
});

test.each([
  ["missing", /there is no file or folder/],
  ["folder", /there is no `.wit` file in/],
  ["circle.wasm", /links lead in a circle/],
  ["binary.wit", /not valid UTF-8/],
  ["open.wit", /open\.wit:1:27/],
  ["half.wasm", /unexpected end-of-file/],
  ["core.wasm", /a core module, not a component/],
])("no WIT: %s", async (file, reason) => {
  const folder = await workspace();
  for (const args of [["wit"], ["generate", "--dry-run"], ["check"], ["scaffold", "--dry-run"]]) {
    expectRefusal(folder, [...args, file], file, reason);
  }
});

test.each([
  [["wit", "--fmt", "whole.wasm"], "whole.wasm", /a binary, not WIT text/],
  [["generate", "--out", "empty.wasm"], "empty.wasm", /is a file, and should be a folder; .*--out/],
  [["generate", "--out", "empty.wasm/in"], "empty.wasm/in", /part of its path is a file.*--out/],
  [["generate", "--config", "folder"], "folder", /is no configuration: name a file that ends in/],
  [["generate", "--config", "text.wasm"], "text.wasm", /is no configuration: name a file that ends in/],
  [["generate", "--config", "nothing.json"], "nothing.json", /there is no configuration file/],
  [["scaffold", "--implementation", ""], "--implementation", /is the folder of the classes, and "" is none/],
  [["scaffold", "--implementation", "empty.wasm"], "empty.wasm", /is the folder of the classes/],
  [["scaffold", "--implementation", "src/host.ts"], "src/host.ts", /is the folder of the classes/],
])("%j", async (args, file, reason) => {
  const folder = await workspace();
  folder.write("wit/obs.wit", OBS_WIT);
  expectRefusal(folder, args, file, reason);
});
