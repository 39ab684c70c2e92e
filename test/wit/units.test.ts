/** The small parts of the WIT front end: tokens, positions and docs. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nearestName } from "../../src/model/nearest.ts";
import { docsFromComments } from "../../src/wit/docs.ts";
import { describeToken, tokenize } from "../../src/wit/lexer.ts";
import { printDocs } from "../../src/wit/print-docs.ts";
import { Source } from "../../src/wit/source.ts";
import { toposort } from "../../src/wit/toposort.ts";

describe("tokens", () => {
  const kinds = (text: string) => tokenize(new Source("", text)).kinds;

  test.each<[string, readonly string[]]>([
    ["", []],
    ["a-b a--b _a A0", ["identifier", "identifier", "identifier", "identifier"]],
    ["%type %", ["explicit identifier", "explicit identifier"]],
    ["type error-context _", ["type", "error-context", "_"]],
    ["-> - -a", ["->", "-", "-", "identifier"]],
    ["1.20.3-rc", ["integer", ".", "integer", ".", "integer", "-", "identifier"]],
    ["/ // a\n/* b /* c */ */ /**/", ["/", "comment", "comment", "comment"]],
    ['"a \\" b" "', ["string literal", "error"]],
    ["\r\n\t ", []],
    ["\r", ["error"]],
    ["é東京", ["identifier"]],
    ["\u{1f600}", ["error"]],
    ["\ufeffworld", ["world"]],
  ])("%j", (text, expected) => {
    expect(kinds(text)).toEqual([...expected, "end of file"]);
  });

  test("are described", () => {
    expect(
      ["world", "->", "identifier", "end of file"].map((kind) => describeToken(kind as "world")),
    ).toEqual(["keyword `world`", "`->`", "an identifier", "end of file"]);
  });
});

test("positions count lines and columns from 1", () => {
  const source = new Source("", "ab\r\nc\n\nd");
  const at = (offset: number) => Object.values(source.position(offset)).join(":");
  expect([0, 2, 4, 5, 6, 7, 8].map(at)).toEqual(["1:1", "1:3", "2:1", "2:2", "3:1", "4:1", "4:2"]);
  expect([1, 2, 3, 4].map((line) => source.line(line))).toEqual(["ab", "c", "", "d"]);
});

describe("docs", () => {
  test.each<[readonly string[], string | undefined]>([
    [[], undefined],
    [["///"], ""],
    [["/// a", "///", "///   b"], "a\n\n  b"],
    [["// plain"], "plain"],
    [["/** block */"], "block"],
    [["/**/"], ""],
    [["/***/"], ""],
    [["/* not docs */"], "* not docs */"],
    [["/**\n * a\r\n * b\n */"], "\n * a\n * b"],
  ])("%j", (comments, docs) => {
    expect(docsFromComments(comments)).toBe(docs);
  });

  test("keep their text when printed, but for white space at the ends of lines", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ \t]*[ -~é/*`$]*$/), { maxLength: 4 }), (lines) => {
        const docs = docsFromComments(lines.map((line) => `///${line}`));
        expect(docsFromComments(printDocs(docs))).toBe(docs);
      }),
    );
  });

  test("cannot leave their comment", () => {
    for (const line of printDocs("a\n*/ interface evil {} /*\r\u2028b\u202e").flatMap((text) =>
      text.split("\n"),
    )) {
      expect(line.startsWith("///")).toBe(true);
    }
  });
});

describe("toposort", () => {
  const id = (name: string) => ({ name, span: { source: new Source("", ""), start: 0, end: 0 } });
  const sort = (edges: Record<string, string[]>) =>
    toposort(new Map(Object.entries(edges).map(([name, names]) => [name, names.map(id)])));

  test("keeps the given order as far as dependencies allow", () => {
    expect(sort({ c: [], b: [], a: [] })).toEqual(["c", "b", "a"]);
    expect(sort({ a: ["c"], b: [], c: [], d: ["a", "a"] })).toEqual(["b", "c", "a", "d"]);
  });

  test("finds cycles", () => {
    expect(sort({ x: ["a"], a: ["b"], b: ["c"], c: ["b"] })).toMatchObject({
      kind: "cycle",
      path: ["b", "c", "b"],
    });
    expect(sort({ a: ["a"] })).toMatchObject({ kind: "cycle", path: ["a", "a"] });
  });
});

test("the nearest name", () => {
  const names = ["counter", "gauge", "histogram"];
  expect(nearestName("conter", names)).toBe("counter");
  expect(nearestName("guage", names)).toBe("gauge");
  expect(nearestName("Counter", names)).toBe("counter");
  expect(nearestName("timer", names)).toBeUndefined();
  expect(nearestName("x".repeat(100_000), names)).toBeUndefined();
});
