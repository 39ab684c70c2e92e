/** Semantic versions: which texts are some, and their order. */
import { describe, expect, test } from "vitest";
import { compareVersions, isVersion } from "../../src/model/version.ts";

describe("versions", () => {
  test.each(["0.0.0", "1.2.3-rc.1", "1.2.3+build.01", "1.2.3-a-b.0+x", "18446744073709551615.0.0"])(
    "%s",
    (text) => {
      expect(isVersion(text)).toBe(true);
    },
  );
  test.each([
    "1",
    "1.2",
    "01.2.3",
    "1.2.3-",
    "1.2.3-01",
    "1.2.3-a..b",
    "1.2.3+",
    "1.2.3-é",
    "18446744073709551616.0.0",
  ])("not %s", (text) => {
    expect(isVersion(text)).toBe(false);
  });

  test("are ordered", () => {
    const ordered = [
      "0.9.0",
      "1.0.0-1",
      "1.0.0-2",
      "1.0.0-10",
      "1.0.0-a",
      "1.0.0-a.1",
      "1.0.0-b",
      "1.0.0",
      "1.0.0+1",
      "1.0.0+a",
      "1.0.1",
      "1.10.0",
      "2.0.0",
    ];
    expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
  });

  test("whose builds begin with zeros are ordered as the crate orders them", () => {
    const ordered = [
      "1.0.0",
      "1.0.0+0",
      "1.0.0+00",
      "1.0.0+1",
      "1.0.0+01",
      "1.0.0+001",
      "1.0.0+2",
      "1.0.0+10",
    ];
    expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
  });
});
