/**
 * What a resource type is at run time: how its representations become values of the host and back.
 *
 * The runtime implements it twice: for resources that the host defines (the value is the host's own
 * object) and for those that a guest defines (the value is an object that stands for the handle).
 * Resource types are nominal: the identity of this object is the type.
 *
 * Source: CanonicalABI.md, "Resource State" (`ResourceType`).
 */
import type { InstanceState } from "./instance-state.ts";

/** Something that a call borrowed and gives back when it ends. */
export interface Loan {
  endBorrow(): void;
}

/** A value of the host's while it is lent to a guest. */
export interface Lent {
  readonly rep: unknown;
  /** How many calls in progress have borrowed it. */
  lends: number;
}

export interface ResourceRuntime {
  /** For messages. */
  readonly name: string;
  /** The component instance that implements it; undefined if the host does: then a representation is the host's value itself. */
  readonly implementedBy: InstanceState | undefined;
  /** The host's value for an `own` that a guest hands over. */
  toOwned(rep: unknown): unknown;
  /**
   * The host's value for a `borrow`; what has to end with the call is added to `loans`. Glue may do without it for a
   * resource that the host implements, whose representation it would return, with nothing to end.
   */
  toBorrowed(rep: unknown, loans: Loan[]): unknown;
  /** The representation of a value that the host hands over. @throws BadValue */
  fromOwned(value: unknown): unknown;
  /** Undoes `fromOwned`: the call that the value was for has not taken place. */
  takeBack(value: unknown): void;
  /** The representation of a value that the host lends; a loan of it is added to `loans`. @throws BadValue */
  fromBorrowed(value: unknown, loans: Loan[]): unknown;
  /** As `fromBorrowed`, where the caller itself ends the loan: by counting down `lends`. @throws BadValue */
  lend(value: unknown): Lent;
  /** The last owner is gone: runs the destructor. `from` is the instance that dropped it. */
  drop(rep: unknown, from: InstanceState | undefined): void;
}
