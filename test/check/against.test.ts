/** `checkAgainst`: which world is compared with which, places, and what versions should be. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { componentEmbed, componentNew } from "@bytecodealliance/jco";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AgainstReport, checkAgainst, checkEveryWorldAgainst } from "../../src/index.ts";

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

  test("is the one that is gone, if this is the only new one", async () => {
    const one = `package a:b;\n${world("one", "import f: func();")}`;
    const renamed = await compare(one, one.replace("world one", "world uno"));
    expect(renamed.world).toEqual({ before: "a:b/one", after: "a:b/uno" });
    expect(renamed.changes).toMatchObject([{ category: "world-renamed" }]);
    const second = await compare(two, two.replace("world two", "world zwei"), "zwei");
    expect(second.world).toEqual({ before: "a:b/two", after: "a:b/zwei" });
  });

  test("is none, for a world that is new in a package that is not", async () => {
    const one = `package a:b;\n${world("one", "import f: func();")}`;
    const report = await compare(one, two, "two");
    expect(report).toMatchObject({
      world: { before: undefined, after: "a:b/two" },
      changes: [{ path: "a:b/two", side: "both", category: "world-added", place: { line: 5 } }],
      host: "compatible",
      guest: "compatible",
      source: { host: "compatible", guest: "compatible" },
    });
    // Of two new ones, neither is taken for the one that is gone.
    const three = two.replace("world one", "world uno").replace("world two", "world due");
    expect((await compare(one, three, "uno")).changes).toMatchObject([{ category: "world-added" }]);
  });

  test("has to be there", async () => {
    const three = `package a:b;\n${world("three", "import f: func();")}`;
    await expect(compare(two, three)).rejects.toThrow(
      "has no world `three` to compare with: it has one, two",
    );
    await expect(compare("package a:b; interface i {}", three)).rejects.toThrow("it has none");
    await expect(compare(two.replace("a:b", "x:y"), three)).rejects.toThrow("it has one, two");
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

describe("every world", () => {
  const compareAll = (before: string, after: string): Promise<readonly AgainstReport[]> => {
    write("old/w.wit", before);
    write("new/w.wit", after);
    return checkEveryWorldAgainst({ wit: join(folder, "new") }, join(folder, "old"));
  };
  const said = (reports: readonly AgainstReport[]): unknown[] =>
    reports.map(({ world: { before, after }, changes, host, guest }) => [
      before,
      after,
      changes.map(({ category }) => category).join(),
      `${host} ${guest}`,
    ]);
  const make = (...worlds: string[]): string =>
    `package a:b@1.0.0;\ninterface i { f: func(); }\n${worlds.map((name) => world(name, "import i;")).join("")}`;

  test("is compared with the one of its name; what is new or gone is said to be", async () => {
    const reports = await compareAll(make("one", "two", "three"), make("four", "one", "five"));
    expect(said(reports)).toEqual([
      [undefined, "a:b/four@1.0.0", "world-added", "compatible compatible"],
      ["a:b/one@1.0.0", "a:b/one@1.0.0", "", "compatible compatible"],
      [undefined, "a:b/five@1.0.0", "world-added", "compatible compatible"],
      ["a:b/two@1.0.0", undefined, "world-removed", "compatible breaking"],
      ["a:b/three@1.0.0", undefined, "world-removed", "compatible breaking"],
    ]);
    expect(reports[3]?.source).toEqual({ host: "breaking", guest: "breaking" });
  });

  test("one that is gone and one that is new are one with another name", async () => {
    expect(said(await compareAll(make("one", "two"), make("one", "zwei")))).toEqual([
      ["a:b/one@1.0.0", "a:b/one@1.0.0", "", "compatible compatible"],
      ["a:b/two@1.0.0", "a:b/zwei@1.0.0", "world-renamed", "compatible compatible"],
    ]);
  });

  test("shares what changes", async () => {
    const reports = await compareAll(
      make("one", "two"),
      make("one", "two").replace("f: func()", "f: func(a: u8)"),
    );
    expect(said(reports)).toEqual([
      ["a:b/one@1.0.0", "a:b/one@1.0.0", "param-added", "breaking breaking"],
      ["a:b/two@1.0.0", "a:b/two@1.0.0", "param-added", "breaking breaking"],
    ]);
  });

  test("another package is another world", async () => {
    const other = make("uno", "due").replace("a:b", "x:y");
    expect(
      said(await compareAll(make("one", "two"), other)).map((report) => (report as string[])[2]),
    ).toEqual(["world-added", "world-added", "world-removed", "world-removed"]);
    // As before: a world of the same name is the same world.
    expect(said(await compareAll(make("one"), make("one").replace("a:b", "x:y")))).toMatchObject([
      ["a:b/one@1.0.0", "x:y/one@1.0.0", expect.any(String), "breaking breaking"],
    ]);
  });

  test("there has to be one in both", async () => {
    const none = "package a:b@1.0.0;\ninterface i { f: func(); }\n";
    await expect(compareAll(none, make("one"))).rejects.toThrow(
      "has no world `one` to compare with: it has none",
    );
    await expect(compareAll(make("one"), none)).rejects.toThrow("has no world");
  });

  test("a component is of one world only", async () => {
    const module = await componentEmbed({ witSource: make("one"), world: "one", dummy: true });
    const guest = write("guest.wasm", new Uint8Array(await componentNew(module)));
    const wit = write("new/w.wit", make("one", "two"));
    await expect(checkEveryWorldAgainst({ wit }, guest)).rejects.toThrow(
      /is a component, .*\(--world\): one, two$/,
    );
    expect(said(await checkEveryWorldAgainst({ wit: write("new/w.wit", make("one")) }, guest))).toMatchObject(
      [[expect.any(String), "a:b/one@1.0.0", "", "compatible compatible"]],
    );
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
