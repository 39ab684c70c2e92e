/**
 * `npm run conformance -- fuel <paths>`: what small modules consume, in `assert_fuel` directives.
 *
 * Source: wasmtime's `tests/all/fuel.wast`.
 */
import { readFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco";
import { DEFAULT_OPERATOR_COSTS } from "../../src/instrument/index.ts";
import type { CaseResult, RunSuite } from "../conformance-case.ts";
import { wastFiles } from "../wast/files.ts";
import { instantiateMetered, MeteredHost } from "../wast/metered-host.ts";
import { type Directive, parseScript } from "../wast/script.ts";

/** Runs every `assert_fuel` in the scripts. */
export const run: RunSuite = async function* (paths) {
  for (const file of wastFiles(paths)) {
    for (const directive of parseScript(readFileSync(file, "utf8"))) {
      yield await check(directive, `${file}:${directive.line}`);
    }
  }
};

async function check(directive: Directive, name: string): Promise<CaseResult> {
  if (directive.kind !== "assert_fuel" || directive.definition.source.format === "binary") {
    return {
      outcome: "fail",
      name,
      detail: `expected assert_fuel with a module as text, got ${directive.kind}`,
    };
  }
  const consumed = fuelOf(await parse(directive.definition.source.text));
  if (consumed === directive.fuel) return { outcome: "pass", name };
  return { outcome: "fail", name, detail: `expected ${directive.fuel} units of fuel, got ${consumed}` };
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
