/** A real guest runs against a double of its host, and the log tells what it did. */

import { beforeAll, describe, expect, test } from "vitest";
import { Component, ComponentError, Engine, Linker, Store, Trap } from "../../src/runtime/index.ts";
import { UnprogrammedCallError } from "../../src/testkit/index.ts";
import { type CountingDouble, countingDouble } from "../golden/testkit-run/bindings/counting.double.js";
import { Counting, type CountingImports } from "../golden/testkit-run/bindings/counting.js";
import { assemble } from "../support/assemble.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { countingGuest } from "./counting-guest.ts";

const KV = "test:testkit-run/kv@0.1.0";
const WORLD = "test:testkit-run/counting@0.1.0";

const engine = new Engine();
let component: Component;
beforeAll(async () => {
  component = Component.fromBytes(engine, await assemble(countingGuest));
});

function instantiate(host: CountingImports): Counting {
  const linker = new Linker<CountingImports>(engine);
  Counting.addToLinker(linker, (data) => data);
  return Counting.instantiate(new Store(engine, host), component, linker);
}

/** The log without objects, to be compared. */
function log(double: CountingDouble): unknown[] {
  return double.calls.map(({ name, args, result }) => [
    name,
    args.filter((arg) => typeof arg !== "object"),
    typeof result === "object" ? undefined : result,
  ]);
}

describe("a guest on a host that is all doubles", () => {
  test("gets defaults, and every call is in the log in its order", () => {
    const double = countingDouble();
    expect(instantiate(double.host).run()).toBe(0);
    expect(log(double)).toEqual([
      ["get", ["name"], ""],
      ["log", [""], undefined],
      ["set", ["seen", ""], undefined],
      ["new Counter", [5], undefined],
      ["Counter#next", [], 0],
      ["Counter#next", [], 0],
      ["shared", [], undefined],
      ["Counter.both", [], 0],
      ["drop Counter", [], undefined],
    ]);
    expect(new Set(double.calls.map((call) => call.interface))).toEqual(new Set([KV, WORLD]));
    expect(double.doubles.kv.calls).toHaveLength(8);
  });

  test("gets what is programmed", () => {
    const double = countingDouble();
    const { kv } = double.doubles;
    kv.stub("get").returns("Ann");
    kv.stub("Counter#next").returnsOnce(10).returnsOnce(20);
    kv.stub("Counter.both").does((a, b) => (a === b ? 1 : 300));
    expect(instantiate(double.host).run()).toBe(10 + 20 + 300);
    expect(kv.stub("get").calls).toEqual([["name"]]);
    expect(kv.stub("set").calls).toEqual([["seen", "Ann"]]);
    expect(double.stub("log").calls).toEqual([["Ann"]]);
  });

  test("gets an err, and takes its other turn", () => {
    const double = countingDouble();
    double.doubles.kv.stub("get").err("not-found");
    instantiate(double.host).run();
    expect(double.stub("log").calls).toEqual([["nobody"]]);
    expect(double.doubles.kv.stub("set").calls).toEqual([]);
    expect(double.calls[0]).toMatchObject({ name: "get", error: { payload: "not-found" } });
  });

  test("traps on an error of the host's own, which is in the log", () => {
    const double = countingDouble();
    const broken = new Error("the database is gone");
    double.doubles.kv.stub("get").throws(broken);
    expect(() => instantiate(double.host).run()).toThrow(Trap);
    expect(double.calls).toMatchObject([{ interface: KV, name: "get", error: broken }]);
  });

  test("strict: what was not programmed traps, and says what to do", () => {
    const double = countingDouble({ log: () => {} }, { strict: true });
    double.doubles.kv.stub("get").returns("Ann");
    const trap = thrownBy(() => instantiate(double.host).run());
    expect(trap).toBeInstanceOf(Trap);
    const { cause } = trap as Trap;
    expect(cause).toBeInstanceOf(UnprogrammedCallError);
    expect((cause as UnprogrammedCallError).function).toBe("set");
    expect(String(cause)).toContain('double.stub("set").returns(...)');
  });

  test("is called, too: its exports are the bindings' as always", () => {
    const { program } = instantiate(countingDouble().host);
    expect(program.greet("Ann")).toBe(3);
    expect(() => program.greet("")).toThrow(ComponentError);
  });
});

describe("resources", () => {
  test("each object is the double's, and each call tells on which one", () => {
    const double = countingDouble();
    const { kv } = double.doubles;
    const shared = kv.make("Counter");
    kv.stub("shared").returns(shared);
    instantiate(double.host).run();
    const both = kv.calls.find((call) => call.name === "Counter.both");
    const made = kv.calls.find((call) => call.name === "new Counter")?.result;
    expect(both?.args[0]).toBe(made);
    expect(both?.args[1]).toBe(shared);
    for (const call of kv.calls) {
      if (call.name === "Counter#next" || call.name === "drop Counter") expect(call.self).toBe(made);
    }
    expect(made).toBeInstanceOf(double.host.kv.Counter);
    expect(shared).toBeInstanceOf(double.host.kv.Counter);
  });

  test("a constructor may give an object of the test's own", () => {
    const double = countingDouble();
    const { kv } = double.doubles;
    let dropped = 0;
    kv.stub("new Counter").does((start) => ({
      next: () => ++start,
      [Symbol.dispose]: () => {
        dropped += 1;
      },
    }));
    expect(instantiate(double.host).run()).toBe(6 + 7);
    expect(dropped).toBe(1);
    expect(kv.stub("Counter#next").calls).toEqual([]);
  });

  test("a method sees its object", () => {
    const double = countingDouble();
    const { kv } = double.doubles;
    const counts = new Map<object, number>();
    kv.stub("Counter#next").does(function () {
      const count = (counts.get(this) ?? 0) + 1;
      counts.set(this, count);
      return count;
    });
    expect(instantiate(double.host).run()).toBe(1 + 2);
    expect(counts.size).toBe(1);
  });
});

test("reset forgets calls and what was said, but not implementations", () => {
  const said: string[] = [];
  const double = countingDouble({ log: (text) => void said.push(text) });
  const { kv } = double.doubles;
  kv.stub("get").returns("Ann");
  instantiate(double.host).run();
  double.reset();
  expect([double.calls, kv.calls, kv.stub("get").calls]).toEqual([[], [], []]);
  instantiate(double.host).run();
  expect(said).toEqual(["Ann", ""]);
});
