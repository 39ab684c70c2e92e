/** Settings of engines and stores: what is wrong, or cannot be enforced, is refused when it is given. */
import { describe, expect, it } from "vitest";
import {
  Component,
  ConfigError,
  Engine,
  Linker,
  MiB,
  Store,
  type StoreOptions,
} from "../../src/runtime/index.ts";
import { assemble } from "../support/assemble.ts";
import { thrownBy } from "../support/thrown-by.ts";

describe("Engine", () => {
  it.each([
    [{ consumeFule: true }, /unknown option "consumeFule".*consumeFuel/],
    [{ consumeFuel: "yes" }, /consumeFuel must be true or false/],
    [{ pooling: true }, /pooling must be false or an object/],
    [{ pooling: { totalMemory: 1 } }, /pooling: unknown option "totalMemory".*totalMemories/],
    [{ pooling: { totalMemories: -1 } }, /pooling: totalMemories must be a whole number/],
    [{ pooling: { totalMemories: 12_001 } }, /pooling: totalMemories must be at most 12000/],
    [{ pooling: { maxMemorySize: "64MiB" } }, /pooling: maxMemorySize must be a whole number/],
    [{ pooling: { waitTimeoutMs: 2 ** 31 } }, /pooling: waitTimeoutMs must be a number of milliseconds/],
    [{ operatorCost: { call: 2 } }, /consumeFuel: true/],
    [{ consumeFuel: true, operatorCost: { calls: 2 } }, /unknown group "calls"/],
    [{ consumeFuel: true, operatorCost: { call: -1 } }, /operatorCost.call/],
    [null, /expected an options object/],
  ])("refuses %j", (config, message) => {
    const error = thrownBy(() => new Engine(config as object));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(message);
  });

  it("takes settings that are off, or undefined", () => {
    expect(
      new Engine({ asyncSupport: false, pooling: false, consumeFuel: undefined as never }),
    ).toBeInstanceOf(Engine);
  });

  it("has one ticker at a time", () => {
    const engine = new Engine({ epochInterruption: true });
    const ticker = engine.startEpochTicker({ intervalMs: 1000 });
    expect(thrownBy(() => engine.startEpochTicker())).toBeInstanceOf(ConfigError);
    ticker.stop();
    ticker.stop();
    engine.startEpochTicker()[Symbol.dispose]();
    expect(thrownBy(() => engine.startEpochTicker({ intervalMs: 0 }))).toBeInstanceOf(ConfigError);
  });
});

describe("Store", () => {
  const fueled = new Engine({ consumeFuel: true });
  const plain = new Engine();
  const timed = new Engine({ epochInterruption: true });

  it.each<[string, Engine, unknown, RegExp]>([
    ["an unknown option", plain, { feul: 1 }, /unknown option "feul"/],
    ["fuel without the engine's", plain, { fuel: 1 }, /consumeFuel: true/],
    ["a deadline without the engine's", plain, { epochDeadline: 1 }, /epochInterruption: true/],
    ["negative fuel", fueled, { fuel: -1n }, /fuel must be a whole number/],
    ["too much fuel", fueled, { fuel: 2n ** 64n }, /fuel must be/],
    ["half a tick", timed, { epochDeadline: 0.5 }, /epochDeadline must be/],
    ["an unknown limit", plain, { limits: { memory: 1 } }, /unknown option "memory".*memorySize/],
    ["a limit that is no number", plain, { limits: { memorySize: "1MiB" } }, /memorySize must be/],
    ["a wrong onGrowFailure", plain, { limits: { onGrowFailure: "ignore" } }, /"trap" or "return-minus-one"/],
    ["a wrong hostcallFuel", plain, { hostcallFuel: Number.POSITIVE_INFINITY }, /hostcallFuel must be/],
    [
      "a custom limiter with a wrong count",
      plain,
      { limits: { memoryGrowing: () => true, tableGrowing: () => true, instances: () => -1 } },
      /instances/,
    ],
  ])("refuses %s", (_, engine, options, message) => {
    const error = thrownBy(() => new Store(engine, undefined, options as StoreOptions));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(message);
  });

  it("keeps count of fuel and data", () => {
    const data = { user: "u" };
    const store = new Store(fueled, data, { fuel: 2n ** 64n - 1n, limits: { memorySize: 32 * MiB } });
    expect(store.data).toBe(data);
    expect(store.getFuel()).toBe(2n ** 64n - 1n);
    store.setFuel(5);
    expect(store.getFuel()).toBe(5n);
    expect(thrownBy(() => new Store(plain, 1).getFuel())).toBeInstanceOf(ConfigError);
  });

  it("does not run without the fuel or the deadline that its engine asks for", async () => {
    const bytes = await assemble("(component)");
    for (const [engine, message] of [
      [fueled, /pass fuel to the Store/],
      [timed, /pass epochDeadline to the Store/],
    ] as const) {
      const linker = new Linker<undefined>(engine);
      const component = Component.fromBytes(engine, bytes);
      const error = thrownBy(() => linker.instantiate(new Store(engine, undefined), component));
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as Error).message).toMatch(message);
    }
  });

  it("and components want an engine", () => {
    expect(thrownBy(() => new Store({} as Engine, undefined))).toBeInstanceOf(ConfigError);
    expect(thrownBy(() => Component.fromBytes(undefined as never, new Uint8Array()))).toBeInstanceOf(
      ConfigError,
    );
  });

  it("belongs to one engine", async () => {
    const bytes = await assemble("(component)");
    const component = Component.fromBytes(plain, bytes);
    const linker = new Linker<undefined>(new Engine());
    expect(thrownBy(() => linker.instantiatePre(component))).toBeInstanceOf(ConfigError);
    const pre = new Linker<undefined>(plain).instantiatePre(component);
    const error = thrownBy(() => pre.instantiate(new Store(new Engine(), undefined)));
    expect(error).toBeInstanceOf(ConfigError);
  });
});

describe("Component", () => {
  it("refuses what is no component, with a typed error", async () => {
    const engine = new Engine();
    expect(thrownBy(() => Component.fromBytes(engine, new Uint8Array()))).toMatchObject({
      code: "malformed-component",
    });
    expect(thrownBy(() => Component.fromBytes(engine, "x" as never))).toBeInstanceOf(ConfigError);
    const garbage = await assemble('(component (core module (func (export "f") i32.add)))');
    expect(thrownBy(() => Component.fromBytes(engine, garbage))).toMatchObject({
      code: "malformed-component",
      message: expect.stringMatching(/core module 0/),
    });
    for (const path of ["no/such/file.wasm", 0, undefined, {}]) {
      await expect(Component.fromFile(engine, path as string)).rejects.toMatchObject({ code: "config" });
    }
  });

  it("tells what it imports and exports", async () => {
    const engine = new Engine();
    const component = Component.fromBytes(
      engine,
      await assemble(`(component (import "a:b/c" (instance (export "f" (func (param "x" u32))))))`),
    );
    const imported = component.imports.get("a:b/c");
    expect(imported?.kind === "instance" && imported.exports.get("f")?.kind).toBe("func");
    expect(component.exports.size).toBe(0);
  });
});
