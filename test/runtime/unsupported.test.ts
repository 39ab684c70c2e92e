/** What the API has names for and this version does not have yet: one typed error, and nothing is the worse for it. */
import { expect, it } from "vitest";
import { Component, Engine, type Instance, type Store } from "../../src/runtime/index.ts";
import { call, Setup } from "./guest.ts";

interface Subject {
  readonly engine: Engine;
  readonly store: Store<undefined>;
  readonly instance: Instance;
}

const bytes = new Uint8Array();

it.each<[name: string, feature: string, use: (subject: Subject) => unknown]>([
  ["asyncSupport: true", "async support", () => new Engine({ asyncSupport: true })],
  ["callAsync", "async support", ({ instance }) => instance.getFunc("one")?.callAsync()],
  [
    "epochDeadlineAsyncYieldAndUpdate",
    "async support",
    ({ store }) => store.epochDeadlineAsyncYieldAndUpdate(1),
  ],
  ["fuelAsyncYieldInterval", "async support", ({ store }) => store.fuelAsyncYieldInterval(1n)],
  ["precompileComponent", "precompiled components", ({ engine }) => engine.precompileComponent(bytes)],
  ["deserialize", "precompiled components", ({ engine }) => Component.deserialize(engine, bytes)],
  ["deserializeFile", "precompiled components", ({ engine }) => Component.deserializeFile(engine, "x.cwasm")],
])("%s", async (_, feature, use) => {
  const setup = await Setup.of(`(component
    (core module $m (func (export "one") (result i32) (i32.const 1)))
    (core instance $m (instantiate $m))
    (func (export "one") (result u32) (canon lift (core func $m "one"))))`);
  const { store, instance } = setup.start(undefined);
  await expect((async () => use({ engine: setup.engine, store, instance }))()).rejects.toMatchObject({
    name: "UnsupportedError",
    code: "unsupported",
    feature,
  });
  expect(call(instance, "one")).toBe(1);
});
