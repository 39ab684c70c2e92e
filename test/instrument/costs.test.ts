import { describe, expect, test } from "vitest";
import { resolveOperatorCosts } from "../../src/instrument/index.ts";
import { ConfigError } from "../../src/model/errors.ts";

describe("resolveOperatorCosts", () => {
  test("merges over the defaults, and freezes", () => {
    const costs = resolveOperatorCosts({ call: 5, memory: 0 });
    expect(costs).toMatchObject({ call: 5, memory: 0, branch: 1, structure: 0 });
    expect(Object.isFrozen(costs)).toBe(true);
  });

  test("names an unknown group, and those there are", () => {
    const unknown = { cal: 5 } as object;
    expect(() => resolveOperatorCosts(unknown)).toThrow(ConfigError);
    expect(() => resolveOperatorCosts(unknown)).toThrow(/unknown group "cal".*functionEntry/);
    expect(() => resolveOperatorCosts(JSON.parse('{"__proto__": 1, "constructor": 2}'))).toThrow(ConfigError);
  });

  test.each([1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 1_000_001, "1", null])("refuses %s", (cost) => {
    expect(() => resolveOperatorCosts({ call: cost as number })).toThrow(ConfigError);
  });

  test("what an endless loop goes through is never free", () => {
    for (const group of ["branch", "call", "exception"] as const) {
      expect(() => resolveOperatorCosts({ [group]: 0 })).toThrow(/from 1 to/);
    }
  });
});
