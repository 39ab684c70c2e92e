/** The doctor: its guests, its attacks on each limit, and the process that it runs them in. */
import { describe, expect, test } from "vitest";
import { assembleCorpus } from "../../scripts/doctor-guests.ts";
import {
  corpus,
  examine,
  LIMITS,
  type Outcome,
  reportLimits,
  runsOf,
  supervise,
} from "../../src/doctor/index.ts";

const settings = { fuel: 3_000_000, timeout: 20, maxMemory: 2 ** 22, pooling: false };

test("the guests are those of their source", async () => {
  expect(corpus).toEqual(await assembleCorpus());
});

test("every limit is attacked", () => {
  expect(new Set(corpus.flatMap((attempt) => attempt.attacks))).toEqual(new Set(Object.keys(LIMITS)));
});

describe.each([false, true])("with pooling: %s", (pooling) => {
  test.each(runsOf(corpus).map((run) => [run.attempt.name, run.limit, run.attempt] as const))(
    "%s: %s holds",
    (_, limit, attempt) => {
      expect(examine(attempt, limit, { ...settings, pooling })).toMatchObject({ kind: "held" });
    },
  );
});

test("what ends as it should not has escaped", () => {
  const loop = corpus.find(({ name }) => name === "loop");
  const leftovers = corpus.find(({ name }) => name === "leftovers");
  if (loop === undefined || leftovers === undefined) throw new Error("no such guest");
  expect(examine({ ...loop, ends: ["returns"] }, "fuel", settings)).toEqual({
    kind: "escaped",
    reason: "it ended with out-of-fuel, not with returns",
  });
  expect(examine({ ...leftovers, ends: ["stopped"] }, "deadline", settings)).toEqual({
    kind: "escaped",
    reason: "it ended with returns, not with interrupt",
  });
});

describe("the process that the runs are in", () => {
  const runs = runsOf(corpus).slice(0, 4);
  const held = JSON.stringify({ kind: "held", code: "out-of-fuel", took: 1 });

  /** A process that does its runs by this text, in which `from` is the number of the first. */
  const outcomes = (text: string): Promise<readonly Outcome[]> =>
    supervise(runs, {
      command: (from) => [process.execPath, "-e", `const from = ${from}, held = '${held}'; ${text}`],
      patience: 1_000,
    });
  const kinds = async (text: string): Promise<string[]> =>
    (await outcomes(text)).map((outcome) => (outcome.kind === "escaped" ? outcome.reason : outcome.kind));

  test("may end well", async () => {
    expect(await kinds("for (let i = from; i < 4; i++) console.log(held)")).toEqual([
      "held",
      "held",
      "held",
      "held",
    ]);
  });

  test("may die of a guest: the next one does the rest", async () => {
    const text =
      "console.log(held); if (from === 0) process.exitCode = 7; else for (let i = from + 1; i < 4; i++) console.log(held)";
    expect(await kinds(text)).toEqual(["held", "it ended the process (7)", "held", "held"]);
  });

  test("may hang in a guest, and is killed", async () => {
    const text =
      "if (from === 0) { console.log(held); setInterval(() => {}, 1e6); } else for (let i = from; i < 4; i++) console.log(held)";
    expect(await kinds(text)).toEqual(["held", "it was not stopped within 1000 ms", "held", "held"]);
  });

  test("may not be there at all", async () => {
    const all = await supervise(runs.slice(0, 1), { command: () => ["/nowhere/node"], patience: 1_000 });
    expect(all).toEqual([{ kind: "escaped", reason: expect.stringMatching(/^it could not be run: /) }]);
  });
});

test("a limit holds if none has escaped, and if anything has tried", () => {
  const runs = runsOf(corpus).filter(({ limit }) => limit === "fuel");
  const held: Outcome = { kind: "held", code: "out-of-fuel", took: 1 };
  const fuel = (outcome: (index: number) => Outcome) =>
    reportLimits(
      runs,
      runs.map((_, index) => outcome(index)),
      settings,
    )[0];
  expect(fuel(() => held)).toMatchObject({
    limit: "fuel",
    holds: true,
    held: runs.length,
    attempts: runs.length,
  });
  expect(fuel((index) => (index === 0 ? { kind: "escaped", reason: "why" } : held))).toMatchObject({
    holds: false,
    escaped: [{ attempt: "loop", what: "loops", reason: "why" }],
  });
  expect(fuel((index) => (index === 0 ? { kind: "not here", reason: "why" } : held))).toMatchObject({
    holds: true,
    notHere: ["loop"],
  });
  expect(fuel(() => ({ kind: "not here", reason: "why" }))?.holds).toBe(false);
});
