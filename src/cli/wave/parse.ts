/**
 * WAVE text to component values, directed by their types.
 *
 * Values have the same JavaScript form that host functions and `Func.call` exchange (see "WIT to
 * TypeScript" in the README). Recursion follows the type, never the text, so no text can exhaust the stack.
 *
 * Source: wasm-wave's README and `wave_ebnf.md`.
 */
import { UnsupportedError } from "../../model/errors.ts";
import { flagKeys, keyedFields } from "../../model/name-scope.ts";
import { nearestName } from "../../model/nearest.ts";
import { printValueType } from "../../model/print-type.ts";
import type {
  EnumType,
  FieldType,
  FlagsType,
  MapType,
  OptionType,
  RecordType,
  ResultType,
  ValueType,
  VariantType,
} from "../../model/value-type.ts";
import { INTEGER_RANGES, isFlatPayload, isTaggedOption, numericArray } from "./forms.ts";
import { type Label, Scanner } from "./scanner.ts";

/**
 * Reads one value of `type`.
 *
 * @throws WaveError if the text is anything else.
 * @throws UnsupportedError if the type has no WAVE form (handles, streams, futures, error contexts).
 * @example parseValue('{name: "requests", value: 3}', recordType)
 */
export function parseValue(text: string, type: ValueType): unknown {
  const scanner = new Scanner(text);
  const value = readValue(scanner, type);
  expectEnd(scanner);
  return value;
}

/**
 * Reads `(a, b)`, which starts at `offset` of `text`, as the arguments of a function. Trailing
 * options may be left out, as WAVE allows.
 *
 * @throws WaveError, UnsupportedError as `parseValue` does.
 */
export function parseArguments(text: string, offset: number, params: readonly FieldType[]): unknown[] {
  const scanner = new Scanner(text, offset);
  scanner.expect("(", "before the arguments");
  const values: unknown[] = [];
  for (const param of params) {
    if (scanner.peek(")")) break;
    values.push(readValue(scanner, param.type));
    if (!scanner.accept(",")) break;
  }
  const rest = params.slice(values.length);
  const missing = rest.find((param) => param.type.kind !== "option");
  if (missing !== undefined) {
    scanner.failExpected(`an argument for \`${missing.name}: ${printValueType(missing.type)}\``);
  }
  for (const param of rest) {
    if (param.type.kind === "option") values.push(noneOf(param.type));
  }
  if (!scanner.accept(")")) {
    scanner.failExpected(
      rest.length === 0 ? `\`)\`: the function takes ${count(params.length, "argument")}` : "`,` or `)`",
    );
  }
  expectEnd(scanner);
  return values;
}

function expectEnd(scanner: Scanner): void {
  if (!scanner.atEnd) scanner.failExpected("nothing more");
}

function readValue(scanner: Scanner, type: ValueType): unknown {
  switch (type.kind) {
    case "bool":
      if (scanner.acceptKeyword("true")) return true;
      if (scanner.acceptKeyword("false")) return false;
      return scanner.failExpected("a bool (`true` or `false`)");
    case "s8":
    case "u8":
    case "s16":
    case "u16":
    case "s32":
    case "u32":
      return Number(readInteger(scanner, type.kind));
    case "s64":
    case "u64":
      return readInteger(scanner, type.kind);
    case "f32":
      return Math.fround(readFloat(scanner, type.kind));
    case "f64":
      return readFloat(scanner, type.kind);
    case "char":
      return scanner.char();
    case "string":
      return scanner.string();
    case "list":
      return readList(scanner, type.element);
    case "fixed-length-list": {
      const start = scanner.position;
      const values = readSequence(scanner, "[", "]", () => type.element);
      if (values.length !== type.length) {
        scanner.fail(`expected ${count(type.length, "element")}, got ${values.length}`, {
          start,
          end: scanner.lastEnd,
        });
      }
      return values;
    }
    case "tuple":
      return readTuple(scanner, type.elements);
    case "record":
      return readRecord(scanner, type);
    case "variant":
      return readVariant(scanner, type);
    case "enum":
      return readEnum(scanner, type);
    case "flags":
      return readFlags(scanner, type);
    case "option":
      return readOption(scanner, type);
    case "result":
      return readResult(scanner, type);
    case "map":
      return readMap(scanner, type);
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      throw new UnsupportedError("wave", `A value of type ${printValueType(type)} cannot be written as text`);
  }
}

function readInteger(scanner: Scanner, kind: keyof typeof INTEGER_RANGES): bigint {
  const [min, max] = INTEGER_RANGES[kind];
  const { text, span } = scanner.number(`an integer (${kind})`);
  if (!/^-?[0-9]+$/.test(text)) scanner.fail(`expected an integer (${kind}), got \`${text}\``, span);
  const value = BigInt(text);
  if (value < min || value > max)
    scanner.fail(`${text} is not in the range of ${kind}: ${min} to ${max}`, span);
  return value;
}

function readFloat(scanner: Scanner, kind: "f32" | "f64"): number {
  const { text } = scanner.number(`a number (${kind})`);
  switch (text) {
    case "nan":
      return Number.NaN;
    case "inf":
      return Number.POSITIVE_INFINITY;
    case "-inf":
      return Number.NEGATIVE_INFINITY;
    default:
      return Number(text);
  }
}

/** Reads `open value, value, close`; a trailing comma is allowed. */
function readSequence(
  scanner: Scanner,
  open: string,
  close: string,
  typeAt: (index: number) => ValueType,
): unknown[] {
  scanner.expect(open, `at the start of a ${open === "[" ? "list" : "tuple"}`);
  const values: unknown[] = [];
  while (!scanner.accept(close)) {
    values.push(readValue(scanner, typeAt(values.length)));
    if (!scanner.accept(",") && !scanner.peek(close)) scanner.failExpected(`\`,\` or \`${close}\``);
  }
  return values;
}

function readList(scanner: Scanner, element: ValueType): unknown {
  const values = readSequence(scanner, "[", "]", () => element);
  return numericArray(element.kind)?.from(values) ?? values;
}

function readTuple(scanner: Scanner, elements: readonly ValueType[]): unknown[] {
  const start = scanner.position;
  const values = readSequence(scanner, "(", ")", (index) => {
    const element = elements[index];
    return element ?? scanner.failExpected(`\`)\`: this tuple has ${count(elements.length, "element")}`);
  });
  if (values.length < elements.length) {
    scanner.fail(`expected ${count(elements.length, "element")}, got ${values.length}`, {
      start,
      end: scanner.lastEnd,
    });
  }
  return values;
}

function readRecord(scanner: Scanner, type: RecordType): Record<string, unknown> {
  const start = scanner.position;
  scanner.expect("{", "at the start of a record");
  const read = new Map<string, unknown>();
  const fields = new Map(type.fields.map((field) => [field.name, field.type]));
  // `{:}` is the record of which every field is left out; `{}` would be flags.
  const empty = scanner.accept(":");
  if (!empty && scanner.peek("}")) scanner.failExpected("a field, or `:` for a record without any");
  while (!scanner.accept("}")) {
    if (empty) scanner.failExpected("`}`");
    const label = scanner.label("a field name");
    const field = fields.get(label.name);
    if (field === undefined) return failUnknown(scanner, label, "field", [...fields.keys()]);
    if (read.has(label.name)) scanner.fail(`field \`${label.name}\` is given twice`, label.span);
    scanner.expect(":", `after the field name \`${label.name}\``);
    read.set(label.name, readValue(scanner, field));
    if (!scanner.accept(",") && !scanner.peek("}")) scanner.failExpected("`,` or `}`");
  }
  const record: Record<string, unknown> = {};
  for (const [key, field] of keyedFields(type.fields)) {
    if (!read.has(field.name) && field.type.kind !== "option") {
      scanner.fail(`field \`${field.name}: ${printValueType(field.type)}\` is missing`, {
        start,
        end: scanner.lastEnd,
      });
    }
    const value = read.has(field.name)
      ? read.get(field.name)
      : field.type.kind === "option"
        ? noneOf(field.type)
        : undefined;
    record[key] = value;
  }
  return record;
}

/** The name of a case or enum value: a keyword is one only if it is written with `%`. */
function readCaseName(scanner: Scanner, what: string, names: readonly string[]): Label {
  const label = scanner.label(what);
  if (!names.includes(label.name)) return failUnknown(scanner, label, "case", names);
  if (label.keyword) {
    scanner.fail(
      `the case \`${label.name}\` is written \`%${label.name}\`: without the % it is a keyword`,
      label.span,
    );
  }
  return label;
}

function readVariant(scanner: Scanner, type: VariantType): unknown {
  const label = readCaseName(
    scanner,
    "a case of the variant",
    type.cases.map((candidate) => candidate.name),
  );
  const payload = type.cases.find((candidate) => candidate.name === label.name)?.type;
  if (payload === undefined) {
    if (scanner.peek("(")) scanner.failExpected(`no payload: the case \`${label.name}\` has none`);
    return { tag: label.name };
  }
  return { tag: label.name, val: readPayload(scanner, label.name, payload) };
}

function readPayload(scanner: Scanner, name: string, type: ValueType): unknown {
  scanner.expect("(", `and a ${printValueType(type)} after \`${name}\``);
  const value = readValue(scanner, type);
  scanner.expect(")", `after the payload of \`${name}\``);
  return value;
}

function readEnum(scanner: Scanner, type: EnumType): string {
  return readCaseName(scanner, "a value of the enum", type.names).name;
}

function readFlags(scanner: Scanner, type: FlagsType): Record<string, boolean> {
  scanner.expect("{", "at the start of flags");
  const set = new Set<string>();
  while (!scanner.accept("}")) {
    const label = scanner.label("a flag");
    if (!type.names.includes(label.name)) return failUnknown(scanner, label, "flag", type.names);
    if (set.has(label.name)) scanner.fail(`flag \`${label.name}\` is given twice`, label.span);
    set.add(label.name);
    if (!scanner.accept(",") && !scanner.peek("}")) scanner.failExpected("`,` or `}`");
  }
  const flags: Record<string, boolean> = {};
  const keys = flagKeys(type.names);
  for (const [i, name] of type.names.entries()) flags[keys[i] ?? ""] = set.has(name);
  return flags;
}

function readOption(scanner: Scanner, type: OptionType): unknown {
  if (scanner.acceptKeyword("none")) return noneOf(type);
  const flat = !scanner.acceptKeyword("some");
  if (flat && !isFlatPayload(type.some)) scanner.failExpected(`\`some(...)\` or \`none\``);
  const value = flat ? readValue(scanner, type.some) : readPayload(scanner, "some", type.some);
  return isTaggedOption(type) ? { tag: "some", val: value } : value;
}

function noneOf(type: OptionType): unknown {
  return isTaggedOption(type) ? { tag: "none" } : undefined;
}

function readResult(scanner: Scanner, type: ResultType): unknown {
  for (const tag of ["ok", "err"] as const) {
    if (!scanner.acceptKeyword(tag)) continue;
    const payload = type[tag];
    if (payload !== undefined) return { tag, val: readPayload(scanner, tag, payload) };
    if (scanner.peek("(")) scanner.failExpected(`no payload: this result has no \`${tag}\` type`);
    return { tag, val: undefined };
  }
  if (type.ok === undefined || !isFlatPayload(type.ok)) scanner.failExpected("`ok` or `err`");
  return { tag: "ok", val: readValue(scanner, type.ok) };
}

function readMap(scanner: Scanner, type: MapType): Map<unknown, unknown> {
  scanner.expect("{", "at the start of a map");
  const map = new Map<unknown, unknown>();
  if (scanner.accept(":")) {
    scanner.expect("}", "after `{:`");
    return map;
  }
  while (!scanner.accept("}")) {
    const key = readValue(scanner, type.key);
    scanner.expect(":", "after the key");
    map.set(key, readValue(scanner, type.value));
    if (!scanner.accept(",") && !scanner.peek("}")) scanner.failExpected("`,` or `}`");
  }
  return map;
}

function failUnknown(scanner: Scanner, label: Label, what: string, names: readonly string[]): never {
  const suggestion = nearestName(label.name, names);
  const hint =
    suggestion !== undefined
      ? `did you mean \`${suggestion}\`?`
      : names.length === 0
        ? "there is none"
        : `there is ${names.map((name) => `\`${name}\``).join(", ")}`;
  scanner.fail(`there is no ${what} \`${label.name}\`: ${hint}`, label.span);
}

function count(n: number, noun: string): string {
  return n === 0 ? `no ${noun}s` : n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}
