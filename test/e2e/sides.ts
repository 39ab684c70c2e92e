/** One component under hostwright and under jco's transpilation, both seen in jco's shape, so that one script drives both. */
import { readFileSync } from "node:fs";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { camelCase, pascalCase } from "../../src/model/names.ts";
import {
  Component,
  Engine,
  type ExternType,
  type Instance,
  Linker,
  MiB,
  Store,
  type StoreOptions,
} from "../../src/runtime/index.ts";
import { instantiateWithJco } from "./jco-oracle.ts";

/** Exports in jco's shape: camelCase functions and a class per resource, in an object per interface. */
// biome-ignore lint/suspicious/noExplicitAny: the scripts of tests call functions of any type
export type Exports = Record<string, any>;

export type Imports = Record<string, object>;

interface Way {
  readonly engine: Engine;
  readonly store: StoreOptions;
  /** By their bytes: components of 12 MB take seconds. */
  readonly compiled: WeakMap<Uint8Array, Component>;
}

const plain: Way = { engine: new Engine(), store: {}, compiled: new WeakMap() };
const limited: Way = {
  engine: new Engine({
    consumeFuel: true,
    epochInterruption: true,
    pooling: { maxMemorySize: 64 * MiB },
  }),
  store: { fuel: 10n ** 12n, epochDeadline: 1_000_000 },
  compiled: new WeakMap(),
};

/** A component's exports under hostwright. Imports that the host does not bring, as WASI's that are never called, are traps. */
export function underHostwright(bytes: Uint8Array, imports: Imports, way: Way = plain): Exports {
  const { engine, compiled } = way;
  const component = compiled.get(bytes) ?? Component.fromBytes(engine, bytes);
  compiled.set(bytes, component);
  const linker = new Linker<undefined>(engine).defineImports(imports);
  linker.defineUnknownImportsAsTraps(component);
  const store = new Store(engine, undefined, way.store);
  return exportsOf(linker.instantiate(store, component), component.exports, []);
}

/** The same of jco. WASI is preview2-shim's. */
export async function underJco(bytes: Uint8Array, imports: Imports): Promise<Exports> {
  return instantiateWithJco(bytes, { ...new WASIShim().getImportObject(), ...imports });
}

/** All ways to run a component that must come to the same. */
export const SIDES = {
  hostwright: async (bytes: Uint8Array, imports: Imports) => underHostwright(bytes, imports),
  "hostwright, metered and pooled": async (bytes: Uint8Array, imports: Imports) =>
    underHostwright(bytes, imports, limited),
  jco: underJco,
} as const;

export function readGuest(name: string): Uint8Array {
  return readFileSync(new URL(`../guests/built/${name}.component.wasm`, import.meta.url));
}

function exportsOf(
  instance: Instance,
  types: ReadonlyMap<string, ExternType>,
  path: readonly string[],
): Exports {
  const exports: Exports = {};
  for (const [name, type] of types) {
    const here = [...path, name];
    switch (type.kind) {
      case "instance":
        exports[name] = exportsOf(instance, type.exports, here);
        break;
      case "func":
        // Functions of a resource are in its class.
        if (name.startsWith("[")) break;
        exports[camelCase(name)] = (...args: unknown[]) => instance.getFunc(...here)?.call(...args);
        break;
      case "type":
        // A resource of the host that the interface only uses has no functions here.
        if (type.type.kind === "resource" && [...types.keys()].some((key) => isOf(key, name)))
          exports[pascalCase(name)] = instance.getResourceClass(...here);
        break;
      default:
        break;
    }
  }
  return exports;
}

/** Whether a function belongs to a resource: "[method]account.close" to "account". */
function isOf(func: string, resource: string): boolean {
  return func.startsWith("[") && func.slice(func.indexOf("]") + 1).split(".")[0] === resource;
}

/** What a call returns, or the payload of the error that it throws. Any other error is the test's to see. */
export type Outcome = { readonly ok: unknown } | { readonly err: unknown };

export function outcome(call: () => unknown): Outcome {
  try {
    return { ok: call() };
  } catch (error) {
    if (error instanceof Error && "payload" in error) return { err: error.payload };
    throw error;
  }
}
