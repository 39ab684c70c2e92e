/** Names that mean something in JavaScript are legal in WIT. */
import { describe, expect, it } from "vitest";
import { Component, Engine, Linker, Store } from "../../src/runtime/index.ts";
import { assemble } from "../support/assemble.ts";
import { call } from "./guest.ts";

const NAMES = [
  "then",
  "constructor",
  "to-string",
  "value-of",
  "to-json",
  "prototype",
  "name",
  "length",
  "call",
  "has-own-property",
];

/** An interface with a resource, and functions, methods and statics of these names; each returns its number. */
const TEXT = `(component
  (core module $m
    (func (export "new") (result i32) (i32.const 1))
    ${NAMES.map((_, i) => `(func (export "f${i}") (result i32) (i32.const ${i}))`).join("\n")}
    ${NAMES.map((_, i) => `(func (export "m${i}") (param i32) (result i32) (i32.const ${i + 100}))`).join("\n")})
  (core instance $m (instantiate $m))
  (type $thing (resource (rep i32)))
  (core func $new (canon resource.new $thing))
  (core module $n (import "host" "new" (func $new (param i32) (result i32)))
    (func (export "new") (result i32) (call $new (i32.const 1))))
  (core instance $n (instantiate $n (with "host" (instance (export "new" (func $new))))))
  (func $make (result (own $thing)) (canon lift (core func $n "new")))
  ${NAMES.map((_, i) => `(func $f${i} (result u32) (canon lift (core func $m "f${i}")))`).join("\n")}
  ${NAMES.map((_, i) => `(func $m${i} (param "self" (borrow $thing)) (result u32) (canon lift (core func $m "m${i}")))`).join("\n")}
  (component $interface
    (import "thing" (type $thing (sub resource)))
    (import "make" (func $make (result (own $thing))))
    ${NAMES.map((_, i) => `(import "f${i}" (func $f${i} (result u32)))`).join("\n")}
    ${NAMES.map((_, i) => `(import "m${i}" (func $m${i} (param "self" (borrow $thing)) (result u32)))`).join("\n")}
    (export $t "thing" (type $thing))
    (export "[constructor]thing" (func $make) (func (result (own $t))))
    ${NAMES.map((name, i) => `(export "${name}" (func $f${i}))`).join("\n")}
    ${NAMES.map((name, i) => `(export "[method]thing.m-${name}" (func $m${i}) (func (param "self" (borrow $t)) (result u32)))`).join("\n")}
    ${NAMES.map((name, i) => `(export "[method]thing.${name}" (func $m${i}) (func (param "self" (borrow $t)) (result u32)))`).join("\n")}
    ${NAMES.map((name, i) => `(export "[static]thing.s-${name}" (func $f${i}))`).join("\n")})
  (instance $i (instantiate $interface (with "thing" (type $thing)) (with "make" (func $make))
    ${NAMES.map((_, i) => `(with "f${i}" (func $f${i})) (with "m${i}" (func $m${i}))`).join("\n")}))
  (export "a:b/names" (instance $i))
  (export "then" (func $f0))
  (export "constructor" (func $f1)))`;

async function start() {
  const engine = new Engine();
  const component = Component.fromBytes(engine, await assemble(TEXT));
  return new Linker<undefined>(engine).instantiate(new Store(engine, undefined), component);
}

describe("exports with names of JavaScript's own", () => {
  it("are functions like any other, and what is awaited is no promise", async () => {
    const instance = await start();
    expect(await instance).toBe(instance);
    expect(call(instance, "then")).toBe(0);
    expect(call(instance, "constructor")).toBe(1);
    for (const [i, name] of NAMES.entries()) expect(call(instance, ["a:b/names", name])).toBe(i);
    expect(instance.getFunc("to-string")).toBeUndefined();
    expect(instance.getFunc("__proto__")).toBeUndefined();
    expect(instance.getFunc("a:b/names", "__proto__")).toBeUndefined();
    expect(instance.getFunc()).toBeUndefined();
    const func = instance.getFunc("then");
    expect(await func).toBe(func);
  });

  it("are methods of resources, which stay objects of their class", async () => {
    const instance = await start();
    const Thing = instance.getResourceClass("a:b/names", "thing") as new () => Record<string, () => unknown>;
    const thing = new Thing();
    expect(await thing).toBe(thing);
    expect(thing).toBeInstanceOf(Thing);
    expect(thing.constructor).toBe(Thing);
    expect(Thing.name).toBe("Thing");
    expect(thing["then_"]?.()).toBe(100);
    expect(thing["constructor_"]?.()).toBe(101);
    for (const [i, key] of [
      "toString",
      "valueOf",
      "toJson",
      "prototype",
      "name",
      "length",
      "call",
    ].entries()) {
      expect(thing[key]?.()).toBe(102 + i);
    }
    const statics = Thing as unknown as Record<string, () => unknown>;
    expect(statics["sThen"]?.()).toBe(0);
    expect(Object.keys(thing)).toEqual([]);
  });

  it("are told apart in a linker that has no such names", async () => {
    const engine = new Engine();
    const linker = new Linker<undefined>(engine);
    linker.defineImports({ "a:b/names": {}, default: {} });
    const component = Component.fromBytes(
      engine,
      await assemble(`(component
        (import "a:b/names" (instance ${NAMES.map((name) => `(export "${name}" (func))`).join(" ")}))
        ${NAMES.map((name) => `(import "${name}" (func))`).join(" ")})`),
    );
    expect(linker.explain(component).imports.map(({ status }) => status)).toEqual(
      Array<string>(2 * NAMES.length).fill("missing"),
    );
  });
});

describe("a component that imports very much", () => {
  it("is explained, and refused, in no time to speak of", async () => {
    const engine = new Engine();
    const linker = new Linker<undefined>(engine);
    for (let i = 0; i < 200; i++)
      linker.root().func(`a-function-of-the-host-${"x".repeat(4)}-x${i}`, () => undefined);
    const imports = Array.from(
      { length: 5000 },
      (_, i) => `(import "a-function-of-the-host-${"x".repeat(4)}-y${i}" (func))`,
    );
    const component = Component.fromBytes(engine, await assemble(`(component ${imports.join("\n")})`));
    const { imports: explained } = linker.explain(component);
    expect(explained.filter(({ nearest }) => nearest !== undefined)).toHaveLength(200);
    expect(() => linker.instantiatePre(component)).toThrow(/and 4900 more/);
  });
});
