/**
 * Values of component `.wast` scripts, such as `(record.const (field "x" (u32.const 1)))`, in the shape that a host
 * passes and gets them.
 *
 * Source: wasm-tools' `wast` crate, `component::WastVal`.
 */
import { camelCase } from "../../src/model/names.ts";
import type { ValueType } from "../../src/model/value-type.ts";
import { float } from "./core-values.ts";
import { head, type SExpr, SExprError, type SNode } from "./sexpr.ts";

const NUMERIC_LISTS = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/**
 * @param type what the value has to be
 * @throws SExprError if it is something else
 */
export function parseValue(value: SExpr, type: ValueType): unknown {
  const parts = value.items.slice(1);
  const inner = (index: number, of: ValueType): unknown => parseValue(list(parts[index], value.line), of);
  expectKeyword(value, type);
  switch (type.kind) {
    case "bool":
      return text(parts[0]) === "true";
    case "u8":
    case "u16":
    case "u32":
      return Number(BigInt.asUintN(Number(type.kind.slice(1)), integer(text(parts[0]))));
    case "s8":
    case "s16":
    case "s32":
      return Number(BigInt.asIntN(Number(type.kind.slice(1)), integer(text(parts[0]))));
    case "u64":
      return BigInt.asUintN(64, integer(text(parts[0])));
    case "s64":
      return BigInt.asIntN(64, integer(text(parts[0])));
    case "f32":
      return new Float32Array(Uint32Array.of(Number(float(text(parts[0]), 32))).buffer)[0];
    case "f64":
      return new Float64Array(BigUint64Array.of(float(text(parts[0]), 64)).buffer)[0];
    case "char":
    case "string":
    case "enum":
      return text(parts[0]);
    case "list": {
      const elements = parts.map((_, i) => inner(i, type.element));
      const { kind } = type.element;
      if (kind === "u64") return BigUint64Array.from(elements as bigint[]);
      if (kind === "s64") return BigInt64Array.from(elements as bigint[]);
      if (kind in NUMERIC_LISTS)
        return NUMERIC_LISTS[kind as keyof typeof NUMERIC_LISTS].from(elements as number[]);
      return elements;
    }
    case "fixed-length-list":
      return parts.map((_, i) => inner(i, type.element));
    case "map":
      return new Map(
        parts.map((part) => {
          const [key, entry] = list(part, value.line).items.filter((item) => item.kind === "list");
          return [
            parseValue(list(key, value.line), type.key),
            parseValue(list(entry, value.line), type.value),
          ];
        }),
      );
    case "tuple":
      return type.elements.map((element, i) => inner(i, element));
    case "record":
      return Object.fromEntries(
        type.fields.map((field, i) => {
          const given = list(parts[i], value.line);
          if (text(given.items[1]) !== field.name) {
            throw new SExprError(`line ${value.line}: expected field ${field.name}`);
          }
          // `(field "x" u32.const 1)`: the value has no parentheses of its own.
          const bare = { ...given, items: given.items.slice(2) };
          return [camelCase(field.name), parseValue(bare, field.type)];
        }),
      );
    case "flags": {
      const set = new Set(parts.map(text));
      return Object.fromEntries(type.names.map((name) => [camelCase(name), set.has(name)]));
    }
    case "variant": {
      const tag = text(parts[0]);
      const payload = type.cases.find(({ name }) => name === tag)?.type;
      return payload === undefined ? { tag } : { tag, val: inner(1, payload) };
    }
    case "option":
      return head(value) === "option.none" ? undefined : inner(0, type.some);
    case "result": {
      const tag = head(value) === "result.ok" ? "ok" : "err";
      const payload = type[tag];
      return { tag, val: payload === undefined ? undefined : inner(0, payload) };
    }
    default:
      throw new SExprError(`line ${value.line}: a value of type ${type.kind} cannot be written down`);
  }
}

function expectKeyword(value: SExpr, type: ValueType): void {
  const keyword = type.kind === "fixed-length-list" ? "list" : type.kind === "string" ? "str" : type.kind;
  const [found = ""] = head(value).split(".");
  if (found !== keyword)
    throw new SExprError(`line ${value.line}: expected a ${type.kind}, got ${head(value)}`);
}

function list(node: SNode | undefined, line: number): SExpr {
  if (node?.kind !== "list") throw new SExprError(`line ${line}: expected a value`);
  return node;
}

function text(node: SNode | undefined): string {
  if (node?.kind === "string") return new TextDecoder().decode(node.bytes);
  return node?.kind === "atom" ? node.text : "";
}

function integer(literal: string): bigint {
  const plain = literal.replaceAll("_", "");
  return plain.startsWith("-") ? -BigInt(plain.slice(1)) : BigInt(plain.replace(/^\+/, ""));
}
