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
  /**
   * Make structs, arrays and exceptions pay for the bytes they take on V8's heap, and ask the host when
   * a slice of those is used up. Without it, a guest that uses garbage-collected types (see
   * `allocates`) can fill V8's heap, which ends the process. Default: false.
   */
  readonly limitHeap?: boolean;
  /**
   * Import the memories that the module defines, so that the host can supply them from a pool. The
   * host must hold growth to the guest's own maximum then (see `memories`): an import has none, so
   * that memories of any size fit. Default: false.
   */
  readonly importMemories?: boolean;
  /**
   * What the rewritten module is called, in place of the name that the guest gave it: V8 puts it into the frames of
   * stack traces, where nothing else tells one module from another. Default: the guest's name, if it has one.
   */
  readonly moduleName?: string;
}

/**
 * What a rewritten module needs of its host, under `importModule`:
 *
 * - `fuel` (global (mut i64)): what is left of the slice; counts down. With `fuel` given, by the price
 *   of what is executed, exactly. With `epoch` alone, it counts operators as an upper bound: entering a
 *   function and passing a loop's head take the most operators that can follow until the next such
 *   point. Either way a slice bounds the time between two checks. The global holds the exact count
 *   whenever the host has control by a call, a return or an exception; a trap in the middle of the
 *   guest's code loses what has been counted since the last check or call of the host, so at most a
 *   slice. Present if `meters`.
 * - `check` (func): the slow path, called when `fuel` is below zero at a function entry, at a loop
 *   head, or before a bulk operation. `fuel` holds the exact count by then. Before a bulk operation
 *   it may be far below zero: that work has been charged and not been done. Returns normally if the guest
 *   may go on (with a fresh slice in the global), or traps. Present if `meters`.
 * - `memory_grow` (func (param $memory i32) (param $delta i64) (result i32)): 1 if the growth may be
 *   tried, else 0 or a trap. `$delta` is in pages, unsigned; growth by 0 is not asked for. V8 may
 *   still refuse afterwards (the memory's own maximum). Present if `growsMemory`.
 * - `table_grow`  (func (param $table i32) (param $delta i64) (result i32)): likewise, in elements.
 *   Present if `growsTable`.
 *
 * - `heap` (global (mut i64)): what is left of the slice of bytes that the guest may allocate on V8's
 *   heap; counts down. Present if `limitsHeap`.
 * - `heap_grow` (func): called when `heap` is below zero, before the allocation that made it so.
 *   Returns normally if the guest may go on (with a fresh slice in the global), or traps. What was
 *   allocated may be garbage by now: only V8 knows. Present if `limitsHeap`.
 *
 * - `memory <index>` (memory): each memory that the module would define, of at least its minimum size
 *   and all zeros. Present if `importsMemories`.
 *
 * The indices are those of the guest's own index spaces, imports first.
 *
 * All modules that call each other must import the same `fuel`.
 */
export interface InstrumentedModule {
  /** The rewritten module; a view of a buffer that may be larger. */
  readonly bytes: Uint8Array;
  readonly importModule: string;
  readonly meters: boolean;
  readonly growsMemory: boolean;
  readonly growsTable: boolean;
  /** Whether the module can allocate on V8's heap: it has struct or array types, or exceptions. */
  readonly allocates: boolean;
  readonly limitsHeap: boolean;
  readonly importsMemories: boolean;
  /** Bytes that the module's constant expressions allocate on V8's heap when it is instantiated. */
  readonly initialHeap: bigint;
  /** Minimum and maximum of every memory that the module defines, in pages of 64 KiB, for caps at instantiation. */
  readonly memories: readonly DefinedLimits[];
  /** Minimum and maximum of every table that the module defines, in elements. */
  readonly tables: readonly DefinedLimits[];
  /** The names under which it exports tables, with their indices. */
  readonly exportedTables: ReadonlyMap<string, number>;
  /**
   * Where a place in the rewritten module is in the guest's own, for the frames of a trap. Undefined for
   * functions that the guest does not have, and for what is no place in a function.
   *
   * A check stands at the first instruction of a function, or at the `loop` that it belongs to.
   * What works in the place of an operator (`memory.fill` may be a function of ours) is called from
   * where that operator stands.
   *
   * Rewrites the function once more, so it takes time linear in the function's size; reads the bytes
   * that were given to `instrument`, and keeps them and about 30 bytes per function and loop in memory.
   *
   * @param functionIndex of the rewritten module
   * @param offset in bytes from the start of the rewritten module. V8 prints both:
   *   `wasm-function[12]:0x1a3`.
   */
  readonly locate: (functionIndex: number, offset: number) => CodeLocation | undefined;
}

/** A place in a module's code. */
export interface CodeLocation {
  /** In the index space of functions, imports first. */
  readonly functionIndex: number;
  /** Of an instruction, in bytes from the start of the module. */
  readonly offset: number;
}

/** The declared size of a memory or a table that a module defines. */
export interface DefinedLimits {
  /** In the guest's own index space, imports first. */
  readonly index: number;
  readonly min: bigint;
  readonly max: bigint | undefined;
  /** Addressed by i64. */
  readonly is64: boolean;
}
