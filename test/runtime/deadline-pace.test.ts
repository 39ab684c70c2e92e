/** How often a deadline is looked at while a guest does nothing but call the host. */
import { describe, expect, it } from "vitest";
import type { EngineState } from "../../src/runtime/engine.ts";
import { Meter } from "../../src/runtime/meter.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, Setup } from "./guest.ts";

/** A meter with a clock that is set by hand: `at` is in milliseconds. */
function metered() {
  const clock = { at: 1000, ticking: true, readAt: 0 };
  const engine = {
    fuel: undefined,
    clock: {
      get epoch() {
        clock.readAt = clock.at;
        return Math.floor(clock.at / 10);
      },
      get ticking() {
        return clock.ticking;
      },
      get readAt() {
        return clock.readAt;
      },
    },
  };
  const meter = new Meter(engine as unknown as EngineState);
  meter.setDeadline(1000);
  return { clock, meter };
}

describe("a host function that returns", () => {
  it("is looked at every time while the clock is not known to have been read just before", () => {
    const { meter, clock } = metered();
    meter.checkDeadline();
    expect(meter.pace()).toBe(0);
    clock.at += 1;
    meter.checkDeadline();
    expect(meter.pace()).toBe(0);
  });

  it("may return a few times unseen if it has been quick, until it is slow again", () => {
    const { meter, clock } = metered();
    meter.checkDeadline();
    meter.pace();
    clock.at += 0.001;
    meter.checkDeadline();
    const passes = meter.pace();
    expect(passes).toBeGreaterThan(0);
    expect(passes).toBeLessThan(10);
    clock.at += 0.5;
    meter.checkDeadline();
    expect(meter.pace()).toBe(0);
  });

  it("is looked at every time where the epoch is moved by hand", () => {
    const { meter, clock } = metered();
    clock.ticking = false;
    meter.checkDeadline();
    expect(meter.pace()).toBe(0);
    meter.checkDeadline();
    expect(meter.pace()).toBe(0);
  });
});

const CALLER = `(component
  (import "host" (func $host))
  (core func $host (canon lower (func $host)))
  (core module $main
    (import "host" "f" (func $host))
    (func (export "calls") (param $n i32)
      (loop $again
        (call $host)
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
  (core instance $main (instantiate $main (with "host" (instance (export "f" (func $host))))))
  (func (export "calls") (param "n" u32) (canon lift (core func $main "calls"))))`;

const FOREVER = 0xffff_ffff;

describe("a guest that only calls the host", () => {
  it("is stopped at its deadline", async () => {
    const setup = await Setup.of(CALLER, { epochInterruption: true });
    let calls = 0;
    setup.linker.root().func("host", () => {
      calls++;
    });
    using _ticker = setup.engine.startEpochTicker({ intervalMs: 1 });
    const { instance } = setup.start(undefined, { epochDeadline: 3 });
    expect(thrownBy(() => call(instance, "calls", FOREVER))).toMatchObject({ code: "interrupt" });
    expect(calls).toBeGreaterThan(0);
  });

  it("is stopped at the next return once the host has taken its time away", async () => {
    const setup = await Setup.of(CALLER, { epochInterruption: true });
    let calls = 0;
    setup.linker.root().func("host", ({ store }) => {
      calls++;
      if (calls === 1000) store.setEpochDeadline(0);
    });
    using _ticker = setup.engine.startEpochTicker({ intervalMs: 1000 });
    const { instance } = setup.start(undefined, { epochDeadline: 1000 });
    expect(thrownBy(() => call(instance, "calls", FOREVER))).toMatchObject({ code: "interrupt" });
    expect(calls).toBe(1000);
  });

  it("is stopped at the next return once the epoch has been moved by hand", async () => {
    const setup = await Setup.of(CALLER, { epochInterruption: true });
    let calls = 0;
    setup.linker.root().func("host", () => {
      calls++;
      if (calls === 1000) setup.engine.incrementEpoch();
    });
    const { instance } = setup.start(undefined, { epochDeadline: 1 });
    expect(thrownBy(() => call(instance, "calls", FOREVER))).toMatchObject({ code: "interrupt" });
    expect(calls).toBe(1000);
  });
});
