/**
 * `npm run conformance -- fuel <paths>`: what small modules consume, in `assert_fuel` directives.
 *
 * Source: wasmtime's `tests/all/fuel.wast`.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { parse } from "@bytecodealliance/jco";
import { DEFAULT_OPERATOR_COSTS } from "../../src/instrument/index.ts";
import { wastFiles } from "../wast/files.ts";
import { instantiateMetered, MeteredHost } from "../wast/metered-host.ts";
import { parseScript } from "../wast/script.ts";
import { SuiteReport } from "../wast/suite-report.ts";

/** Runs every `assert_fuel` in the scripts. */
export async function run(paths: readonly string[]): Promise<SuiteReport> {
  const report = new SuiteReport();
  for (const file of wastFiles(paths)) {
    for (const directive of parseScript(readFileSync(file, "utf8"))) {
      const where = `${file}:${directive.line}`;
      if (directive.kind !== "assert_fuel" || directive.definition.source.format === "binary") {
        report.fail(where, `expected assert_fuel with a module as text, got ${directive.kind}`);
        continue;
      }
      const consumed = fuelOf(await parse(directive.definition.source.text));
      if (consumed === directive.fuel) report.pass();
      else report.fail(where, `expected ${directive.fuel} units of fuel, got ${consumed}`);
    }
  }
  return report;
}

/** What instantiating a module consumes; a trap is a way to end like another. */
function fuelOf(bytes: Uint8Array): bigint {
  const host = new MeteredHost();
  try {
    instantiateMetered(bytes, { fuel: DEFAULT_OPERATOR_COSTS, epoch: true, limitGrowth: true }, host);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  }
  return host.consumed;
}

if (import.meta.main) {
  const report = await run(process.argv.slice(2));
  report.print();
  process.exitCode = report.failed > 0 ? 1 : 0;
}
