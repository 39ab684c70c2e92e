/** The guest as `jco transpile` makes a JavaScript module of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile } from "@bytecodealliance/jco";
import { buildComponent, type GaugeClass, type Guest } from "./guest.ts";
import { type Host, Meter } from "./host.ts";

/** @param folder for the files that jco makes. The caller removes it. */
export async function transpiled(host: Host, folder: string): Promise<Guest> {
  const { files } = await transpile(await buildComponent(), { name: "guest", instantiation: "sync" });
  mkdirSync(folder, { recursive: true });
  const modules = new Map<string, WebAssembly.Module>();
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith(".wasm")) modules.set(name, new WebAssembly.Module(content as Uint8Array));
    else if (name.endsWith(".js")) writeFileSync(join(folder, name), content as Uint8Array);
  }
  const { instantiate } = await import(pathToFileURL(join(folder, "guest.js")).href);
  const { tick, add, counter, points, samples, bytes } = host;
  const exports = instantiate(
    (name: string) => modules.get(name),
    { "bench:calls/host": { tick, add, counter, points, samples, bytes, Meter } },
    (module: WebAssembly.Module, imports: WebAssembly.Imports) => new WebAssembly.Instance(module, imports),
  ) as Omit<Guest, "readGauge"> & { gauges: { Gauge: GaugeClass } };
  const gauge = new exports.gauges.Gauge(7);
  return { ...exports, readGauge: () => gauge.read() };
}
