/** Resources that the host defines: a handle's representation is the host's own object. */
import { BadValue } from "../abi/faults.ts";
import type { InstanceState } from "../abi/instance-state.ts";
import type { Lent, ResourceRuntime } from "../abi/resource.ts";
import { describe } from "../abi/value-check.ts";

/** Runs when a guest has dropped its last owning handle of `value`. */
export type DropResource = (value: object) => void;

export class HostResource implements ResourceRuntime {
  readonly name: string;
  readonly implementedBy = undefined;
  readonly #drop: DropResource;
  /** What values are instances of; undefined: any object will do. */
  readonly #class: (abstract new (...args: never[]) => object) | undefined;

  constructor(name: string, drop: DropResource, cls?: abstract new (...args: never[]) => object) {
    this.name = name;
    this.#drop = drop;
    this.#class = cls;
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

  takeBack(): void {}

  fromBorrowed(value: unknown): unknown {
    return this.#checked(value);
  }

  lend(value: unknown): Lent {
    return { rep: this.#checked(value), lends: 1 };
  }

  drop(rep: unknown, _from: InstanceState | undefined): void {
    this.#drop(rep as object);
  }

  #checked(value: unknown): object {
    const cls = this.#class;
    if ((typeof value === "object" && value !== null) || typeof value === "function") {
      if (cls === undefined || value instanceof cls) return value;
    }
    const expected = cls === undefined ? "an object" : `an instance of the class ${cls.name}`;
    throw new BadValue(`expected ${this.name} (${expected}), got ${describe(value)}`);
  }
}

/** What is done with a resource for which the host has named no `drop`: its own `[Symbol.dispose]`, if it has one. */
export function disposeOf(value: object): void {
  const dispose = (value as Partial<Disposable>)[Symbol.dispose];
  if (typeof dispose === "function") dispose.call(value);
}
