/** Names that JavaScript and TypeScript have already, run against real guests: see also `echo.test.ts`. */
import { expect, test } from "vitest";
import { ComponentError, Engine, Linker, Store } from "../../src/runtime/index.ts";
import { PromiseWorld, type PromiseWorldImports } from "../golden/shadows-globals/bindings/promise-world.js";
import * as single from "../golden/shadows-single/bindings/shadows-single.js";
import { thrownBy } from "../support/thrown-by.ts";
import { canEcho } from "./echo-guest.ts";
import { echoComponent, linked } from "./golden-modules.ts";

type AddToLinker = (linker: Linker<undefined>, getHost: (data: undefined) => never) => void;

async function guestFor(addToLinker: AddToLinker, host: object) {
  const engine = new Engine();
  const linker = new Linker<undefined>(engine);
  addToLinker(linker, () => host as never);
  const rest = linked(addToLinker as never);
  const functions = new Map(
    [...rest.functions].map(([wit, all]) => [
      wit,
      new Map([...all].filter(([name, type]) => canEcho(type) && !name.startsWith("["))),
    ]),
  );
  const component = await echoComponent(engine, functions, rest);
  return { store: new Store(engine, undefined), component, linker };
}

test("a world of such interfaces, and its own functions", async () => {
  const same = <T>(value: T): T => value;
  const host = {
    promise: { promise: same },
    map: { map: same },
    error: {
      error(code: number) {
        if (code === 0) throw new ComponentError("none");
        return code;
      },
    },
    undefined: { undefined: same },
    globalThis: { globalThis: same },
    string: { string: same },
    uint8Array: { uint8Array: same },
    arguments: { arguments: same },
    nan: same,
    this: same,
    instance: same,
  } as unknown as PromiseWorldImports;
  const { store, component, linker } = await guestFor(PromiseWorld.addToLinker, host);
  const guest = PromiseWorld.instantiate(store, component, linker);
  expect(guest.promise.promise(1)).toBe(1);
  expect(guest.map.map(new Map([["a", 1]]))).toEqual(new Map([["a", 1]]));
  expect(guest.error.error(1)).toBe(1);
  expect(thrownBy(() => guest.error.error(0))).toMatchObject({ payload: "none" });
  expect([guest.undefined.undefined(undefined), guest.undefined.undefined(0)]).toEqual([undefined, 0]);
  expect(guest.globalThis.globalThis(2)).toBe(2);
  expect(guest.string.string("s")).toBe("s");
  expect(guest.uint8Array.uint8Array(Uint8Array.of(1))).toEqual(Uint8Array.of(1));
  expect(guest.arguments.arguments(3)).toBe(3);
  expect([guest.nan(Number.NaN), guest.this(4), guest.instance(Uint8Array.of(5))]).toEqual([
    Number.NaN,
    4,
    Uint8Array.of(5),
  ]);
});

test("constants of such names, all in one file", async () => {
  class Resource implements single.Map {
    get(value: number): number {
      return value;
    }
    [Symbol.dispose](): void {}
  }
  const host: single.ShadowsSingleImports = {
    promise: {
      Map: Resource,
      promise: (value, type) => (type === single.Types.Types ? value : single.Object.Error),
      reject(value, array) {
        expect(array).toBe(single.Array.Object);
        if (value === single.Symbol.Dispose) throw new ComponentError({ promise: true, string: false });
        return value;
      },
      all: (value) => [value, { constructor: 1, valueOf: undefined }],
    },
    undefined: { undefined: (value) => value },
    object: { create: (value) => value },
    globalThis: { object: (value) => value },
    error: (value) => {
      if (value === single.Uint8Array.Undefined) throw new ComponentError(value);
      return Uint8Array.of(1);
    },
    this: (value) => value,
  };
  const { store, component, linker } = await guestFor(single.ShadowsSingle.addToLinker, host);
  const guest = single.ShadowsSingle.instantiate(store, component, linker);
  expect(guest.promise.promise("map", "types")).toBe("map");
  expect(guest.promise.reject("async-dispose", "object")).toBe("async-dispose");
  expect(thrownBy(() => guest.promise.reject("dispose", "object"))).toMatchObject({
    payload: { promise: true, string: false },
  });
  expect(guest.promise.all({ constructor: 7, valueOf: "t" })).toEqual([
    { constructor: 7, valueOf: "t" },
    { constructor: 1, valueOf: undefined },
  ]);
  expect([guest.undefined.undefined(undefined), guest.undefined.undefined("nan")]).toEqual([
    undefined,
    "nan",
  ]);
  expect(guest.object.create(Uint8Array.of(2))).toEqual(Uint8Array.of(2));
  expect(guest.globalThis.object(new Map([["a", 1]]))).toEqual(new Map([["a", 1]]));
  expect(guest.error("bytes")).toEqual(Uint8Array.of(1));
  expect(thrownBy(() => guest.error("undefined"))).toMatchObject({ payload: "undefined" });
  expect(guest.this(8)).toBe(8);
});
