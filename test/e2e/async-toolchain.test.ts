/** A JavaScript guest whose toolchain puts the built-ins of async tasks into every component, and whose exports are synchronous. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildJavaScript } from "../../scripts/guests.ts";
import { planComponent } from "../../src/component/index.ts";
import { Component, Engine, Linker, Store } from "../../src/runtime/index.ts";

test("it runs as one without them does", async () => {
  const guest = {
    source: "examples/guests/requests.js",
    wit: "wit",
    world: "hosted",
    backend: "quickjs-async",
  } as const;
  const bytes = readFileSync(await buildJavaScript("requests-async", guest));
  const carried = planComponent(bytes).trampolines.flatMap((t) => (t.kind === "builtin" ? [t.name] : []));
  expect(carried).toContain("task.cancel");

  const engine = new Engine();
  const component = Component.fromBytes(engine, bytes);
  const calls: unknown[] = [];
  const linker = new Linker<undefined>(engine);
  linker
    .instance("amal:obs/metrics@0.1.0")
    .func("counter", (_, name: string, value: bigint) => calls.push([name, value]) && undefined)
    .func("gauge", (_, name: string, value: number) => calls.push([name, value]) && undefined);
  const instance = linker.instantiate(new Store(engine, undefined), component);
  instance.getFunc("run")?.call();
  expect(calls).toContainEqual(["requests", 1n]);
  expect(calls.at(-1)).toEqual(["error-rate", 0.2]);
});
