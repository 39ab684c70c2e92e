/** The JSON schema, as an independent validator understands it, says what our own check says. */
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { schemaText, targetsOf } from "../../src/config/index.ts";
import type { Config } from "../../src/index.ts";

const isValid = new Ajv({ strict: true, allErrors: true }).compile(JSON.parse(schemaText()) as object);

function isAccepted(config: unknown): boolean {
  try {
    targetsOf(config, "config", ".", ".");
    return true;
  } catch {
    return false;
  }
}

/** Every option there is, with a value that is not its default. The type holds that none is missing. */
type Full<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };

const options = {
  wit: "api",
  world: "a:b/hosted@1.0.0",
  out: "gen",
  features: ["x", "y"],
  allFeatures: false,
  importExtension: "none",
  header: "Copyright",
  layout: "single",
  enumStyle: "const",
  flagsStyle: "required",
  rules: {
    "a:b/*": {
      async: true,
      tracing: true,
      results: "value",
      errorMap: { "a:b/c.error": { module: "./errors.js", export: "toError" } },
      store: true,
      skip: false,
    },
  },
  with: {
    "a:b/c": "./c.js",
    "a:b/d": { module: "./d.js", link: true },
    "a:b/e.point": { module: "./e.js", export: "Point" },
  },
  testkit: true,
  implementation: "src/host",
} as const satisfies Full<Omit<Config, "$schema" | "targets">>;

const full = {
  $schema: "x.json",
  ...options,
  targets: [
    { name: "one", ...options },
    { name: "two", ...options, out: "other" },
  ],
} as const satisfies Full<Config>;

test("a configuration with everything", () => {
  expect(isValid(full)).toBe(true);
  expect(isAccepted(full)).toBe(true);
});

describe("wrong ones", () => {
  test.each<[unknown]>([
    [[]],
    [{ wrld: "a" }],
    [{ wit: "" }],
    [{ targets: [] }],
    [{ targets: [{ targets: [] }] }],
    [{ features: [""] }],
    [{ layout: "tree" }],
    [{ rules: { "*": { results: true } } }],
    [{ rules: { "*": { errorMap: { a: { module: "x" } } } } }],
    [{ with: { a: { export: "x" } } }],
    [{ with: { a: ["x"] } }],
    [{ with: { a: { module: "x", export: "a } from 'y'; //" } } }],
    [{ rules: { "*": { errorMap: { a: { module: "x", export: "" } } } } }],
  ])("%j", (config) => {
    expect([isValid(config), isAccepted(config)]).toEqual([false, false]);
  });
});

test("whatever is changed in one that is right, both say the same", () => {
  const junk = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      "",
      "value",
      "throw",
      "./x.js",
      [],
      ["x"],
      {},
      { module: "./x.js" },
    ),
    fc.jsonValue({ maxDepth: 2 }),
  );
  fc.assert(
    fc.property(fc.nat(), fc.oneof(fc.constant(undefined), fc.string()), junk, (at, key, value) => {
      const config = JSON.parse(JSON.stringify(full)) as object;
      const places = placesIn(config);
      const place = places[at % places.length];
      if (place === undefined) return;
      const { holder, name } = place;
      Object.defineProperty(holder, key ?? name, {
        value,
        writable: true,
        configurable: true,
        enumerable: true,
      });
      // Paths and names that two targets share are our own business.
      const { targets } = config as { targets?: { out?: unknown; name?: unknown }[] };
      if (Array.isArray(targets) && targets.length === 2) {
        for (const [i, target] of targets.entries()) {
          if (typeof target?.out === "string" && target.out !== "") target.out = `out-${i}`;
          if (typeof target?.name === "string" && target.name !== "") target.name = `name-${i}`;
        }
      }
      expect(isAccepted(config)).toBe(isValid(config));
    }),
    { numRuns: 2000 },
  );
});

/** Every property of every object in a value. */
function placesIn(value: unknown): { holder: object; name: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [{ holder: value, name }, ...placesIn(item)]);
}
