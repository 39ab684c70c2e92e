/** What the `guests` suite knows of a guest: a host for what it imports, and checks of what it exports. */
import type { Instance } from "../../../src/runtime/index.ts";

/** An import object in jco's shape. */
export type Imports = Record<string, object>;

export interface KnownGuest {
  /** A fresh host. It throws where the guest hands it something else than it should. */
  host(): Imports;
  /** True if it calls WASI, which is a trap unless preview2-shim brings it. */
  readonly needsWasi?: boolean;
  /** By name, in an order that matters: all run on one instance. */
  readonly checks: readonly Check[];
}

/** @throws an Error that says what is wrong */
export type Check = readonly [name: string, run: (guest: Guest) => void];

/** An instance that is called by name. */
export class Guest {
  readonly host: Imports;
  readonly #instance: Instance;

  constructor(instance: Instance, host: Imports) {
    this.#instance = instance;
    this.host = host;
  }

  /** @param path of an exported function: "test-imports", or "test:lists/test" and "list-param" */
  call(...path: readonly [...string[], readonly unknown[]]): unknown {
    const args = path.at(-1) as readonly unknown[];
    const func = this.#instance.getFunc(...(path.slice(0, -1) as string[]));
    if (func === undefined) throw new Error(`${path.slice(0, -1).join("#")} is not exported`);
    return func.call(...args);
  }

  resourceClass(...path: string[]): unknown {
    return this.#instance.getResourceClass(...path);
  }
}
