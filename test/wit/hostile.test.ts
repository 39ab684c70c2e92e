/**
 * WIT written by an attacker: whatever grows without bound must end in a `WitError`, or be done in a
 * time that is linear in its size.
 */
import { describe, expect, test } from "vitest";
import { parseWit, printWit, type WitError } from "../../src/wit/index.ts";
import { MAX_SOURCE_LENGTH, MAX_TYPE_DEPTH } from "../../src/wit/limits.ts";
import { rejected } from "./rejected.ts";

const HEADER = "package demo:hostile;\n";

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

function inInterface(body: string): string {
  return `${HEADER}interface i {\n${body}\n}`;
}

function nestedList(depth: number): string {
  return inInterface(`type t = ${"list<".repeat(depth - 1)}u8${">".repeat(depth - 1)};`);
}

describe("depth", () => {
  test("types nest up to the limit", () => {
    expect(parseWit(nestedList(MAX_TYPE_DEPTH)).types).toHaveLength(MAX_TYPE_DEPTH - 1);
    expect(rejected(nestedList(MAX_TYPE_DEPTH + 1)).code).toBe("too-large");
    expect(rejected(nestedList(200_000)).code).toBe("too-large");
  });

  test.each<[string, string, WitError["code"]]>([
    ["packages", "package a:b {\n".repeat(100_000), "too-large"],
    ["braces", "{".repeat(100_000), "syntax"],
    ["comments", "/*".repeat(500_000), "syntax"],
    ["unclosed functions", `${HEADER}interface i {${" f: func(".repeat(20_000)}`, "syntax"],
    ["interfaces in interfaces", `${HEADER}${"interface i {\n".repeat(20_000)}`, "syntax"],
  ])("%s", (_, text, code) => {
    expect(rejected(text).code).toBe(code);
  });

  test("chains of any length", () => {
    const count = 20_000;
    const aliases = parseWit(inInterface(`type a0 = u8;\n${lines(count, (i) => `type a${i + 1} = a${i};`)}`));
    expect(aliases.types).toHaveLength(count + 1);
    const resources = lines(count, (i) => `type r${i + 1} = r${i}; type o${i} = own<r${i}>;`);
    expect(parseWit(inInterface(`resource r0;\n${resources}`)).types.length).toBe(2 * count + 1);
    const options = lines(count, (i) => `type a${i + 1} = option<a${i}>;`);
    const borrows = `resource r;\ntype a0 = borrow<r>;\n${options}\nf: func() -> a${count};`;
    expect(rejected(inInterface(borrows)).message).toContain("contains a `borrow<T>`");
  });

  test("interfaces that use each other, worlds that include each other", () => {
    const count = 5_000;
    const chain = `interface i0 { type t = u8; }\n${lines(count, (i) => `interface i${i + 1} { use i${i}.{t}; }`)}`;
    const resolve = parseWit(`${HEADER}${chain}\nworld w { import i${count}; export i${count - 5}; }`);
    expect(resolve.worlds[0]?.imports.size).toBe(count + 1);
    const worlds = lines(count, (i) => `world w${i + 1} { include w${i}; include w${i}; }`);
    expect(parseWit(`${HEADER}interface a {}\nworld w0 { import a; }\n${worlds}`).worlds).toHaveLength(
      count + 1,
    );
    expect(printWit(resolve)).toContain(`interface i${count}`);
  });

  test("packages that depend on each other", () => {
    const count = 5_000;
    const nested = (uses: (i: number) => string) =>
      `${HEADER}${lines(count, (i) => `package p:p${i} { interface i { ${uses(i)} } }`)}`;
    const chain = nested((i) => (i === 0 ? "type t = u8;" : `use p:p${i - 1}/i.{t};`));
    expect(parseWit(chain).packages).toHaveLength(count + 1);
    expect(rejected(nested((i) => `use p:p${(i + 1) % count}/i.{t};`)).code).toBe("cycle");
  });
});

describe("size", () => {
  test("types that double with each line", () => {
    const text = inInterface(
      `type a0 = tuple<u8, u8>;\n${lines(64, (i) => `type a${i + 1} = tuple<a${i}, a${i}>;`)}`,
    );
    const error = rejected(text);
    expect(error.code).toBe("too-large");
    expect(error.line).toBeGreaterThan(15);
  });

  test("worlds that copy much by including little", () => {
    const functions = lines(2_000, (i) => `g${i}: func();`);
    const worlds = lines(2_000, (i) => `world w${i + 1} { include w${i}; }`);
    const text = `${HEADER}world w0 { import x: interface {\n${functions}\n} }\n${worlds}`;
    expect(rejected(text).message).toContain("include or need more than");
  });

  test("worlds that need much by importing little", () => {
    const chain = `interface i0 { type t = u8; }\n${lines(1_500, (i) => `interface i${i + 1} { use i${i}.{t}; }`)}`;
    const worlds = lines(1_500, (i) => `world w${i} { import i1500; }`);
    expect(rejected(`${HEADER}${chain}\n${worlds}`).code).toBe("too-large");
  });

  test("a file that is too long", () => {
    expect(rejected(`${HEADER}${" ".repeat(MAX_SOURCE_LENGTH)}`).code).toBe("too-large");
  });

  test("many errors are cut, and so are long names in messages", () => {
    expect(rejected(inInterface("x y z;\n".repeat(50_000))).diagnostics).toHaveLength(20);
    expect(rejected(inInterface("f: func();\n".repeat(50_000))).diagnostics).toHaveLength(20);
    expect(rejected(inInterface(lines(5_000, (i) => `type a${i} = b${i};`))).diagnostics).toHaveLength(20);
    const error = rejected(inInterface(`use ${"a".repeat(500_000)}.{x};`));
    expect(error.message.length).toBeLessThan(5_000);
  });

  test.each<[string, string]>([
    ["invalid characters", "\u00a7".repeat(200_000)],
    ["percent signs", "%".repeat(200_000)],
    ["quotes", '"\n'.repeat(100_000)],
    ["a version", `package a:b@1.0.0-${"a.".repeat(50_000)}b;`],
    ["dashes", `package a:b@1.0.0${"-".repeat(200_000)};`],
    ["gates", `${HEADER}${"@since(version = 1.0.0)".repeat(20_000)}interface i {}`],
    [
      "renames",
      `${HEADER}world a {} world b { include a with { ${lines(20_000, (i) => `x${i} as y${i},`)} } }`,
    ],
  ])("many %s", (_, text) => {
    expect(rejected(text).diagnostics.length).toBeGreaterThan(0);
  });

  test("much that is legal", () => {
    const renames = lines(5_000, (i) => `x${i} as y${i},`);
    const imports = lines(5_000, (i) => `import x${i}: func();`);
    const worlds = parseWit(
      `${HEADER}world a {\n${imports}\n}\nworld b { include a with { ${renames} } }`,
    ).worlds;
    expect([...(worlds[1]?.imports.keys() ?? [])].at(-1)).toBe("y4999");
    const params = lines(20_000, (i) => `p${i}: u8,`);
    expect(
      parseWit(inInterface(`f: func(${params});`)).interfaces[0]?.functions.get("f")?.params,
    ).toHaveLength(20_000);
    expect(parseWit(inInterface(`type t = tuple<${"u8,".repeat(200_000)}>;`)).types).toHaveLength(1);
    expect(parseWit(`${"/// a\n".repeat(50_000)}package a:b;`).packages[0]?.docs).toHaveLength(99_999);
  });
});

describe("characters", () => {
  test.each(["\u202a", "\u202e", "\u2066", "\u2069", "\0", "\x07", "\x7f", "\x85", "\u0149", "\u17b5"])(
    "%j is refused, also in comments and strings",
    (char) => {
      for (const text of [
        `// ${char}\n${HEADER}`,
        `${HEADER}world w { @external-id("${char}") import f: func(); }`,
      ]) {
        const error = rejected(text);
        expect(error.code).toBe("syntax");
        expect(error.message).not.toContain(char);
      }
    },
  );

  test("messages escape what would confuse a terminal", () => {
    const error = rejected(`${HEADER}interface i { \u200f \ufeff \u2028 }`);
    expect(error.message).toContain("\\u{200f}");
    expect(error.message).not.toMatch(/[\u200f\ufeff\u2028]/);
  });

  test("lone surrogates", () => {
    const error = rejected(`${HEADER}interface \ud800 {}`);
    expect(error.message).toContain("\\u{d800}");
    expect(error.column).toBe(11);
  });

  test("names that objects have are names like any other", () => {
    const names = ["constructor", "then", "to-json", "value-of", "has-own-property"];
    const functions = names.map((name) => `%${name}: func();`).join("\n");
    const resolve = parseWit(`${HEADER}interface %constructor {\n${functions}\n}`);
    expect([...(resolve.interfaces[0]?.functions.keys() ?? [])]).toEqual(names);
    const json = JSON.parse(JSON.stringify(resolve)) as { interfaces: { functions: object }[] };
    expect(Object.keys(json.interfaces[0]?.functions ?? {})).toEqual(names);
    expect(rejected(inInterface("f: func(a: %constructor);")).code).toBe("not-found");
  });
});
