/** The guests of the demo that misbehave: a typed trap each, also from inside `catch_all`, and the next store is as good as new. */
import { beforeAll, describe, expect, test } from "vitest";
import { Metrics, MetricsHost } from "../../examples/metrics-host/host.ts";
import { buildGuest } from "../../scripts/guests.ts";
import { type Component, MiB, Trap } from "../../src/runtime/index.ts";

let host: MetricsHost;
let neighbour: Component;

beforeAll(async () => {
  host = new MetricsHost();
  neighbour = await host.load(await buildGuest("counter"));
  return () => host[Symbol.dispose]();
});

describe.each(["", "-caught"])("guests%s", (suffix) => {
  test.each([
    ["spinner", { fuel: 1_000_000n }, "out-of-fuel"],
    ["spinner", { fuel: 10n ** 15n, milliseconds: 50 }, "interrupt"],
    ["hoarder", { memory: 4 * MiB }, "out-of-memory"],
  ] as const)("%s given %o: %s", async (name, limits, code) => {
    const guest = await host.load(await buildGuest(`${name}${suffix}`));
    let thrown: unknown;
    try {
      host.run(guest, new Metrics(), limits);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Trap);
    expect(thrown).toMatchObject({ code });

    const metrics = new Metrics();
    host.run(neighbour, metrics);
    expect(metrics.counters).toEqual(new Map([["requests", 3n]]));
  });
});
