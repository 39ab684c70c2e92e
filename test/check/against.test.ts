/** `checkAgainst`: which world is compared with which, places, and what versions should be. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { componentEmbed, componentNew } from "@bytecodealliance/jco";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AgainstReport, checkAgainst } from "../../src/index.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-against-test-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const write = (path: string, content: string | Uint8Array): string => {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  return place;
};

/** Compares two texts, of which the new one is `new/w.wit`. */
const compare = (before: string, after: string, world?: string): Promise<AgainstReport> => {
  write("old/w.wit", before);
  write("new/w.wit", after);
  return checkAgainst({ wit: join(folder, "new"), world }, join(folder, "old"));
};

const world = (name: string, body: string): string => `world ${name} {\n${body}\n}\n`;

describe("the old world", () => {
  const two = `package a:b;\n${world("one", "import f: func();")}${world("two", "import g: func();")}`;

  test("is the one of the same name", async () => {
    const report = await compare(two, two.replace("import g: func();", "import g: func(a: u8);"), "two");
    expect(report.world).toEqual({ before: "a:b/two", after: "a:b/two" });
    expect(report.changes.map(({ path }) => path)).toEqual(["a:b/two#g(a)"]);
  });

  test("is the only one, if that has another name", async () => {
    const report = await compare(`package a:b;\n${world("one", "import f: func();")}`, two, "two");
    expect(report.world).toEqual({ before: "a:b/one", after: "a:b/two" });
    expect(report.changes.map(({ category }) => category)).toContain("world-renamed");
  });

  test("has to be there", async () => {
    const report = compare(two, `package a:b;\n${world("three", "import f: func();")}`);
    await expect(report).rejects.toThrow("has no world `three` to compare with: it has one, two");
  });

  test("may be that of a component, which does not say what it was called", async () => {
    const old = `package a:b@0.1.0;\ninterface i { f: func(a: u8); }\n${world("hosted", "import i;\nexport run: func();")}`;
    const module = await componentEmbed({ witSource: old, world: "hosted", dummy: true });
    const guest = write("some_guest.wasm", new Uint8Array(await componentNew(module)));
    const same = await checkAgainst({ wit: write("same.wit", old) }, guest);
    expect(same.changes).toEqual([]);
    const changed = await checkAgainst({ wit: write("changed.wit", old.replace("u8", "u16")) }, guest);
    expect(changed.changes).toMatchObject([
      { path: "a:b/i@0.1.0#f(a)", category: "type-changed", guest: "breaking" },
    ]);
  });
});

describe("places", () => {
  test("are those of the new WIT; of what is gone, its interface or world", async () => {
    const before = `package a:b;
interface i {
  enum e { a, b }
  record r { x: u8 }
  resource s { get: func() -> e; gone: func(); }
  f: func(r: r);
}
interface old { f: func(); }
${world("w", "  import i;\n  import old;\n  import log: interface { write: func(); }\n  export run: func();\n")}`;
    const after = `package a:b;

interface i {
  enum e { a,
    b,
    c
  }
  record r {
    x: u16
  }
  resource s {
    get: func() -> e;
  }
  f: func(
    r: r,
    more: u8);
}
world w {
  import i;
  import log: interface {
    write: func(line: string);
  }
  export run: func() -> u8;
}
`;
    const { changes } = await compare(before, after);
    expect(changes.map(({ path, place }) => [path, place?.line])).toEqual([
      ["a:b/i#e.c", 6],
      ["a:b/i#r.x", 9],
      ["a:b/i#f(more)", 16],
      ["a:b/i#s.gone", 11],
      ["log#write(line)", 21],
      ["a:b/w#run", 23],
      ["a:b/old", 18],
    ]);
    expect(new Set(changes.map(({ place }) => place?.file))).toEqual(new Set([join(folder, "new/w.wit")]));
  });
});

describe("versions", () => {
  const make = (version: string, type: string, more = ""): string =>
    `package a:b@${version};\ninterface i { f: func(a: ${type}); ${more} }\n${world("w", "import i;")}`;

  test.each([
    ["1.0.0", "1.0.1", "2.0.0"],
    ["1.4.2", "1.5.0", "2.0.0"],
    ["0.3.1", "0.3.2", "0.4.0"],
    ["0.0.3", "0.0.3", "0.0.4"],
    ["1.0.0", "1.0.0", "2.0.0"],
  ])("a change that breaks, from %s to %s: should be %s", async (from, to, wanted) => {
    const { versions } = await compare(make(from, "u8"), make(to, "u16"));
    expect(versions).toMatchObject([{ package: "a:b", from, to }]);
    expect(versions[0]?.what).toMatch(new RegExp(`use ${wanted.replaceAll(".", "\\.")}$`));
  });

  test.each([
    ["a version that is not compatible", make("0.1.0", "u8"), make("0.2.0", "u16")],
    ["an addition", make("1.0.0", "u8"), make("1.1.0", "u8", "g: func();")],
    ["a pre-release", make("1.0.0", "u8"), make("1.0.1-rc.1", "u16")],
    ["no versions", make("1.0.0", "u8").replace("@1.0.0", ""), make("1.0.0", "u16").replace("@1.0.0", "")],
  ])("are fine with %s", async (_, before, after) => {
    expect((await compare(before, after)).versions).toEqual([]);
  });
});
