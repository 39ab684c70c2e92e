/**
 * Component values to WAVE text, such that `parseValue` reads back an equal value.
 *
 * The text is safe to show on a terminal: control, format and unassigned characters of strings are escaped.
 *
 * Source: wasm-wave's README and `writer.rs`.
 */
import { UnsupportedError } from "../../model/errors.ts";
import { flagKeys, keyedFields } from "../../model/name-scope.ts";
import { printValueType } from "../../model/print-type.ts";
import type { OptionType, ResultType, ValueType } from "../../model/value-type.ts";
import { isTaggedOption } from "./forms.ts";
import { KEYWORDS } from "./scanner.ts";

/**
 * @param value a value of `type`, in the form that the runtime gives.
 * @throws UnsupportedError if the type has no WAVE form (handles, streams, futures, error contexts).
 */
export function printValue(value: unknown, type: ValueType): string {
  switch (type.kind) {
    case "bool":
    case "s8":
    case "u8":
    case "s16":
    case "u16":
    case "s32":
    case "u32":
    case "s64":
    case "u64":
      return String(value);
    case "f32":
      return printFloat(value as number, shortestF32);
    case "f64":
      return printFloat(value as number, String);
    case "char":
      return `'${escapeText(value as string, "'")}'`;
    case "string":
      return `"${escapeText(value as string, '"')}"`;
    case "list":
    case "fixed-length-list":
      return `[${Array.from(value as Iterable<unknown>, (element) => printValue(element, type.element)).join(", ")}]`;
    case "tuple":
      return `(${type.elements.map((element, index) => printValue((value as unknown[])[index], element)).join(", ")})`;
    case "record": {
      const fields: string[] = [];
      for (const [key, field] of keyedFields(type.fields)) {
        const member = (value as Record<string, unknown>)[key];
        if (field.type.kind === "option" && isNone(member, field.type)) continue;
        fields.push(`${field.name}: ${printValue(member, field.type)}`);
      }
      return fields.length === 0 ? "{:}" : `{${fields.join(", ")}}`;
    }
    case "variant": {
      const { tag, val } = value as { tag: string; val?: unknown };
      const payload = type.cases.find((candidate) => candidate.name === tag)?.type;
      return payload === undefined ? printCase(tag) : `${printCase(tag)}(${printValue(val, payload)})`;
    }
    case "enum":
      return printCase(value as string);
    case "flags": {
      const keys = flagKeys(type.names);
      const isSet = (_: string, index: number): unknown =>
        (value as Record<string, unknown>)[keys[index] ?? ""];
      return `{${type.names.filter(isSet).join(", ")}}`;
    }
    case "option":
      return printOption(value, type);
    case "result":
      return printResult(value as { tag: "ok" | "err"; val?: unknown }, type);
    case "map": {
      const entries = Array.from(
        value as Map<unknown, unknown>,
        ([key, entry]) => `${printValue(key, type.key)}: ${printValue(entry, type.value)}`,
      );
      return entries.length === 0 ? "{:}" : `{${entries.join(", ")}}`;
    }
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      throw new UnsupportedError("wave", `A value of type ${printValueType(type)} cannot be written as text`);
  }
}

/** `ok(...)` or `err(...)`. */
export function printResult(
  value: { readonly tag: "ok" | "err"; readonly val?: unknown },
  type: ResultType,
): string {
  const payload = type[value.tag];
  return payload === undefined ? value.tag : `${value.tag}(${printValue(value.val, payload)})`;
}

function printOption(value: unknown, type: OptionType): string {
  if (isNone(value, type)) return "none";
  const payload = isTaggedOption(type) ? (value as { val: unknown }).val : value;
  return `some(${printValue(payload, type.some)})`;
}

function isNone(value: unknown, type: OptionType): boolean {
  return isTaggedOption(type) ? (value as { tag: string }).tag === "none" : value === undefined;
}

function printCase(name: string): string {
  return KEYWORDS.has(name) ? `%${name}` : name;
}

function printFloat(value: number, format: (value: number) => string): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : format(value);
}

/** The shortest decimal that is read back as this f32: 0.1, not 0.10000000149011612. */
function shortestF32(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return String(candidate);
  }
  return String(value);
}

const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\\"']/gu;
const NAMED_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\\", "\\\\"],
]);

function escapeText(text: string, quote: "'" | '"'): string {
  return text.replace(UNSAFE, (character) => {
    if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
    return NAMED_ESCAPES.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
