/** What a plan holds beyond what its print shows: identities, views, and what is not supported. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildGuest } from "../../scripts/guests.ts";
import { type ImportLeaf, type LinkPlan, planComponent, readComponent } from "../../src/component/index.ts";
import { UnsupportedError } from "../../src/model/errors.ts";
import type { ResourceType } from "../../src/model/value-type.ts";
import { assemble } from "../support/assemble.ts";

async function plan(body: string): Promise<LinkPlan> {
  return planComponent(await assemble(`(component ${body})`));
}

function resourceOf(leaf: ImportLeaf | undefined): ResourceType | undefined {
  return leaf?.type.kind === "type" && leaf.type.type.kind === "resource" ? leaf.type.type : undefined;
}

describe("resource types are one object wherever they occur", () => {
  test("imported ones, under all names", async () => {
    const { importLeaves, imports } = await plan(`
      (import "a:b/types" (instance $types (export "blob" (type (sub resource)))))
      (alias export $types "blob" (type $blob))
      (import "a:b/store" (instance
        (alias outer 1 $blob (type $b))
        (export "blob" (type $mine (eq $b)))
        (export "get" (func (result (own $mine))))))`);
    expect(importLeaves.map((leaf) => leaf.path)).toEqual([
      ["a:b/types", "blob"],
      ["a:b/store", "get"],
    ]);
    const blob = resourceOf(importLeaves[0]);
    expect(blob).toBeDefined();
    const get = importLeaves[1]?.type;
    expect(get?.kind === "func" && get.result).toEqual({ kind: "own", resource: blob });
    expect(get?.kind === "func" && get.result?.kind === "own" && get.result.resource).toBe(blob);
    const store = imports.get("a:b/store");
    const again = store?.kind === "instance" ? store.exports.get("blob") : undefined;
    expect(again?.kind === "type" && again.type).toBe(blob);
  });

  test("defined ones, in definitions, trampolines and exports", async () => {
    const { definedResources, trampolines, exportDefs, exports } = await plan(`
      (type $r (resource (rep i32)))
      (export $out "thing" (type $r))
      (core func $drop (canon resource.drop $r))
      (func $f (param "x" (own $out)) (canon lift (core func $drop)))
      (export "take" (func $f))`);
    const type = definedResources[0]?.type;
    expect(type?.name).toBe("thing");
    expect(trampolines[0]).toMatchObject({ kind: "resource.drop" });
    expect(trampolines[0]?.kind === "resource.drop" && trampolines[0].resource).toBe(type);
    const thing = exportDefs.get("thing");
    expect(thing?.kind === "type" && thing.type).toBe(type);
    const take = exportDefs.get("take");
    const param = take?.kind === "func" ? take.type.params[0]?.type : undefined;
    expect(param?.kind === "own" && param.resource).toBe(type);
    const shown = exports.get("take");
    const shownParam = shown?.kind === "func" ? shown.params[0]?.type : undefined;
    expect(shownParam?.kind === "own" && shownParam.resource).toBe(type);
  });
});

test("an export shows no more than the type that it is given", async () => {
  const { exportDefs } = await plan(`
    (import "i" (instance $i (export "f" (func)) (export "g" (func))))
    (export "less" (instance $i) (instance (export "g" (func))))`);
  const less = exportDefs.get("less");
  expect(less?.kind === "instance" && [...less.exports.keys()]).toEqual(["g"]);
});

test("names are data: those of objects' own members are names like any other", async () => {
  const names = ["constructor", "to-string", "then", "has-own-property", "default", "eval"];
  const { importLeaves, exportDefs } = await plan(`
    (import "constructor" (instance $i ${names.map((name) => `(export "${name}" (func))`).join(" ")}))
    (core module $m (import "__proto__" "__proto__" (func)) (func (export "constructor")) (func (export "__proto__")))
    (core func $f (canon lower (func $i "then")))
    (core instance $m (instantiate $m (with "__proto__" (instance (export "__proto__" (func $f))))))
    (func (export "constructor") (canon lift (core func $m "constructor")))
    (func (export "then") (canon lift (core func $m "__proto__")))`);
  expect(importLeaves.map((leaf) => leaf.path[1])).toEqual(names);
  expect([...exportDefs.keys()]).toEqual(["constructor", "then"]);
});

test("modules are listed whether or not they are instantiated, as views in order", async () => {
  const bytes = await assemble(
    "(component (core module) (component (core module (func))) (core module (memory 1)))",
  );
  const { modules, steps } = planComponent(bytes);
  expect(steps).toEqual([]);
  expect(modules.map((module) => module.offset)).toEqual(
    [...modules].map((m) => m.offset).sort((a, b) => a - b),
  );
  expect(modules.map((module) => module.bytes.buffer === bytes.buffer)).toEqual([true, true, true]);
});

test("a component that has been read can be planned again, with resource types of its own", async () => {
  const component = readComponent(
    await assemble('(component (type $r (resource (rep i32))) (export "r" (type $r)))'),
  );
  const [first, second] = [planComponent(component), planComponent(component)];
  expect(first.definedResources[0]?.type).not.toBe(second.definedResources[0]?.type);
});

describe("the asynchronous part of the model does not keep a component from being planned", () => {
  test.each([
    ["task.return", "(core func (canon task.return))"],
    ["stream.new", "(type $s (stream u8)) (core func (canon stream.new $s))"],
    ["future.read", "(type $f (future)) (core func (canon future.read $f))"],
    ["waitable-set.new", "(core func (canon waitable-set.new))"],
    ["backpressure.inc", "(core func (canon backpressure.inc))"],
    ["error-context.drop", "(core func (canon error-context.drop))"],
    ["thread.yield", "(core func (canon thread.yield))"],
  ])("%s", async (name, body) => {
    const { trampolines } = await plan(body);
    expect(trampolines).toEqual([
      { kind: "builtin", name, componentInstance: 0, slot: undefined, memory: undefined },
    ]);
  });

  test("what its built-ins work on is in the plan", async () => {
    const { trampolines } = await plan(`
      (core module $M (memory (export "m") 1))
      (core instance $m (instantiate $M))
      (core func (canon context.get i32 1))
      (core func (canon waitable-set.poll (memory (core memory $m "m"))))`);
    expect(trampolines).toEqual([
      { kind: "builtin", name: "context.get", componentInstance: 0, slot: 1, memory: undefined },
      {
        kind: "builtin",
        name: "waitable-set.poll",
        componentInstance: 0,
        slot: undefined,
        memory: { kind: "core-export", instance: 0, name: "m" },
      },
    ]);
  });

  test("functions of an async type", async () => {
    const { trampolines } = await plan(`
      (core module $M (memory (export "m") 1))
      (core instance $m (instantiate $M))
      (import "f" (func $f async))
      (core func (canon lower (func $f) async (memory (core memory $m "m"))))`);
    expect(trampolines).toMatchObject([{ kind: "lower", type: { async: true } }]);
  });
});

test("an import of a whole component is valid and not supported", async () => {
  const component = readComponent(await assemble('(component (import "c" (component)))'));
  expect(() => planComponent(component)).toThrow(UnsupportedError);
  expect(() => planComponent(component)).toThrow(expect.objectContaining({ feature: "component imports" }));
});

test("the parent of a component instance is what instantiates it, not what it stands in", async () => {
  const { componentInstanceParents } = await plan(`
    (component $Leaf)
    (component $Middle
      (import "leaf" (component $leaf))
      (instance (instantiate $leaf))
      (instance (instantiate $leaf)))
    (instance (instantiate $Middle (with "leaf" (component $Leaf))))
    (instance (instantiate $Leaf))`);
  expect(componentInstanceParents).toEqual([undefined, 0, 1, 1, 0]);
});

test("a JavaScript guest composed with a component that stands in for WASI", async () => {
  const { importLeaves, exportDefs, componentInstances, trampolines } = planComponent(
    readFileSync(await buildGuest("requests")),
  );
  expect(new Set(importLeaves.map((leaf) => leaf.path[0]))).toEqual(new Set(["amal:obs/metrics@0.1.0"]));
  expect(exportDefs.get("run")).toMatchObject({ kind: "func", source: { kind: "lifted" } });
  expect(componentInstances).toBeGreaterThan(3);
  const between = trampolines.filter((t) => t.kind === "lower" && t.source.kind === "lifted");
  expect(between.length).toBeGreaterThan(10);
});
