/** Names in generated code: their spelling, their scopes, and foreign text in comments. */
import { describe, expect, test } from "vitest";
import { commentLine, commentLines, stringLiteral } from "../../src/codegen/escape.ts";
import { memberKey, Scope, typeIdentifier, valueIdentifier } from "../../src/codegen/identifiers.ts";

describe("identifiers", () => {
  test.each([
    ["http-status", "HttpStatus", "httpStatus"],
    ["HTTP-status", "HttpStatus", "httpStatus"],
    ["a1-b2", "A1B2", "a1B2"],
    ["a-1", "A1", "a1"],
    // Never WIT, but what comes out is harmless all the same.
    ['x"; process.exit()', "X___process_exit__", "x___process_exit__"],
    ["1a", "_1a", "_1a"],
    ["", "_", "_"],
    ["ünï", "_n_", "_n_"],
  ])("%s", (wit, type, value) => {
    expect([typeIdentifier(wit), valueIdentifier(wit)]).toEqual([type, value]);
  });

  test.each([
    ["get", "get"],
    ["constructor", "constructor"],
    ["new", '"new"'],
    ["a-b", '"a-b"'],
    ["", '""'],
  ])("member %s", (name, key) => {
    expect(memberKey(name)).toBe(key);
  });
});

describe("scopes", () => {
  test("a name that is taken gets an underscore, then numbers", () => {
    const scope = Scope.ofMembers();
    expect([1, 2, 3, 4].map(() => scope.claim("a"))).toEqual(["a", "a_", "a_2", "a_3"]);
    expect(scope.claim("a_")).toBe("a__");
  });

  test("bindings are no reserved words", () => {
    const scope = Scope.ofBindings(["linker"]);
    const names = ["delete", "await", "eval", "arguments", "this", "linker", "of", "async"];
    expect(names.map((name) => scope.claim(name))).toEqual([
      "delete_",
      "await_",
      "eval_",
      "arguments_",
      "this_",
      "linker_",
      "of",
      "async",
    ]);
  });

  test("members may be, but for two, and statics are not what every class has", () => {
    const names = ["delete", "constructor", "then", "prototype", "name"];
    const claimAll = (scope: Scope): string[] => names.map((name) => scope.claim(name));
    expect(claimAll(Scope.ofMembers())).toEqual(["delete", "constructor_", "then_", "prototype", "name"]);
    expect(claimAll(Scope.ofStatics())).toEqual(["delete", "constructor_", "then_", "prototype_", "name_"]);
  });

  test("many equal names take no time", () => {
    const scope = Scope.ofMembers();
    const names = new Set(Array.from({ length: 100_000 }, () => scope.claim("a")));
    expect(names.size).toBe(100_000);
  });
});

describe("foreign text", () => {
  test("cannot end a comment", () => {
    expect(commentLine("a */ b **/ c */*/")).toBe("a *\\/ b **\\/ c *\\/*\\/");
    // No star at the end of one piece meets a slash at the start of the next.
    expect(commentLine("*\u0000/")).toBe("*\\u0000/");
    expect(commentLines("*\n/ x\n*").join("|")).toBe("*|/ x|*");
  });

  test("cannot hide, or reorder what a reader sees", () => {
    expect(commentLine("a\u202eb\u200bc\u2028d\u0007e\ud800f\u{1f600}\tg")).toBe(
      "a\\u202eb\\u200bc\\u2028d\\u0007e\\ud800f\u{1f600}\tg",
    );
    expect(stringLiteral('"\\\u2028\u202e')).toBe('"\\"\\\\\\u2028\\u202e"');
  });

  test("loses blank lines at its ends", () => {
    expect(commentLines("\n \r\n a \r b\n\nc\n \n")).toEqual([" a", " b", "", "c"]);
    expect(commentLines(" \n")).toEqual([]);
  });

  test("of any length takes linear time", () => {
    const long = `a${" ".repeat(2_000_000)}b${"*/".repeat(1_000_000)}`;
    expect(commentLine(long)).toHaveLength(long.length + 1_000_000);
  });
});
