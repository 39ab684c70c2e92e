/** Names are found under compatible versions, by the rules of semver. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NameMap } from "../../src/runtime/name-map.ts";

interface Version {
  readonly parts: readonly [number, number, number];
  readonly suffix: string;
}

const part = fc.oneof(fc.nat(2), fc.nat(12));
const version: fc.Arbitrary<Version> = fc.record({
  parts: fc.tuple(part, part, part),
  suffix: fc.oneof({ weight: 4, arbitrary: fc.constant("") }, fc.constantFrom("-rc.1", "+build.7")),
});
const nameOf = ({ parts, suffix }: Version) => `a:b/c@${parts.join(".")}${suffix}`;

/** The leftmost number that is not zero has to be the same, and those left of it. */
function compatible(a: Version, b: Version): boolean {
  if (a.suffix.startsWith("-") || b.suffix.startsWith("-")) return false;
  const significant = a.parts.findIndex((n) => n !== 0);
  const upTo = significant === -1 ? 2 : significant;
  return a.parts.slice(0, upTo + 1).every((n, i) => n === b.parts[i]);
}

function compare(a: Version, b: Version): number {
  for (const [i, n] of a.parts.entries()) {
    const difference = n - (b.parts[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

describe("a name", () => {
  it("is found exactly, or else under the highest compatible version", () => {
    fc.assert(
      fc.property(fc.array(version, { maxLength: 12 }), version, (defined, wanted) => {
        const map = new NameMap<Version>();
        for (const one of defined) map.set(nameOf(one), one);
        const exact = defined.find((one) => nameOf(one) === nameOf(wanted));
        const candidates = defined.filter((one) => compatible(wanted, one)).sort(compare);
        const expected = exact ?? candidates.at(-1);
        const found = map.get(nameOf(wanted));
        if (expected === undefined) expect(found).toBeUndefined();
        // What comes after `+` does not count, so that there can be several.
        else if (exact === undefined) expect(found?.parts).toEqual(expected.parts);
        else expect(nameOf(found as Version)).toBe(nameOf(exact));
      }),
      { numRuns: 2000 },
    );
  });

  it("is found under the later build of a version, whichever came first", () => {
    for (const names of [
      ["a:b/c@1.2.0+2", "a:b/c@1.2.0+10"],
      ["a:b/c@1.2.0+10", "a:b/c@1.2.0+2"],
    ]) {
      const map = new NameMap<string>();
      for (const name of names) map.set(name, name);
      expect(map.get("a:b/c@1.0.0")).toBe("a:b/c@1.2.0+10");
    }
  });

  it("may have a canonical version, which stands for all that are compatible", () => {
    const map = new NameMap<number>();
    map.set("a:b/c@1.2.0", 1);
    map.set("a:b/c@0.2", 2);
    expect([map.get("a:b/c@1"), map.get("a:b/c@0.2.7"), map.get("a:b/c@2"), map.get("a:b/c@0.3.0")]).toEqual([
      1,
      2,
      undefined,
      undefined,
    ]);
  });

  it.each([
    "a:b/c@",
    "a:b/c@1.2",
    "a:b/c@0",
    "a:b/c@01",
    "a:b/c@1.2.3.4",
    "a:b/c@x.y.z",
    "@",
    "@1.0.0",
    "",
    "__proto__",
  ])("that has no version, such as %j, is found only exactly", (name) => {
    const map = new NameMap<number>();
    for (const other of ["a:b/c", "a:b/c@1.2.0", "a:b/c@1.0.0"]) map.set(other, 1);
    expect(map.get(name)).toBeUndefined();
    map.set(name, 2);
    expect(map.find(name)).toEqual({ name, value: 2 });
  });
});
