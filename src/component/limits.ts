/**
 * What a component may cost its host before anything of it runs.
 *
 * A component is written by an attacker until proven otherwise: each limit bounds time or memory of
 * the loader by a constant that real components stay far below. Exceeding one is a
 * `MalformedComponentError` that names the limit.
 *
 * Source: wasmparser's `limits.rs`, which engines agree on, for the numbers that it has.
 */

/** Components, component types and instance types inside each other, and instantiations that start others. Each level costs some stack frames. */
export const MAX_NESTING = 100;

/** Core modules in one file, however deep (wasmparser: MAX_WASM_MODULES): each takes a fraction of a millisecond, however small. */
export const MAX_MODULES = 1_000;

/** Definitions, declarators, fields, cases and arguments, over the whole file: bounds the memory of the IR. */
export const MAX_ITEMS = 1_000_000;

/** Bytes in any one name (wasmparser: MAX_WASM_STRING_SIZE). */
export const MAX_NAME_BYTES = 100_000;

/** Nodes of a type when it is written out as a tree (wasmparser: MAX_WASM_TYPE_SIZE): types share parts by reference. */
export const MAX_TYPE_SIZE = 1_000_000;

/** Value types, instance types and component types inside each other (wasmtime: MAX_TYPE_DEPTH). */
export const MAX_TYPE_DEPTH = 100;

/**
 * Type nodes visited or made by all checks of one load. It bounds time and memory where types that
 * share parts are taken apart: under a second, and some hundred megabytes. Real components take a
 * few thousand.
 */
export const MAX_EFFORT = 1_000_000;

/** `elem_size` of every value type is below this (Binary.md, "Type Definitions"). */
export const MAX_VALUE_BYTES = 2 ** 28;

/** Component instances in one plan: each has handle tables of its own. A real composition has some dozens. */
export const MAX_COMPONENT_INSTANCES = 10_000;

/** Functions that a plan lifts, lowers and builds in: code is compiled for each. A real component has some hundreds. */
export const MAX_PLAN_FUNCTIONS = 50_000;

/** Definitions executed by the planner, and names in them, counted once for each instance that executes them. */
export const MAX_PLAN_OPERATIONS = 1_000_000;

/** Flat parameters and results that travel as core values (CanonicalABI.md, "Flattening"). */
export const MAX_FLAT_ASYNC_PARAMS = 4;
