/**
 * The numbers of the canonical ABI, and the bounds that keep hostile types and values cheap.
 */

/** Bytes of one string or list in a guest's memory (CanonicalABI.md: MAX_STRING_BYTE_LENGTH, MAX_LIST_BYTE_LENGTH). */
export const MAX_BYTE_LENGTH = 2 ** 28 - 1;

/** Handles in one table (CanonicalABI.md: `Table.MAX_LENGTH`); the four high bits stay free for guests. */
export const MAX_HANDLES = 2 ** 28 - 1;

/** Value types inside each other (wasmtime: MAX_TYPE_DEPTH): everything here may recurse over types. */
export const MAX_TYPE_DEPTH = 100;

/** Nodes of a type, written out as a tree, up to which its flat form is lowered in place rather than by a function of its own. */
export const MAX_INLINE_NODES = 64;

/** Characters of glue per component. Source grows linearly with the types, so real components stay far below. */
export const MAX_GLUE_SOURCE = 32 * 1024 * 1024;

/** What one call may make the host allocate for values of the guest, in bytes (wasmtime: `Store::set_hostcall_fuel`). */
export const DEFAULT_HOSTCALL_FUEL = 128 * 1024 * 1024;
