/** `Linker.explain`: what satisfies each import of a component, or why nothing does. */
import { describe, expect, it } from "vitest";
import { Component, ConfigError, Engine, Linker, types } from "../../src/runtime/index.ts";
import { assemble } from "../support/assemble.ts";
import { thrownBy } from "../support/thrown-by.ts";

const engine = new Engine();
const linker = () => new Linker<undefined>(engine);

async function componentOf(text: string): Promise<Component> {
  return Component.fromBytes(engine, await assemble(text));
}

const TEXT = `(component
  (import "amal:obs/metrics@0.1.0" (instance
    (export "counter" (func (param "name" string) (param "value" u64)))
    (export "gauge" (func (param "name" string) (result f64)))))
  (import "amal:obs/blobs@1.2.0" (instance
    (export "blob" (type $blob (sub resource)))
    (export "read" (func (param "self" (borrow $blob)) (result u32)))))
  (import "amal:obs/log@2.0.0" (instance (export "write" (func (param "text" string)))))
  (import "run-it" (func (param "class" u8))))`;

describe("an explanation", () => {
  it("says for each import what it finds, and why", async () => {
    const defined = linker();
    defined
      .instance("amal:obs/metrics@0.1.7")
      .func("counter", () => undefined)
      .func("guage", () => undefined);
    const blob = types.resource("blob");
    defined
      .instance("amal:obs/blobs@1.2.0")
      .resource("blob", blob)
      .func("read", () => 1, types.func([["self", types.borrow(blob)]], types.u64));
    defined.instance("amal:obs/log@1.9.0").func("write", () => undefined);
    const component = await componentOf(TEXT);
    defined.defineUnknownImportsAsTraps(component, { only: ["run-it"] });
    const explanation = defined.explain(component);
    expect(explanation.satisfied).toBe(false);
    expect(explanation.toString()).toMatchInlineSnapshot(`
      "amal:obs/metrics@0.1.0
        counter: func(name: string, value: u64)
          ok: defined as amal:obs/metrics@0.1.7#counter, a compatible version
        gauge: func(name: string) -> f64
          missing: amal:obs/metrics@0.1.7 is defined without gauge
          nearest defined: guage
      amal:obs/blobs@1.2.0
        blob: resource
          ok: defined as amal:obs/blobs@1.2.0#blob
        read: func(self: borrow<blob>) -> u32
          mismatch: amal:obs/blobs@1.2.0#read has another type in the component than in the linker
            component: read: func(self: borrow<blob>) -> u32
            linker:    read: func(self: borrow<blob>) -> u64
            result: u32 in the component, u64 in the linker
      amal:obs/log@2.0.0
        write: func(text: string)
          missing: defined, but of a version that is not semver-compatible
          nearest defined: amal:obs/log@1.9.0
          would match: amal:obs/log@2.0.0, amal:obs/log@2.*, amal:obs/log (in defineImports)
      (root)
        run-it: func(class: u8)
          trap: nothing is defined for it; calling it is a trap"
    `);
    expect(
      explanation.imports.map(({ path, status, definition }) => [path.join("#"), status, definition]),
    ).toEqual([
      ["amal:obs/metrics@0.1.0#counter", "defined", ["amal:obs/metrics@0.1.7", "counter"]],
      ["amal:obs/metrics@0.1.0#gauge", "missing", undefined],
      ["amal:obs/blobs@1.2.0#blob", "defined", ["amal:obs/blobs@1.2.0", "blob"]],
      ["amal:obs/blobs@1.2.0#read", "mismatch", ["amal:obs/blobs@1.2.0", "read"]],
      ["amal:obs/log@2.0.0#write", "missing", undefined],
      ["run-it", "trap", undefined],
    ]);
    expect(`${thrownBy(() => defined.instantiatePre(component))}`).toContain("needs 2 imports");
  });

  it("agrees with instantiatePre, and with what it tells to do", async () => {
    const component = await componentOf(TEXT);
    const defined = linker();
    for (const { path, wouldMatch, type } of defined.explain(component).imports) {
      const [name = ""] = wouldMatch;
      const at = path.length === 1 ? defined.root() : defined.instance(name);
      if (type.kind === "func") at.func(path.at(-1) ?? "", () => undefined);
      else at.resource(path.at(-1) ?? "", types.resource("blob"));
    }
    expect(defined.explain(component).satisfied).toBe(true);
    expect(defined.instantiatePre(component)).toBeDefined();
  });

  it.each([
    ["a:b/c", ["a:b/c"]],
    ["a:b/c@1.2.3", ["a:b/c@1.2.3", "a:b/c@1.*", "a:b/c (in defineImports)"]],
    ["a:b/c@0.2.3", ["a:b/c@0.2.3", "a:b/c@0.2.*", "a:b/c (in defineImports)"]],
    ["a:b/c@0.0.3", ["a:b/c@0.0.3", "a:b/c (in defineImports)"]],
    ["a:b/c@1.0.0-rc.1", ["a:b/c@1.0.0-rc.1", "a:b/c (in defineImports)"]],
  ])("lists what would match %s", async (name, wouldMatch) => {
    const component = await componentOf(`(component (import "${name}" (instance (export "f" (func)))))`);
    expect(linker().explain(component).imports).toMatchObject([{ status: "missing", wouldMatch }]);
  });

  it("tells import objects from definitions", async () => {
    const component = await componentOf(TEXT);
    const defined = linker().defineImports({ "amal:obs/log": { write: () => undefined } });
    expect(defined.explain(component).imports[4]).toMatchObject({
      status: "defined",
      reason: "defined as amal:obs/log#write, an import object for any version",
    });
  });

  it.each([
    ["amal:obs/log@2.0.0", "amal:obs/log@2.0.0 is defined without write"],
    ["amal:obs/log@2.7.0", "amal:obs/log@2.7.0 is defined without write"],
    ["amal:obs/log", "amal:obs/log is defined without write"],
  ])("knows what import objects do not have: %s", async (name, reason) => {
    const component = await componentOf(TEXT);
    const defined = linker().defineImports({ [name]: { wrote: () => undefined } });
    const expected = { status: "missing", reason, nearest: "wrote", wouldMatch: [] };
    expect(defined.explain(component).imports[4]).toMatchObject(expected);
  });

  it("of a component that imports nothing is short", async () => {
    const explanation = linker().explain(await componentOf("(component)"));
    expect(explanation).toMatchObject({ satisfied: true, imports: [] });
    expect(String(explanation)).toBe("the component imports nothing");
  });

  it("is for components of the linker's engine", async () => {
    const component = await componentOf("(component)");
    const other = new Linker<undefined>(new Engine());
    expect(thrownBy(() => other.explain(component))).toBeInstanceOf(ConfigError);
    expect(thrownBy(() => other.explain({} as never))).toBeInstanceOf(ConfigError);
  });
});

describe("core modules", () => {
  const text = `(component
    (import "m" (core module $m (import "env" "f" (func (param i32))) (export "run" (func (result i32))))))`;

  it.each([
    ['(module (func (export "run") (result i32) (i32.const 1)))', undefined],
    [
      '(module (import "env" "f" (func (param i32))) (func (export "run") (result i32) (i32.const 1)))',
      undefined,
    ],
    ["(module)", /missing expected export `run`/],
    [
      '(module (func (export "run") (result i64) (i64.const 1)))',
      /type mismatch in export `run`.*\(result i32\)/,
    ],
    ['(module (import "env" "g" (func)) (func (export "run") (result i32) (i32.const 1)))', /`env::g`/],
  ])("have to be of the type: %s", async (module, message) => {
    const component = await componentOf(text);
    const defined = linker();
    defined.root().module("m", await assemble(module));
    if (message === undefined) {
      expect(defined.instantiatePre(component)).toBeDefined();
    } else {
      const error = thrownBy(() => defined.instantiatePre(component));
      expect(error).toMatchObject({ code: "link", mismatched: [["m"]] });
      expect((error as Error).message).toMatch(message);
    }
  });
});

describe("a link error", () => {
  it("has all that is missing and all that differs", async () => {
    const component = await componentOf(`(component
      (import "a" (func (param "x" u8)))
      (import "b" (func (param "x" u16)))
      (import "c" (func)))`);
    const defined = linker();
    for (const name of ["a", "b"]) defined.root().func(name, () => 1, types.func([["x", types.u32]]));
    const error = thrownBy(() => defined.instantiatePre(component));
    expect(error).toMatchObject({ code: "link", missing: [["c"]], mismatched: [["a"], ["b"]] });
    expect((error as Error).message).toMatch(/c: func\(\).*a has another type.*b has another type/s);
  });
});
