/** What rules, `with` and layouts make of bindings, run against real guests. */
import { describe, expect, test } from "vitest";
import {
  type Caller,
  ComponentError,
  Engine,
  Linker,
  Store,
  type TracedCall,
  type TracedOutcome,
  type Tracer,
  Trap,
} from "../../src/runtime/index.ts";
import { SingleWorld, type SingleWorldImports } from "../golden/layout-single/bindings/single-world.js";
import { RulesAsync } from "../golden/rules-async/bindings/rules-async.js";
import { RulesErrorMap } from "../golden/rules-error-map/bindings/rules-error-map.js";
import type * as disk from "../golden/rules-error-map/bindings/test/rules-error-map/disk.js";
import { DiskError } from "../golden/rules-error-map/errors.js";
import { RulesResults, type RulesResultsImports } from "../golden/rules-results/bindings/rules-results.js";
import { RulesSkip, type RulesSkipImports } from "../golden/rules-skip/bindings/rules-skip.js";
import { RulesStore, type RulesStoreImports } from "../golden/rules-store/bindings/rules-store.js";
import { RulesTracing, type RulesTracingImports } from "../golden/rules-tracing/bindings/rules-tracing.js";
import {
  WithInterface,
  type WithInterfaceImports,
} from "../golden/with-interface/bindings/with-interface.js";
import { Point } from "../golden/with-interface/shapes.js";
import { thrownBy } from "../support/thrown-by.ts";
import { canEcho } from "./echo-guest.ts";
import { echoComponent, linked } from "./golden-modules.ts";

type AddToLinker<T> = (linker: Linker<T>, getHost: (data: T) => never, tracer?: Tracer) => void;

/** A linker with a world in it, and a guest that exports whatever of its imports a guest can hand on. */
async function prepare<T>(addToLinker: AddToLinker<T>, host: object, tracer?: Tracer) {
  const engine = new Engine();
  const linker = new Linker<T>(engine);
  addToLinker(linker, () => host as never, tracer);
  const rest = linked(addToLinker as never);
  const functions = new Map(
    [...rest.functions].map(([wit, all]) => [
      wit,
      new Map([...all].filter(([name, type]) => canEcho(type) && !name.startsWith("["))),
    ]),
  );
  const component = await echoComponent(engine, functions, rest);
  return { engine, linker, component };
}

describe("results as values", () => {
  const files = {
    read: (path: string) =>
      path === "" ? { tag: "err", val: { tag: "denied", val: "no name" } } : { tag: "ok", val: `<${path}>` },
    named: () => ({ tag: "err", val: { tag: "not-found" } }),
    remove: (path: string) => (path === "" ? { tag: "err", val: { tag: "not-found" } } : { tag: "ok" }),
    check: (path: string) => ({ tag: path === "" ? "err" : "ok" }),
    size: () => ({ tag: "ok", val: 7n }),
    thrown: () => {
      throw new ComponentError({ tag: "not-found" });
    },
    plain: () => 3,
  } as unknown as RulesResultsImports["files"];

  async function instantiate(host: object): Promise<RulesResults> {
    const { engine, linker, component } = await prepare(RulesResults.addToLinker, host);
    return RulesResults.instantiate(new Store(engine, undefined), component, linker);
  }

  test("go from host to client", async () => {
    const guest = await instantiate({ files, now: () => ({ tag: "err", val: "no clock" }) });
    expect(guest.files.read("a")).toEqual({ tag: "ok", val: "<a>" });
    expect(guest.files.read("")).toEqual({ tag: "err", val: { tag: "denied", val: "no name" } });
    expect(guest.files.named("x")).toEqual({ tag: "err", val: { tag: "not-found" } });
    expect([guest.files.remove("a").tag, guest.files.remove("").tag]).toEqual(["ok", "err"]);
    expect([guest.files.check("a").tag, guest.files.check("").tag]).toEqual(["ok", "err"]);
    expect(guest.files.size("a")).toEqual({ tag: "ok", val: 7n });
    expect(guest.now()).toEqual({ tag: "err", val: "no clock" });
  });

  test("an earlier rule keeps one that throws, and other functions are as they were", async () => {
    const guest = await instantiate({ files, now: () => ({ tag: "ok", val: 1n }) });
    expect(() => guest.files.thrown("a")).toThrow(ComponentError);
    expect(guest.files.plain()).toBe(3);
  });

  test("what is no result is a trap that says so", async () => {
    const guest = await instantiate({ files: { ...files, read: () => "text" }, now: () => undefined });
    const error = thrownBy(() => guest.files.read("a"));
    expect(error).toBeInstanceOf(Trap);
    expect(error).toMatchObject({
      code: "host-error",
      cause: { message: expect.stringContaining("a result") },
    });
  });
});

describe("an error map", () => {
  class File implements disk.File {
    read(): never {
      throw new DiskError("locked");
    }
    [Symbol.dispose](): void {}
  }
  const host: disk.Host = {
    File,
    read: (path) => {
      if (path === "locked" || path === "missing") throw new DiskError(path);
      if (path === "value") return { tag: "err", val: "busy" };
      if (path === "component-error") throw new ComponentError("busy");
      throw new TypeError("a mistake");
    },
    write: () => {
      throw new RangeError("root");
    },
    size: () => 1n,
  };

  async function instantiate(): Promise<RulesErrorMap> {
    const { engine, linker, component } = await prepare(RulesErrorMap.addToLinker, { disk: host });
    return RulesErrorMap.instantiate(new Store(engine, undefined), component, linker);
  }

  test("makes errs of a host's own errors, each by its type", async () => {
    const guest = await instantiate();
    expect(thrownBy(() => guest.disk.read("missing"))).toMatchObject({ payload: "not-found" });
    expect(thrownBy(() => guest.disk.read("locked"))).toMatchObject({ payload: "busy" });
    expect(thrownBy(() => guest.disk.write("a", new Uint8Array()))).toMatchObject({
      payload: { by: "root" },
    });
  });

  test("leaves errs alone, and what the map does not know is a trap", async () => {
    const guest = await instantiate();
    expect(thrownBy(() => guest.disk.read("value"))).toMatchObject({ payload: "busy" });
    expect(thrownBy(() => guest.disk.read("component-error"))).toMatchObject({ payload: "busy" });
    expect(thrownBy(() => guest.disk.read("other"))).toMatchObject({
      code: "host-error",
      cause: { message: "a mistake" },
    });
  });
});

describe("tracing", () => {
  class Recorder implements Tracer {
    readonly events: unknown[] = [];
    enter(call: TracedCall): (outcome: TracedOutcome) => void {
      this.events.push([call.side, call.name, ...call.args]);
      return (outcome) => this.events.push(outcome);
    }
  }
  const host = {
    metrics: { counter: (_: string, value: bigint) => value + 1n, gauge: () => {} },
    tracer: { tracer: (text: string) => `${text}!` },
    log: (text: string) => {
      if (text === "bad") throw new Error("disk full");
    },
  } as unknown as RulesTracingImports;

  test("shows calls of hosts and of guests, with what becomes of them", async () => {
    const tracer = new Recorder();
    const { engine, linker, component } = await prepare(RulesTracing.addToLinker, host, tracer);
    const guest = RulesTracing.instantiate(new Store(engine, undefined), component, linker, tracer);
    expect(guest.tracer.tracer("hi")).toBe("hi!");
    expect(tracer.events).toEqual([
      ["export", "test:rules-tracing/tracer@1.2.0#tracer", "hi"],
      ["import", "test:rules-tracing/tracer@1.2.0#tracer", "hi"],
      { kind: "returned", value: "hi!" },
      { kind: "returned", value: "hi!" },
    ]);
    tracer.events.length = 0;
    expect(() => guest.log("bad")).toThrow(Trap);
    expect(tracer.events).toMatchObject([
      ["export", "log", "bad"],
      ["import", "log", "bad"],
      { kind: "threw", error: { message: "disk full" } },
      { kind: "threw", error: { code: "host-error" } },
    ]);
  });

  test("without a tracer, nothing is different", async () => {
    const { engine, linker, component } = await prepare(RulesTracing.addToLinker, host);
    const guest = RulesTracing.instantiate(new Store(engine, undefined), component, linker);
    expect(guest.tracer.tracer("hi")).toBe("hi!");
  });
});

test("store: host functions get the caller, of the store that calls", async () => {
  interface Data {
    readonly tenant: string;
  }
  const host = {
    accounts: {
      Account: class {},
      who: ({ data }: Caller<Data>, caller: string) => `${data.tenant}:${caller}`,
      total: () => 5n,
    },
    clock: { now: () => 6n },
    tenant: ({ data, store }: Caller<Data>) => `${data.tenant} ${store instanceof Store}`,
  } as unknown as RulesStoreImports<Data>;
  const { engine, linker, component } = await prepare<Data>(RulesStore.addToLinker, host);
  const guests = ["a", "b"].map((tenant) =>
    RulesStore.instantiate(new Store(engine, { tenant }), component, linker),
  );
  expect(guests.map((guest) => guest.tenant())).toEqual(["a true", "b true"]);
  expect(guests.map((guest) => guest.clock.now())).toEqual([6n, 6n]);
});

test("skip: what is skipped is not defined, and can be defined by hand", async () => {
  const host = { api: { move: (by: object) => by } } as unknown as RulesSkipImports;
  const rest = linked(RulesSkip.addToLinker as never);
  expect([...rest.functions].map(([wit, functions]) => [wit, ...functions.keys()])).toEqual([
    ["test:rules-skip/api", "[constructor]cursor", "[method]cursor.next", "[static]cursor.reset", "move"],
  ]);
  const linker = new Linker<RulesSkipImports>(new Engine());
  RulesSkip.addToLinker(linker, () => host);
  linker.root().func("ping", () => {});
  linker.instance("test:rules-skip/api").func("deprecated", () => {});
});

test("async: host functions return promises, which the linker is told", () => {
  const linker = new Linker<never>(new Engine());
  RulesAsync.addToLinker(linker, (data) => data);
  expect([
    ...(linked(RulesAsync.addToLinker as never)
      .functions.get("test:rules-async/db")
      ?.keys() ?? []),
  ]).toEqual(["[constructor]cursor", "[method]cursor.next", "[static]cursor.open", "query", "close"]);
});

test("one file for all of a world", async () => {
  const host = {
    draw: { line: (start: { x: number }, to: { x: number }) => to.x - start.x },
    other: { move: ({ z }: { z: number }) => ({ z: z + 1 }) },
    log: { write: () => {} },
    types: {},
    origin: () => ({ x: 0, y: 0 }),
    paint: (pixel: { at: string }) => {
      if (pixel.at === "red") throw new ComponentError("no red");
      return pixel;
    },
  } as unknown as SingleWorldImports;
  const { engine, linker, component } = await prepare(SingleWorld.addToLinker, host);
  const guest = SingleWorld.instantiate(new Store(engine, undefined), component, linker);
  expect(guest.draw.line({ x: 1, y: 0 }, { x: 5, y: 0 }, "dark-green")).toBe(4);
  expect(guest.other.move({ z: 1 })).toEqual({ z: 2 });
  expect(guest.origin()).toEqual({ x: 0, y: 0 });
  expect(guest.paint({ at: "dark-green" })).toEqual({ at: "dark-green" });
  expect(thrownBy(() => guest.paint({ at: "red" }))).toMatchObject({ payload: "no red" });
});

test("with: types of the host's own, and an interface that it links itself", async () => {
  const written: string[] = [];
  const host: WithInterfaceImports = {
    log: { write: (text) => written.push(text) },
    painter: { paint: (_, at) => new Point(at.x + 1, at.y), onto: () => ({}) as never },
  };
  const engine = new Engine();
  const linker = new Linker<undefined>(engine);
  WithInterface.addToLinker(linker, () => host);
  const rest = linked(WithInterface.addToLinker as never);
  expect([...rest.functions.keys()]).toEqual(["test:with-interface/painter", "test:with-interface/log"]);
  const paint = rest.functions.get("test:with-interface/painter")?.get("paint");
  const write = {
    params: [{ name: "text", type: { kind: "string" } }],
    result: undefined,
    async: false,
  } as const;
  expect(paint?.result).toMatchObject({ kind: "record", fields: [{ name: "x" }, { name: "y" }] });
  const functions = new Map([
    ["test:with-interface/painter", new Map(paint === undefined ? [] : [["paint", paint]])],
    ["test:with-interface/log", new Map([["write", { kind: "func", ...write } as never]])],
  ]);
  const instance = linker.instantiate(new Store(engine, undefined), await echoComponent(engine, functions));
  const shapes = [{ tag: "dot", val: { x: 1, y: 2 } }, { tag: "none" }];
  expect(instance.getFunc("test:with-interface/painter", "paint")?.call(shapes, { x: 1, y: 2 })).toEqual({
    x: 2,
    y: 2,
  });
  instance.getFunc("test:with-interface/log", "write")?.call("hello");
  expect(written).toEqual(["hello"]);
});
