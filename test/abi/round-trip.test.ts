/** For random types and values, lowering and then lifting is the identity, in every string encoding. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ComponentError } from "../../src/abi/component-error.ts";
import type { StringEncoding } from "../../src/abi/strings.ts";
import * as types from "../../src/model/types.ts";
import type { ResourceType } from "../../src/model/value-type.ts";
import { typedValue, typesOf, valuesOf } from "../support/arbitrary.ts";
import { chain, roundTrip, sendThrough } from "./harness.ts";
import { TestResource } from "./test-resource.ts";

const encodings: readonly StringEncoding[] = ["utf8", "utf16", "latin1+utf16"];
const pairings = encodings.flatMap((from) => encodings.map((to) => [from, to] as const));

describe.each(encodings)("lower then lift, %s", (encoding) => {
  it("is the identity for a value on its own", () => {
    fc.assert(
      fc.property(typedValue, ([type, value]) => {
        const { seen, back } = roundTrip(type, value, { encoding });
        expect(seen).toEqual(value);
        expect(back).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it("is the identity for values in a list, and behind others", () => {
    fc.assert(
      fc.property(typedValue, typedValue, ([type, value], [other, first]) => {
        const list = types.list(types.tuple([other, type, other]));
        const values = [
          [first, value, first],
          [first, value, first],
        ];
        const { seen, back } = roundTrip(list, values, { encoding });
        expect(seen).toEqual(values);
        expect(back).toEqual(values);
      }),
      { numRuns: 200 },
    );
  });

  it("is the identity for any number of parameters, in registers and in memory", () => {
    fc.assert(
      fc.property(fc.array(typedValue, { minLength: 1, maxLength: 20, size: "max" }), (params) => {
        const values = params.map(([, value]) => value);
        const { seen, back } = sendThrough(
          params.map(([type]) => type),
          values,
          [{ encoding }],
        );
        expect(seen).toEqual(values);
        expect(back).toEqual(values);
      }),
      { numRuns: 40 },
    );
  });
});

describe.each(pairings)("from a component with %s to one with %s", (from, to) => {
  it("nothing is lost, there and back", () => {
    fc.assert(
      fc.property(typedValue, ([type, value]) => {
        const { seen, back } = sendThrough([type], [value], [{ encoding: from }, { encoding: to }]);
        expect(seen).toEqual([value]);
        expect(back).toEqual([value]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the result of a function", () => {
  const maybe = fc.option(typedValue, { nil: undefined });
  const call = (run: () => unknown) => {
    try {
      return { ok: run() };
    } catch (error) {
      if (error instanceof ComponentError) return { err: error.payload };
      throw error;
    }
  };

  it.each([1, 2])("is returned or thrown as the host did, through %i guests", (count) => {
    const guests = encodings.slice(0, count).map((encoding) => ({ encoding }));
    fc.assert(
      fc.property(maybe, maybe, fc.boolean(), (ok, err, succeeds) => {
        const type = types.func([], types.result(ok?.[0], err?.[0]));
        const { call: run } = chain(
          type,
          () => {
            if (!succeeds) throw new ComponentError(err?.[1]);
            return ok?.[1];
          },
          guests,
        );
        expect(call(run)).toEqual(succeeds ? { ok: ok?.[1] } : { err: err?.[1] });
      }),
      { numRuns: 150 },
    );
  });

  it.each([1, 2])("that is no result type is returned as it is, through %i guests", (count) => {
    const guests = encodings.slice(0, count).map((encoding) => ({ encoding }));
    fc.assert(
      fc.property(typedValue, ([type, value]) => {
        if (type.kind === "result") return;
        const { call: run } = chain(types.func([], type), () => value, guests);
        expect(run()).toEqual(value);
      }),
      { numRuns: 150 },
    );
  });
});

describe("owned resources", () => {
  const resource: ResourceType = types.resource("thing");
  const own = types.own(resource);
  const leaf = fc.oneof(fc.constant(own), fc.constantFrom(types.u8, types.string));
  const typedOwn = typesOf(leaf).chain((type) => valuesOf(type).map((value) => [type, value] as const));

  it("arrive as they were sent, wherever they are in a value, and leave no handle behind", () => {
    const runtime = new TestResource("thing");
    const resources = () => [runtime];
    fc.assert(
      fc.property(typedOwn, typedOwn, ([one, first], [other, second]) => {
        const sent = [first, second, { id: -1 }];
        const guests = [{ resources }, { resources, encoding: "utf16" as const }];
        const { seen, back, machines } = sendThrough([one, other, own], sent, guests);
        expect(seen).toEqual(sent);
        expect(back).toEqual(sent);
        expect(back[2]).toBe(sent[2]);
        expect(machines.map(({ budget }) => budget.live)).toEqual([0, 0]);
      }),
      { numRuns: 100 },
    );
  });
});
