/**
 * `npm run conformance -- guests <paths>`: runs components that others have compiled (`x.component.wasm`), each with the
 * host it was made for: as it is and metered, with WASI's imports as traps; and with preview2-shim's WASI plugged in.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { Component, Engine, HostwrightError, Linker, Store } from "../../src/runtime/index.ts";
import type { CaseResult, RunSuite } from "../conformance-case.ts";
import { Guest, type Imports } from "./guests/known-guest.ts";
import { KNOWN_GUESTS } from "./guests/known-guests.ts";

const SUFFIX = ".component.wasm";

interface Way {
  readonly metered: boolean;
  /** Undefined: its functions are traps. */
  readonly wasi: (() => Imports) | undefined;
}

const WAYS: readonly (readonly [name: string, way: Way])[] = [
  ["plain", { metered: false, wasi: undefined }],
  ["metered", { metered: true, wasi: undefined }],
  ["preview2-shim", { metered: true, wasi: () => new WASIShim().getImportObject() as Imports }],
];

/** Runs every component in the paths. */
export const run: RunSuite = async function* (paths) {
  for (const path of paths) {
    for (const file of components(path)) {
      for (const [name, way] of WAYS) yield* runGuest(file, name, way);
    }
  }
};

function components(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith(SUFFIX))
    .sort()
    .map((name) => join(path, name));
}

function* runGuest(file: string, wayName: string, way: Way): Iterable<CaseResult> {
  const name = `${file} (${wayName})`;
  const known = KNOWN_GUESTS.get(basename(file, SUFFIX));
  if (known?.needsWasi === true && way.wasi === undefined) return;
  if (known === undefined) {
    const detail = `there is no host for it: known are ${[...KNOWN_GUESTS.keys()].join(", ")}`;
    yield { outcome: "fail", name, detail };
    return;
  }
  let guest: Guest;
  try {
    guest = instantiate(readFileSync(file), known.host(), way);
    yield { outcome: "pass", name: `${name}: instantiate` };
  } catch (error) {
    yield failed(`${name}: instantiate`, error);
    return;
  }
  for (const [checkName, check] of known.checks) {
    try {
      check(guest);
      yield { outcome: "pass", name: `${name}: ${checkName}` };
    } catch (error) {
      yield failed(`${name}: ${checkName}`, error);
    }
  }
}

function instantiate(bytes: Uint8Array, host: Imports, { metered, wasi }: Way): Guest {
  const engine = new Engine(metered ? { consumeFuel: true, epochInterruption: true } : {});
  const component = Component.fromBytes(engine, bytes);
  const linker = new Linker<undefined>(engine).defineImports({ ...wasi?.(), ...host });
  if (wasi === undefined && [...component.imports.keys()].some((name) => name.startsWith("wasi:"))) {
    linker.defineUnknownImportsAsTraps(component, { only: ["wasi:*"] });
  }
  const store = new Store(engine, undefined, metered ? { fuel: 10n ** 12n, epochDeadline: 1_000_000 } : {});
  return new Guest(linker.instantiate(store, component), host);
}

function failed(name: string, error: unknown): CaseResult {
  const kind = error instanceof HostwrightError ? `${error.code}: ` : "";
  const text = error instanceof Error ? error.message : String(error);
  return { outcome: "fail", name, detail: kind + text.split("\n").slice(0, 6).join(" | ") };
}
