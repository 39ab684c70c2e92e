/** What rules wrap around functions, for those that return promises too, which no store can run yet. */
import { expect, test } from "vitest";
import {
  fromResult,
  fromResultAsync,
  mapErrors,
  mapErrorsAsync,
  resultMembers,
  toResult,
  toResultAsync,
  traced,
  tracedCall,
} from "../../../src/runtime/bindings.ts";
import { ComponentError, type TracedCall, type TracedOutcome } from "../../../src/runtime/index.ts";

const mistake = new Error("a mistake");
const fail = (error: unknown) => (): never => {
  throw error;
};

test("a result, as what is returned or thrown", async () => {
  const half = (n: number) =>
    n % 2 === 0 ? { tag: "ok" as const, val: n / 2 } : { tag: "err" as const, val: "odd" };
  expect(fromResult(half)(4)).toBe(2);
  expect(() => fromResult(half)(3)).toThrow(expect.objectContaining({ payload: "odd" }));
  expect(await fromResultAsync(async (n: number) => half(n))(4)).toBe(2);
  await expect(fromResultAsync(async (n: number) => half(n))(3)).rejects.toEqual({ payload: "odd" });
  await expect(fromResultAsync(async () => "no result" as never)()).rejects.toThrow(TypeError);
});

test("what is returned or thrown, as a result", async () => {
  expect(toResult(() => 1)).toEqual({ tag: "ok", val: 1 });
  expect(toResult(fail(new ComponentError("odd")))).toEqual({ tag: "err", val: "odd" });
  expect(() => toResult(fail(mistake))).toThrow(mistake);
  expect(await toResultAsync(async () => 1)).toEqual({ tag: "ok", val: 1 });
  expect(await toResultAsync(async () => fail(new ComponentError("odd"))())).toEqual({
    tag: "err",
    val: "odd",
  });
  await expect(toResultAsync(async () => fail(mistake)())).rejects.toBe(mistake);
});

test("errors are mapped, but errs", async () => {
  const map = (error: unknown): string | undefined => (error instanceof RangeError ? "range" : undefined);
  const [range, err] = [new RangeError(), { payload: "already" }];
  const asyncly = (error: unknown) => mapErrorsAsync(map, async () => fail(error)())();
  expect(() => mapErrors(map, fail(range))()).toThrow(expect.objectContaining({ payload: "range" }));
  expect(() => mapErrors(map, fail(mistake))()).toThrow(mistake);
  await expect(asyncly(range)).rejects.toMatchObject({ payload: "range" });
  await expect(asyncly(err)).rejects.toBe(err);
  await expect(asyncly(mistake)).rejects.toBe(mistake);
  expect(await mapErrorsAsync(map, async (n: number) => n)(1)).toBe(1);
});

test("a traced call ends when its promise does", async () => {
  const events: unknown[] = [];
  const tracer = {
    enter: ({ name }: TracedCall) => {
      events.push(name);
      return (outcome: TracedOutcome) => events.push(outcome);
    },
  };
  const fn = async (_caller: unknown, n: number): Promise<number> => {
    events.push("runs");
    if (n < 0) throw mistake;
    return n;
  };
  expect(await traced(tracer, "f", fn)(undefined, 1)).toBe(1);
  await expect(traced(tracer, "f", fn)(undefined, -1)).rejects.toBe(mistake);
  expect(events).toEqual([
    "f",
    "runs",
    { kind: "returned", value: 1 },
    "f",
    "runs",
    { kind: "threw", error: mistake },
  ]);
  expect(traced(undefined, "f", fn)).toBe(fn);
  const silent = { enter: () => {} };
  expect(tracedCall(silent, { name: "f", side: "export", args: [] }, () => 2)).toBe(2);
});

test("members of a class return results, however many clients ask for it", () => {
  class Guest {
    static open(name: string): string {
      if (name === "") throw new ComponentError("no name");
      return name;
    }
    next(): number {
      throw new ComponentError("end");
    }
  }
  expect(resultMembers(resultMembers(Guest, ["next"], ["open"]), ["next"], ["open"])).toBe(Guest);
  expect([Guest.open("a"), Guest.open("")]).toEqual([
    { tag: "ok", val: "a" },
    { tag: "err", val: "no name" },
  ]);
  expect(new Guest().next()).toEqual({ tag: "err", val: "end" });
});
