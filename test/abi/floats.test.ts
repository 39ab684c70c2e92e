/**
 * NaN: there is one of it in the component model. Which bits a guest is given for it is for the host to choose
 * (CanonicalABI.md, `maybe_scramble_nan32`), as long as they are a NaN's.
 */
import { describe, expect, it } from "vitest";
import * as types from "../../src/model/types.ts";
import { lifted, lowered, Machine, roundTrip } from "./harness.ts";

/** Quiet and signalling, with and without a sign and a payload. */
const nans32 = [0x7fc0_0000, 0x7fa0_0000, 0xffff_ffff, 0x7f80_0001];
const nans64 = [
  0x7ff8_0000_0000_0000n,
  0x7ff4_0000_0000_0000n,
  0xffff_ffff_ffff_ffffn,
  0x7ff0_0000_0000_0001n,
];

describe("a NaN of any bits", () => {
  it.each(nans32)("is NaN to the host: f32 %i", (bits) => {
    const machine = new Machine();
    machine.view.setUint32(64, bits, true);
    machine.view.setUint32(68, bits, true);
    const seen: unknown[] = [];
    const see = (value: unknown) => {
      seen.push(value);
    };
    lowered(machine, types.func([["v", types.list(types.f32)]]), see)(64, 2);
    lowered(machine, types.func([["v", types.list(types.tuple([types.f32]))]]), see)(64, 2);
    expect(seen).toEqual([Float32Array.of(Number.NaN, Number.NaN), [[Number.NaN], [Number.NaN]]]);
  });

  it.each(nans64)("is NaN to the host: f64 %i", (bits) => {
    const machine = new Machine();
    machine.view.setBigUint64(64, bits, true);
    const seen: unknown[] = [];
    const see = (value: unknown) => {
      seen.push(value);
    };
    lowered(machine, types.func([["v", types.list(types.f64)]]), see)(64, 1);
    lowered(machine, types.func([["v", types.list(types.tuple([types.f64]))]]), see)(64, 1);
    const either = types.variant([
      ["f", types.f64],
      ["i", types.u64],
    ]);
    lowered(machine, types.func([["v", either]]), see)(0, BigInt.asIntN(64, bits));
    expect(seen).toEqual([Float64Array.of(Number.NaN), [[Number.NaN]], { tag: "f", val: Number.NaN }]);
  });
});

describe("a NaN of the host's", () => {
  it("is a NaN to the guest, in registers and in memory", () => {
    const machine = new Machine();
    const type = types.func([
      ["a", types.f32],
      ["b", types.f64],
      ["c", types.list(types.tuple([types.f32, types.f64]))],
      ["d", types.list(types.f32)],
      [
        "e",
        types.option(
          types.variant([
            ["f", types.f32],
            ["i", types.s64],
          ]),
        ),
      ],
    ]);
    let cores: (number | bigint)[] = [];
    const core = (...args: (number | bigint)[]) => {
      cores = args;
      return undefined;
    };
    const { NaN: nan } = Number;
    lifted(machine, type, core)(nan, nan, [[nan, nan]], Float32Array.of(nan), { tag: "f", val: nan });
    const [a, b, c, , d, , some, tag, bits] = cores.map(Number);
    expect([a, b, some, tag]).toEqual([nan, nan, 1, 0]);
    const { view } = machine;
    expect(view.getFloat32(c ?? 0, true)).toBeNaN();
    expect(view.getFloat64((c ?? 0) + 8, true)).toBeNaN();
    expect(view.getFloat32(d ?? 0, true)).toBeNaN();
    expect(bits).toBe(0x7fc0_0000);
  });

  it("comes back as NaN, and the other special values as they are", () => {
    const values = [Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE];
    for (const value of values) {
      expect(roundTrip(types.f64, value).back).toBe(value);
      expect(roundTrip(types.f32, Math.fround(value)).back).toBe(Math.fround(value));
      expect(roundTrip(types.list(types.tuple([types.f64])), [[value]]).back).toEqual([[value]]);
    }
  });
});
