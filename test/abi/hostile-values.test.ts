/** Whatever a guest passes, and has in its memory, the host gets a value of the WIT type, or the call ends in a fault. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AbiFault } from "../../src/abi/faults.ts";
import type { StringEncoding } from "../../src/abi/strings.ts";
import { findMismatch } from "../../src/abi/value-check.ts";
import { Flattening } from "../../src/model/flatten.ts";
import * as types from "../../src/model/types.ts";
import type { ValueType } from "../../src/model/value-type.ts";
import { typesOf, valueType } from "../support/arbitrary.ts";
import { Failure, lifted, lowered, Machine } from "./harness.ts";
import { TestResource } from "./test-resource.ts";

const encoding = fc.constantFrom<StringEncoding>("utf8", "utf16", "latin1+utf16");

/** Small numbers, which are often addresses, lengths and discriminants that pass; and any others. */
const i32 = fc.oneof(fc.nat({ max: 300 }), fc.constantFrom(0, 1, 8, 64, 65_535, 65_536), fc.integer());
const core = {
  i32,
  i64: fc.oneof(i32.map(BigInt), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  f32: fc.float(),
  f64: fc.double(),
} as const;

/** Small words at the start of the memory. */
const words = fc.array(fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 2000 }), i32), {
  minLength: 1,
  maxLength: 200,
});

function fill(machine: Machine, memory: readonly number[]): void {
  for (const [i, word] of memory.entries()) machine.view.setInt32(i * 4, word, true);
}

/** Runs `call`; true if it ended in a fault of the guest's. Any other error fails the test. */
function faults(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch (error) {
    if (error instanceof Failure && error.error instanceof AbiFault) return true;
    throw error;
  }
}

const HOSTCALL_FUEL = 1_000_000;

describe("core values out of the air", () => {
  it("are values of the type, or a fault, as arguments of a host function", () => {
    const flattening = new Flattening();
    const arbitrary = valueType.chain((type) => {
      const flat = flattening.signature(types.func([["v", type]]), "lower").params;
      return fc.tuple(fc.constant(type), fc.tuple(...flat.map((kind) => core[kind])));
    });
    let passed = 0;
    fc.assert(
      fc.property(arbitrary, words, encoding, ([type, cores], memory, encoding) => {
        const machine = new Machine();
        fill(machine, memory);
        const host = (value: unknown) => {
          passed++;
          expect(findMismatch(type, value)).toBeUndefined();
        };
        const options = { encoding, hostcallFuel: HOSTCALL_FUEL };
        faults(() => lowered(machine, types.func([["v", type]]), host, options)(...(cores as number[])));
      }),
      { numRuns: 1500 },
    );
    expect(passed).toBeGreaterThan(100);
  });

  it("are values of the type, or a fault, as the result of a guest", () => {
    let passed = 0;
    const run = (type: ValueType, answer: number | bigint, memory: readonly number[]) => {
      const machine = new Machine();
      fill(machine, memory);
      const wrapped = types.tuple([type, types.u8]);
      const lift = lifted(machine, types.func([], wrapped), () => answer, { hostcallFuel: HOSTCALL_FUEL });
      faults(() => {
        const value = lift();
        passed++;
        expect(findMismatch(wrapped, value)).toBeUndefined();
      });
    };
    fc.assert(fc.property(valueType, i32, words, run), { numRuns: 1500 });
    expect(passed).toBeGreaterThan(100);
  });

  it("never reach a resource that was not given", () => {
    const thing = types.resource("thing");
    const runtime = new Untouchable("thing");
    const leaf = fc.constantFrom<ValueType>(types.own(thing), types.borrow(thing), types.u8);
    const cores = fc.array(i32, { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(typesOf(leaf), cores, words, (type, cores, memory) => {
        const func = types.func([["v", type]]);
        const flat = new Flattening().signature(func, "lower").params;
        const args = flat.map((kind, i) => (kind === "i64" ? BigInt(cores[i] ?? 0) : (cores[i] ?? 0)));
        const machine = new Machine();
        fill(machine, memory);
        const options = { resources: () => [runtime], hostcallFuel: HOSTCALL_FUEL };
        faults(() => lowered(machine, func, () => undefined, options)(...args));
      }),
      { numRuns: 500 },
    );
  });
});

/** Fails the test when a handle of it is lifted. */
class Untouchable extends TestResource {
  override toOwned(): never {
    throw new Error("a resource was reached");
  }
  override toBorrowed(): never {
    throw new Error("a resource was reached");
  }
}
