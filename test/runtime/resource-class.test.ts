/** The classes of guests' resources, whatever their members are. */
import { expect, it } from "vitest";
import { UnsupportedError } from "../../src/model/errors.ts";
import type { FuncType } from "../../src/model/value-type.ts";
import { Func } from "../../src/runtime/func.ts";
import { resourceClass } from "../../src/runtime/resource-class.ts";
import { thrownBy } from "../support/thrown-by.ts";

it("a member that there is no glue for is no obstacle until it is called", () => {
  const type: FuncType = { kind: "func", async: false, params: [], result: undefined };
  const unsupported = new UnsupportedError("async functions");
  const missing = () => {
    throw unsupported;
  };
  const cls = resourceClass(
    "thing",
    new Map([
      ["[method]thing.later", missing],
      ["[static]thing.all-later", missing],
      ["[method]thing.now", () => new Func(type, (self, n) => [self, n])],
    ]),
  );
  const thing = Object.create(cls.prototype);
  expect(thing.now(1)).toEqual([thing, 1]);
  expect(thrownBy(() => thing.later())).toBe(unsupported);
  expect(thrownBy(() => (cls as unknown as { allLater(): void }).allLater())).toBe(unsupported);
});
