/**
 * The limits of the WIT front end, each with its reason.
 *
 * WIT may be written by an attacker. Every step is linear in the size of its input, and these bound
 * the input and everything that the language can multiply.
 */

/** Real WIT files are below 100 kB; this bounds the memory that tokens and the syntax tree take. */
export const MAX_SOURCE_LENGTH: number = 8 * 1024 * 1024;

/** All files of one load together: `deps/` may hold many. */
export const MAX_TOTAL_SOURCE_LENGTH: number = 64 * 1024 * 1024;

/** Entries of a folder that are looked at. */
export const MAX_FOLDER_ENTRIES = 10_000;

/** How deep types may nest, as in wit-parser. */
export const MAX_TYPE_DEPTH = 100;

/** How deep `package a:b { package c:d { ... } }` may nest while parsing, as in wit-parser. */
export const MAX_PACKAGE_DEPTH = 100;

/**
 * The size of a type: one for itself plus the sizes of its parts. `type b = tuple<a, a>` doubles it
 * per line, so a kilobyte of WIT could describe a type of 2^40 parts. The number is wasmparser's
 * `MAX_WASM_TYPE_SIZE`: a bigger type cannot be encoded in a component either.
 */
export const MAX_TYPE_SIZE = 1_000_000;

/**
 * Items that worlds gain by `include` and by the interfaces that their interfaces need. Both can be
 * quadratic in the size of the text.
 */
export const MAX_DERIVED_ITEMS = 500_000;

/** How many errors are reported before giving up. */
export const MAX_DIAGNOSTICS = 20;
