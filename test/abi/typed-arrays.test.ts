/** A list that is a typed array is what its elements are, whatever its properties and its class say. */
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { BadValue } from "../../src/abi/faults.ts";
import { findMismatch } from "../../src/abi/value-check.ts";
import * as types from "../../src/model/types.ts";
import { Failure, lifted, Machine } from "./harness.ts";

const LIST = types.list(types.u8);

/** What a guest finds where it was told to look, and in the bytes behind that. */
function pass(value: unknown): { given: number[]; behind: number[] } {
  const machine = new Machine();
  let found: { given: number[]; behind: number[] } | undefined;
  const call = lifted(machine, types.func([["v", LIST]]), (pointer, length) => {
    const bytes = new Uint8Array(machine.memory.buffer);
    const end = Number(pointer) + Number(length);
    found = { given: [...bytes.subarray(Number(pointer), end)], behind: [...bytes.subarray(end, end + 64)] };
    return undefined;
  });
  call(value);
  if (found === undefined) throw new Error("the guest was not called");
  return found;
}

function thrown(value: unknown): unknown {
  try {
    pass(value);
    return undefined;
  } catch (error) {
    return error instanceof Failure ? error.error : error;
  }
}

class Short extends Uint8Array {
  override get length(): number {
    return 1;
  }
}

class Other extends Uint8Array {
  override get [Symbol.toStringTag](): "Uint8Array" {
    return "Float64Array" as "Uint8Array";
  }
}

const nothing = new Array(64).fill(0);

describe("counts as what it is", () => {
  test.each<[string, unknown]>([
    ["an ordinary one", Uint8Array.of(1, 2, 3)],
    ["of another realm", runInNewContext("Uint8Array.of(1, 2, 3)")],
    ["of Node", Buffer.from([1, 2, 3])],
    ["one whose class has a length of its own", Short.of(1, 2, 3)],
    [
      "one that has a length of its own",
      Object.defineProperty(Uint8Array.of(1, 2, 3), "length", { value: 200_000 }),
    ],
    ["one whose class says it is another", Other.of(1, 2, 3)],
  ])("%s", (_, value) => {
    expect(pass(value)).toEqual({ given: [1, 2, 3], behind: nothing });
    expect(findMismatch(LIST, value)).toBeUndefined();
  });
});

describe("is none", () => {
  let reads = 0;
  test.each<[string, unknown]>([
    ["an object with its prototype", Object.create(Uint8Array.prototype)],
    [
      "an object with its prototype, and a length that changes",
      Object.create(Uint8Array.prototype, { length: { get: () => reads++ } }),
    ],
    [
      "a view that says it is one",
      Object.defineProperty(new DataView(new ArrayBuffer(3)), Symbol.toStringTag, { value: "Uint8Array" }),
    ],
    ["another typed array", Uint16Array.of(1, 2, 3)],
  ])("%s", (_, value) => {
    expect(thrown(value)).toBeInstanceOf(BadValue);
    expect(findMismatch(LIST, value)).toBeDefined();
  });
});
