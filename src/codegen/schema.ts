/**
 * A subset of JSON Schema, and a validator for it whose messages are for people.
 *
 * The options of the generator are described once, as such a schema: editors complete `hostwright.config.json` with it,
 * and everything that reaches the generator is checked against it.
 */
import { ConfigError } from "../model/errors.ts";
import { didYouMean } from "../model/nearest.ts";

interface Annotations {
  /** What is expected, for messages: "a path". */
  readonly title: string;
  readonly description?: string;
  readonly default?: unknown;
}

export type Schema = Annotations &
  (
    | {
        readonly type: "string";
        readonly minLength?: number;
        readonly enum?: readonly string[];
        readonly pattern?: string;
      }
    | { readonly type: "boolean" }
    | { readonly type: "array"; readonly items: Schema; readonly minItems?: number }
    | ObjectSchema
    /** Alternatives that differ in `type`. */
    | { readonly anyOf: readonly Schema[] }
  );

export interface ObjectSchema {
  readonly type: "object";
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** The schema of properties that are not listed; false if there are none. */
  readonly additionalProperties: false | Schema;
}

/**
 * Checks that `value` is as `schema` says. A property that is `undefined` counts as left out.
 *
 * @param path how messages call the value: `option "rules"`, or a file with what is before it
 * @throws ConfigError if it is not; the message names the place, and for an unknown key the nearest one there is
 */
export function checkSchema(schema: Schema, value: unknown, path: string): void {
  if ("anyOf" in schema) {
    const fitting = schema.anyOf.find((item) => "type" in item && item.type === typeOf(value));
    if (fitting === undefined) throw mismatch(schema, value, path);
    checkSchema(fitting, value, path);
    return;
  }
  if (schema.type !== typeOf(value)) throw mismatch(schema, value, path);
  switch (schema.type) {
    case "boolean":
      return;
    case "string":
      if (!isFittingText(value as string, schema)) throw mismatch(schema, value, path);
      return;
    case "array": {
      const items = value as readonly unknown[];
      if (items.length < (schema.minItems ?? 0)) throw mismatch(schema, value, path);
      for (const [index, item] of items.entries()) checkSchema(schema.items, item, `${path}[${index}]`);
      return;
    }
    case "object":
      checkProperties(schema, value as object, path);
  }
}

function checkProperties(schema: ObjectSchema, value: object, path: string): void {
  const properties = new Map(Object.entries(schema.properties ?? {}));
  for (const [key, item] of Object.entries(value)) {
    const known = properties.get(key) ?? schema.additionalProperties;
    if (known === false) {
      const hint = didYouMean(key, properties.keys()) ?? `the keys are ${[...properties.keys()].join(", ")}`;
      throw new ConfigError(`${path}: unknown key ${JSON.stringify(key)}; ${hint}`);
    }
    if (item !== undefined) checkSchema(known, item, memberPath(path, key));
  }
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key) || (value as Record<string, unknown>)[key] === undefined) {
      const expected = properties.get(key)?.title ?? "a value";
      throw new ConfigError(`${path}: "${key}" is missing: give ${expected}`);
    }
  }
}

function isFittingText(value: string, schema: Extract<Schema, { type: "string" }>): boolean {
  const { minLength = 0, pattern } = schema;
  return (
    value.length >= minLength &&
    (schema.enum?.includes(value) ?? true) &&
    (pattern === undefined || new RegExp(pattern, "u").test(value))
  );
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return value === null ? "null" : typeof value;
}

/** `rules["amal:obs/*"].results` */
function memberPath(path: string, key: string): string {
  const isPlain = /^[A-Za-z_$][\w$]*$/.test(key);
  return isPlain ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function mismatch(schema: Schema, value: unknown, path: string): ConfigError {
  const hint =
    "enum" in schema && typeof value === "string" ? didYouMean(value, schema.enum ?? []) : undefined;
  const text = `${path} must be ${schema.title}, not ${shown(value)}`;
  return new ConfigError(hint === undefined ? text : `${text}; ${hint}`);
}

function shown(value: unknown): string {
  switch (typeOf(value)) {
    case "string":
      return (value as string).length > 60 ? "that text" : JSON.stringify(value);
    case "array":
      return (value as unknown[]).length === 0 ? "an empty array" : "an array";
    case "object":
      return "an object";
    case "function":
      return "a function";
    default:
      return String(value);
  }
}
