/** A change is seen once, whenever it comes, and what does not change is not. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createWatcher, type Watcher } from "../../src/watch/index.ts";

let folder: string;
let watcher: Watcher;
const onChange = vi.fn(async () => {});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-watch-"));
  mkdirSync(join(folder, "deps"));
  writeFileSync(join(folder, "world.wit"), "package a:b;");
  writeFileSync(join(folder, "deps/other.wit"), "package c:d;");
  // Older than a change that could be meant.
  await sleep(120);
  onChange.mockReset();
  watcher = await createWatcher(onChange);
});

afterEach(async () => {
  await watcher.close();
  rmSync(folder, { recursive: true });
});

const seen = (times: number): Promise<void> =>
  vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(times), { timeout: 20_000, interval: 10 });

/** Long enough for all that the disk has to say. */
const settle = (): Promise<void> => sleep(400);

test("files that are there are no change", async () => {
  watcher.watch([folder]);
  await settle();
  watcher.watch([folder, join(folder, "..", "nothing.wit")]);
  await settle();
  expect(onChange).not.toHaveBeenCalled();
});

test("a change right after the start, before the disk has been looked at", async () => {
  watcher.watch([folder]);
  writeFileSync(join(folder, "deps/other.wit"), "package c:e;");
  await seen(1);
  await settle();
  expect(onChange).toHaveBeenCalledTimes(1);
});

test("changes that come together are one; later ones are another", async () => {
  watcher.watch([folder]);
  await settle();
  writeFileSync(join(folder, "world.wit"), "package a:c;");
  writeFileSync(join(folder, "new.wit"), "interface i {}");
  writeFileSync(join(folder, "deps/other.wit"), "package c:e;");
  await seen(1);
  await settle();
  expect(onChange).toHaveBeenCalledTimes(1);
  writeFileSync(join(folder, "world.wit"), "package a:d;");
  await seen(2);
});

test("a file that cannot be WIT is no change", async () => {
  watcher.watch([folder]);
  await settle();
  writeFileSync(join(folder, "README.md"), "a text");
  await settle();
  expect(onChange).not.toHaveBeenCalled();
});

test("what is watched no more is no change, and what has been added is", async () => {
  const [first, second] = [join(folder, "world.wit"), join(folder, "deps/other.wit")];
  watcher.watch([first]);
  await settle();
  watcher.watch([second]);
  await settle();
  writeFileSync(first, "package a:x;");
  await settle();
  expect(onChange).not.toHaveBeenCalled();
  writeFileSync(second, "package c:x;");
  await seen(1);
});

test("a file that comes later", async () => {
  const later = join(folder, "hostwright.config.json");
  watcher.watch([later]);
  await settle();
  writeFileSync(later, "{}");
  await seen(1);
});
