/** jco's transpilation of a component, instantiated with a host's imports: the oracle of the end-to-end tests. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

/** @param imports in jco's shape: names without versions, functions in camelCase */
export async function instantiateWithJco(
  bytes: Uint8Array,
  imports: Record<string, object>,
): Promise<Exports> {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const folder = fileURLToPath(new URL(`../../.tmp/jco/${hash}/`, import.meta.url));
  const { files } = await transpile(bytes, { name: "guest", instantiation: "sync" });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    if (!name.endsWith(".d.ts")) writeFileSync(join(folder, name), content);
  }
  const module: TranspiledModule = await import(
    /* @vite-ignore */ pathToFileURL(join(folder, "guest.js")).href
  );
  return module.instantiate(
    (name) => new WebAssembly.Module(readFileSync(join(folder, name))),
    imports,
    (core, coreImports) => new WebAssembly.Instance(core, coreImports),
  );
}
