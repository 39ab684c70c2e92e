/**
 * Emits code that makes JavaScript values of what a guest passes: from memory, and from core values.
 *
 * In the code, `cx` is the `LiftLowerContext`, `m` its DataView and `b` its bytes. Nothing here allocates in
 * the guest, so the views hold still.
 *
 * Source: CanonicalABI.md, "Loading" (`load`) and "Flat Lifting" (`lift_flat`).
 */

import type { FlatType } from "../model/flatten.ts";
import { casesOf, fieldTypesOf, type VariantLike } from "../model/layout.ts";
import { fieldKeys, flagKeys } from "../model/name-scope.ts";
import type { ListType, MapType, ValueType } from "../model/value-type.ts";
import { address, type Emitter, encodingMethod, type Helper, literal, property } from "./emitter.ts";
import { typedArrayOf } from "./host-size.ts";
import { isNestedOption } from "./value-check.ts";

const VIEWS = "const m = cx.view, b = cx.bytes;";

/** An expression for the value of `type` at an address. */
export function loadExpression(e: Emitter, type: ValueType, pointer: string, offset: number): string {
  const at = address(pointer, offset);
  switch (type.kind) {
    case "bool":
      return `b[${at}] !== 0`;
    case "u8":
      return `b[${at}]`;
    case "s8":
      return `m.getInt8(${at})`;
    case "u16":
      return `m.getUint16(${at}, true)`;
    case "s16":
      return `m.getInt16(${at}, true)`;
    case "u32":
      return `m.getUint32(${at}, true)`;
    case "s32":
      return `m.getInt32(${at}, true)`;
    case "u64":
      return `m.getBigUint64(${at}, true)`;
    case "s64":
      return `m.getBigInt64(${at}, true)`;
    case "f32":
      return `m.getFloat32(${at}, true)`;
    case "f64":
      return `m.getFloat64(${at}, true)`;
    case "char":
      return `char(m.getUint32(${at}, true))`;
    case "string":
    case "list":
    case "map":
      return liftPair(
        e,
        type,
        `m.getUint32(${at}, true)`,
        `m.getUint32(${address(pointer, offset + 4)}, true)`,
      );
    case "flags":
      return `${e.helper("flagsObject", type)}(${loadUnsigned(e.layouts.of(type).size, at)})`;
    case "enum":
      return `${e.helper("enumName", type)}(${loadUnsigned(e.layouts.of(type).size, at)})`;
    case "own":
      return `cx.liftOwn(m.getUint32(${at}, true), ${e.resource(type.resource)})`;
    case "borrow":
      return `cx.liftBorrow(m.getUint32(${at}, true), ${e.resource(type.resource)})`;
    case "record":
    case "tuple":
    case "fixed-length-list":
    case "variant":
    case "option":
    case "result":
      return `${e.helper("load", type)}(cx, ${at})`;
    case "stream":
    case "future":
    case "error-context":
      return unsupported(type.kind);
  }
}

export interface CoreValue {
  readonly code: string;
  readonly type: FlatType;
}

/**
 * An expression for a value of `type` that travels as core values, taken from the front of `cores`. They
 * may be wider than the type's own flattening, if a variant has joined them.
 */
export function liftExpression(e: Emitter, type: ValueType, cores: CoreValue[]): string {
  switch (type.kind) {
    case "bool":
      return `(${take(cores, "i32")} !== 0)`;
    case "u8":
      return `(${take(cores, "i32")} & 0xff)`;
    case "s8":
      return `(${take(cores, "i32")} << 24 >> 24)`;
    case "u16":
      return `(${take(cores, "i32")} & 0xffff)`;
    case "s16":
      return `(${take(cores, "i32")} << 16 >> 16)`;
    case "u32":
      return `(${take(cores, "i32")} >>> 0)`;
    case "s32":
      return take(cores, "i32");
    case "u64":
      return `BigInt.asUintN(64, ${take(cores, "i64")})`;
    case "s64":
      return take(cores, "i64");
    case "f32":
      return take(cores, "f32");
    case "f64":
      return take(cores, "f64");
    case "char":
      return `char(${take(cores, "i32")} >>> 0)`;
    case "string":
    case "list":
    case "map":
      return liftPair(e, type, `${take(cores, "i32")} >>> 0`, `${take(cores, "i32")} >>> 0`);
    case "flags":
      return `${e.helper("flagsObject", type)}(${take(cores, "i32")})`;
    case "enum":
      return `${e.helper("enumName", type)}(${take(cores, "i32")} >>> 0)`;
    case "own":
      return `cx.liftOwn(${take(cores, "i32")} >>> 0, ${e.resource(type.resource)})`;
    case "borrow":
      return `cx.liftBorrow(${take(cores, "i32")} >>> 0, ${e.resource(type.resource)})`;
    case "record": {
      const keys = fieldKeys(type.fields);
      return `{ ${type.fields
        .map((field, i) => property(keys[i] ?? "", liftExpression(e, field.type, cores)))
        .join(", ")} }`;
    }
    case "tuple":
      return `[${type.elements.map((element) => liftExpression(e, element, cores)).join(", ")}]`;
    case "fixed-length-list":
      return `[${Array.from({ length: type.length }, () => liftExpression(e, type.element, cores)).join(", ")}]`;
    case "variant":
    case "option":
    case "result": {
      const args = e.flattening.of(type).map((flat) => take(cores, flat));
      return `${e.helper("lift", type)}(${["cx", ...args].join(", ")})`;
    }
    case "stream":
    case "future":
    case "error-context":
      return unsupported(type.kind);
  }
}

/** The body of a "load" helper. */
export function writeLoad(e: Emitter, type: ValueType): Helper {
  const params = "cx, p";
  switch (type.kind) {
    case "record": {
      const { offsets } = e.layouts.fields(fieldTypesOf(type));
      const keys = fieldKeys(type.fields);
      const fields = type.fields.map((field, i) =>
        property(keys[i] ?? "", loadExpression(e, field.type, "p", offsets[i] ?? 0)),
      );
      return { params, body: `${VIEWS}\nreturn { ${fields.join(", ")} };` };
    }
    case "tuple": {
      const { offsets } = e.layouts.fields(type.elements);
      const elements = type.elements.map((element, i) => loadExpression(e, element, "p", offsets[i] ?? 0));
      return { params, body: `${VIEWS}\nreturn [${elements.join(", ")}];` };
    }
    case "fixed-length-list": {
      const charge = `cx.charge(${type.length * e.hostSizes.of(type.element)});`;
      return { params, body: `${charge}\n${VIEWS}\n${loadElements(e, type.element, String(type.length))}` };
    }
    case "variant":
    case "option":
    case "result": {
      const { discriminantSize, payloadOffset } = e.layouts.variant(casesOf(type));
      const cases = caseSwitch(type, (payload) => loadExpression(e, payload, "p", payloadOffset));
      return { params, body: `${VIEWS}\nconst d = ${loadUnsigned(discriminantSize, "p")};\n${cases}` };
    }
    default:
      return unsupported(type.kind);
  }
}

/** The body of a "lift" helper, for the types whose core values depend on a discriminant. */
export function writeLift(e: Emitter, type: ValueType): Helper {
  switch (type.kind) {
    case "variant":
    case "option":
    case "result": {
      const flat = e.flattening.of(type);
      const names = flat.map((_, i) => (i === 0 ? "d" : `c${i}`));
      const cases = caseSwitch(type, (payload) =>
        liftExpression(
          e,
          payload,
          flat.slice(1).map((core, i) => ({ code: `c${i + 1}`, type: core })),
        ),
      );
      return { params: ["cx", ...names].join(", "), body: cases };
    }
    default:
      return unsupported(type.kind);
  }
}

/** The body of a "loadList" helper. */
export function writeLoadList(e: Emitter, type: ValueType): Helper {
  const params = "cx, p, n";
  if (type.kind === "map") return { params, body: loadMap(e, type) };
  if (type.kind !== "list") return unsupported(type.kind);
  const element = e.layouts.of(type.element);
  const typedArray = typedArrayOf(type);
  const price = typedArray === undefined ? e.hostSizes.of(type.element) : element.size;
  const check = `cx.liftList(p, n, ${element.size}, ${element.alignment}, ${price});`;
  if (typedArray !== undefined) {
    const end = element.size === 1 ? "p + n" : `p + n * ${element.size}`;
    return { params, body: `${check}\nreturn new ${typedArray}(cx.view.buffer.slice(p, ${end}));` };
  }
  return { params, body: `${check}\n${VIEWS}\n${loadElements(e, type.element, "n")}` };
}

/** The body of an "enumName" helper. */
export function writeEnumName(e: Emitter, type: ValueType): Helper {
  if (type.kind !== "enum") return unsupported(type.kind);
  const names = e.fresh("names");
  e.declare(`const ${names} = [${type.names.map(literal).join(", ")}];`);
  return {
    params: "d",
    body: `return d < ${type.names.length} ? ${names}[d] : badDiscriminant(d);`,
  };
}

/** The body of a "flagsObject" helper. */
export function writeFlagsObject(_: Emitter, type: ValueType): Helper {
  if (type.kind !== "flags") return unsupported(type.kind);
  const keys = flagKeys(type.names);
  const flags = keys.map((key, i) => property(key, `(x & ${1 << i}) !== 0`));
  return { params: "x", body: `return { ${flags.join(", ")} };` };
}

function liftPair(e: Emitter, type: ValueType, pointer: string, length: string): string {
  return type.kind === "string"
    ? `cx.lift${encodingMethod(e.encoding)}(${pointer}, ${length})`
    : `${e.helper("loadList", type)}(cx, ${pointer}, ${length})`;
}

function loadElements(e: Emitter, element: ValueType, length: string): string {
  const { size } = e.layouts.of(element);
  return [
    `const out = new Array(${length});`,
    `for (let i = 0, a = p; i < ${length}; i++, a += ${size}) out[i] = ${loadExpression(e, element, "a", 0)};`,
    "return out;",
  ].join("\n");
}

/** A map is a list of pairs; in a Map, the last of equal keys counts. */
function loadMap(e: Emitter, type: MapType): string {
  const { size, alignment, offsets } = e.layouts.fields([type.key, type.value]);
  const price = e.hostSizes.mapEntry(type.key, type.value);
  const key = loadExpression(e, type.key, "a", 0);
  const value = loadExpression(e, type.value, "a", offsets[1] ?? 0);
  const [made, entry] =
    e.audience === "host"
      ? ["new Map()", `out.set(${key}, ${value})`]
      : ["new Array(n)", `out[i] = [${key}, ${value}]`];
  return [
    `cx.liftList(p, n, ${size}, ${alignment}, ${price});`,
    VIEWS,
    `const out = ${made};`,
    `for (let i = 0, a = p; i < n; i++, a += ${size}) ${entry};`,
    "return out;",
  ].join("\n");
}

function caseSwitch(type: Exclude<VariantLike, { kind: "enum" }>, lift: (payload: ValueType) => string) {
  const cases = casesOf(type).map((payload, i) => {
    const value = payload === undefined ? undefined : lift(payload);
    return `case ${i}: return ${caseValue(type, i, value)};`;
  });
  return `switch (d) {\n${cases.join("\n")}\ndefault: return badDiscriminant(d);\n}`;
}

function caseValue(
  type: Exclude<VariantLike, { kind: "enum" }>,
  index: number,
  value: string | undefined,
): string {
  if (type.kind === "option" && !isNestedOption(type)) return value ?? "undefined";
  // Not the tags of all cases for each case: a variant may have a hundred thousand.
  const name = type.kind === "variant" ? type.cases[index]?.name : tagsOf(type)[index];
  const tag = literal(name ?? "");
  // As jco has it: a result always has a `val`, another case only if it has a payload.
  if (type.kind === "result") return `{ tag: ${tag}, val: ${value ?? "undefined"} }`;
  return value === undefined ? `{ tag: ${tag} }` : `{ tag: ${tag}, val: ${value} }`;
}

/** The tags of a variant, an option of an option, or a result, as JavaScript spells them. */
export function tagsOf(type: Exclude<VariantLike, { kind: "enum" }>): readonly string[] {
  switch (type.kind) {
    case "variant":
      return type.cases.map((c) => c.name);
    case "option":
      return ["none", "some"];
    case "result":
      return ["ok", "err"];
  }
}

function loadUnsigned(size: number, at: string): string {
  if (size === 1) return `b[${at}]`;
  return size === 2 ? `m.getUint16(${at}, true)` : `m.getUint32(${at}, true)`;
}

/** The next core value, as the type that is wanted (`CoerceValueIter`). */
function take(cores: CoreValue[], want: FlatType): string {
  const core = cores.shift();
  if (core === undefined) throw new Error("flattening and lifting disagree");
  return narrow(core.code, core.type, want);
}

function narrow(code: string, have: FlatType, want: FlatType): string {
  if (have === want) return code;
  if (have === "i32" && want === "f32") return `f32OfBits(${code})`;
  if (have === "i64" && want === "i32") return `Number(BigInt.asIntN(32, ${code}))`;
  if (have === "i64" && want === "f32") return `f32OfBits(Number(BigInt.asIntN(32, ${code})))`;
  if (have === "i64" && want === "f64") return `f64OfBits(${code})`;
  throw new Error(`a flattening joined ${want} into ${have}`);
}

function unsupported(kind: ListType["kind"] | ValueType["kind"]): never {
  throw new Error(`no glue for ${kind} here: SupportCheck lets none through`);
}
