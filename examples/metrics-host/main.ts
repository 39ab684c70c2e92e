/** Runs a guest and prints what it counted: `node examples/metrics-host/main.ts guest.wasm`. */
import process from "node:process";
import { Metrics, MetricsHost } from "./host.ts";

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("usage: node examples/metrics-host/main.ts guest.wasm");

using host = new MetricsHost();
const metrics = new Metrics();
const fuel = host.run(await host.load(path), metrics);
console.log(Object.fromEntries(metrics.counters), Object.fromEntries(metrics.gauges), `fuel used: ${fuel}`);
