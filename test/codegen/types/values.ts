/** What values of WIT types may look like to a host: what must be assignable is, and what must not be is not. */
import type * as docs from "../../golden/docs/bindings/test/docs/docs.js";
import type * as enums from "../../golden/enums/bindings/test/enums/enums.js";
import type * as fixed from "../../golden/fixed-length-lists/bindings/test/fixed/fixed.js";
import type * as flags from "../../golden/flags/bindings/test/flag-types/flags.js";
import type * as lists from "../../golden/lists/bindings/test/lists/lists.js";
import type * as maps from "../../golden/maps/bindings/test/maps/maps.js";
import type * as names from "../../golden/names/bindings/test/names/names.js";
import type * as options from "../../golden/options/bindings/test/options/options.js";
import type * as records from "../../golden/records/bindings/test/records/records.js";
import type * as results from "../../golden/results/bindings/test/results/results.js";
import type * as scalars from "../../golden/scalars/bindings/test/scalars/scalars.js";
import type * as tuples from "../../golden/tuples/bindings/test/tuples/tuples.js";
import type * as variants from "../../golden/variants/bindings/test/variants/variants.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : ["not equal", A, B];

/** Compiles only for `true`. */
export type Assert<_T extends true> = never;

export type Scalars = [
  Assert<Equal<scalars.Host["booleans"], (a: boolean) => boolean>>,
  Assert<Equal<scalars.Host["unsigned"], (a: number, b: number, c: number, d: bigint) => bigint>>,
  Assert<Equal<scalars.Host["signed"], (a: number, b: number, c: number, d: bigint) => bigint>>,
  Assert<Equal<scalars.Host["floats"], (a: number, b: number) => number>>,
  Assert<Equal<scalars.Host["text"], (a: string, b: string) => string>>,
  Assert<Equal<scalars.Host["nothing"], () => void>>,
];

export type Lists = [
  Assert<
    Equal<
      Parameters<lists.Host["typedArrays"]>,
      [
        a: Uint8Array,
        b: Int8Array,
        c: Uint16Array,
        d: Int16Array,
        e: Uint32Array,
        f: Int32Array,
        g: BigUint64Array,
        h: BigInt64Array,
        i: Float32Array,
        j: Float64Array,
      ]
    >
  >,
  Assert<Equal<ReturnType<lists.Host["arrays"]>, lists.Point[]>>,
  Assert<Equal<ReturnType<lists.Host["nested"]>, Uint8Array[][]>>,
  Assert<Equal<ReturnType<lists.Host["ofOptions"]>, (lists.Point | undefined)[]>>,
  Assert<Equal<Parameters<lists.Host["throughAliases"]>, [a: Uint8Array, b: Uint8Array, c: Uint8Array[]]>>,
];

export type Tuples = [
  Assert<Equal<tuples.Pair, [string, bigint]>>,
  Assert<Equal<ReturnType<fixed.Host["pairs"]>, [number, number, number, number]>>,
  Assert<Equal<Parameters<fixed.Host["long"]>, [a: number[]]>>,
  Assert<Equal<fixed.Key["length"], 16>>,
];

export type Maps = [
  Assert<Equal<maps.Counts, Map<string, bigint>>>,
  Assert<Equal<ReturnType<maps.Host["nested"]>, Map<string, maps.Entry>>>,
];

export type Options = [
  Assert<Equal<ReturnType<options.Host["first"]>, bigint | undefined>>,
  Assert<
    Equal<ReturnType<options.Host["second"]>, { tag: "some"; val: string | undefined } | { tag: "none" }>
  >,
];

export type Results = [
  Assert<Equal<ReturnType<results.Host["both"]>, string>>,
  Assert<Equal<ReturnType<results.Host["byAlias"]>, number>>,
  Assert<Equal<ReturnType<results.Host["neither"]>, void>>,
  Assert<Equal<results.Outcome, { tag: "ok"; val: number } | { tag: "err"; val: results.ErrorCode }>>,
];

export type Literals = [
  Assert<Equal<enums.Color, "red" | "dark-green" | "blue">>,
  Assert<Equal<enums.Single, "only">>,
  Assert<Equal<Extract<variants.Shape, { val: unknown }>["tag"], Exclude<variants.Shape["tag"], "empty">>>,
];

const address: records.Address = { street: "High Street", zipCode: { tag: "none" } };
export const people: records.Person[] = [
  { fullName: "Ada", age: 36, address, tags: [] },
  { fullName: "Ada", age: 36, address, tags: [], nickname: "A" },
  // Also under exactOptionalPropertyTypes: a value that may be there or not can be handed on.
  { fullName: "Ada", age: 36, address, tags: [], nickname: undefined },
  // @ts-expect-error: age is missing
  { fullName: "Ada", address, tags: [] },
  // @ts-expect-error: no null
  { fullName: "Ada", age: 36, address, tags: [], nickname: null },
  // @ts-expect-error: names are in camelCase
  { "full-name": "Ada", age: 36, address, tags: [] },
];

export const shapes: variants.Shape[] = [
  { tag: "empty" },
  { tag: "circle", val: { radius: 1 } },
  { tag: "name-d", val: "" },
  { tag: "maybe", val: undefined },
  { tag: "outcome", val: { tag: "err", val: "" } },
  // @ts-expect-error: tags stay as in WIT
  { tag: "nameD", val: "" },
  // @ts-expect-error: the payload is missing
  { tag: "circle" },
  // @ts-expect-error: the payload of another case
  { tag: "circle", val: "" },
  // @ts-expect-error: an option always has its key
  { tag: "maybe" },
];

export function area(shape: variants.Shape): number {
  switch (shape.tag) {
    case "circle":
      return shape.val.radius;
    case "rect":
      return shape.val[0] * shape.val[1];
    case "many":
      return shape.val.length;
    case "empty":
    case "name-d":
    case "maybe":
    case "outcome":
      return 0;
  }
}

export const permissions: flags.Permissions[] = [
  {},
  { read: true },
  { read: false, canWrite: undefined },
  // @ts-expect-error: not a flag
  { write: true },
  // @ts-expect-error: not a boolean
  { read: 1 },
];

// biome-ignore lint/suspicious/noConfusingVoidType: it is what jco writes
declare const jcoResult: { tag: "ok"; val: void } | { tag: "err"; val: void };
export const ofNothing: results.OfNothing[] = [
  { tag: "ok" },
  { tag: "err" },
  { tag: "ok", val: undefined },
  // As jco declares it.
  jcoResult,
  // @ts-expect-error: nothing is in it
  { tag: "ok", val: 1 },
];

export const holders: options.Holder[] = [
  { nested: { tag: "none" }, nestedByAlias: { tag: "some", val: undefined }, inList: [1, undefined] },
  // @ts-expect-error: a nested option always has its key
  { nested: { tag: "none" }, inList: [] },
];

/** Fields may have any name. */
// biome-ignore lint/suspicious/noThenProperty: that is the point
export const hostile: names.FlagNames = { constructor: true, then: true, new: true, toString: false };
// @ts-expect-error: TypeScript takes what every object inherits for the fields; they have to be written out
export const noFlags: names.FlagNames = {};
export const enumNames: names.EnumNames[] = ["constructor", "then", "default", "proto"];
export const variantNames: names.VariantNames = { tag: "constructor", val: "" };

/** Docs that look like code are not. */
export type Docs = Assert<Equal<keyof docs.Host, "f" | "g" | "h">>;
