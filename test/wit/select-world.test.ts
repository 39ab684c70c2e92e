/** Which world a name means. */
import { describe, expect, test } from "vitest";
import { parseWit, selectWorld, WitError } from "../../src/wit/index.ts";

const one = parseWit(`
  package amal:obs@0.1.0;
  interface metrics {}
  world hosted { import metrics; import dep:two/things@1.0.0; }
  package dep:two@1.0.0 { interface things {} world other {} }
  package dep:many@1.0.0 { world w {} }
  package dep:many@2.0.0 { world w {} }
`);
const several = parseWit("package a:b; world first {} world second {}");
const none = parseWit("package a:b; interface i {} package c:d { world w {} }");

function failure(run: () => unknown): WitError {
  try {
    run();
  } catch (error) {
    if (error instanceof WitError) return error;
    throw error;
  }
  throw new Error("a world was found");
}

describe("selectWorld", () => {
  test.each([undefined, "hosted", "amal:obs/hosted", "amal:obs/hosted@0.1.0"])("%s", (name) => {
    expect(selectWorld(one, name).name).toBe("hosted");
  });

  test("in another package, whose version may be left out if there is one", () => {
    expect(selectWorld(one, "dep:two/other").name).toBe("other");
    expect(selectWorld(one, "dep:many/w@2.0.0").package.name.version).toBe("2.0.0");
    expect(selectWorld(several, "second").name).toBe("second");
  });

  test.each<[string, () => unknown, WitError["code"], string]>([
    ["a typo", () => selectWorld(one, "hostd"), "not-found", "did you mean `hosted`?"],
    ["a world of another package", () => selectWorld(one, "other"), "not-found", "dep:two/other@1.0.0"],
    ["an interface", () => selectWorld(one, "metrics"), "not-found", "`metrics` is an interface"],
    ["a typo in the package", () => selectWorld(one, "amal:ob/hosted"), "not-found", "no package `amal:ob`"],
    [
      "a version that is not there",
      () => selectWorld(one, "dep:two/other@2.0.0"),
      "not-found",
      "`dep:two@1.0.0`",
    ],
    [
      "one of several versions",
      () => selectWorld(one, "dep:many/w"),
      "ambiguous",
      "`dep:many@1.0.0`, `dep:many@2.0.0`",
    ],
    ["no name, and several worlds", () => selectWorld(several), "ambiguous", "first, second"],
    ["no name, and no world", () => selectWorld(none), "not-found", "c:d/w"],
    ["no name at all", () => selectWorld(one, "what is this"), "syntax", "the name of the world:1:6"],
    ["an empty name", () => selectWorld(one, ""), "syntax", "expected an identifier"],
    ["half a name", () => selectWorld(one, "amal:obs"), "syntax", "expected `/`"],
  ])("%s", (_, run, code, text) => {
    const error = failure(run);
    expect(error.code).toBe(code);
    expect(error.message).toContain(text);
  });
});
