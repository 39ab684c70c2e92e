/** What operators cost, and how a table of costs is named. */
import { describe, expect, test } from "vitest";
import { costsKey, DEFAULT_OPERATOR_COSTS, resolveOperatorCosts } from "../../src/instrument/index.ts";
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

describe("costsKey", () => {
  test("is the same for tables that charge alike, and only for those", () => {
    const key = costsKey(DEFAULT_OPERATOR_COSTS);
    expect(costsKey(resolveOperatorCosts({ call: 1 }))).toBe(key);
    const others = Object.keys(DEFAULT_OPERATOR_COSTS).map((group) =>
      costsKey(resolveOperatorCosts({ [group]: 7 })),
    );
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
    expect(costsKey(resolveOperatorCosts({ call: 7, memory: 3 }))).toBe(
      costsKey(resolveOperatorCosts({ memory: 3, call: 7 })),
    );
  });

  test("names the groups in order", () => {
    expect(costsKey(DEFAULT_OPERATOR_COSTS)).toMatch(
      /^aggregate=1,atomic=1,branch=1,.*,structure=0,table=1$/,
    );
  });
});
