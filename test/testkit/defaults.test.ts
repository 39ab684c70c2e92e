/** Defaults are values of their types: they go from a double through a real guest to its caller. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { memberNames } from "../../src/model/name-scope.ts";
import type { FuncType } from "../../src/model/value-type.ts";
import { Engine, Linker, Store } from "../../src/runtime/index.ts";
import { canEcho } from "../codegen/echo-guest.ts";
import { echoComponent, linked } from "../codegen/golden-modules.ts";
import { Client } from "../golden/testkit/bindings/exports/test/testkit/every-type.js";
import { everyTypeDouble } from "../golden/testkit/bindings/test/testkit/every-type.double.js";
import { addToLinker } from "../golden/testkit/bindings/test/testkit/every-type.js";
import { valuesOf } from "../support/arbitrary.ts";

const WIT = "test:testkit/every-type@1.2.0";

test("of every type", async () => {
  const functions = linked(addToLinker as never).functions.get(WIT) ?? new Map<string, FuncType>();
  expect([...functions].filter(([, type]) => !canEcho(type))).toEqual([]);
  const engine = new Engine();
  const linker = new Linker<object>(engine);
  const double = everyTypeDouble();
  addToLinker(linker, () => double.host);
  const component = await echoComponent(engine, new Map([[WIT, functions]]));
  const client = new Client(linker.instantiate(new Store(engine, {}), component));
  const call = client as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;
  const names = memberNames([...functions.keys()]);
  const answers = [...functions.values()].map((type, i) => {
    const [args = []] = fc.sample(fc.tuple(...type.params.map((param) => valuesOf(param.type))), 1);
    return [names[i], call[names[i] ?? ""]?.(...args)];
  });
  const point = { x: 0, y: 0, label: undefined };
  expect(Object.fromEntries(answers)).toEqual({
    none: undefined,
    aBool: false,
    aU8: 0,
    aS64: 0n,
    aF64: 0,
    aChar: "\0",
    aString: "",
    bytes: new Uint8Array(),
    longs: new BigInt64Array(),
    texts: [],
    anOption: undefined,
    nestedOption: { tag: "none" },
    aTuple: [0, "", false],
    three: [0, 0, 0],
    many: Array(20).fill(point),
    aMap: new Map(),
    aPoint: point,
    aRoute: { start: point, stops: [], bytes: new Uint8Array() },
    anAccess: { read: false, writeAll: false },
    aColor: "dark-red",
    aShape: { tag: "dot", val: point },
    anId: 0n,
    aPair: [point, "dark-red"],
    fallible: point,
    onlyOk: 0,
    onlyErr: undefined,
    neither: undefined,
    inList: [],
  });
  expect(double.calls.map(({ name }) => name)).toEqual(names);
});
