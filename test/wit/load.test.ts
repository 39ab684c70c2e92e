/** WIT from the disk: files, folders with `deps`, links, and encoded packages. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadWit, packageId, parseWit, printWit, selectWorld, WitError } from "../../src/wit/index.ts";
import { assemble } from "../support/assemble.ts";

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

describe("encoded packages", () => {
  /** A package in binary form: each interface by its id, with the text of its instance type. */
  async function encoded(interfaces: Record<string, string>): Promise<Uint8Array> {
    const ids = Object.keys(interfaces);
    const last = ids.at(-1) ?? "";
    const instances = ids.map((id) => {
      const kind = id === last ? "export" : "import";
      return `(${kind} "${id}" (instance ${interfaces[id]}))`;
    });
    const name = /\/([^@]*)/.exec(last)?.[1];
    const type = `(type $x (component ${instances.join("\n")}))`;
    return assemble(`(component ${type} (export "${name}" (type $x)))`);
  }

  const TYPES = '(type $t u8) (export "t" (type (eq $t)))';

  test("on their own", async () => {
    const path = join(folder({ "x.wasm": await encoded({ "d:x/i@1.0.0": TYPES }) }), "x.wasm");
    expect(printWit(await loadWit(path))).toBe("package d:x@1.0.0;\n\ninterface i {\n  type t = u8;\n}\n");
  });

  test("as dependencies, with what they bring", async () => {
    const bytes = await encoded({ "d:base/i": TYPES, "d:x/j": '(export "f" (func (result string)))' });
    const path = folder({
      "w.wit":
        "package a:b; interface k { use d:base/i.{t}; g: func(t: t); } world w { import d:x/j; import k; }",
      "deps/x.wasm": bytes,
    });
    const world = selectWorld(await loadWit(path));
    expect([...world.imports.keys()]).toEqual(["d:x/j", "d:base/i", "a:b/k"]);
  });

  test("that bring the same package share it", async () => {
    const more = `${TYPES} (type $u string) (export "u" (type (eq $u))) (export "f" (func (param "a" u8)))`;
    const path = folder({
      "w.wit":
        "package a:b; interface k { use d:base/i.{t, u}; } world w { import d:x/j; import d:y/j; import k; }",
      "deps/x.wasm": await encoded({ "d:base/i": TYPES, "d:x/j": "" }),
      "deps/y.wasm": await encoded({ "d:base/i": more, "d:y/j": "" }),
    });
    const resolve = await loadWit(path);
    const shared = resolve.interfaces.filter((node) => node.package.name.name === "base");
    expect(shared).toHaveLength(1);
    expect([...(shared[0]?.types.keys() ?? [])]).toEqual(["t", "u"]);
    expect([...(shared[0]?.functions.keys() ?? [])]).toEqual(["f"]);
    // Throws for a reference to something that is not listed.
    expect(JSON.parse(JSON.stringify(resolve))).toMatchObject({
      types: { length: 4 },
      packages: { length: 4 },
    });
    expect(printWit(parseWit(printWit(resolve)))).toBe(printWit(resolve));
  });

  test("that disagree about a type", async () => {
    const other = '(type $t (record (field "a" u8))) (export "t" (type (eq $t)))';
    const path = folder({
      "w.wit": "package a:b;",
      "deps/x.wasm": await encoded({ "d:base/i": TYPES, "d:x/j": "" }),
      "deps/y.wasm": await encoded({ "d:base/i": other, "d:y/j": "" }),
    });
    const error = await failure(path);
    expect(error.message).toContain("different type `t`");
    expect(error.file).toBe(join(path, "deps", "y.wasm"));
  });

  test("of a package that is there as text too", async () => {
    const path = folder({
      "w.wit": "package a:b;",
      "deps/x.wasm": await encoded({ "d:x/i": TYPES }),
      "deps/x.wit": "package d:x; interface i {}",
    });
    expect(await failure(path)).toMatchObject({ code: "duplicate", file: join(path, "deps", "x.wit") });
  });

  test("that are none", async () => {
    const component = await assemble("(component)");
    const damaged = (await encoded({ "d:x/i": TYPES })).subarray(0, 40);
    for (const bytes of [component, damaged, component.subarray(0, 6)]) {
      const path = folder({ "w.wit": "package a:b;", "deps/x.wasm": bytes });
      expect((await failure(path)).file).toBe(join(path, "deps", "x.wasm"));
    }
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
    expect((await failure(path)).message).toContain("lead in a circle");
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
