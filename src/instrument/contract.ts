/**
 * What the instrumenter takes and gives: the contract between `instrument/` and `runtime/`.
 */
import type { OperatorCosts } from "./costs.ts";

export interface InstrumentOptions {
  /** Charge fuel by this table; undefined for no fuel. */
  readonly fuel: OperatorCosts | undefined;
  /** Make the guest look up at function entries and loop heads, so that a deadline can stop it. */
  readonly epoch: boolean;
  /** Ask the host before `memory.grow` and `table.grow`. */
  readonly limitGrowth: boolean;
}

/**
 * What a rewritten module needs of its host, under `importModule`:
 *
 * - `fuel`  (global (mut i64)): what is left of the slice; counts down. Present if `meters`.
 * - `check` (func): the slow path, called when `fuel` is below zero at a function entry, at a loop
 *   head, or before a bulk operation. `fuel` holds the exact count by then, and may be far below
 *   zero: the work that made it so has been charged and not been done. Returns normally if the guest
 *   may go on (with a fresh slice in the global), or traps. Present if `meters`.
 * - `memory_grow` (func (param $memory i32) (param $delta i64) (result i32)): 1 if the growth may be
 *   tried, else 0 or a trap. `$delta` is in pages, unsigned; growth by 0 is not asked for. V8 may
 *   still refuse afterwards (the memory's own maximum). Present if `growsMemory`.
 * - `table_grow`  (func (param $table i32) (param $delta i64) (result i32)): likewise, in elements.
 *   Present if `growsTable`.
 *
 * The indices are those of the guest's own index spaces, imports first.
 */
export interface InstrumentedModule {
  readonly bytes: Uint8Array;
  readonly importModule: string;
  readonly meters: boolean;
  readonly growsMemory: boolean;
  readonly growsTable: boolean;
  /** Minimum and maximum of every memory that the module defines, in pages of 64 KiB, for caps at instantiation. */
  readonly memories: readonly DefinedLimits[];
  /** Minimum and maximum of every table that the module defines, in elements. */
  readonly tables: readonly DefinedLimits[];
}

/** The declared size of a memory or a table that a module defines. */
export interface DefinedLimits {
  /** In the guest's own index space, imports first. */
  readonly index: number;
  readonly min: bigint;
  readonly max: bigint | undefined;
}
