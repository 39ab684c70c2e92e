/**
 * The instrumenter: core wasm in, core wasm with limits compiled into it out.
 *
 * JavaScript cannot interrupt a running wasm function, so metering and caps are rewritten into core
 * modules before V8 sees them. The rewritten module imports, under `importModule` (a name that the
 * guest itself does not import from), what `InstrumentedModule` lists.
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
 * - `check` (func): the slow path, called when `fuel` is below zero at a function entry or a loop
 *   head. Returns normally if the guest may go on (with a fresh slice in the global), or traps.
 * - `memory_grow` (func (param $memory i32) (param $delta i64) (result i32)): 1 if the growth may be tried, else 0 or a trap.
 * - `table_grow`  (func (param $table i32) (param $delta i64) (result i32)): likewise.
 */
export interface InstrumentedModule {
  readonly bytes: Uint8Array;
  readonly importModule: string;
  readonly meters: boolean;
  readonly growsMemory: boolean;
  readonly growsTable: boolean;
  /** Minimum and maximum of every memory that the module defines, in pages of 64 KiB, for caps at instantiation. */
  readonly memories: readonly {
    readonly index: number;
    readonly min: bigint;
    readonly max: bigint | undefined;
  }[];
  readonly tables: readonly {
    readonly index: number;
    readonly min: bigint;
    readonly max: bigint | undefined;
  }[];
}
