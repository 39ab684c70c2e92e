/** `WitError`: its diagnostics, and how the parser goes on after a mistake. */
import { describe, expect, test } from "vitest";
import { HostwrightError } from "../../src/model/errors.ts";
import { parseWit, WitError } from "../../src/wit/index.ts";
import { rejected } from "./rejected.ts";

function places(text: string): string[] {
  return rejected(text).diagnostics.map(({ line, column }) => `${line}:${column}`);
}

describe("a WitError", () => {
  const error = rejected("package a:b;\n\ninterface i {\n  f: func(name: sting) -> strin;\n}\n");

  test("is a HostwrightError with the place and code of its first diagnostic", () => {
    expect(error).toBeInstanceOf(HostwrightError);
    expect(error).toMatchObject({
      name: "WitError",
      code: "not-found",
      file: "input.wit",
      line: 4,
      column: 17,
    });
  });

  test("has a diagnostic for each mistake", () => {
    expect(error.diagnostics).toHaveLength(2);
    expect(error.diagnostics[0]).toMatchObject({
      code: "not-found",
      message: "name `sting` does not exist",
      line: 4,
      column: 17,
      endLine: 4,
      endColumn: 22,
      hint: "did you mean `string`?",
    });
  });

  test("shows them all", () => {
    for (const { rendered } of error.diagnostics) expect(error.message).toContain(rendered);
    expect(error.diagnostics[0]?.rendered).toBe(
      [
        "name `sting` does not exist",
        "  --> input.wit:4:17",
        "   |",
        "4  |   f: func(name: sting) -> strin;",
        "   |                 ^^^^^",
        "   = help: did you mean `string`?",
      ].join("\n"),
    );
  });

  test("names the file that it was given", () => {
    expect(() => parseWit("", { path: "wit/obs.wit" })).toThrow(WitError);
    expect(() => parseWit("oops", { path: "wit/obs.wit" })).toThrow("--> wit/obs.wit:1:1");
  });
});

describe("recovery", () => {
  test("goes on after a member, inside a body", () => {
    const text = "package a:b;\ninterface i {\n  a: fun();\n  b: func(;\n  c: func();\n  d func();\n}\n";
    expect(places(text)).toEqual(["3:6", "4:11", "6:5"]);
  });

  test("goes on after an item, and in the next interface if a brace is missing", () => {
    const text =
      "package a:b;\ninterface i {\n  a: func();\n\ninterface j {\n  b: oops;\n}\nworld w { imprt x; }\n";
    expect(places(text)).toEqual(["5:1", "6:6", "8:11"]);
  });

  test("goes on after blocks, and does not take their contents for members", () => {
    const text =
      "package a:b;\ninterface i {\n  record r { a u8, b: u8 }\n  variant v { a(u8, b }\n  f: func();\n  enum { x }\n}\n";
    expect(places(text)).toEqual(["3:16", "4:19", "6:8"]);
  });

  test("goes on after a bad package name, and after stray braces", () => {
    expect(places("package a.b;\ninterface i { x }\n}\n}\ninterface j { y }\n")).toEqual([
      "1:10",
      "2:17",
      "3:1",
      "4:1",
      "5:17",
    ]);
  });

  test("does not report what follows from an error", () => {
    const text =
      "package a:b;\ninterface i {\n  use nope.{a, b};\n  type c = c;\n  f: func(a: a, b: b, c: c) -> d;\n}\n" +
      "interface j { use i.{a, c}; g: func(a: a, c: c); }\n";
    expect(places(text)).toEqual(["3:7", "4:12", "5:32"]);
  });

  test("reports missing packages together", () => {
    const text = "package a:b;\nworld w { import x:y/z; import p:q/r@1.0.0; include s:t/u; }\n";
    expect(places(text)).toEqual(["2:18", "2:32", "2:53"]);
  });
});

describe("related places and hints", () => {
  const hintFor = (text: string) => rejected(text).diagnostics[0]?.hint;

  test("the opener of what is not closed", () => {
    const error = rejected("package a:b;\ninterface i {\n  f: func(\n    a: u8,\n");
    expect(error).toMatchObject({ line: 5, column: 1 });
    const [related] =
      rejected("package a:b;\ninterface i {\n  f: func(a: u8\n}\n").diagnostics[0]?.related ?? [];
    expect(related).toEqual({ message: "`(` was opened here", file: "input.wit", line: 3, column: 10 });
  });

  test("where a semicolon is missing or too much", () => {
    expect(hintFor("package a:b;\ninterface i {\n  f: func()\n  g: func();\n}")).toBe(
      "put a `;` at the end of line 3",
    );
    expect(hintFor("package a:b;\ninterface i {\n  enum e { a };\n}")).toBe(
      "remove this `;`: none follows a `}`",
    );
  });

  test("keywords as names, types of other languages", () => {
    expect(hintFor("package a:b; interface type {}")).toBe("write `%type` to use the keyword as a name");
    expect(hintFor("package a:b; interface i { f: func(a: i32); }")).toBe(
      "WIT's name for this type is `s32`",
    );
  });

  test("the feature of what is gated out", () => {
    const text = "package a:b; interface i { @unstable(feature = hot) type t = u8; f: func(t: t); }";
    expect(hintFor(text)).toContain("activate the feature `hot`");
    expect(parseWit(text, { features: ["hot"] }).types).toHaveLength(1);
    expect(parseWit(text, { allFeatures: true }).types).toHaveLength(1);
  });

  test("another version of a package", () => {
    const text = "package a:b; world w { import c:d/e@1.0.0; } package c:d@1.0.1 { interface e {} }";
    expect(hintFor(text)).toBe("there is `c:d@1.0.1`, but versions must be equal");
  });
});
