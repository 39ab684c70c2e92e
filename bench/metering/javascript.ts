/**
 * The benchmark's guest that is not a core module: JavaScript in QuickJS, run as a component.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Component, Engine, type EngineConfig, Linker, Store } from "../../src/runtime/index.ts";

const folder = fileURLToPath(new URL("./", import.meta.url));
const component = join(folder, "../../.tmp/bench-metering/javascript.wasm");

export type Run = (n: number) => number;

/** Builds the guest, unless that has been done. */
function build(): void {
  if (existsSync(component)) return;
  mkdirSync(dirname(component), { recursive: true });
  const jco = join(dirname(createRequire(import.meta.url).resolve("@bytecodealliance/jco")), "jco.js");
  const flags = ["--backend", "quickjs", "--backend-qjs-stub-wasi", "--backend-qjs-disable-async"];
  const source = [join(folder, "javascript.js"), "--wit", join(folder, "javascript.wit"), "-n", "guest"];
  execFileSync(process.execPath, [jco, "componentize", ...source, "-o", component, ...flags]);
}

/** The guest's `run` in a store of an engine with these limits. */
export function javascript(config: EngineConfig): Run {
  build();
  const engine = new Engine(config);
  const store = new Store(engine, undefined, {
    limits: "unlimited",
    ...(config.consumeFuel ? { fuel: 1n << 60n } : {}),
    ...(config.epochInterruption ? { epochDeadline: 1_000_000 } : {}),
  });
  const instance = new Linker(engine).instantiate(
    store,
    Component.fromBytes(engine, readFileSync(component)),
  );
  const run = instance.getFunc("run");
  if (!run) throw new Error("the guest exports no run");
  return (n) => run.call(n) as number;
}
