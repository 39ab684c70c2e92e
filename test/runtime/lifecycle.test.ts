/** Stores end once, and completely. */
import { describe, expect, it } from "vitest";
import { ConfigError, type Instance, Store, StoreDisposedError } from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, Setup } from "./guest.ts";

const BOTH = { consumeFuel: true, epochInterruption: true, pooling: {} } as const;
const OPTIONS = { fuel: 1_000_000, epochDeadline: 1000 } as const;

const GUEST = `(component
  (import "host" (func $host))
  (core func $host (canon lower (func $host)))
  (core module $d (func (export "drop") (param i32)))
  (core instance $d (instantiate $d))
  (type $r (resource (rep i32) (dtor (core func $d "drop"))))
  (core func $new (canon resource.new $r))
  (core module $m
    (import "" "host" (func $host))
    (import "" "new" (func $new (param i32) (result i32)))
    (memory 2)
    (func (export "call") (call $host))
    (func (export "make") (result i32) (call $new (i32.const 7)))
    (func (export "trap") unreachable)
    (func (export "id") (param i32) (result i32) (local.get 0)))
  (core instance $m (instantiate $m
    (with "" (instance (export "host" (func $host)) (export "new" (func $new))))))
  (export $r' "thing" (type $r))
  (func (export "call") (canon lift (core func $m "call")))
  (func (export "trap") (canon lift (core func $m "trap")))
  (func (export "[constructor]thing") (result (own $r')) (canon lift (core func $m "make")))
  (func (export "[method]thing.id") (param "self" (borrow $r')) (result u32) (canon lift (core func $m "id")))
  (func (export "make") (result (own $r')) (canon lift (core func $m "make"))))`;

interface Data {
  onCall?: (store: Store<Data>, instance: Instance | undefined) => void;
  instance?: Instance;
}

async function setupOf() {
  const setup = await Setup.of<Data>(GUEST, BOTH);
  setup.linker.root().func("host", ({ store, data }) => data.onCall?.(store, data.instance));
  const start = (data: Data = {}) => {
    const store = new Store<Data>(setup.engine, data, OPTIONS);
    data.instance = setup.linker.instantiate(store, setup.component);
    return { store, instance: data.instance };
  };
  return { ...setup, start, metrics: () => setup.engine.poolingAllocatorMetrics() };
}

describe("a store that has been disposed of", () => {
  it("gives back all that it held, once", async () => {
    const { start, metrics } = await setupOf();
    const { store } = start();
    expect(metrics()).toMatchObject({ componentInstances: 1, coreInstances: 2, memories: 1 });
    for (let i = 0; i < 3; i++) store[Symbol.dispose]();
    expect(metrics()).toMatchObject({
      componentInstances: 0,
      coreInstances: 0,
      memories: 0,
      tables: 0,
      unusedWarmMemories: 1,
    });
  });

  it("is of no more use, nor is anything that was made in it", async () => {
    const { start, linker, component } = await setupOf();
    const { store, instance } = start();
    const func = instance.getFunc("call");
    const thing = call(instance, "make") as Disposable & { id(): number };
    const Thing = instance.getResourceClass("thing") as unknown as new () => object;
    expect(thing.id()).toBe(7);
    store[Symbol.dispose]();
    for (const [name, use] of Object.entries<() => unknown>({
      "a function": () => func?.call(),
      "a function looked up afterwards": () => call(instance, "call"),
      "a method": () => thing.id(),
      "a constructor": () => new Thing(),
      "another instance": () => linker.instantiate(store, component),
      getFuel: () => store.getFuel(),
      setFuel: () => store.setFuel(1),
      setEpochDeadline: () => store.setEpochDeadline(1),
      epochDeadlineTrap: () => store.epochDeadlineTrap(),
      epochDeadlineCallback: () => store.epochDeadlineCallback(() => "trap"),
    })) {
      const error = thrownBy(use);
      expect(error, name).toBeInstanceOf(StoreDisposedError);
      expect(error, name).toMatchObject({ code: "store-disposed" });
    }
    // What `using` does at the end of its block must not fail.
    expect(thing[Symbol.dispose]()).toBeUndefined();
  });

  it("may have trapped before", async () => {
    const { start, metrics } = await setupOf();
    const { store, instance } = start();
    expect(thrownBy(() => call(instance, "trap"))).toMatchObject({ code: "unreachable" });
    expect(metrics()?.memories).toBe(1);
    store[Symbol.dispose]();
    expect(metrics()?.memories).toBe(0);
    expect(thrownBy(() => call(instance, "call"))).toBeInstanceOf(StoreDisposedError);
  });

  it("ends at the end of a block", async () => {
    const { engine, linker, component, metrics } = await setupOf();
    {
      using store = new Store<Data>(engine, {}, OPTIONS);
      linker.instantiate(store, component);
      expect(metrics()?.memories).toBe(1);
    }
    expect(metrics()?.memories).toBe(0);
  });
});

describe("while a guest is running", () => {
  it("its store cannot be disposed of, and keeps its memory", async () => {
    const { start, metrics } = await setupOf();
    let error: unknown;
    const { store, instance } = start({
      onCall: (store) => {
        error = thrownBy(() => store[Symbol.dispose]());
      },
    });
    call(instance, "call");
    expect(error).toBeInstanceOf(ConfigError);
    expect(metrics()?.memories).toBe(1);
    store[Symbol.dispose]();
    expect(metrics()?.memories).toBe(0);
  });

  it("its instance cannot be entered again, which poisons the store", async () => {
    const { start } = await setupOf();
    const { instance } = start({ onCall: (_, instance) => void (instance && call(instance, "make")) });
    expect(thrownBy(() => call(instance, "call"))).toMatchObject({ name: "Trap", code: "cannot-enter" });
    expect(thrownBy(() => call(instance, "call"))).toMatchObject({ code: "store-poisoned" });
  });

  it("other stores can be used, and disposed of", async () => {
    const { start, metrics } = await setupOf();
    const { instance } = start({
      onCall: () => {
        const other = start();
        call(other.instance, "make");
        other.store[Symbol.dispose]();
      },
    });
    call(instance, "call");
    expect(metrics()?.memories).toBe(1);
  });

  it("a limiter that disposes of its store gets an error, and nothing leaks", async () => {
    const { engine, linker, component, metrics } = await setupOf();
    const store: Store<Data> = new Store<Data>(
      engine,
      {},
      {
        ...OPTIONS,
        limits: {
          memoryGrowing: () => {
            store[Symbol.dispose]();
            return true;
          },
          tableGrowing: () => true,
        },
      },
    );
    expect(thrownBy(() => linker.instantiate(store, component))).toBeInstanceOf(StoreDisposedError);
    expect(metrics()).toMatchObject({ memories: 0, componentInstances: 0 });
  });
});
