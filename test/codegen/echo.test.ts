/**
 * Golden bindings against real guests: values of every type go from a client through a guest to a host, and what the host
 * answers comes back.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { memberNames } from "../../src/model/name-scope.ts";
import type { FuncType, ValueType } from "../../src/model/value-type.ts";
import { ComponentError, Engine, Linker, Store } from "../../src/runtime/index.ts";
import { valuesOf } from "../support/arbitrary.ts";
import { canEcho } from "./echo-guest.ts";
import { echoComponent, type GoldenInterface, goldenWorld, linked } from "./golden-modules.ts";
import { goldenCases, goldenOptions } from "./goldens.ts";

const RUNS = 12;

/** Worlds whose bindings are as the WIT says: rules, and what is in one file, have tests of their own. */
const plain = goldenCases.filter((name) => {
  const { rules, layout } = goldenOptions(name);
  return rules === undefined && layout !== "single";
});

/** Worlds with functions that a guest can hand on: those that are both imported and exported. */
const echoing = new Map<string, number>();

test.each(plain)("%s", async (name) => {
  const { imports, exports } = await goldenWorld(name);
  for (const imported of imports) {
    const exported = exports.find((item) => item.wit === imported.wit);
    const calls = exported === undefined ? 0 : await echo(imported, exported);
    if (calls > 0) echoing.set(name, calls + (echoing.get(name) ?? 0));
  }
});

test("many worlds were run", () => {
  expect(echoing.size).toBeGreaterThanOrEqual(24);
  expect([...echoing.values()].reduce((a, b) => a + b)).toBeGreaterThan(1000);
});

/** Calls each function of the exported interface; returns how many calls there were. */
async function echo({ wit, addToLinker }: GoldenInterface, { Client }: GoldenInterface): Promise<number> {
  if (addToLinker === undefined || Client === undefined) return 0;
  const rest = linked(addToLinker);
  const all = rest.functions.get(wit) ?? new Map<string, FuncType>();
  const free = [...all].filter(([name]) => !name.startsWith("["));
  const names = memberNames(free.map(([name]) => name));
  const functions = new Map(free.filter(([, type]) => canEcho(type)));
  if (functions.size === 0) return 0;

  const engine = new Engine();
  const linker = new Linker<object>(engine);
  const host = new Answering();
  addToLinker(linker, () => host.functions);
  const component = await echoComponent(engine, new Map([[wit, functions]]), rest);
  const client = new Client(linker.instantiate(new Store(engine, {}), component));
  let calls = 0;
  for (const [i, [name, type]] of free.entries()) {
    if (!functions.has(name)) continue;
    for (const [args, answer] of samples(type)) {
      host.answer = { type: type.result, value: answer };
      const got = outcome(type.result, () => client[names[i] ?? ""]?.(...args));
      expect(host.seen, name).toEqual(args);
      expect(got, name).toEqual(answer);
      calls += 1;
    }
  }
  return calls;
}

function samples(type: FuncType): [unknown[], unknown][] {
  const args = fc.tuple(...type.params.map((param) => valuesOf(param.type)));
  const answer = type.result === undefined ? fc.constant(undefined) : valuesOf(type.result);
  return fc.sample(fc.tuple(args, answer), { numRuns: RUNS, seed: 7 });
}

/** A host with every function, that notes its arguments and answers what it is told to. */
class Answering {
  seen: unknown[] = [];
  answer: { readonly type: ValueType | undefined; readonly value: unknown } | undefined;
  readonly functions: object = new Proxy(
    {},
    {
      get:
        () =>
        (...args: unknown[]): unknown => {
          this.seen = args;
          const { type, value } = this.answer ?? {};
          if (type?.kind !== "result") return value;
          const { tag, val } = value as { tag: string; val: unknown };
          if (tag === "err") throw new ComponentError(val);
          return val;
        },
    },
  );
}

/** What `call` returns, or for a `result` what it returned or threw, as a value. */
function outcome(type: ValueType | undefined, call: () => unknown): unknown {
  if (type?.kind !== "result") return call();
  try {
    return { tag: "ok", val: call() };
  } catch (error) {
    if (!(error instanceof ComponentError)) throw error;
    return { tag: "err", val: error.payload };
  }
}
