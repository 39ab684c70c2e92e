/**
 * Finds the place where a JavaScript value does not fit its WIT type, and says so.
 *
 * Compiled glue only notices *that* a value is wrong; this walk, off the fast path, finds out where.
 * Both hold to the same rules (DESIGN.md, "WIT to TypeScript"); a property test keeps them together.
 */
import { isDate, isMap, isNativeError, isPromise, isSet } from "node:util/types";
import { flagKeys, keyedFields } from "../model/name-scope.ts";
import type { ValueType } from "../model/value-type.ts";
import { typedArrayOf } from "./host-size.ts";

export interface Mismatch {
  /** As it would be written in JavaScript: `items[3].name`; empty for the value itself. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

/** The first part of `value`, depth first, that does not fit `type`. */
export function findMismatch(type: ValueType, value: unknown, path = ""): Mismatch | undefined {
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean" ? undefined : mismatch(path, "bool (true or false)", value);
    case "s8":
    case "u8":
    case "s16":
    case "u16":
    case "s32":
    case "u32": {
      const [min, max] = integerRanges[type.kind];
      return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max
        ? undefined
        : mismatch(path, `${type.kind} (an integer from ${min} to ${max})`, value);
    }
    case "s64":
      return typeof value === "bigint" && BigInt.asIntN(64, value) === value
        ? undefined
        : mismatch(path, "s64 (a bigint of 64 bits)", value);
    case "u64":
      return typeof value === "bigint" && BigInt.asUintN(64, value) === value
        ? undefined
        : mismatch(path, "u64 (a bigint of 64 bits, not negative)", value);
    case "f32":
    case "f64":
      return typeof value === "number" ? undefined : mismatch(path, `${type.kind} (a number)`, value);
    case "char":
      return isChar(value) ? undefined : mismatch(path, "char (a string of one Unicode scalar value)", value);
    case "string":
      return typeof value === "string" ? undefined : mismatch(path, "string", value);
    case "list": {
      const typedArray = typedArrayOf(type);
      if (typedArray !== undefined && isTypedArray(value, typedArray)) return undefined;
      if (!Array.isArray(value)) return mismatch(path, typedArray ?? "list (an array)", value);
      return findInElements(type.element, value, path);
    }
    case "fixed-length-list":
      if (!Array.isArray(value) || value.length !== type.length) {
        return mismatch(path, `list of ${type.length} elements (an array)`, value);
      }
      return findInElements(type.element, value, path);
    case "map":
      return findInMap(type.key, type.value, value, path);
    case "tuple":
      if (!Array.isArray(value) || value.length !== type.elements.length) {
        return mismatch(path, `tuple of ${type.elements.length} (an array)`, value);
      }
      for (const [i, element] of type.elements.entries()) {
        const found = findMismatch(element, value[i], `${path}[${i}]`);
        if (found !== undefined) return found;
      }
      return undefined;
    case "record":
      if (!isObject(value)) return mismatch(path, "record (an object)", value);
      for (const [key, field] of keyedFields(type.fields)) {
        const found = findMismatch(field.type, readField(value, key), memberPath(path, key));
        if (found !== undefined) return found;
      }
      return undefined;
    case "flags":
      if (!isObject(value)) return mismatch(path, "flags (an object of booleans)", value);
      for (const key of flagKeys(type.names)) {
        const flag = readField(value, key);
        if (flag !== undefined && typeof flag !== "boolean") {
          return mismatch(memberPath(path, key), "a boolean or undefined", flag);
        }
      }
      return undefined;
    case "enum":
      return typeof value === "string" && type.names.includes(value)
        ? undefined
        : mismatch(path, oneOf(type.names), value);
    case "variant": {
      const tags = type.cases.map((c) => c.name);
      if (!isObject(value)) return mismatch(path, "variant (an object with a tag)", value);
      const { tag, val } = value as Tagged;
      const found = type.cases.find((c) => c.name === tag);
      if (found === undefined) return mismatch(memberPath(path, "tag"), oneOf(tags), tag);
      return found.type === undefined ? undefined : findMismatch(found.type, val, memberPath(path, "val"));
    }
    case "option":
      if (isNestedOption(type)) return findInTagged(["none", undefined], ["some", type.some], value, path);
      return value === undefined || value === null ? undefined : findMismatch(type.some, value, path);
    case "result":
      return findInTagged(["ok", type.ok], ["err", type.err], value, path);
    case "own":
    case "borrow":
      return isObject(value) || typeof value === "function"
        ? undefined
        : mismatch(path, `${type.resource.name} (an object)`, value);
    case "stream":
    case "future":
    case "error-context":
      return mismatch(path, type.kind, value);
  }
}

/** An option of an option cannot use `undefined` twice: it is `{ tag: "some", val } | { tag: "none" }`. */
export function isNestedOption(type: ValueType): boolean {
  return type.kind === "option" && type.some.kind === "option";
}

const integerRanges = {
  s8: [-0x80, 0x7f],
  u8: [0, 0xff],
  s16: [-0x8000, 0x7fff],
  u16: [0, 0xffff],
  s32: [-0x8000_0000, 0x7fff_ffff],
  u32: [0, 0xffff_ffff],
} as const;

/** A string of exactly one Unicode scalar value. */
export function isChar(value: unknown): value is string {
  if (typeof value !== "string" || value.length === 0 || value.length > 2) return false;
  const code = value.codePointAt(0) ?? 0;
  return code > 0xffff ? value.length === 2 : value.length === 1 && (code < 0xd800 || code > 0xdfff);
}

const getKind = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get;

/** Also true for arrays of another realm, such as those of a `vm` context; what a class or a property says does not count. */
export function isTypedArray(value: unknown, name: string): boolean {
  return getKind?.call(value) === name;
}

type Fields = Record<string, unknown>;

interface Tagged {
  readonly tag?: unknown;
  readonly val?: unknown;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** True for names such as `constructor` that every object seems to have. */
export function isInheritedName(key: string): boolean {
  return key in Object.prototype;
}

/** A WIT field may be called `constructor`: what every object inherits is not a value that someone set. */
export function readField(value: Fields, key: string): unknown {
  return isInheritedName(key) && !Object.hasOwn(value, key) ? undefined : value[key];
}

function findInElements(element: ValueType, values: readonly unknown[], path: string): Mismatch | undefined {
  for (let i = 0; i < values.length; i++) {
    const found = findMismatch(element, values[i], `${path}[${i}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A Map; or an array of pairs, which can have a key twice as a guest's map can. */
function findInMap(key: ValueType, value: ValueType, map: unknown, path: string): Mismatch | undefined {
  if (!(map instanceof Map) && !Array.isArray(map)) return mismatch(path, "map (a Map)", map);
  let i = 0;
  for (const entry of map as Iterable<unknown>) {
    if (!Array.isArray(entry) || entry.length !== 2) {
      return mismatch(`${path}[${i}]`, "a pair of key and value", entry);
    }
    const found =
      findMismatch(key, entry[0], `${path} key ${i}`) ??
      findMismatch(value, entry[1], `${path}.get(${describe(entry[0])})`);
    if (found !== undefined) return found;
    i++;
  }
  return undefined;
}

type TaggedCase = readonly [tag: string, payload: ValueType | undefined];

function findInTagged(first: TaggedCase, second: TaggedCase, value: unknown, path: string) {
  const expected = `an object with tag "${first[0]}" or "${second[0]}"`;
  if (!isObject(value)) return mismatch(path, expected, value);
  const { tag, val } = value as Tagged;
  const found = [first, second].find(([name]) => name === tag);
  if (found === undefined) return mismatch(memberPath(path, "tag"), oneOf([first[0], second[0]]), tag);
  return found[1] === undefined ? undefined : findMismatch(found[1], val, memberPath(path, "val"));
}

function mismatch(path: string, expected: string, value: unknown): Mismatch {
  return { path, expected, got: describe(value) };
}

function memberPath(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

const LISTED_NAMES = 8;

function oneOf(names: readonly string[]): string {
  const listed = names.slice(0, LISTED_NAMES).map((name) => JSON.stringify(name));
  return `one of ${listed.join(", ")}${names.length > LISTED_NAMES ? ", ..." : ""}`;
}

const QUOTED_LENGTH = 40;

/** What a value is, in few words, without running any code of the value's own. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `string ${JSON.stringify(value.length > QUOTED_LENGTH ? `${value.slice(0, QUOTED_LENGTH)}...` : value)}`;
    case "number":
      return `number ${Object.is(value, -0) ? "-0" : String(value)}`;
    case "bigint":
      return BigInt.asIntN(128, value) === value ? `bigint ${value}n` : "a bigint of more than 128 bits";
    case "boolean":
      return String(value);
    case "symbol":
      return "a symbol";
    case "function":
      return "a function";
    case "undefined":
      return "undefined";
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return `an array of ${value.length}`;
      if (isPromise(value)) return "a promise (this function is synchronous: await before returning)";
      if (ArrayBuffer.isView(value)) return Object.prototype.toString.call(value).slice(8, -1);
      if (isMap(value)) return "a Map";
      if (isSet(value)) return "a Set";
      if (isDate(value)) return "a Date";
      if (isNativeError(value)) return "an Error";
      return "an object";
  }
}
