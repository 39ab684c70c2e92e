/** jco's transpilation of a component, instantiated with a host's imports: the oracle of the end-to-end tests. */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transpile } from "@bytecodealliance/jco";

// biome-ignore lint/suspicious/noExplicitAny: the scripts of tests call functions of any type
type Exports = Record<string, any>;

interface TranspiledModule {
  instantiate(
    getCoreModule: (path: string) => WebAssembly.Module,
    imports: Record<string, object>,
    instantiateCore?: (module: WebAssembly.Module, imports: WebAssembly.Imports) => WebAssembly.Instance,
  ): Exports;
}

/** Transpiled components, by their bytes. */
const transpiled = new WeakMap<Uint8Array, Promise<Transpiled>>();

interface Transpiled {
  readonly module: TranspiledModule;
  readonly coreModules: ReadonlyMap<string, WebAssembly.Module>;
}

/** @param imports in jco's shape: names without versions, functions in camelCase */
export async function instantiateWithJco(
  bytes: Uint8Array,
  imports: Record<string, object>,
): Promise<Exports> {
  const found = transpiled.get(bytes) ?? transpileBytes(bytes);
  transpiled.set(bytes, found);
  const { module, coreModules } = await found;
  return module.instantiate(
    (name) => {
      const core = coreModules.get(name);
      if (core === undefined) throw new Error(`jco has written no ${name}`);
      return core;
    },
    imports,
    (core, coreImports) => new WebAssembly.Instance(core, coreImports),
  );
}

async function transpileBytes(bytes: Uint8Array): Promise<Transpiled> {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  // Tests run in several processes at once.
  const folder = fileURLToPath(new URL(`../../.tmp/jco/${hash}-${process.pid}/`, import.meta.url));
  const { files } = await transpile(bytes, { name: "guest", instantiation: "sync" });
  const coreModules = new Map<string, WebAssembly.Module>();
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files) as [string, Uint8Array<ArrayBuffer>][]) {
    if (name.endsWith(".wasm")) coreModules.set(name, new WebAssembly.Module(content));
    if (name.endsWith(".js")) writeFileSync(join(folder, name), content);
  }
  const url = pathToFileURL(join(folder, "guest.js")).href;
  const module = (await import(/* @vite-ignore */ url)) as TranspiledModule;
  rmSync(folder, { recursive: true });
  return { module, coreModules };
}
