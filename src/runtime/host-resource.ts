/** Resources that the host defines: a handle's representation is the host's own object. */
import { BadValue } from "../abi/faults.ts";
import type { InstanceState } from "../abi/instance-state.ts";
import type { ResourceRuntime } from "../abi/resource.ts";
import { describe } from "../abi/value-check.ts";

/** Runs when a guest has dropped its last owning handle of `value`. */
export type DropResource = (value: object) => void;

export class HostResource implements ResourceRuntime {
  readonly name: string;
  readonly implementedBy = undefined;
  readonly #drop: DropResource;

  constructor(name: string, drop: DropResource) {
    this.name = name;
    this.#drop = drop;
  }

  toOwned(rep: unknown): unknown {
    return rep;
  }

  toBorrowed(rep: unknown): unknown {
    return rep;
  }

  fromOwned(value: unknown): unknown {
    return this.#checked(value);
  }

  fromBorrowed(value: unknown): unknown {
    return this.#checked(value);
  }

  drop(rep: unknown, _from: InstanceState | undefined): void {
    this.#drop(rep as object);
  }

  #checked(value: unknown): object {
    if ((typeof value === "object" && value !== null) || typeof value === "function") return value;
    throw new BadValue(`expected ${this.name} (an object), got ${describe(value)}`);
  }
}

/** What is done with a resource for which the host has named no `drop`: its own `[Symbol.dispose]`, if it has one. */
export function disposeOf(value: object): void {
  const dispose = (value as Partial<Disposable>)[Symbol.dispose];
  if (typeof dispose === "function") dispose.call(value);
}
