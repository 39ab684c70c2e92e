/** Which function `hostwright run` calls, and with which arguments. */
import { describe, expect, test } from "vitest";
import { defaultTarget, invokeTarget } from "../../src/cli/run-target.ts";
import type { ExternType } from "../../src/model/extern-type.ts";
import * as types from "../../src/model/types.ts";

const add = types.func(
  [
    ["a", types.u8],
    ["b", types.u8],
  ],
  types.u8,
);
const run = types.func([]);
const instance = (members: Record<string, ExternType>): ExternType => ({
  kind: "instance",
  exports: new Map(Object.entries(members)),
});
const exports = new Map<string, ExternType>([
  ["add", add],
  ["amal:obs/api@0.1.0", instance({ add, find: types.func([["name", types.string]]) })],
  ["amal:obs/other@0.1.0", instance({ list: run, item: { kind: "type", type: types.u8 } })],
  ["amal:obs/another@0.1.0", instance({ list: run })],
]);

describe("the default", () => {
  test("is run", () => {
    expect(defaultTarget(new Map([["run", run]])).path).toEqual(["run"]);
  });

  test("or that of wasi:cli/run", () => {
    const target = defaultTarget(
      new Map([["wasi:cli/run@0.2.6", instance({ run: types.func([], types.result()) })]]),
    );
    expect(target.path).toEqual(["wasi:cli/run@0.2.6", "run"]);
  });

  test("a run that wants arguments must be invoked", () => {
    expect(() => defaultTarget(new Map([["run", add]]))).toThrow(
      "`run` wants arguments: give them with --invoke 'run(...)'. It exports:\n  run: func(a: u8, b: u8) -> u8",
    );
  });

  test("without it the error lists what there is", () => {
    expect(() => defaultTarget(exports)).toThrow(
      [
        "The component exports no function `run`: name one with --invoke. It exports:",
        "  add: func(a: u8, b: u8) -> u8",
        "  amal:obs/api@0.1.0#add: func(a: u8, b: u8) -> u8",
        "  amal:obs/api@0.1.0#find: func(name: string)",
      ].join("\n"),
    );
    expect(() => defaultTarget(new Map())).toThrow("It exports no functions");
  });
});

describe("a call", () => {
  test.each([
    ["add(1, 2)", ["add"], [1, 2]],
    ["amal:obs/api@0.1.0#add(1, 2)", ["amal:obs/api@0.1.0", "add"], [1, 2]],
    ["amal:obs/api#add(1, 2)", ["amal:obs/api@0.1.0", "add"], [1, 2]],
    ["api#add(1, 2)", ["amal:obs/api@0.1.0", "add"], [1, 2]],
    ['find("x")', ["amal:obs/api@0.1.0", "find"], ["x"]],
    ["another#list()", ["amal:obs/another@0.1.0", "list"], []],
  ])("%s", (call, path, args) => {
    const target = invokeTarget(exports, call);
    expect(target.path).toEqual(path);
    expect(target.args).toEqual(args);
  });

  test.each([
    ["fnd()", "The component exports no function `fnd`. Did you mean `find`?"],
    [
      "list()",
      "More than one function is called `list`: write `amal:obs/other@0.1.0#list` or `amal:obs/another@0.1.0#list`",
    ],
    ["add", "`add` is not a call: write --invoke 'add(...)'. It exports:\n  add: func(a: u8, b: u8) -> u8"],
    ["item()", "The component exports no function `item`."],
    ["", "The component exports no function ``."],
  ])("%j is refused", (call, message) => {
    expect(() => invokeTarget(exports, call)).toThrow(message);
  });

  test("wrong arguments point at the place in the call", () => {
    expect(() => invokeTarget(exports, "add(1, 256)")).toThrow(
      ["256 is not in the range of u8: 0 to 255 (column 8)", "  add(1, 256)", "         ^^^"].join("\n"),
    );
  });
});
