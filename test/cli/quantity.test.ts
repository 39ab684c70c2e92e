/** Durations, sizes and counts, as options of the command line give them. */
import { expect, test } from "vitest";
import { parseCount, parseDuration, parseSize } from "../../src/cli/quantity.ts";

test.each([
  ["1B", 1],
  ["64KB", 64_000],
  ["64KiB", 65_536],
  ["32MiB", 33_554_432],
  ["2GB", 2_000_000_000],
  ["4GiB", 4_294_967_296],
])("size %s", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each([
  ["500ms", 500],
  ["5s", 5_000],
  ["1m", 60_000],
  ["2h", 7_200_000],
])("duration %s", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([
  ["1", 1n],
  ["1000000", 1_000_000n],
  ["1_000_000", 1_000_000n],
  ["9223372036854775807", 2n ** 63n - 1n],
])("count %s", (text, count) => {
  expect(parseCount(text)).toBe(count);
});

test.each([
  "",
  "32",
  "MiB",
  "32mib",
  "32 MiB",
  "-1MiB",
  "1.5GiB",
  "0KiB",
  "1e3B",
  "9007199254740992B",
  "٣KB",
  "1MiB\n",
])("no size: %j", (text) => {
  expect(() => parseSize(text)).toThrow(expect.objectContaining({ code: "config" }));
});

test.each(["", "5", "s", "5sec", "5 s", "-5s", "0s", "1d", "Infinitys"])("no duration: %j", (text) => {
  expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: "config" }));
});

test.each(["", "0", "-1", "1e9", "1.5", "1__0", "_1", "1_", "0x10", "9223372036854775808"])(
  "no count: %j",
  (text) => {
    expect(() => parseCount(text)).toThrow(expect.objectContaining({ code: "config" }));
  },
);

test("the message says what is wrong and what to write", () => {
  expect(() => parseSize("32mb")).toThrow(
    "Expected a size: a positive whole number and a unit (B, KB, MB, GB, KiB, MiB, GiB), such as 64KB, 32MiB or 1GiB",
  );
});
