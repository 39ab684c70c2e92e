/**
 * Checks options objects: a setting that is misspelt or of the wrong type must not be silently ignored.
 */
import { ConfigError } from "../model/errors.ts";

type Check = (value: unknown) => string | undefined;

export type OptionChecks<T> = { readonly [K in keyof T]-?: Check };

/**
 * @param what the thing the options are for, as messages name it
 * @throws ConfigError for an unknown key or a value that its check refuses. `undefined` counts as left out.
 */
export function checkOptions<T extends object>(what: string, options: unknown, checks: OptionChecks<T>): T {
  if (typeof options !== "object" || options === null) {
    throw new ConfigError(`${what}: expected an options object, got ${String(options)}`);
  }
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, key)) {
      throw new ConfigError(
        `${what}: unknown option ${JSON.stringify(key)}; the options are ${Object.keys(checks).join(", ")}`,
      );
    }
    if (value === undefined) continue;
    const expected = checks[key as keyof T](value);
    if (expected !== undefined) {
      throw new ConfigError(`${what}: ${key} must be ${expected}, got ${printed(value)}`);
    }
  }
  return options as T;
}

export function isBoolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "true or false";
}

export function isObject(value: unknown): string | undefined {
  return typeof value === "object" && value !== null ? undefined : "an object";
}

/** A whole number from 0 that is exact as a JavaScript number. */
export function isCount(value: unknown): string | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : "a whole number, at least 0";
}

export function anything(): undefined {
  return undefined;
}

export function oneOf(...allowed: readonly unknown[]): Check {
  return (value) => (allowed.includes(value) ? undefined : allowed.map(printed).join(" or "));
}

function printed(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
