/** What doubles do, whatever they are doubles of. */

import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/index.ts";
import { ComponentError } from "../../src/runtime/index.ts";
import { UnprogrammedCallError } from "../../src/testkit/index.ts";
import { everyTypeDouble } from "../golden/testkit/bindings/test/testkit/every-type.double.js";
import { hostileDouble } from "../golden/testkit/bindings/test/testkit/hostile.double.js";
import { laterDouble } from "../golden/testkit/bindings/test/testkit/later.double.js";
import {
  defaultAccess,
  defaultPoint,
  defaultRoute,
  defaultShape,
} from "../golden/testkit/bindings/test/testkit/types.double.js";
import { testedDouble, testedGuestDouble } from "../golden/testkit/bindings/tested.double.js";
import { storeDouble } from "../golden/testkit-resources/bindings/test/testkit-resources/store.double.js";
import { accountsDouble } from "../golden/testkit-rules/bindings/test/testkit-rules/accounts.double.js";
import { countingDouble, countingGuestDouble } from "../golden/testkit-run/bindings/counting.double.js";
import { drawingDouble } from "../golden/testkit-with/bindings/drawing.double.js";
import {
  defaultLine,
  geometryDouble,
} from "../golden/testkit-with/bindings/test/testkit-with/geometry.double.js";
import { Vector } from "../golden/testkit-with/vector.js";
import { thrownBy } from "../support/thrown-by.ts";

describe("what a function does", () => {
  test("what was said once goes first, in its order; then what holds; then the implementation", () => {
    const { host, stub } = everyTypeDouble({ aString: (text) => `implemented ${text}` });
    stub("aString").returnsOnce("one").throwsOnce(new Error("two"));
    expect(host.aString("x")).toBe("one");
    expect(() => host.aString("x")).toThrow("two");
    expect(host.aString("x")).toBe("implemented x");
    stub("aString").returns("held").returnsOnce("three");
    expect([host.aString("x"), host.aString("x"), host.aString("x")]).toEqual(["three", "held", "held"]);
    stub("aString").reset();
    expect(host.aString("y")).toBe("implemented y");
    expect(stub("aString").calls).toEqual([["y"]]);
  });

  test("functions may be taken out of the host: they need no `this`", () => {
    const double = everyTypeDouble();
    const { aPoint } = double.host;
    aPoint({ x: 1, y: 2 });
    expect(double.calls).toEqual([
      {
        interface: "test:testkit/every-type@1.2.0",
        name: "aPoint",
        args: [{ x: 1, y: 2 }],
        result: { x: 0, y: 0, label: undefined },
      },
    ]);
  });

  test("an err is thrown as the runtime takes it", () => {
    const { host, stub } = everyTypeDouble();
    stub("fallible").err({ tag: "none" }).errOnce(defaultShape());
    expect(thrownBy(() => host.fallible("a"))).toEqual(
      new ComponentError({ tag: "dot", val: defaultPoint() }),
    );
    expect(thrownBy(() => host.fallible("a"))).toEqual(new ComponentError({ tag: "none" }));
    stub("neither").err();
    expect(thrownBy(() => host.neither())).toBeInstanceOf(ComponentError);
  });

  test("an err of a function that has none is a mistake of the test's, for those without types too", () => {
    const stub = everyTypeDouble().stub("aBool") as unknown as { err(payload: unknown): void };
    expect(() => stub.err(1)).toThrow(ConfigError);
    expect(() => stub.err(1)).toThrow("aBool returns no result in its WIT");
  });

  test("unknown names are errors that name the known ones", () => {
    const double = hostileDouble() as unknown as {
      stub(name: string): void;
      make(name: string): void;
    };
    expect(() => double.stub("call")).toThrow(/has no function "call"; it has "calls", "stub", "reset"/);
    expect(() => double.stub("constructor")).toThrow(ConfigError);
    expect(() => double.make("toString")).toThrow(/has no resource "toString"; it has none/);
    const wrong = { hostt: () => 1 } as object;
    expect(() => hostileDouble(wrong)).toThrow(/has no function "hostt"/);
  });

  test("strict: nothing is made up", () => {
    const { host, stub, calls } = everyTypeDouble({ none: () => {} }, { strict: true });
    host.none();
    expect(() => host.aBool()).toThrow(UnprogrammedCallError);
    stub("aBool").returns(true);
    expect(host.aBool()).toBe(true);
    expect(calls.map(({ name, error }) => [name, error instanceof Error])).toEqual([
      ["none", false],
      ["aBool", true],
      ["aBool", false],
    ]);
  });
});

test("functions whose names the double has for itself", () => {
  const double = hostileDouble();
  double.stub("calls").returns(1);
  double.stub("stub").returns(2);
  double.stub("then_").returns(3);
  double.stub("constructor_").returns(4);
  const { host } = double;
  expect([host.calls(), host.stub(), host.then_(), host.constructor_(), host.host()]).toEqual([
    1, 2, 3, 4, 0,
  ]);
  expect(double.calls.map((call) => call.name)).toEqual(["calls", "stub", "then_", "constructor_", "host"]);
  expect(host.options("a", "b")).toBe("");
});

describe("functions that return promises", () => {
  test("what is said is what the promise holds, and so is what is logged", async () => {
    const { host, stub, calls } = laterDouble();
    const first = host.wait(1);
    expect(calls[0]).toEqual({ interface: "test:testkit/later@1.2.0", name: "wait", args: [1] });
    expect(await first).toBe("");
    expect(calls[0]).toMatchObject({ result: "" });
    stub("wait").returnsOnce("now").returnsOnce(Promise.resolve("then")).err(7);
    expect([await host.wait(2), await host.wait(3)]).toEqual(["now", "then"]);
    await expect(host.wait(4)).rejects.toMatchObject({ payload: 7 });
    expect(calls.at(-1)).toMatchObject({ args: [4], error: { payload: 7 } });
  });

  test("what throws rejects", async () => {
    const { host } = laterDouble({
      wait: () => {
        throw new Error("at once");
      },
    });
    const promise = host.wait(1);
    await expect(promise).rejects.toThrow("at once");
  });

  test("strict: it rejects", async () => {
    await expect(laterDouble({}, { strict: true }).host.wait(1)).rejects.toThrow(UnprogrammedCallError);
  });

  test("futures and streams", async () => {
    const { host, stub } = laterDouble();
    stub("one").returns(5);
    expect(await host.one()).toBe(5);
    expect(await host.tried()).toBe("");
    stub("tried").err(1);
    expect(thrownBy(() => host.tried())).toEqual(new ComponentError(1));
    const words: string[] = [];
    for await (const word of host.words()) words.push(word);
    expect(words).toEqual([]);
    expect(host.maybe()).toBeUndefined();
  });
});

describe("rules", () => {
  test("results as values", async () => {
    const { host, stub } = accountsDouble<{ tenant: string }>();
    expect(host.balance("Ann")).toEqual({ tag: "ok", val: 0n });
    stub("balance").err("closed");
    expect(host.balance("Ann")).toEqual({ tag: "err", val: "closed" });
    stub("fetch").err("unknown");
    expect(await host.fetch("http://x")).toEqual({ tag: "err", val: "unknown" });
    stub("fetch").returns({ tag: "ok", val: "page" });
    expect(await host.fetch("http://x")).toEqual({ tag: "ok", val: "page" });
    expect(stub("balance").calls[0]).toEqual(["Ann"]);
  });

  test("the caller comes first, for classes too", () => {
    const { host, calls } = accountsDouble<number>();
    const caller = {} as Parameters<typeof host.who>[0];
    const account = new host.Account(caller, "Ann");
    account.deposit(caller as never, 5n);
    expect(calls.map(({ name, args }) => [name, args])).toEqual([
      ["new Account", [caller, "Ann"]],
      ["Account#deposit", [caller, 5n]],
    ]);
  });

  test("what is skipped is not there", () => {
    expect(Object.keys(accountsDouble().host)).toEqual(["Account", "who", "balance", "fetch", "rights"]);
  });

  test("a type of the user's has no default: the test must say, and is told where", () => {
    const { host, stub } = geometryDouble();
    expect(() => host.middle(defaultLine({ start: new Vector(0, 0), end: new Vector(1, 1) }))).toThrow(
      /middle was called and there is no default for the type point, which the options replace; say what it does with double.stub\("middle"\)/,
    );
    expect(() => new host.Image(1)).toThrow(UnprogrammedCallError);
    stub("middle").returns(new Vector(1, 2));
    expect(host.middle(lineOf(1))).toEqual(new Vector(1, 2));
    expect(() => host.around()).toThrow(UnprogrammedCallError);
  });

  test("a module of the user's is given", () => {
    const written: string[] = [];
    const double = drawingDouble({ log: { write: (text) => void written.push(text) } });
    double.host.log.write("a");
    expect(written).toEqual(["a"]);
    expect(Object.keys(double.doubles)).toEqual(["geometry"]);
  });
});

describe("resources", () => {
  test("constructors, methods, static functions and drops are logged", () => {
    const { host, calls, stub } = storeDouble();
    const blob = new host.Blob(new Uint8Array([1]));
    stub("Blob#read").returns(new Uint8Array([7]));
    expect(blob.read(1)).toEqual(new Uint8Array([7]));
    expect(blob.then_()).toBe(0);
    expect(host.Blob.name_()).toBe("");
    expect(host.Blob.merge(blob, blob)).toBeInstanceOf(host.Blob);
    blob[Symbol.dispose]();
    expect(calls.map((call) => call.name)).toEqual([
      "new Blob",
      "Blob#read",
      "Blob#then_",
      "Blob.name_",
      "Blob.merge",
      "drop Blob",
    ]);
    expect(calls[1]).toMatchObject({ self: blob, args: [1] });
  });

  test("a constructor may fail", () => {
    const { host, stub } = storeDouble();
    stub("new File").errOnce({ tag: "closed", val: "gone" });
    expect(() => new host.File("a")).toThrow(ComponentError);
    expect(new host.File("a")).toBeInstanceOf(host.File);
  });

  test("classes are classes: they are not called, and may be extended", () => {
    const { host, calls } = storeDouble();
    expect(() => (host.Blob as unknown as () => void)()).toThrow("call new Blob()");
    class Mine extends (host.Blob as new (init: Uint8Array) => ReturnType<typeof host.Blob.merge>) {}
    const mine = new Mine(new Uint8Array());
    expect(mine).toBeInstanceOf(Mine);
    mine.read(1);
    expect(calls.map((call) => call.name)).toEqual(["new Blob", "Blob#read"]);
  });

  test("objects that only the host makes", () => {
    const { host, make, stub } = storeDouble();
    const token = make("Token");
    stub("Token#value").does(function () {
      return this === token ? "mine" : "another";
    });
    stub("issue").returnsOnce(token);
    expect([host.issue().value(), host.issue().value()]).toEqual(["mine", "another"]);
  });
});

describe("worlds", () => {
  test("interfaces and the world's own functions, in one log", () => {
    const double = testedDouble();
    double.stub("log").returns({ x: 1, y: 1 });
    double.host.everyType.aBool();
    expect(double.host.log("a")).toEqual({ x: 1, y: 1 });
    double.host.hostile.reset();
    expect(double.calls.map((call) => `${call.interface} ${call.name}`)).toEqual([
      "test:testkit/every-type@1.2.0 aBool",
      "test:testkit/tested@1.2.0 log",
      "test:testkit/hostile@1.2.0 reset",
    ]);
    double.reset();
    expect([double.calls, double.doubles.everyType.calls]).toEqual([[], []]);
  });

  test("strict holds for all, and onCall is told of all", () => {
    const seen: string[] = [];
    const double = countingDouble({}, { strict: true, onCall: (call) => seen.push(call.name) });
    expect(() => double.host.kv.get("a")).toThrow(UnprogrammedCallError);
    expect(() => double.host.log("a")).toThrow(UnprogrammedCallError);
    new double.host.kv.Counter(1)[Symbol.dispose]();
    expect(seen).toEqual(["get", "log", "new Counter", "drop Counter"]);
  });

  test("a guest: what the host calls", () => {
    const double = countingGuestDouble({ run: () => 3 });
    double.doubles.program.stub("greet").returnsOnce(5).err("rude");
    expect(double.guest.run()).toBe(3);
    expect(double.guest.program.greet("Ann")).toBe(5);
    expect(() => double.guest.program.greet("Ann")).toThrow(ComponentError);
    expect(double.calls.map(({ name, args }) => [name, args])).toEqual([
      ["run", []],
      ["greet", ["Ann"]],
      ["greet", ["Ann"]],
    ]);
    expect(testedGuestDouble().guest.run("x")).toBe("");
  });
});

test("defaults of records and flags take what a test chooses", () => {
  expect(defaultPoint({ x: 5 })).toEqual({ x: 5, y: 0, label: undefined });
  expect(defaultRoute({ stops: [defaultPoint()] })).toEqual({
    start: { x: 0, y: 0 },
    stops: [{ x: 0, y: 0 }],
    bytes: new Uint8Array(),
  });
  expect(defaultAccess({ writeAll: true })).toEqual({ read: false, writeAll: true });
});

function lineOf(length: number): ReturnType<typeof defaultLine> {
  return defaultLine({ start: new Vector(0, 0), end: new Vector(length, 0) });
}
