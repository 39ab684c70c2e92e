/** Fuel and epoch deadlines of stores, and what a guest sees of them. */
import { describe, expect, it } from "vitest";
import { type ResourceLimiter, Trap } from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { GUEST, METERED, started, TIMED } from "./growing-guest.ts";
import { call, Setup } from "./guest.ts";

describe("fuel", () => {
  it("is consumed by what the guest does, the same every time", async () => {
    const { store, instance } = await started(METERED, { fuel: 1_000_000 });
    const used = (n: number) => {
      const before = store.getFuel();
      call(instance, "count", n);
      return before - store.getFuel();
    };
    expect(used(100)).toBe(used(100));
    expect(used(200) - used(100)).toBe(used(300) - used(200));
    expect(used(200)).toBeGreaterThan(used(100));
  });

  it("is counted exactly across many slices", async () => {
    const { store, instance } = await started(METERED, { fuel: 10n ** 12n });
    const used = (n: number) => {
      const before = store.getFuel();
      call(instance, "count", n);
      return before - store.getFuel();
    };
    const perRound = (used(1000) - used(0)) / 1000n;
    expect(used(1_000_000) - used(0)).toBe(perRound * 1_000_000n);
  });

  it("that is gone stops the guest; the amount it lacks does not matter", async () => {
    const { store, instance } = await started(METERED, { fuel: 2_500_000 });
    expect(thrownBy(() => call(instance, "spin"))).toMatchObject({ name: "Trap", code: "out-of-fuel" });
    expect(store.getFuel()).toBe(0n);
    const none = await started(METERED, { fuel: 0 });
    expect(thrownBy(() => call(none.instance, "count", 1))).toMatchObject({ code: "out-of-fuel" });
  });

  it("can be refilled between calls, and by a host function", async () => {
    let refill = 0;
    const setup = await Setup.of(GUEST, METERED);
    setup.linker.root().func("host", ({ store }) => {
      refill++;
      store.setFuel(777n);
      expect(store.getFuel()).toBe(777n);
    });
    const { store, instance } = setup.start(undefined, { fuel: 100 });
    call(instance, "call");
    expect(refill).toBe(1);
    expect(store.getFuel()).toBeLessThanOrEqual(777n);
    expect(store.getFuel()).toBeGreaterThan(700n);
    store.setFuel(10_000);
    expect(call(instance, "count", 10)).toBe(55);
  });

  it("is known after a host error", async () => {
    const setup = await Setup.of(GUEST, METERED);
    setup.linker.root().func("host", () => {
      throw new Error("no");
    });
    const { store, instance } = setup.start(undefined, { fuel: 1000 });
    const before = store.getFuel();
    expect(thrownBy(() => call(instance, "call"))).toBeInstanceOf(Trap);
    expect(before - store.getFuel()).toBeGreaterThan(0n);
    expect(before - store.getFuel()).toBeLessThan(10n);
  });
});

describe("epoch deadlines", () => {
  it("stop a guest when the epoch has come", async () => {
    const { setup, store, instance } = await started(TIMED, { epochDeadline: 1 });
    expect(call(instance, "count", 10)).toBe(55);
    setup.engine.incrementEpoch();
    expect(thrownBy(() => call(instance, "spin"))).toMatchObject({ code: "interrupt" });
    expect(thrownBy(() => store.getFuel())).toMatchObject({ code: "config" });
  });

  it("hold while the guest blocks the thread", async () => {
    const setup = await Setup.of(GUEST, TIMED);
    setup.linker.root().func("host", () => undefined);
    using _ticker = setup.engine.startEpochTicker({ intervalMs: 1 });
    const { instance } = setup.start(undefined, { epochDeadline: 10 });
    expect(thrownBy(() => call(instance, "spin"))).toMatchObject({ code: "interrupt" });
  });

  it("are seen when a host function returns", async () => {
    const { instance } = await started(TIMED, { epochDeadline: 1 }, ({ engine }) => engine.incrementEpoch());
    expect(thrownBy(() => call(instance, "call"))).toMatchObject({ code: "interrupt" });
  });

  it("are seen when a guest asks for memory or a table to grow", async () => {
    for (const grow of ["grow", "grow-table"]) {
      const setup = await Setup.of(GUEST, TIMED);
      setup.linker.root().func("host", () => undefined);
      let asked = 0;
      const tick = () => {
        asked++;
        setup.engine.incrementEpoch();
        return true;
      };
      const limits: ResourceLimiter = { memoryGrowing: tick, tableGrowing: tick };
      const { instance } = setup.start(undefined, { epochDeadline: 3, limits });
      // Twice by instantiation.
      expect(asked).toBe(2);
      expect(call(instance, grow, 1)).toBe(1);
      expect(thrownBy(() => call(instance, grow, 1))).toMatchObject({ code: "interrupt" });
      expect(asked).toBe(3);
    }
  });

  it("are relative to the epoch at the time", async () => {
    const { setup, store, instance } = await started(TIMED, { epochDeadline: 1 });
    for (let i = 0; i < 10; i++) setup.engine.incrementEpoch();
    store.setEpochDeadline(2);
    setup.engine.incrementEpoch();
    expect(call(instance, "count", 3)).toBe(6);
    setup.engine.incrementEpoch();
    expect(thrownBy(() => call(instance, "spin"))).toMatchObject({ code: "interrupt" });
  });

  it("can be moved, also by a host function", async () => {
    const setup = await Setup.of(GUEST, TIMED);
    setup.linker.root().func("host", ({ store }) => {
      setup.engine.incrementEpoch();
      store.setEpochDeadline(1);
    });
    const { store, instance } = setup.start(undefined, { epochDeadline: 1 });
    for (let i = 0; i < 3; i++) call(instance, "call");
    setup.engine.incrementEpoch();
    store.setEpochDeadline(5);
    expect(call(instance, "count", 3)).toBe(6);
  });

  it("can ask the host, which gives time, or does not", async () => {
    const { setup, store, instance } = await started(TIMED, { epochDeadline: 0 });
    let asked = 0;
    store.epochDeadlineCallback((caller) => {
      expect(caller.store).toBe(store);
      asked++;
      setup.engine.incrementEpoch();
      return asked < 4 ? 0 : "trap";
    });
    expect(thrownBy(() => call(instance, "spin"))).toMatchObject({ code: "interrupt" });
    expect(asked).toBe(4);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no");
      },
    ],
    ["returns nonsense", () => -1],
  ])("with a callback that %s end in a trap with its error", async (_, callback) => {
    const { store, instance } = await started(TIMED, { epochDeadline: 0 });
    store.epochDeadlineCallback(callback);
    const trap = thrownBy(() => call(instance, "spin")) as Trap;
    expect(trap.code).toBe("host-error");
    expect(trap.cause).toBeInstanceOf(Error);
  });

  it("go back to traps", async () => {
    const { store, instance } = await started(TIMED, { epochDeadline: 0 });
    store.epochDeadlineCallback(() => 1);
    store.epochDeadlineTrap();
    expect(thrownBy(() => call(instance, "spin"))).toMatchObject({ code: "interrupt" });
  });

  it("work together with fuel, whichever comes first", async () => {
    const both = { ...METERED, ...TIMED };
    const fuel = await started(both, { fuel: 1000, epochDeadline: 1_000_000 });
    expect(thrownBy(() => call(fuel.instance, "spin"))).toMatchObject({ code: "out-of-fuel" });
    const time = await started(both, { fuel: 2n ** 60n, epochDeadline: 0 });
    expect(thrownBy(() => call(time.instance, "spin"))).toMatchObject({ code: "interrupt" });
  });
});
