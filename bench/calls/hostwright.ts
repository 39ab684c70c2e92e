/** The guest under hostwright, as the API has it: dynamic functions, checked values. */
import { Component, Engine, type EngineConfig, Linker, Store, types } from "../../src/runtime/index.ts";
import { buildComponent, type GaugeClass, type Guest, type Point, type Sample } from "./guest.ts";
import { type Host, Meter } from "./host.ts";

export async function hostwright(host: Host, config: EngineConfig): Promise<Guest> {
  const engine = new Engine(config);
  const linker = new Linker<Host>(engine);
  linker
    .instance("bench:calls/host")
    .func("tick", ({ data }) => data.tick())
    .func("add", ({ data }, a: number, b: number) => data.add(a, b))
    .func("counter", ({ data }, name: string, value: bigint) => data.counter(name, value))
    .func("points", ({ data }, points: Point[]) => data.points(points))
    .func("samples", ({ data }, samples: Sample[]) => data.samples(samples))
    .func("bytes", ({ data }, bytes: Uint8Array) => data.bytes(bytes))
    .resource("meter", types.resource("meter"))
    .func("[constructor]meter", () => new Meter())
    .func("[method]meter.use", (_, meter: Meter, value: number) => meter.use(value));
  const store = new Store(engine, host, {
    ...(config.consumeFuel === true && { fuel: 2n ** 62n }),
    ...(config.epochInterruption === true && { epochDeadline: 1_000_000 }),
  });
  if (config.epochInterruption === true) engine.startEpochTicker({ intervalMs: 10 });
  const instance = linker.instantiate(store, Component.fromBytes(engine, await buildComponent()));
  const func = <Args extends unknown[], Result>(name: string) =>
    instance.getTypedFunc<Args, Result>(name).call;
  const Gauge = instance.getResourceClass("bench:calls/gauges", "gauge") as GaugeClass;
  const gauge = new Gauge(7);
  return {
    readGauge: () => gauge.read(),
    ticks: func("ticks"),
    adds: func("adds"),
    counters: func("counters"),
    passPoints: func("pass-points"),
    passSamples: func("pass-samples"),
    passBytes: func("pass-bytes"),
    uses: func("uses"),
    twice: func("twice"),
    echo: func("echo"),
    mirror: func("mirror"),
    echoPoints: func("echo-points"),
    echoSamples: func("echo-samples"),
    echoBytes: func("echo-bytes"),
  };
}
