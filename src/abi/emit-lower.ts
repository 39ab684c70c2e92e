/**
 * Emits code that passes JavaScript values to a guest: into memory, and as core values. Each value is
 * checked against its type on the way; `bad()` ends the call, and where the fault is, is found out later.
 *
 * In the code, `cx` is the `LiftLowerContext`. Lowering may call the guest's `realloc`, and that may grow the
 * memory: its views are read afresh from `cx` at every use.
 *
 * Source: CanonicalABI.md, "Storing" (`store`) and "Flat Lowering" (`lower_flat`).
 */

import type { FlatType } from "../model/flatten.ts";
import { casesOf, fieldTypesOf, type VariantLike } from "../model/layout.ts";
import { fieldKeys, flagKeys } from "../model/name-scope.ts";
import type { EnumType, MapType, ValueType } from "../model/value-type.ts";
import { contains } from "./contains.ts";
import { tagsOf } from "./emit-lift.ts";
import { address, type Emitter, encodingMethod, fieldOf, type Helper, literal, zero } from "./emitter.ts";
import { typedArrayOf } from "./host-size.ts";
import { MAX_INLINE_NODES } from "./limits.ts";
import { isNestedOption } from "./value-check.ts";

/** Names up to which a `switch` over strings is used rather than a Map. */
const SWITCHED_NAMES = 16;

/** A check of the value in `v` that ends the call if it does not hold; empty if a helper checks. */
function check(type: ValueType, v: string): string {
  switch (type.kind) {
    case "bool":
      return `if (typeof ${v} !== "boolean") bad();`;
    case "u8":
      return `if (typeof ${v} !== "number" || (${v} & 0xff) !== ${v}) bad();`;
    case "s8":
      return `if (typeof ${v} !== "number" || (${v} << 24 >> 24) !== ${v}) bad();`;
    case "u16":
      return `if (typeof ${v} !== "number" || (${v} & 0xffff) !== ${v}) bad();`;
    case "s16":
      return `if (typeof ${v} !== "number" || (${v} << 16 >> 16) !== ${v}) bad();`;
    case "u32":
      return `if (typeof ${v} !== "number" || (${v} >>> 0) !== ${v}) bad();`;
    case "s32":
      return `if (typeof ${v} !== "number" || (${v} | 0) !== ${v}) bad();`;
    case "u64":
      return `if (typeof ${v} !== "bigint" || BigInt.asUintN(64, ${v}) !== ${v}) bad();`;
    case "s64":
      return `if (typeof ${v} !== "bigint" || BigInt.asIntN(64, ${v}) !== ${v}) bad();`;
    case "f32":
    case "f64":
      return `if (typeof ${v} !== "number") bad();`;
    case "string":
      return `if (typeof ${v} !== "string") bad();`;
    default:
      return "";
  }
}

/** Statements that store the value in the variable `v` at an address. */
export function storeStatements(
  e: Emitter,
  type: ValueType,
  pointer: string,
  offset: number,
  v: string,
): string {
  const at = address(pointer, offset);
  const checked = check(type, v);
  switch (type.kind) {
    case "bool":
      return `${checked} cx.bytes[${at}] = ${v} ? 1 : 0;`;
    case "u8":
      return `${checked} cx.bytes[${at}] = ${v};`;
    case "s8":
      return `${checked} cx.view.setInt8(${at}, ${v});`;
    case "u16":
    case "s16":
      return `${checked} cx.view.setInt16(${at}, ${v}, true);`;
    case "u32":
    case "s32":
      return `${checked} cx.view.setInt32(${at}, ${v}, true);`;
    case "u64":
    case "s64":
      return `${checked} cx.view.setBigInt64(${at}, ${v}, true);`;
    case "f32":
      return `${checked} cx.view.setFloat32(${at}, ${v}, true);`;
    case "f64":
      return `${checked} cx.view.setFloat64(${at}, ${v}, true);`;
    case "char":
      return `cx.view.setUint32(${at}, charCode(${v}), true);`;
    case "string":
    case "list":
    case "map": {
      const data = e.fresh("d");
      return [
        `${checked} const ${data} = ${lowerPair(e, type, v)};`,
        `cx.view.setUint32(${at}, ${data}, true);`,
        `cx.view.setUint32(${address(pointer, offset + 4)}, cx.length, true);`,
      ].join("\n");
    }
    case "flags":
      return storeUnsigned(e.layouts.of(type).size, at, `${e.helper("flagsBits", type)}(${v})`);
    case "enum":
      return storeUnsigned(e.layouts.of(type).size, at, `${e.helper("enumIndex", type)}(${v})`);
    case "own":
      return `cx.view.setUint32(${at}, cx.lowerOwn(${v}, ${e.resource(type.resource)}), true);`;
    case "borrow":
      return `cx.view.setUint32(${at}, cx.lowerBorrow(${v}, ${e.resource(type.resource)}), true);`;
    case "record":
    case "tuple":
    case "fixed-length-list":
    case "variant":
    case "option":
    case "result":
      return `${e.helper("store", type)}(cx, ${at}, ${v});`;
    case "stream":
    case "future":
    case "error-context":
      return unsupported(type.kind);
  }
}

/**
 * Statements (added to `out`) and then expressions for the core values of the value in the variable `v`.
 * The expressions are constants of the function, so they may be used once, later, and in any order.
 *
 * @param giving where statements go that take memory of the guest, or put handles into its table: if they come after those
 *   of all values, a value that can be seen to be wrong leaves nothing behind. (What is in a list or in a case is seen
 *   only as it is written.)
 */
export function lowerFlat(
  e: Emitter,
  type: ValueType,
  v: string,
  out: string[],
  giving: string[] = out,
): string[] {
  out.push(check(type, v));
  switch (type.kind) {
    case "bool":
      return [`(${v} ? 1 : 0)`];
    case "u8":
    case "s8":
    case "u16":
    case "s16":
    case "u32":
    case "s32":
    case "u64":
    case "s64":
    case "f32":
    case "f64":
      return [v];
    case "char":
      return [constant(e, out, `charCode(${v})`)];
    case "string":
    case "list":
    case "map": {
      const pointer = constant(e, giving, lowerPair(e, type, v));
      return [pointer, constant(e, giving, "cx.length")];
    }
    case "flags":
      return [constant(e, out, `${e.helper("flagsBits", type)}(${v})`)];
    case "enum":
      return [constant(e, out, `${e.helper("enumIndex", type)}(${v})`)];
    case "own":
      return [constant(e, giving, `cx.lowerOwn(${v}, ${e.resource(type.resource)})`)];
    case "borrow":
      return [constant(e, giving, `cx.lowerBorrow(${v}, ${e.resource(type.resource)})`)];
    case "record": {
      const keys = fieldKeys(type.fields);
      out.push(checkObject(v));
      return type.fields.flatMap((field, i) =>
        lowerFlat(e, field.type, constant(e, out, fieldOf(v, keys[i] ?? "")), out, giving),
      );
    }
    case "tuple":
    case "fixed-length-list": {
      const elements =
        type.kind === "tuple" ? type.elements : Array.from({ length: type.length }, () => type.element);
      out.push(checkArray(v, elements.length));
      return elements.flatMap((element, i) =>
        lowerFlat(e, element, constant(e, out, `${v}[${i}]`), out, giving),
      );
    }
    case "variant":
    case "option":
    case "result": {
      const lower = e.nodes(type) > MAX_INLINE_NODES ? lowerFlatElsewhere : lowerFlatCases;
      return lower(e, type, v, giving !== out && gives(type) ? giving : out);
    }
    case "stream":
    case "future":
    case "error-context":
      return unsupported(type.kind);
  }
}

/** The body of a "store" helper. */
export function writeStore(e: Emitter, type: ValueType): Helper {
  const params = "cx, p, v";
  switch (type.kind) {
    case "record":
    case "tuple": {
      const { offsets } = e.layouts.fields(fieldTypesOf(type));
      const keys = type.kind === "record" ? fieldKeys(type.fields) : [];
      const body = [type.kind === "record" ? checkObject("v") : checkArray("v", type.elements.length)];
      for (const [i, field] of fieldTypesOf(type).entries()) {
        const value = type.kind === "record" ? fieldOf("v", keys[i] ?? "") : `v[${i}]`;
        body.push(`const v${i} = ${value};`, storeStatements(e, field, "p", offsets[i] ?? 0, `v${i}`));
      }
      return { params, body: body.join("\n") };
    }
    case "fixed-length-list":
      return {
        params,
        body: `${checkArray("v", type.length)}\n${storeElements(e, type.element, String(type.length))}`,
      };
    case "variant":
    case "option":
    case "result": {
      const cases = casesOf(type);
      const { discriminantSize, payloadOffset } = e.layouts.variant(cases);
      const body = matchCase(e, type, "v", (payload, index, value) =>
        [
          storeUnsigned(discriminantSize, "p", String(index)),
          payload === undefined ? "" : storeStatements(e, payload, "p", payloadOffset, value),
        ].join("\n"),
      );
      return { params, body };
    }
    default:
      return unsupported(type.kind);
  }
}

/** The body of a "lower" helper: a variant too large to be lowered in place. */
export function writeLower(e: Emitter, type: ValueType): Helper {
  if (type.kind !== "variant" && type.kind !== "option" && type.kind !== "result") {
    return unsupported(type.kind);
  }
  const out: string[] = [];
  const cores = lowerFlatCases(e, type, "v", out);
  out.push("const f = cx.flat;", ...cores.map((core, i) => `f[${i}] = ${core};`));
  return { params: "cx, v", body: out.join("\n") };
}

/** The body of a "storeList" helper. */
export function writeStoreList(e: Emitter, type: ValueType): Helper {
  const params = "cx, v";
  if (type.kind === "map") return { params, body: storeMap(e, type) };
  if (type.kind !== "list") return unsupported(type.kind);
  const { size, alignment } = e.layouts.of(type.element);
  const typedArray = typedArrayOf(type);
  const body: string[] = [];
  if (typedArray !== undefined) {
    // `realloc` may detach the source, if it is a view of the guest's own memory: its length is read again.
    const copy =
      typedArray === "Uint8Array" ? "cx.bytes.set(v, p);" : `new ${typedArray}(cx.view.buffer, p, n).set(v);`;
    body.push(
      `if (v instanceof ${typedArray} || isTypedArray(v, ${literal(typedArray)})) {`,
      "const n = lengthOf(v);",
      `const p = cx.allocateList(n, ${size}, ${alignment});`,
      "if (lengthOf(v) !== n) bad();",
      `if (n !== 0) ${copy}`,
      "return p;",
      "}",
    );
  }
  body.push(
    "if (!Array.isArray(v)) bad();",
    "const n = v.length;",
    `const p = cx.allocateList(n, ${size}, ${alignment});`,
    storeElements(e, type.element, "n"),
    "cx.length = n;",
    "return p;",
  );
  return { params, body: body.join("\n") };
}

/** The body of an "enumIndex" helper. */
export function writeEnumIndex(e: Emitter, type: ValueType): Helper {
  if (type.kind !== "enum") return unsupported(type.kind);
  return { params: "v", body: enumSwitch(e, type) };
}

/** The body of a "flagsBits" helper. */
export function writeFlagsBits(_: Emitter, type: ValueType): Helper {
  if (type.kind !== "flags") return unsupported(type.kind);
  const body = [checkObject("v"), "let x = 0, f;"];
  for (const [i, key] of flagKeys(type.names).entries()) {
    body.push(`f = ${fieldOf("v", key)};`);
    body.push(`if (f === true) x |= ${1 << i}; else if (f !== undefined && f !== false) bad();`);
  }
  body.push("return x;");
  return { params: "v", body: body.join("\n") };
}

function lowerPair(e: Emitter, type: ValueType, v: string): string {
  return type.kind === "string"
    ? `cx.lower${encodingMethod(e.encoding)}(${v})`
    : `${e.helper("storeList", type)}(cx, ${v})`;
}

function storeElements(e: Emitter, element: ValueType, length: string): string {
  const { size } = e.layouts.of(element);
  return [
    `for (let i = 0, a = p; i < ${length}; i++, a += ${size}) {`,
    "const x = v[i];",
    storeStatements(e, element, "a", 0, "x"),
    "}",
  ].join("\n");
}

/** From a Map, or from an array of pairs. */
function storeMap(e: Emitter, type: MapType): string {
  const { size, alignment, offsets } = e.layouts.fields([type.key, type.value]);
  return [
    "const isMap = v instanceof Map;",
    "if (!isMap && !Array.isArray(v)) bad();",
    "const n = isMap ? v.size : v.length;",
    `const p = cx.allocateList(n, ${size}, ${alignment});`,
    "let i = 0, a = p;",
    "for (const entry of v) {",
    "if (i++ === n || !Array.isArray(entry) || entry.length !== 2) bad();",
    "const k = entry[0], x = entry[1];",
    storeStatements(e, type.key, "a", 0, "k"),
    storeStatements(e, type.value, "a", offsets[1] ?? 0, "x"),
    `a += ${size};`,
    "}",
    "if (i !== n) bad();",
    "cx.length = n;",
    "return p;",
  ].join("\n");
}

/** Whether lowering a value of `type` takes memory of the guest, or puts a handle into its table. */
function gives(type: ValueType): boolean {
  return GIVEN.some((kind) => contains(type, kind));
}

const GIVEN = ["string", "list", "map", "own", "borrow"] as const;

type Cases = Exclude<VariantLike, EnumType>;

/** Source: `lower_flat_variant`. */
function lowerFlatCases(e: Emitter, type: Cases, v: string, out: string[]): string[] {
  const flat = e.flattening.of(type);
  const names = flat.map(() => e.fresh("w"));
  out.push(`let ${names.map((name, i) => `${name} = ${zero(flat[i] ?? "i32")}`).join(", ")};`);
  out.push(
    matchCase(e, type, v, (payload, index, value) => {
      const body = [`${names[0]} = ${index};`];
      if (payload !== undefined) {
        const have = e.flattening.of(payload);
        const cores = lowerFlat(e, payload, value, body);
        for (const [i, core] of cores.entries()) {
          body.push(`${names[i + 1]} = ${widen(core, have[i] ?? "i32", flat[i + 1] ?? "i32")};`);
        }
      }
      return body.join("\n");
    }),
  );
  return names;
}

function lowerFlatElsewhere(e: Emitter, type: Cases, v: string, out: string[]): string[] {
  out.push(`${e.helper("lower", type)}(cx, ${v});`);
  return e.flattening.of(type).map((_, i) => constant(e, out, `cx.flat[${i}]`));
}

/** Source: `match_case`. `write` gets the payload's type, the discriminant and the variable that holds the payload. */
function matchCase(
  e: Emitter,
  type: Cases,
  v: string,
  write: (payload: ValueType | undefined, index: number, value: string) => string,
): string {
  const payloads = casesOf(type);
  if (type.kind === "option" && !isNestedOption(type)) {
    return [
      `if (${v} === undefined || ${v} === null) {`,
      write(undefined, 0, v),
      "} else {",
      write(type.some, 1, v),
      "}",
    ].join("\n");
  }
  const tags = tagsOf(type);
  const cases = tags.map((tag, i) => {
    const payload = payloads[i];
    const value = e.fresh("v");
    const read = payload === undefined ? "" : `const ${value} = ${v}.val;\n`;
    return { tag, code: `{\n${read}${write(payload, i, value)}\nbreak;\n}` };
  });
  return `${checkObject(v)}\n${nameSwitch(e, `${v}.tag`, cases)}`;
}

function enumSwitch(e: Emitter, type: EnumType): string {
  return nameSwitch(
    e,
    "v",
    type.names.map((tag, i) => ({ tag, code: `return ${i};` })),
  );
}

function nameSwitch(e: Emitter, name: string, cases: readonly { tag: string; code: string }[]): string {
  if (cases.length <= SWITCHED_NAMES) {
    const branches = cases.map(({ tag, code }) => `case ${literal(tag)}: ${code}`);
    return `switch (${name}) {\n${branches.join("\n")}\ndefault: bad();\n}`;
  }
  const indices = e.fresh("indices");
  e.declare(
    `const ${indices} = new Map([${cases.map(({ tag }, i) => `[${literal(tag)}, ${i}]`).join(", ")}]);`,
  );
  const branches = cases.map(({ code }, i) => `case ${i}: ${code}`);
  return `switch (${indices}.get(${name})) {\n${branches.join("\n")}\ndefault: bad();\n}`;
}

function checkObject(v: string): string {
  return `if (typeof ${v} !== "object" || ${v} === null) bad();`;
}

function checkArray(v: string, length: number): string {
  return `if (!Array.isArray(${v}) || ${v}.length !== ${length}) bad();`;
}

function storeUnsigned(size: number, at: string, value: string): string {
  if (size === 1) return `cx.bytes[${at}] = ${value};`;
  return size === 2
    ? `cx.view.setUint16(${at}, ${value}, true);`
    : `cx.view.setUint32(${at}, ${value}, true);`;
}

function constant(e: Emitter, out: string[], expression: string): string {
  const name = e.fresh("k");
  out.push(`const ${name} = ${expression};`);
  return name;
}

/** The core value in a wider type (`lower_flat_variant`). */
function widen(code: string, have: FlatType, want: FlatType): string {
  if (have === want) return code;
  if (have === "f32" && want === "i32") return `bitsOfF32(${code})`;
  if (have === "i32" && want === "i64") return `BigInt(${code} >>> 0)`;
  if (have === "f32" && want === "i64") return `BigInt(bitsOfF32(${code}) >>> 0)`;
  if (have === "f64" && want === "i64") return `bitsOfF64(${code})`;
  throw new Error(`a flattening joined ${have} into ${want}`);
}

function unsupported(kind: ValueType["kind"]): never {
  throw new Error(`no glue for ${kind} here: SupportCheck lets none through`);
}
