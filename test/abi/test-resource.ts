/** A resource whose representations are the host's own objects, and which keeps count. */
import { BadValue } from "../../src/abi/faults.ts";
import type { InstanceState } from "../../src/abi/instance-state.ts";
import type { Lent, Loan, ResourceRuntime } from "../../src/abi/resource.ts";

export class TestResource implements ResourceRuntime {
  readonly name: string;
  readonly implementedBy: InstanceState | undefined;
  /** What has been taken back, and what has been dropped. */
  readonly takenBack: unknown[] = [];
  readonly dropped: unknown[] = [];
  /** Loans that have not ended. */
  lent = 0;

  constructor(name: string, implementedBy?: InstanceState) {
    this.name = name;
    this.implementedBy = implementedBy;
  }

  toOwned(rep: unknown): unknown {
    return rep;
  }

  toBorrowed(rep: unknown, loans: Loan[]): unknown {
    this.#lend(loans);
    return rep;
  }

  fromOwned(value: unknown): unknown {
    if (typeof value !== "object") throw new BadValue();
    return value;
  }

  takeBack(value: unknown): void {
    this.takenBack.push(value);
  }

  fromBorrowed(value: unknown, loans: Loan[]): unknown {
    if (typeof value !== "object") throw new BadValue();
    this.#lend(loans);
    return value;
  }

  lend(value: unknown): Lent {
    if (typeof value !== "object") throw new BadValue();
    this.lent++;
    const end = () => {
      this.lent--;
    };
    return {
      rep: value,
      get lends() {
        return 1;
      },
      set lends(_: number) {
        end();
      },
    };
  }

  drop(rep: unknown): void {
    this.dropped.push(rep);
  }

  #lend(loans: Loan[]): void {
    this.lent++;
    loans.push({
      endBorrow: () => {
        this.lent--;
      },
    });
  }
}
