/** What a guest may not do: each `trap_if` of the canonical ABI that lifting and lowering can meet. */
import { describe, expect, it } from "vitest";
import { AbiFault, type FaultCode } from "../../src/abi/faults.ts";
import * as types from "../../src/model/types.ts";
import type { ValueType } from "../../src/model/value-type.ts";
import { Failure, lifted, lowered, Machine, type MachineOptions } from "./harness.ts";

/** Calls a host function `func(value: type)` with core values that a guest chose. */
function pass(
  type: ValueType,
  cores: (number | bigint)[],
  options: MachineOptions & { prepare?: (machine: Machine) => void } = {},
): unknown {
  const machine = new Machine();
  options.prepare?.(machine);
  let seen: unknown;
  const low = lowered(
    machine,
    types.func([["value", type]]),
    (value: unknown) => {
      seen = value;
    },
    options,
  );
  low(...cores);
  return seen;
}

function fault(run: () => unknown): { code: FaultCode; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure && error.error instanceof AbiFault) {
      return { code: error.error.faultCode, message: error.error.message };
    }
    throw error;
  }
  throw new Error("did not fail");
}

const PAGE = 65_536;

describe("strings", () => {
  it.each([
    ["beyond the end", [PAGE - 2, 3]],
    ["at an address beyond 2 GiB", [-8, 4]],
    ["longer than any string may be", [0, -1]],
    ["with an end that wraps around", [-1, 2]],
  ])("%s", (_, cores) => {
    expect(fault(() => pass(types.string, cores))).toMatchObject({ code: "abi" });
  });

  it("may end where the memory ends, and may be empty there", () => {
    expect(pass(types.string, [PAGE - 3, 3])).toBe("\0\0\0");
    expect(pass(types.string, [PAGE, 0])).toBe("");
    expect(fault(() => pass(types.string, [PAGE + 1, 0])).code).toBe("abi");
  });

  const bytes = (...values: number[]) => ({
    prepare: (machine: Machine) => new Uint8Array(machine.memory.buffer).set(values, 64),
  });

  it.each([
    ["a lone continuation byte", [0x80]],
    ["an overlong encoding", [0xc0, 0x80]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a value beyond Unicode", [0xf4, 0x90, 0x80, 0x80]],
    ["a cut-off sequence", [0x61, 0xe2, 0x82]],
  ])("that are not UTF-8: %s", (_, values) => {
    expect(fault(() => pass(types.string, [64, values.length], bytes(...values)))).toEqual({
      code: "abi",
      message: "invalid utf-8 sequence in a string",
    });
    const padded = [...Buffer.from("x".repeat(40)), ...values];
    expect(fault(() => pass(types.string, [64, padded.length], bytes(...padded))).code).toBe("abi");
  });

  it("that hold U+FFFD, or a byte order mark, are as valid as any", () => {
    for (const text of ["\uFFFD", "\uFEFFx", `${"a".repeat(30)}\uFFFD`]) {
      const encoded = Buffer.from(text);
      expect(pass(types.string, [64, encoded.length], bytes(...encoded))).toBe(text);
    }
  });

  it("in UTF-16 are checked likewise", () => {
    const utf16 = (...units: number[]) => ({
      ...bytes(...new Uint8Array(Uint16Array.from(units).buffer)),
      encoding: "utf16" as const,
    });
    expect(pass(types.string, [64, 2], utf16(0xd83d, 0xde00))).toBe("\u{1F600}");
    expect(fault(() => pass(types.string, [64, 1], utf16(0xd83d))).message).toMatch(/utf-16/);
    expect(fault(() => pass(types.string, [65, 1], utf16(0x61))).message).toMatch(/not aligned/);
    const tagged = 0x8000_0001 | 0;
    expect(pass(types.string, [64, tagged], { ...utf16(0x20ac), encoding: "latin1+utf16" })).toBe("\u20ac");
    expect(pass(types.string, [64, 1], { ...bytes(0xe9), encoding: "latin1+utf16" })).toBe("\u00e9");
  });
});

describe("lists", () => {
  it.each([
    ["not aligned", types.u32, [2, 1]],
    ["not aligned, though empty", types.u64, [4, 0]],
    ["beyond the end", types.u8, [PAGE - 1, 2]],
    ["longer than any list may be", types.u8, [0, 2 ** 28]],
    ["whose length in bytes wraps around", types.u64, [0, 0x2000_0001]],
    ["of records, beyond the end", types.tuple([types.u8, types.u32]), [PAGE - 8, 2]],
  ] as const)("%s", (_, element, cores) => {
    expect(fault(() => pass(types.list(element), [...cores])).code).toBe("abi");
  });
});

describe("other values", () => {
  it("discriminants", () => {
    for (const type of [
      types.option(types.u8),
      types.result(types.u8),
      types.variant([["a"], ["b", types.u8]]),
    ]) {
      expect(fault(() => pass(type, [2, 0]))).toEqual({ code: "abi", message: "unexpected discriminant: 2" });
      expect(fault(() => pass(type, [-1, 0])).code).toBe("abi");
    }
    expect(fault(() => pass(types.enumeration(["a", "b"]), [2])).code).toBe("abi");
    expect(fault(() => pass(types.enumeration(["a", "b"]), [-1])).code).toBe("abi");
  });

  it("discriminants in memory", () => {
    const type = types.list(types.enumeration(["a", "b"]));
    const prepare = (machine: Machine) => machine.view.setUint8(64, 7);
    expect(fault(() => pass(type, [64, 1], { prepare })).code).toBe("abi");
    const option = types.list(types.option(types.u16));
    expect(fault(() => pass(option, [64, 1], { prepare })).code).toBe("abi");
  });

  it("chars", () => {
    for (const code of [0xd800, 0xdfff, 0x11_0000, -1]) {
      expect(fault(() => pass(types.char, [code])).code).toBe("abi");
    }
    expect(pass(types.char, [0x10_ffff])).toBe("\u{10ffff}");
  });

  it("any bits are a bool, and unused high bits are ignored", () => {
    expect(pass(types.bool, [2])).toBe(true);
    expect(pass(types.u8, [0x1ff])).toBe(0xff);
    expect(pass(types.s8, [0x1ff])).toBe(-1);
    expect(pass(types.s16, [0x1_8000])).toBe(-0x8000);
    expect(pass(types.u32, [-1])).toBe(0xffff_ffff);
    expect(pass(types.u64, [-1n])).toBe(2n ** 64n - 1n);
    expect(pass(types.flags(["a", "b"]), [0xfe])).toEqual({ a: false, b: true });
  });

  it("parameters in memory", () => {
    const func = types.func(Array.from({ length: 17 }, (_, i) => [`p${i}`, types.u32] as const));
    const low = lowered(new Machine(), func, () => undefined);
    expect(fault(() => low(2)).message).toMatch(/parameters: pointer not aligned/);
    expect(fault(() => low(PAGE - 64)).message).toMatch(/parameters: pointer out of bounds/);
    expect(low(PAGE - 68)).toBeUndefined();
  });

  it("results in memory", () => {
    const func = types.func([], types.tuple([types.u32, types.u32]));
    const low = lowered(new Machine(), func, () => [1, 2]);
    expect(fault(() => low(1)).message).toMatch(/result: pointer not aligned/);
    expect(fault(() => low(PAGE - 4)).message).toMatch(/result: pointer out of bounds/);
  });
});

describe("realloc", () => {
  const send = (pointer: number, value: unknown, type: ValueType) => {
    const machine = new Machine();
    machine.nextPointer = pointer;
    lifted(machine, types.func([["value", type]]), () => undefined)(value);
  };

  it("must return what was asked for", () => {
    expect(fault(() => send(1, Uint32Array.of(1), types.list(types.u32))).message).toMatch(/not aligned/);
    expect(fault(() => send(PAGE - 1, "ab", types.string)).message).toMatch(/out of bounds/);
    expect(fault(() => send(-1, "ab", types.string)).message).toMatch(/out of bounds/);
  });

  it.each([
    ["a string", types.string, "\u20ac", "utf16", [2, 2]],
    ["a string that is not latin1", types.string, "\u20ac", "latin1+utf16", [2, 2]],
    ["a string that is latin1", types.string, "\u00e9", "latin1+utf16", [2, 1]],
    ["an empty string", types.string, "", "utf8", [1, 0]],
    ["an empty list", types.list(types.u64), new BigUint64Array(), "utf8", [8, 0]],
    ["a list of numbers", types.list(types.u16), Uint16Array.of(1, 2, 3), "utf8", [2, 6]],
    ["a list of records", types.list(types.tuple([types.u8, types.u64])), [[1, 2n]], "utf8", [8, 16]],
    ["a map", types.map(types.u8, types.u32), new Map([[1, 2]]), "utf8", [4, 8]],
  ] as const)("is asked for the alignment and size of %s", (_, type, value, encoding, asked) => {
    const machine = new Machine();
    lifted(machine, types.func([["value", type]]), () => undefined, { encoding })(value);
    expect(machine.allocations).toEqual([asked]);
    for (const pointer of [PAGE + 1, asked[0] > 1 ? 1 : -1]) {
      machine.nextPointer = pointer;
      const lift = lifted(machine, types.func([["value", type]]), () => undefined, { encoding });
      expect(fault(() => lift(value))).toMatchObject({
        code: "abi",
        message: expect.stringMatching(/^realloc return: pointer (not aligned|out of bounds)/),
      });
    }
  });

  it("may return the end of memory for nothing at all", () => {
    expect(send(PAGE, "", types.string)).toBeUndefined();
    expect(send(PAGE, [], types.list(types.string))).toBeUndefined();
  });

  it("allocates parameters that do not fit in registers", () => {
    const machine = new Machine();
    const params = Array.from({ length: 17 }, (_, i) => [`p${i}`, i % 2 ? types.u8 : types.u64] as const);
    const lift = lifted(machine, types.func(params), () => undefined);
    lift(...params.map(([, type]) => (type === types.u8 ? 1 : 1n)));
    expect(machine.allocations).toEqual([[8, 17 * 8]]);
  });

  it("is not asked for more than a list or string may have", () => {
    const machine = new Machine();
    const list = lifted(machine, types.func([["value", types.list(types.u64)]]), () => undefined);
    const long = new Array<bigint>(2 ** 25);
    expect(() => list(long)).toThrow(/list is too long/);
    const text = lifted(machine, types.func([["value", types.string]]), () => undefined, {
      encoding: "utf16",
    });
    expect(() => text("x".repeat(2 ** 27))).toThrow(/string is too long/);
    const utf8 = lifted(machine, types.func([["value", types.string]]), () => undefined);
    expect(() => utf8("x".repeat(2 ** 28))).toThrow(/string is too long/);
    expect(machine.allocations).toEqual([]);
  });

  it("is asked for the exact size of a string, once", () => {
    const machine = new Machine();
    const lift = lifted(machine, types.func([["value", types.string]]), () => undefined);
    lift("abc");
    lift("a\u20ac");
    lift("x".repeat(100));
    expect(machine.allocations).toEqual([
      [1, 3],
      [1, 4],
      [1, 100],
    ]);
  });
});

describe("hostcall fuel", () => {
  it("stops a list of strings that all point to the same bytes", () => {
    const prepare = (machine: Machine) => {
      for (let i = 0; i < 1000; i++) {
        machine.view.setUint32(i * 8, 8192, true);
        machine.view.setUint32(i * 8 + 4, 50_000, true);
      }
    };
    const options = { prepare, hostcallFuel: 1_000_000 };
    expect(fault(() => pass(types.list(types.string), [0, 1000], options))).toMatchObject({
      code: "hostcall-fuel",
    });
    expect(pass(types.list(types.string), [0, 10], options)).toHaveLength(10);
  });

  it("counts what small elements become in the host", () => {
    const options = { hostcallFuel: 100_000 };
    expect(pass(types.list(types.u8), [0, 60_000], options)).toHaveLength(60_000);
    expect(fault(() => pass(types.list(types.bool), [0, 60_000], options)).code).toBe("hostcall-fuel");
    expect(fault(() => pass(types.list(types.tuple([types.u8])), [0, 10_000], options)).code).toBe(
      "hostcall-fuel",
    );
    const nested = types.list(types.fixedLengthList(types.bool, 1000));
    expect(fault(() => pass(nested, [0, 60], options)).code).toBe("hostcall-fuel");
  });

  it("is per call", () => {
    const machine = new Machine();
    const low = lowered(machine, types.func([["value", types.string]]), () => undefined, {
      hostcallFuel: 1000,
    });
    for (let i = 0; i < 10; i++) low(0, 900);
    expect(fault(() => low(0, 1001)).code).toBe("hostcall-fuel");
  });
});

describe("views of memory", () => {
  it("follow a memory that the callee has grown", () => {
    const machine = new Machine();
    const grow = () => {
      machine.memory.grow(1);
      const end = PAGE * 2 - 8;
      machine.view.setUint32(end, end, true);
      machine.view.setUint32(end + 4, 2, true);
      return end;
    };
    expect(lifted(machine, types.func([], types.list(types.u8)), grow)()).toHaveLength(2);
  });

  it("of the guest's own memory, handed back by a host, are refused when realloc has moved it", () => {
    const machine = new Machine();
    const own = new Uint8Array(machine.memory.buffer);
    const lift = lifted(machine, types.func([["value", types.list(types.u8)]]), () => undefined);
    expect(() => lift(own)).toThrow(/does not fit/);
  });
});

describe("may-leave", () => {
  it("holds while realloc and post-return run", () => {
    const machine = new Machine();
    const low = lowered(machine, types.func([]), () => undefined);
    const core = () => 8;
    const postReturn = () => low() as undefined;
    const lift = lifted(machine, types.func([], types.string), core, { postReturn });
    expect(fault(lift)).toMatchObject({ code: "cannot-enter" });
    expect(low.length).toBe(0);
  });
});
