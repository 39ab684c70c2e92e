/** Types that an attacker states: nothing in them may become code, blow up, or hang. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { GlueCompiler } from "../../src/abi/compile.ts";
import { UnsupportedError } from "../../src/model/errors.ts";
import * as types from "../../src/model/types.ts";
import type { ValueType } from "../../src/model/value-type.ts";
import { roundTrip } from "./harness.ts";

function compile(type: ValueType): string {
  const compiler = new GlueCompiler();
  const func = types.func([["a", type]], type);
  compiler.lower(func, { encoding: "utf8", callee: "host" });
  compiler.lift(func, { encoding: "utf8", postReturn: true, caller: "host" });
  return compiler.source();
}

describe("names", () => {
  const evil = [
    '"; globalThis.hacked = 1; "',
    "`$" + "{globalThis.hacked = 1}`",
    '\\"); globalThis.hacked = 1; //',
    "\u2028globalThis.hacked = 1\u2029",
    "*/ globalThis.hacked = 1 /*",
    "\ud800",
    "</script>",
  ];

  it("are never code", () => {
    const named = evil.map((name) => [name, types.u8] as const);
    const all = types.record([
      ["r", types.record(named)],
      ["v", types.list(types.variant(named))],
      ["e", types.enumeration(evil)],
      ["f", types.flags(evil)],
    ]);
    const value = {
      r: Object.fromEntries(named.map(([name], i) => [camel(name), i])),
      v: evil.map((tag) => ({ tag, val: 1 })),
      e: evil[3],
      f: Object.fromEntries(evil.map((name, i) => [camel(name), i % 2 === 0])),
    };
    expect(roundTrip(all, value).back).toEqual(value);
    expect(globalThis).not.toHaveProperty("hacked");
  });

  function camel(name: string): string {
    const [head = "", ...rest] = name.split("-");
    return (
      head.toLowerCase() + rest.map((w) => w.slice(0, 1).toUpperCase() + w.slice(1).toLowerCase()).join("")
    );
  }
});

describe("large types", () => {
  it("with shared parts make source that grows with the parts, not with the tree", () => {
    let type: ValueType = types.u8;
    for (let i = 0; i < 45; i++) {
      type = types.variant([
        ["a", type],
        ["b", type],
        ["c", types.list(type)],
      ]);
    }
    expect(compile(type).length).toBeLessThan(300_000);
  });

  it("with thousands of cases work", () => {
    const names = Array.from({ length: 5000 }, (_, i) => `case-${i}`);
    const variant = types.variant(names.map((name, i) => (i % 2 === 0 ? [name] : [name, types.u16])));
    const value = { tag: "case-4999", val: 77 };
    expect(roundTrip(variant, value)).toEqual({ seen: value, back: value });
    expect(roundTrip(types.enumeration(names), "case-300").back).toBe("case-300");
    expect(compile(variant).length).toBeLessThan(3_000_000);
  });

  it("too deep are refused by name", () => {
    let type: ValueType = types.u8;
    for (let i = 0; i < 5000; i++) type = types.option(type);
    expect(() => compile(type)).toThrow(UnsupportedError);
    expect(() => compile(type)).toThrow(/nested more than 100 levels/);
  });

  it("too deep by way of a shared part are refused as well", () => {
    let inner: ValueType = types.u8;
    for (let i = 0; i < 60; i++) inner = types.list(inner);
    let outer = inner;
    for (let i = 0; i < 60; i++) outer = types.list(outer);
    const compiler = new GlueCompiler();
    const options = { encoding: "utf8", callee: "host" } as const;
    compiler.lower(types.func([["a", inner]]), options);
    expect(() => compiler.lower(types.func([["a", outer]]), options)).toThrow(UnsupportedError);
  });

  it("of fixed-length lists are loops", () => {
    expect(compile(types.fixedLengthList(types.fixedLengthList(types.u8, 1000), 1000)).length).toBeLessThan(
      10_000,
    );
  });
});

describe("what there is no glue for", () => {
  it.each([
    [types.stream(types.u8), "stream types"],
    [types.list(types.future()), "future types"],
    [types.errorContext, "error-context"],
    [types.record([]), "empty record types"],
    [types.tuple([]), "empty tuple types"],
    [types.variant([]), "empty variant types"],
    [types.flags([]), "empty flags types"],
    [types.fixedLengthList(types.u8, 0), "fixed-length lists of length 0"],
  ])("%j", (type, feature) => {
    expect(() => compile(type)).toThrow(expect.objectContaining({ code: "unsupported", feature }));
  });

  it("async functions", () => {
    const compiler = new GlueCompiler();
    expect(() => compiler.lower(types.asyncFunc([]), { encoding: "utf8", callee: "host" })).toThrow(
      expect.objectContaining({ feature: "async functions" }),
    );
  });
});

describe("where code generation is switched off", () => {
  it("says so, and what to do", () => {
    const compiler = fileURLToPath(new URL("../../src/abi/compile.ts", import.meta.url));
    const script = `import { GlueCompiler } from ${JSON.stringify(compiler)};
      try { new GlueCompiler().compile(); } catch (error) { console.log(error.code, error.message); }`;
    const { stdout } = spawnSync(
      process.execPath,
      ["--disallow-code-generation-from-strings", "--input-type=module-typescript", "-e", script],
      { encoding: "utf8" },
    );
    expect(stdout).toMatch(/^config .*--disallow-code-generation-from-strings/);
  });
});
