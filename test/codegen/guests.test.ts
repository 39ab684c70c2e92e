/** Golden bindings, linked and run: against every linker, and against guests with hostile names and with resources. */

import { describe, expect, test } from "vitest";
import { Component, Engine, Linker, Store } from "../../src/runtime/index.ts";
import * as names from "../golden/run-names/bindings/guest.js";
import * as resources from "../golden/run-resources/bindings/guest.js";
import type * as counters from "../golden/run-resources/bindings/test/run-resources/counters.js";
import { assemble } from "../support/assemble.ts";
import { goldenCases, goldenFiles, goldenFolder } from "./goldens.ts";

interface WorldModule {
  readonly [name: string]: {
    addToLinker?: (linker: Linker<object>, getHost: (data: object) => object) => void;
  };
}

describe("every golden world links", () => {
  test.each(goldenCases)("%s", async (name) => {
    const path = [...goldenFiles(name).keys()].find((file) => /^[^/.]+\.ts$/.test(file));
    const module = (await import(`${goldenFolder}${name}/bindings/${path}`)) as WorldModule;
    const [world, ...others] = Object.values(module).filter((value) => value.addToLinker !== undefined);
    expect(others).toEqual([]);
    world?.addToLinker?.(new Linker(new Engine()), (data) => data);
  });
});

test("hostile names reach the host and the guest", async () => {
  const engine = new Engine();
  const linker = new Linker<names.GuestImports>(engine);
  names.Guest.addToLinker(linker, (data) => data);
  const host: names.GuestImports = {
    class: { default: (a) => a + 1, then_: (a) => a + 2, constructor_: () => 3 },
    new: (a) => a + 4,
  };
  const component = Component.fromBytes(engine, await assemble(NAMES_GUEST));
  const store = new Store(engine, host);
  // An instance that looked like a promise would never come out of this.
  const guest = await names.Guest.instantiate(store, component, linker);
  expect(guest).toBeInstanceOf(names.Guest);
  expect(guest.then_(10)).toBe(10 + 4);
  expect(guest.constructor_()).toBe(3);
  expect(guest.addToLinker()).toBe(7);
  expect(guest.class.default(10)).toBe(10 + 1);
  expect(guest.class.then_(10)).toBe(10 + 2);
  expect(guest.class.constructor_()).toBe(3);
});

describe("resources", () => {
  class Counter implements counters.Counter {
    static readonly dropped: number[] = [];
    #value: number;
    constructor(start: number) {
      this.#value = start;
    }
    static sum(a: Counter, b: Counter): number {
      return a.#value + b.#value;
    }
    static name_(): number {
      return 99;
    }
    next(): number {
      return ++this.#value;
    }
    then_(): number {
      return 100;
    }
    [Symbol.dispose](): void {
      Counter.dropped.push(this.#value);
    }
  }

  async function instantiate(): Promise<resources.Guest> {
    const engine = new Engine();
    const linker = new Linker<{ counters: counters.Host }>(engine);
    resources.Guest.addToLinker(linker, (data) => data);
    const component = Component.fromBytes(engine, await assemble(RESOURCES_GUEST));
    return resources.Guest.instantiate(new Store(engine, { counters: { Counter } }), component, linker);
  }

  test("of the host, made, used and dropped by the guest", async () => {
    const guest = await instantiate();
    // (5 + 1) + 10, and what `then` and `name` give
    expect(guest.run()).toBe(16 + 100 + 99);
    // `sum` has taken over the second counter and the guest has dropped the first: only that is the guest's to drop.
    expect(Counter.dropped).toContain(6);
  });

  test("of the guest, made, used and disposed of by the host", async () => {
    const { Counter: GuestCounter } = (await instantiate()).counters;
    const a = new GuestCounter(20);
    const b = new GuestCounter(30);
    expect(a).toBeInstanceOf(GuestCounter);
    expect([a.next(), a.next()]).toEqual([21, 22]);
    expect(GuestCounter.sum(a, b)).toBe(22 + 30);
    expect(() => b.next()).toThrow();
    a[Symbol.dispose]();
    expect(() => a.next()).toThrow();
  });

  test("of the guest, with members of hostile names", async () => {
    const { Counter: GuestCounter } = (await instantiate()).counters;
    expect(new GuestCounter(20).then_()).toBe(20);
    expect(GuestCounter.name_()).toBe(1);
  });
});

const NAMES_GUEST = `(component
  (import "test:run-names/class" (instance $class
    (export "default" (func (param "eval" u8) (result u8)))
    (export "then" (func (param "this" u8) (result u8)))
    (export "constructor" (func (result u8)))))
  (import "new" (func $new (param "delete" u8) (result u8)))
  (core func $default (canon lower (func $class "default")))
  (core func $then (canon lower (func $class "then")))
  (core func $constructor (canon lower (func $class "constructor")))
  (core func $new' (canon lower (func $new)))
  (core module $m
    (import "" "default" (func $default (param i32) (result i32)))
    (import "" "then" (func $then (param i32) (result i32)))
    (import "" "constructor" (func $constructor (result i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "default") (param i32) (result i32) (call $default (local.get 0)))
    (func (export "then") (param i32) (result i32) (call $then (local.get 0)))
    (func (export "constructor") (result i32) (call $constructor))
    (func (export "new") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "seven") (result i32) (i32.const 7)))
  (core instance $i (instantiate $m (with "" (instance
    (export "default" (func $default))
    (export "then" (func $then))
    (export "constructor" (func $constructor))
    (export "new" (func $new'))))))
  (func (export "then") (param "await" u8) (result u8) (canon lift (core func $i "new")))
  (func (export "constructor") (result u8) (canon lift (core func $i "constructor")))
  (func (export "add-to-linker") (result u8) (canon lift (core func $i "seven")))
  (func $d (param "eval" u8) (result u8) (canon lift (core func $i "default")))
  (func $t (param "this" u8) (result u8) (canon lift (core func $i "then")))
  (func $c (result u8) (canon lift (core func $i "constructor")))
  (instance $exports (export "default" (func $d)) (export "then" (func $t)) (export "constructor" (func $c)))
  (export "test:run-names/class" (instance $exports)))`;

const RESOURCES_GUEST = `(component
  (import "test:run-resources/counters" (instance $host
    (export "counter" (type $c (sub resource)))
    (export "[constructor]counter" (func (param "start" u32) (result (own $c))))
    (export "[method]counter.next" (func (param "self" (borrow $c)) (result u32)))
    (export "[method]counter.then" (func (param "self" (borrow $c)) (result u32)))
    (export "[static]counter.sum" (func (param "a" (borrow $c)) (param "b" (own $c)) (result u32)))
    (export "[static]counter.name" (func (result u32)))))
  (alias export $host "counter" (type $hc))
  (core func $new (canon lower (func $host "[constructor]counter")))
  (core func $next (canon lower (func $host "[method]counter.next")))
  (core func $then (canon lower (func $host "[method]counter.then")))
  (core func $sum (canon lower (func $host "[static]counter.sum")))
  (core func $name (canon lower (func $host "[static]counter.name")))
  (core func $drop (canon resource.drop $hc))
  (core module $user
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "next" (func $next (param i32) (result i32)))
    (import "" "then" (func $then (param i32) (result i32)))
    (import "" "sum" (func $sum (param i32 i32) (result i32)))
    (import "" "name" (func $name (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "run") (result i32) (local $a i32) (local $r i32)
      (local.set $a (call $new (i32.const 5)))
      (drop (call $next (local.get $a)))
      (local.set $r (call $sum (local.get $a) (call $new (i32.const 10))))
      (local.set $r (i32.add (local.get $r) (call $then (local.get $a))))
      (local.set $r (i32.add (local.get $r) (call $name)))
      (call $drop (local.get $a))
      (local.get $r)))
  (core instance $u (instantiate $user (with "" (instance
    (export "new" (func $new)) (export "next" (func $next)) (export "then" (func $then))
    (export "sum" (func $sum)) (export "name" (func $name)) (export "drop" (func $drop))))))
  (func (export "run") (result u32) (canon lift (core func $u "run")))

  ;; The guest's own counters: the representation of each is its address in memory.
  (core module $store
    (memory 1)
    (global $free (mut i32) (i32.const 8))
    (func (export "make") (param i32) (result i32)
      (global.set $free (i32.add (global.get $free) (i32.const 8)))
      (i32.store (global.get $free) (local.get 0))
      (global.get $free))
    (func (export "next") (param i32) (result i32)
      (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1)))
      (i32.load (local.get 0)))
    (func (export "get") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "dtor") (param i32)))
  (core instance $s (instantiate $store))
  (type $r (resource (rep i32) (dtor (core func $s "dtor"))))
  (core func $resource-new (canon resource.new $r))
  (core func $resource-rep (canon resource.rep $r))
  (core func $resource-drop (canon resource.drop $r))
  (core module $api
    (import "s" "make" (func $make (param i32) (result i32)))
    (import "s" "next" (func $next (param i32) (result i32)))
    (import "s" "get" (func $get (param i32) (result i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "rep" (func $rep (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "constructor") (param i32) (result i32) (call $new (call $make (local.get 0))))
    (func (export "sum") (param i32 i32) (result i32) (local $r i32)
      ;; A borrow of an own resource comes as its representation, an own as a handle.
      (local.set $r (i32.add (call $get (local.get 0)) (call $get (call $rep (local.get 1)))))
      (call $drop (local.get 1))
      (local.get $r))
    (func (export "name") (result i32) (i32.const 1)))
  (core instance $a (instantiate $api
    (with "s" (instance $s))
    (with "" (instance
      (export "new" (func $resource-new)) (export "rep" (func $resource-rep)) (export "drop" (func $resource-drop))))))
  (func $ctor (param "start" u32) (result (own $r)) (canon lift (core func $a "constructor")))
  (func $m-next (param "self" (borrow $r)) (result u32) (canon lift (core func $s "next")))
  (func $m-then (param "self" (borrow $r)) (result u32) (canon lift (core func $s "get")))
  (func $s-sum (param "a" (borrow $r)) (param "b" (own $r)) (result u32) (canon lift (core func $a "sum")))
  (func $s-name (result u32) (canon lift (core func $a "name")))
  (component $shim
    (import "t" (type $t (sub resource)))
    (import "ctor" (func $ctor (param "start" u32) (result (own $t))))
    (import "next" (func $next (param "self" (borrow $t)) (result u32)))
    (import "then" (func $then (param "self" (borrow $t)) (result u32)))
    (import "sum" (func $sum (param "a" (borrow $t)) (param "b" (own $t)) (result u32)))
    (import "name" (func $name (result u32)))
    (export $e "counter" (type $t))
    (export "[constructor]counter" (func $ctor) (func (param "start" u32) (result (own $e))))
    (export "[method]counter.next" (func $next) (func (param "self" (borrow $e)) (result u32)))
    (export "[method]counter.then" (func $then) (func (param "self" (borrow $e)) (result u32)))
    (export "[static]counter.sum" (func $sum) (func (param "a" (borrow $e)) (param "b" (own $e)) (result u32)))
    (export "[static]counter.name" (func $name)))
  (instance $x (instantiate $shim
    (with "t" (type $r)) (with "ctor" (func $ctor)) (with "next" (func $m-next)) (with "then" (func $m-then))
    (with "sum" (func $s-sum)) (with "name" (func $s-name))))
  (export "test:run-resources/counters" (instance $x)))`;
