import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadWit, packageId, WitError } from "../../src/wit/index.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "hostwright-load-"));
});
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
/** A folder with these files; the text of each is its contents. */
function folder(files: Record<string, string | Uint8Array>): string {
  count += 1;
  const path = join(root, String(count));
  mkdirSync(path);
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(join(path, name, ".."), { recursive: true });
    writeFileSync(join(path, name), contents);
  }
  return path;
}

async function failure(path: string): Promise<WitError> {
  try {
    await loadWit(path);
  } catch (error) {
    if (error instanceof WitError) return error;
    throw error;
  }
  throw new Error("it was loaded");
}

describe("loadWit", () => {
  test("a file", async () => {
    const path = folder({ "a.wit": "package a:b; world w {}", "b.wit": "not read" });
    expect((await loadWit(join(path, "a.wit"))).worlds).toHaveLength(1);
  });

  test("a folder with deps of each kind; other files do not matter", async () => {
    const path = folder({
      "main.wit": "package a:b; world w { import d1:x/i; import d2:x/i; import d3:y/i; }",
      "README.md": "not WIT",
      "nested/ignored.wit": "not read",
      "deps/one/i.wit": "package d1:x; interface i { use d2:x/i.{t}; }",
      "deps/one/deps/ignored.wit": "not read",
      "deps/two.wit": "package d2:x; interface i { type t = u8; } package d3:y { interface i {} }",
      "deps/notes.txt": "not WIT",
    });
    const resolve = await loadWit(path);
    expect(resolve.packages.map((node) => packageId(node.name))).toEqual(["d2:x", "d1:x", "d3:y", "a:b"]);
    expect(resolve.roots.map((node) => packageId(node.name))).toEqual(["a:b"]);
  });

  test("the order of files does not depend on the disk", async () => {
    const texts = {
      "b.wit": "interface y {}",
      "a.wit": "package a:b; interface x {}",
      "c.wit": "interface z {}",
    };
    const reversed = Object.fromEntries(Object.entries(texts).reverse());
    const json = (path: string) => loadWit(path).then((resolve) => JSON.stringify(resolve));
    expect(await json(folder(texts))).toBe(await json(folder(reversed)));
  });

  test("links to files and folders are followed", async () => {
    const target = folder({
      "dep/i.wit": "package d:x; interface i {}",
      "w.wit": "package a:b; world w { import d:x/i; }",
    });
    const path = folder({});
    symlinkSync(join(target, "w.wit"), join(path, "w.wit"));
    mkdirSync(join(path, "deps"));
    symlinkSync(join(target, "dep"), join(path, "deps", "dep"));
    expect((await loadWit(path)).packages).toHaveLength(2);
  });
});

describe("what cannot be loaded is a WitError that names the path", () => {
  test("nothing there", async () => {
    const error = await failure(join(root, "nowhere"));
    expect(error.code).toBe("unreadable");
    expect(error.file).toBe(join(root, "nowhere"));
  });

  test("a folder without WIT", async () => {
    expect((await failure(folder({ "a.txt": "" }))).message).toContain("there is no `.wit` file in");
  });

  test("a missing package: where it was looked for", async () => {
    const main = { "w.wit": "package a:b; world w { import d:x/i; }" };
    const withDeps = folder({ ...main, "deps/one.wit": "package d:y;", "deps/two/i.wit": "package d:z;" });
    const error = await failure(withDeps);
    expect(error).toMatchObject({ code: "not-found", file: join(withDeps, "w.wit"), line: 1, column: 31 });
    expect(error.diagnostics[0]?.notes).toEqual([
      "known packages: d:y, d:z",
      `searched: ${join(withDeps, "deps", "one.wit")}, ${join(withDeps, "deps", "two")}`,
    ]);
    const withoutDeps = folder(main);
    expect((await failure(withoutDeps)).message).toContain(
      `${join(withoutDeps, "deps")} (which does not exist)`,
    );
    expect((await failure(join(withoutDeps, "w.wit"))).message).toContain("only the packages nested in it");
  });

  test("bytes that are not UTF-8", async () => {
    const error = await failure(folder({ "a.wit": Uint8Array.of(0x70, 0xff, 0xfe) }));
    expect(error.message).toContain("not valid UTF-8");
  });

  test("WebAssembly's text format", async () => {
    expect((await failure(folder({ "a.wit": "package a:b;", "deps/x.wat": "(component)" }))).file).toContain(
      "x.wat",
    );
  });

  test("loops of links", async () => {
    const path = folder({ "a.wit": "package a:b;" });
    mkdirSync(join(path, "deps"));
    symlinkSync("loop.wit", join(path, "deps", "loop.wit"));
    expect((await failure(path)).message).toContain("ELOOP");
    const outer = folder({ "a.wit": "package a:b;" });
    symlinkSync(outer, join(outer, "deps"));
    // Its own package, found again as a dependency; not an endless walk.
    expect((await failure(outer)).code).toBe("duplicate");
  });

  test("a file that is larger than any WIT", async () => {
    const path = folder({ "a.wit": "package a:b;" });
    writeFileSync(join(path, "b.wit"), new Uint8Array(9 * 1024 * 1024));
    expect((await failure(path)).code).toBe("too-large");
  });

  test.skipIf(process.platform === "win32")("a pipe, which never ends", async () => {
    const path = folder({ "a.wit": "package a:b;" });
    execFileSync("mkfifo", [join(path, "b.wit")]);
    expect((await failure(path)).message).toContain("not a regular file");
  });

  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "a file without permission",
    async () => {
      const path = folder({ "a.wit": "package a:b;" });
      chmodSync(join(path, "a.wit"), 0);
      expect((await failure(path)).message).toContain("EACCES");
    },
  );
});
