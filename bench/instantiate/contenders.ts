/** Ways to make an instance of the guest, with all that can be done before done before. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile } from "@bytecodealliance/jco";
import { Component, Engine, type EngineConfig, Linker, Store } from "../../src/runtime/index.ts";
import type { Guest } from "./guest.ts";

export interface Made {
  readonly guest: Guest;
  /** Lets go of it. */
  dispose(): void;
}

export type Instantiate = () => Made;

export interface Totals {
  counted: bigint;
}

/** A store for each instance, as for each request. */
export function hostwright(bytes: Uint8Array, totals: Totals, config: EngineConfig): Instantiate {
  const engine = new Engine(config);
  const linker = new Linker<Totals>(engine);
  linker.instance("bench:instantiate/host").func("counter", ({ data }, value: bigint) => {
    data.counted += value;
  });
  if (config.epochInterruption === true) engine.startEpochTicker({ intervalMs: 10 });
  const pre = linker.instantiatePre(Component.fromBytes(engine, bytes));
  const options = {
    ...(config.consumeFuel === true && { fuel: 1_000_000_000 }),
    ...(config.epochInterruption === true && { epochDeadline: 1000 }),
  };
  return () => {
    const store = new Store(engine, totals, options);
    const { call } = pre.instantiate(store).getTypedFunc<[string], string>("handle");
    return { guest: { handle: call }, dispose: () => store[Symbol.dispose]() };
  };
}

/** @param folder for the files that jco makes. The caller removes it. */
export async function transpiled(bytes: Uint8Array, totals: Totals, folder: string): Promise<Instantiate> {
  const { files } = await transpile(bytes, { name: "guest", instantiation: "sync" });
  mkdirSync(folder, { recursive: true });
  const modules = new Map<string, WebAssembly.Module>();
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith(".wasm")) modules.set(name, new WebAssembly.Module(content as Uint8Array));
    else if (name.endsWith(".js")) writeFileSync(join(folder, name), content as Uint8Array);
  }
  const { instantiate } = await import(pathToFileURL(join(folder, "guest.js")).href);
  const imports = {
    "bench:instantiate/host": {
      counter(value: bigint) {
        totals.counted += value;
      },
    },
  };
  const getModule = (name: string) => modules.get(name);
  const getInstance = (module: WebAssembly.Module, imports: WebAssembly.Imports) =>
    new WebAssembly.Instance(module, imports);
  return () => ({ guest: instantiate(getModule, imports, getInstance), dispose() {} });
}
