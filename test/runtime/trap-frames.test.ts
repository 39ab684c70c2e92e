/** The frames of a trap speak of the guest's own modules, whatever has been added to them. */
import { describe, expect, it } from "vitest";
import { planComponent } from "../../src/component/index.ts";
import { Component, Engine, type EngineConfig, Linker, Store, Trap } from "../../src/runtime/index.ts";
import { assemble } from "../support/assemble.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call } from "./guest.ts";

/** Two core modules: `$back`, and `$main`, which imports from it and from the host. */
const TEXT = `(component
  (import "host" (func $host (param "n" u32)))
  (core func $host (canon lower (func $host)))
  (core module $back
    (memory (export "memory") 1)
    (func $unused)
    (func $pitfall (export "fall") (param i32)
      (if (i32.eqz (local.get 0)) (then (unreachable)))
      (drop (i32.load (i32.mul (local.get 0) (i32.const 65536))))))
  (core instance $back (instantiate $back))
  (core module $main
    (import "back" "fall" (func $fall (param i32)))
    (import "host" "host" (func $host (param i32)))
    (import "back" "memory" (memory 1))
    (table 1 funcref)
    (func $spin (loop $more (br $more)))
    (func $inner (param i32) (nop) (call $fall (local.get 0)) (nop))
    (func $falling (export "fall") (param i32) (nop) (call $inner (local.get 0)) (nop))
    (func $asking (export "ask") (param i32) (nop) (call $host (local.get 0)) (nop))
    (func $spinning (export "spin") (call $spin) (nop))
    (func $filling (export "fill") (memory.fill (i32.const 65535) (i32.const 0) (i32.const 2)))
    (func $growing (export "grow") (drop (memory.grow (i32.const 60000)))))
  (core instance $main (instantiate $main
    (with "back" (instance $back))
    (with "host" (instance (export "host" (func $host))))))
  (func (export "fall") (param "n" u32) (canon lift (core func $main "fall")))
  (func $asking (export "ask") (param "n" u32) (canon lift (core func $main "ask")))
  (func (export "spin") (canon lift (core func $main "spin")))
  (func (export "fill") (canon lift (core func $main "fill")))
  (func (export "grow") (canon lift (core func $main "grow"))))`;

const CALL = 0x10;
const LOOP = 0x03;
const UNREACHABLE = 0x00;
const I32_LOAD = 0x28;
const PREFIX_FC = 0xfc;
const MEMORY_GROW = 0x40;

async function guest(config: EngineConfig, host: (n: number) => void = () => undefined) {
  const engine = new Engine(config);
  const bytes = await assemble(TEXT);
  const { modules } = planComponent(bytes);
  const component = Component.fromBytes(engine, bytes);
  const linker = new Linker<undefined>(engine);
  linker.root().func("host", (_, n: number) => host(n));
  const start = () => {
    const store = new Store(engine, undefined, {
      ...(config.consumeFuel && { fuel: 100_000 }),
      ...(config.epochInterruption && { epochDeadline: 1_000_000 }),
    });
    return linker.instantiate(store, component);
  };
  /** The frames of the trap that a call ends in, each with the operator that its offset points to. */
  const framesOf = (...args: [name: string, ...unknown[]]) => {
    const trap = thrownBy(() => call(start(), args[0], ...args.slice(1)));
    expect(trap).toBeInstanceOf(Trap);
    return (trap as Trap).frames.map(({ module, func, index, offset }) => {
      const core = modules[Number(/^core module (\d)$/.exec(module)?.[1])];
      return [module, func, index, core?.bytes[offset]];
    });
  };
  return { start, framesOf };
}

const configs: readonly EngineConfig[] = [
  {},
  { consumeFuel: true },
  { consumeFuel: true, epochInterruption: true },
];

describe.each(configs)("with %j", (config) => {
  it("a trap of wasm's own is where it is in the guest's modules", async () => {
    const { framesOf } = await guest(config);
    const callers = [
      ["core module 1", "inner", 3, CALL],
      ["core module 1", "falling", 4, CALL],
    ];
    expect(framesOf("fall", 0)).toEqual([["core module 0", "pitfall", 1, UNREACHABLE], ...callers]);
    expect(framesOf("fall", 1)).toEqual([["core module 0", "pitfall", 1, I32_LOAD], ...callers]);
  });

  it("what ends in a host function is where that is called", async () => {
    const { framesOf } = await guest(config, () => {
      throw new Error("no");
    });
    expect(framesOf("ask", 1)).toEqual([["core module 1", "asking", 5, CALL]]);
  });

  it("operators that take a detour are where they stand", async () => {
    const { framesOf } = await guest(config);
    expect(framesOf("fill")).toEqual([["core module 1", "filling", 7, PREFIX_FC]]);
    expect(framesOf("grow")).toEqual([["core module 1", "growing", 8, MEMORY_GROW]]);
  });
});

describe("a trap", () => {
  it("for want of fuel is where the check belongs", async () => {
    const { framesOf } = await guest({ consumeFuel: true });
    expect(framesOf("spin")).toEqual([
      ["core module 1", "spin", 2, LOOP],
      ["core module 1", "spinning", 6, CALL],
    ]);
  });

  it("shows the functions of its own store only", async () => {
    const inner = await guest({});
    let seen: unknown;
    const outer = await guest({}, () => {
      seen = inner.framesOf("fall", 0);
      throw new Error("enough");
    });
    expect(outer.framesOf("ask", 1)).toEqual([["core module 1", "asking", 5, CALL]]);
    expect(seen).toEqual([
      ["core module 0", "pitfall", 1, UNREACHABLE],
      ["core module 1", "inner", 3, CALL],
      ["core module 1", "falling", 4, CALL],
    ]);
  });

  it("in a start function has frames, and those of a module that the linker has supplied", async () => {
    const engine = new Engine({ consumeFuel: true });
    const component = Component.fromBytes(
      engine,
      await assemble(`(component
        (import "helper" (core module $helper (export "fall" (func))))
        (core instance $helper (instantiate $helper))
        (core module $main (import "helper" "fall" (func $fall)) (func $begin (call $fall)) (start $begin))
        (core instance (instantiate $main (with "helper" (instance $helper)))))`),
    );
    const linker = new Linker<undefined>(engine);
    linker.root().module("helper", await assemble('(module (func $down (export "fall") (unreachable)))'));
    const store = new Store(engine, undefined, { fuel: 1000 });
    const trap = thrownBy(() => linker.instantiate(store, component)) as Trap;
    expect(trap.frames.map(({ module, func, index }) => [module, func, index])).toEqual([
      ["helper", "down", 0],
      ["core module 0", "begin", 1],
    ]);
  });

  it("has no frames where V8 keeps none", async () => {
    const { framesOf } = await guest({});
    const { stackTraceLimit } = Error;
    try {
      Error.stackTraceLimit = 0;
      expect(framesOf("fall", 0)).toEqual([]);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  });

  it("finds its modules without names, and with names made to mislead", async () => {
    const engine = new Engine({ consumeFuel: true });
    const text = (names: string) => `(component
      (core module ${names} (unreachable)))
      (core instance $m (instantiate 0))
      (func (export "run") (canon lift (core func $m "run"))))`;
    const long = "long".repeat(500);
    for (const [names, func] of [
      ['(func (export "run")', undefined],
      ['$"a)(wasm://wasm/b-0:wasm-function[9]:0x1)" (func $"x (y" (export "run")', "x (y"],
      ['$"hostwright-0-0" (func $"hostwright-0-0.a" (export "run")', "hostwright-0-0.a"],
      ['(func $"two (wasm://wasm/x-0-0:wasm-function[9]:0x1)\\n    at x" (export "run")', "x"],
      [`(func $${long} (export "run")`, undefined],
      ['(func $"hostwright: trap" (export "run")', "hostwright: trap"],
    ] as const) {
      const component = Component.fromBytes(engine, await assemble(text(names)));
      const store = new Store(engine, undefined, { fuel: 1000 });
      const trap = thrownBy(() => call(new Linker<undefined>(engine).instantiate(store, component), "run"));
      expect((trap as Trap).frames).toEqual([
        { module: "core module 0", index: 0, func, offset: expect.any(Number) },
      ]);
    }
  });
});
