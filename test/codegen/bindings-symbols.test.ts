/** Generated code imports from one door only, and only what the table of its symbols lists. */
import { expect, test } from "vitest";
import { bindingsModule, bindingsSymbols } from "../../src/model/bindings-symbols.ts";
import { testkitModule, testkitSymbols } from "../../src/model/testkit-symbols.ts";
import * as testkit from "../../src/testkit/index.ts";
import { goldenCases, goldenFiles } from "./goldens.ts";

const imports = goldenCases.flatMap((name) =>
  [...goldenFiles(name).values()].flatMap((content) =>
    [...content.matchAll(/^(import|import type) (?:\{ (.*) \}|\* as \w+) from "(.*)";$/gm)].map(
      ([, kind, names = "", from]) => ({
        kind,
        from,
        names: names.split(", ").map((name) => name.split(" as ")[0]),
      }),
    ),
  ),
);

const fromDoor = (kind: string, door: string = bindingsModule): unknown[] => {
  const names = imports.filter((item) => item.from === door && item.kind === kind);
  return [...new Set(names.flatMap((item) => item.names))].sort();
};

test("every import is of a door or of another generated file", () => {
  expect(imports.length).toBeGreaterThan(100);
  const foreign = imports.filter(({ from }) => from !== bindingsModule && from !== testkitModule);
  expect(foreign.filter(({ from }) => !/^\.\.?\//.test(from ?? ""))).toEqual([]);
});

test("every type of the table is used, and no other", () => {
  expect(fromDoor("import type")).toEqual([...bindingsSymbols.types].sort());
});

test("every value of the table is used, and no other", () => {
  // `ComponentError` is for users of the door: they catch it.
  expect(["ComponentError", ...fromDoor("import")]).toEqual([...bindingsSymbols.values].sort());
});

test("of the test kit, doubles import what its table lists, and it exports that", () => {
  expect(fromDoor("import type", testkitModule)).toEqual([...testkitSymbols.types].sort());
  expect(fromDoor("import", testkitModule)).toEqual([...testkitSymbols.values].sort());
  expect(Object.keys(testkit)).toEqual(expect.arrayContaining([...testkitSymbols.values]));
});
