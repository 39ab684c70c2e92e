/**
 * Sizes, durations and counts as written on the command line, read strictly; and sizes as printed there.
 */
import { ConfigError } from "../model/errors.ts";

const SIZE_UNITS: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["KiB", 2 ** 10],
  ["MiB", 2 ** 20],
  ["GiB", 2 ** 30],
]);

const DURATION_UNITS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

/**
 * "32MiB" to bytes.
 *
 * @throws ConfigError unless it is a whole number with a unit (B, KB, MB, GB, KiB, MiB, GiB).
 */
export function parseSize(text: string): number {
  return parseQuantity(text, SIZE_UNITS, "a size", "64KB, 32MiB or 1GiB");
}

/**
 * "500ms" to milliseconds.
 *
 * @throws ConfigError unless it is a whole number with a unit (ms, s, m, h).
 */
export function parseDuration(text: string): number {
  return parseQuantity(text, DURATION_UNITS, "a duration", "500ms, 5s or 1m");
}

/**
 * "1_000_000" to 1000000n.
 *
 * @throws ConfigError unless it is a positive whole number.
 */
export function parseCount(text: string): bigint {
  const count = /^[0-9]+(?:_[0-9]+)*$/.test(text) ? BigInt(text.replaceAll("_", "")) : 0n;
  if (count <= 0n || count > 0x7fff_ffff_ffff_ffffn) {
    throw new ConfigError("Expected a positive whole number below 2^63, such as 1000000 or 1_000_000");
  }
  return count;
}

/** Bytes for people, in the largest unit of which there is at least one: "1.1 MiB". */
export function formatSize(bytes: number): string {
  const unit = (["GiB", "MiB", "KiB"] as const).find((name) => bytes >= (SIZE_UNITS.get(name) ?? 1));
  if (unit === undefined) return `${bytes} B`;
  const amount = bytes / (SIZE_UNITS.get(unit) ?? 1);
  return `${Number.isInteger(amount) ? amount : amount.toFixed(1)} ${unit}`;
}

function parseQuantity(
  text: string,
  units: ReadonlyMap<string, number>,
  what: string,
  examples: string,
): number {
  const [, digits = "", unit = ""] = /^([0-9]+)([A-Za-z]+)$/.exec(text) ?? [];
  const factor = units.get(unit);
  const value = Number(digits) * (factor ?? 0);
  if (factor === undefined || value === 0 || !Number.isSafeInteger(value)) {
    throw new ConfigError(
      `Expected ${what}: a positive whole number and a unit (${[...units.keys()].join(", ")}), such as ${examples}`,
    );
  }
  return value;
}
