/** For random types and values, lowering and then lifting is the identity, in every string encoding. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StringEncoding } from "../../src/abi/strings.ts";
import * as types from "../../src/model/types.ts";
import { typedValue } from "../arbitrary.ts";
import { roundTrip } from "./harness.ts";

const encodings: readonly StringEncoding[] = ["utf8", "utf16", "latin1+utf16"];

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
});
