/**
 * Random damage to real components: whatever becomes of them, they are refused with a typed error, or they load, link, run and
 * trap as any other guest does. `MUTATION_SEED=n` repeats a run, `MUTATION_COUNT=n` makes it longer.
 */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { buildGuest } from "../../scripts/guests.ts";
import { planComponent } from "../../src/component/index.ts";
import { HostwrightError } from "../../src/model/errors.ts";
import type { ValueType } from "../../src/model/value-type.ts";
import {
  Component,
  ComponentError,
  Engine,
  type ExternType,
  type FuncType,
  type Instance,
  Linker,
  type LinkerInstance,
  Store,
} from "../../src/runtime/index.ts";
import { guestText, MEMORY, REALLOC } from "../runtime/guest.ts";
import { assemble } from "../support/assemble.ts";
import { mutate, Random } from "./mutants.ts";

const SEED = Number(process.env["MUTATION_SEED"] ?? 20_260_115);
/** Of all tests here together. */
const COUNT = Number(process.env["MUTATION_COUNT"] ?? 20_500);
const TIMEOUT = 120_000;

/** Some value of a type; undefined where only a guest can make one. */
function sample(type: ValueType): unknown {
  switch (type.kind) {
    case "bool":
      return true;
    case "u64":
    case "s64":
      return 1n;
    case "char":
      return "x";
    case "string":
      return "text";
    case "list":
    case "fixed-length-list":
      return Array.from({ length: type.kind === "list" ? 2 : Math.min(type.length, 64) }, () =>
        sample(type.element),
      );
    case "map":
      return new Map([[sample(type.key), sample(type.value)]]);
    case "tuple":
      return type.elements.map(sample);
    case "record":
      return Object.fromEntries(type.fields.map((field) => [field.name, sample(field.type)]));
    case "variant": {
      const [first] = type.cases;
      return { tag: first?.name, val: first?.type === undefined ? undefined : sample(first.type) };
    }
    case "enum":
      return type.names[0];
    case "flags":
      return {};
    case "option":
      return undefined;
    case "result":
      return { tag: "ok", val: type.ok === undefined ? undefined : sample(type.ok) };
    case "own":
    case "borrow":
      return {};
    default:
      return 1;
  }
}

/** The paths of all functions that are exported. */
function* functions(
  exports: ReadonlyMap<string, ExternType>,
  path: readonly string[] = [],
): Iterable<readonly [path: readonly string[], type: FuncType]> {
  for (const [name, type] of exports) {
    if (type.kind === "func") yield [[...path, name], type];
    else if (type.kind === "instance") yield* functions(type.exports, [...path, name]);
  }
}

const engine = new Engine({ consumeFuel: true });

function callAll(component: Component, makeInstance: () => Instance): number {
  let calls = 0;
  let instance: Instance | undefined;
  for (const [path, type] of functions(component.exports)) {
    if (calls >= 8) break;
    try {
      // A trap ends the store: the next function needs another.
      instance ??= makeInstance();
      calls++;
      instance.getFunc(...path)?.call(...type.params.map((param) => sample(param.type)));
    } catch (error) {
      if (!isTyped(error)) throw error;
      instance = undefined;
    }
  }
  return calls;
}

/** An error that says what is wrong with the component, not with us. */
function isTyped(error: unknown): boolean {
  if (error instanceof ComponentError) return true;
  return (
    error instanceof HostwrightError && !/internal error|something that is not there/.test(error.message)
  );
}

/** A host that answers every call with some value of the right type; what it cannot define is a trap. */
function linkerFor(component: Component): Linker<undefined> {
  const linker = new Linker<undefined>(engine);
  const define = (into: LinkerInstance<undefined>, name: string, type: ExternType): void => {
    if (type.kind === "type" && type.type.kind === "resource") into.resource(name, type.type);
    if (type.kind !== "func") return;
    const { result } = type;
    into.func(name, () => (result === undefined ? undefined : sampleResult(result)));
  };
  for (const [name, type] of component.imports) {
    if (type.kind !== "instance") define(linker.root(), name, type);
    else for (const [inner, item] of type.exports) define(linker.instance(name), inner, item);
  }
  return linker.defineUnknownImportsAsTraps(component);
}

/** As a host function returns it: the error of a result would be thrown. */
function sampleResult(type: ValueType): unknown {
  if (type.kind !== "result") return sample(type);
  return type.ok === undefined ? undefined : sample(type.ok);
}

/** Loads, links and runs it. Returns how far it came. @throws what is not typed */
function live(bytes: Uint8Array): "refused" | "loaded" | "ran" {
  let component: Component;
  try {
    component = Component.fromBytes(engine, bytes);
  } catch (error) {
    if (!isTyped(error)) throw error;
    return "refused";
  }
  try {
    const pre = linkerFor(component).instantiatePre(component);
    const makeInstance = () =>
      pre.instantiate(
        new Store(engine, undefined, {
          fuel: 20_000,
          hostcallFuel: 100_000,
          limits: { memorySize: 2 ** 21, totalMemorySize: 2 ** 22, tableElements: 1000, resources: 100 },
        }),
      );
    makeInstance();
    return callAll(component, makeInstance) > 0 ? "ran" : "loaded";
  } catch (error) {
    if (!isTyped(error)) throw error;
    return "loaded";
  }
}

/** Runs `attempt` on mutants of `corpus`, and says what to do if one breaks out. */
function mutants<R extends string>(
  count: number,
  corpus: readonly { readonly name: string; readonly bytes: Uint8Array; readonly at?: readonly number[] }[],
  attempt: (bytes: Uint8Array) => R,
): Map<R, number> {
  const random = new Random(SEED);
  const outcomes = new Map<R, number>();
  for (let i = 0; i < count; i++) {
    const { name, bytes, at } = corpus[i % corpus.length] as (typeof corpus)[number];
    const mutant = mutate(random, bytes, random.of(corpus).bytes, at);
    try {
      const outcome = attempt(mutant);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    } catch (error) {
      const hex = mutant.length > 4096 ? "" : `: ${Buffer.from(mutant).toString("hex")}`;
      throw new Error(`MUTATION_SEED=${SEED}, mutant ${i} of ${name} breaks out${hex}`, { cause: error });
    }
  }
  return outcomes;
}

/** Values of all kinds, in both directions, post-return, and a second memory's worth of options. */
const VALUES = guestText({
  imports: `
    (import "a:b/host" (instance $host
      (type $point' (record (field "x" u32) (field "y" f64)))
      (export "point" (type $point (eq $point')))
      (export "move" (func (param "p" $point) (result (list $point))))
      (export "name" (func (param "s" string) (result (result string (error string)))))))`,
  lowered: `
    (core func $move (canon lower (func $host "move") ${REALLOC}))
    (core func $name (canon lower (func $host "name") ${REALLOC} string-encoding=utf16))
    (core func $get (canon context.get i32 0))
    (core func $return (canon task.return (result u32)))
    (core func $poll (canon waitable-set.poll ${MEMORY}))`,
  uses: ["move", "name", "get", "return", "poll"],
  main: `
    (import "host" "move" (func $move (param i32 f64 i32)))
    (import "host" "name" (func $name (param i32 i32 i32)))
    (import "host" "get" (func $get (result i32)))
    (import "host" "return" (func $return (param i32)))
    (import "host" "poll" (func $poll (param i32 i32) (result i32)))
    (func (export "echo") (param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i32.store (i32.const 20) (local.get 1))
      (i32.const 16))
    (func (export "post") (param i32))
    (func (export "sum") (param i32 i64 f32 i32 i32 i32) (result i32) (local.get 3))
    (func (export "ask") (param i32 i32) (result i32)
      (call $name (local.get 0) (local.get 1) (i32.const 32))
      (call $move (i32.const 1) (f64.const 2) (i32.const 64))
      (call $poll (call $get) (i32.const 8)))`,
  exports: `
    (type $kind' (enum "one" "two" "three"))
    (export $kind "kind" (type $kind'))
    (type $shape' (variant (case "dot") (case "line" (tuple u32 u32)) (case "text" string)))
    (export $shape "shape" (type $shape'))
    (type $bits' (flags "r" "w" "x"))
    (export $bits "bits" (type $bits'))
    (func (export "echo") (param "s" string) (result string)
      (canon lift (core func $main "echo") ${REALLOC} (post-return (core func $main "post"))))
    (func (export "bytes") (param "s" (list u8)) (result (list u8))
      (canon lift (core func $main "echo") ${REALLOC}))
    (func (export "shapes") (param "s" (list $shape)) (result (list $shape))
      (canon lift (core func $main "echo") ${REALLOC}))
    (func (export "sum")
      (param "a" bool) (param "b" s64) (param "c" f32) (param "d" $kind) (param "e" (option $bits)) (result $kind)
      (canon lift (core func $main "sum")))
    (func (export "ask") (param "s" string) (result u32) (canon lift (core func $main "ask") ${REALLOC}))`,
});

async function textCorpus(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const corpus = [{ name: "values", bytes: await assemble(VALUES) }];
  for (const folder of ["../component/fixtures/plans/", "../../examples/guests/"]) {
    const url = new URL(folder, import.meta.url);
    for (const name of readdirSync(url).sort()) {
      if (!name.endsWith(".wat")) continue;
      corpus.push({ name, bytes: await assemble(readFileSync(new URL(name, url), "utf8")) });
    }
  }
  return corpus;
}

describe(`mutants (MUTATION_SEED=${SEED})`, () => {
  test("of small components, which are run", { timeout: TIMEOUT }, async () => {
    const corpus = await textCorpus();
    for (const { bytes } of corpus) expect(live(bytes)).not.toBe("refused");
    const count = Math.round(COUNT * 0.93);
    const outcomes = mutants(count, corpus, live);
    // The damage is such that no way out is rare.
    for (const outcome of ["refused", "loaded", "ran"] as const) {
      expect(outcomes.get(outcome) ?? 0).toBeGreaterThan(count / 200);
    }
  });

  test("of components compiled from C, which are run", { timeout: TIMEOUT }, () => {
    const folder = new URL("../guests/built/", import.meta.url);
    const names = readdirSync(folder).filter((name) => name.endsWith(".component.wasm"));
    const corpus = names.sort().map((name) => {
      const bytes = new Uint8Array(readFileSync(new URL(name, folder)));
      return { name, bytes, at: outsideOfModules(bytes) };
    });
    expect(corpus.length).toBeGreaterThan(1);
    for (const { bytes } of corpus) expect(live(bytes)).toBe("ran");
    const outcomes = mutants(Math.round(COUNT * 0.05), corpus, live);
    expect(outcomes.get("refused")).toBeGreaterThan(0);
    expect(outcomes.get("ran")).toBeGreaterThan(0);
  });

  test("of a component of 1.6 MB, which are planned", { timeout: TIMEOUT }, async () => {
    const bytes = new Uint8Array(readFileSync(await buildGuest("requests")));
    const corpus = [{ name: "requests", bytes, at: outsideOfModules(bytes) }];
    const outcomes = mutants(Math.round(COUNT * 0.02), corpus, (mutant) => {
      try {
        planComponent(mutant);
        return "planned";
      } catch (error) {
        if (!isTyped(error)) throw error;
        return "refused";
      }
    });
    expect(outcomes.get("refused")).toBeGreaterThan(0);
    expect(outcomes.get("planned")).toBeGreaterThan(0);
  });
});

/** The bytes of a component that are not of core modules, and the first of each of these. */
function outsideOfModules(bytes: Uint8Array): number[] {
  const head = 100;
  const at: number[] = [];
  let from = 0;
  const modules = [...planComponent(bytes).modules].sort((a, b) => a.offset - b.offset);
  for (const { offset, bytes: module } of modules) {
    for (let i = from; i < offset + Math.min(head, module.length); i++) at.push(i);
    from = offset + module.length;
  }
  for (let i = from; i < bytes.length; i++) at.push(i);
  return at;
}
