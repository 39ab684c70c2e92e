/** Handles that calls put into the table of a guest, lend and give back. */
import { describe, expect, it } from "vitest";
import { ResourceHandle } from "../../src/abi/handle-table.ts";
import * as types from "../../src/model/types.ts";
import type { FuncType, ValueType } from "../../src/model/value-type.ts";
import { Failure, lifted, lowered, Machine, type MachineOptions } from "./harness.ts";
import { TestResource } from "./test-resource.ts";

const thing = types.resource("thing");
const own = types.own(thing);
const borrow = types.borrow(thing);

function setUp() {
  const runtime = new TestResource("thing");
  const machine = new Machine();
  return { runtime, machine, options: { resources: () => [runtime] } };
}

function failure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
  throw new Error("did not fail");
}

describe("arguments of which a later one does not fit", () => {
  const many = Array.from({ length: 20 }, (_, i) => [`n${i}`, types.u8] as const);
  const ones = many.map(() => 1);
  it.each<[string, FuncType, unknown[]]>([
    [
      "in a case",
      types.func([
        ["a", own],
        ["b", borrow],
        ["c", types.option(own)],
      ]),
      ["bad"],
    ],
    ["in memory", types.func([["a", own], ["b", borrow], ...many]), [...ones.slice(1), "bad"]],
    [
      "in a list",
      types.func([
        ["a", own],
        ["b", borrow],
        ["c", types.list(own)],
      ]),
      [[{}, {}, "bad"]],
    ],
  ])("leave nothing behind, %s", (_, type, rest) => {
    const { runtime, machine, options } = setUp();
    let called = 0;
    const lift = lifted(machine, type, () => void called++, options);
    const [given, lent] = [{ name: "given" }, { name: "lent" }];
    for (let i = 0; i < 3; i++) {
      expect(failure(() => lift(given, lent, ...rest))).toMatch(/does not fit/);
    }
    expect(called).toBe(0);
    expect(machine.budget.live).toBe(0);
    expect(machine.instance.scope.borrows).toBe(0);
    expect(runtime.lent).toBe(0);
    expect(runtime.takenBack.filter((value) => value === given)).toHaveLength(3);
    expect(runtime.takenBack).not.toContain(lent);
    expect(runtime.dropped).toEqual([]);
  });
});

describe("an argument that does not fit is seen before anything is given for those ahead of it", () => {
  const named = types.record([
    ["name", types.string],
    ["at", types.tuple([types.string, types.char])],
  ]);
  it.each<[string, ValueType, fits: unknown, bad: unknown, allocations: number]>([
    ["a number", types.u32, 3, "bad", 2],
    ["a string", types.string, "c", 3, 3],
    ["a char", types.char, "c", "bad", 2],
    ["an enum", types.enumeration(["red", "green"]), "red", "bad", 2],
    ["flags", types.flags(["red", "green"]), { red: true }, { red: 1 }, 2],
    ["a record", named, { name: "x", at: ["y", "c"] }, { name: "x", at: ["y", "bad"] }, 4],
    ["a case of numbers", types.option(types.u32), 1, "bad", 2],
  ])("%s", (_, last, fits, bad, allocations) => {
    const { machine, options, runtime } = setUp();
    const type = types.func([
      ["a", types.string],
      ["b", types.list(types.u8)],
      ["c", own],
      ["d", last],
    ]);
    const lift = lifted(machine, type, () => undefined, options);
    expect(failure(() => lift("text", [1, 2], {}, bad))).toMatch(/does not fit/);
    expect(machine.allocations).toEqual([]);
    expect(machine.budget.live).toBe(0);
    expect(runtime.takenBack).toEqual([]);
    lift("text", [1, 2], {}, fits);
    expect(machine.budget.live).toBe(1);
    expect(machine.allocations).toHaveLength(allocations);
  });
});

describe("a call of a guest", () => {
  it("gives it what it is passed, for good", () => {
    const { runtime, machine, options } = setUp();
    const given = {};
    let index = 0;
    const core = (handle: number | bigint) => {
      index = Number(handle);
      return undefined;
    };
    lifted(machine, types.func([["a", own]]), core, options)(given);
    expect(machine.instance.handles.get(index, runtime)).toMatchObject({ rep: given, own: true });
    expect(runtime.takenBack).toEqual([]);
    machine.instance.resourceDrop(runtime, index);
    expect(runtime.dropped).toEqual([given]);
  });

  it("can be lent several, among other arguments", () => {
    const { runtime, machine, options } = setUp();
    const type = types.func([
      ["a", borrow],
      ["b", types.string],
      ["c", borrow],
      ["d", types.list(borrow)],
    ]);
    const { instance } = machine;
    const drop = (...cores: (number | bigint)[]) => {
      const [a = 0, , , c = 0, list = 0] = cores.map(Number);
      expect(runtime.lent).toBe(3);
      for (const index of [a, c, machine.view.getUint32(list, true)]) instance.resourceDrop(runtime, index);
      return undefined;
    };
    lifted(machine, type, drop, options)({}, "text", {}, [{}]);
    expect(runtime.lent).toBe(0);
    expect(machine.budget.live).toBe(0);
  });

  it("lends until its end, by which the guest has to have dropped the handle", () => {
    const { runtime, machine, options } = setUp();
    const drop = (handle: number | bigint) => {
      expect(runtime.lent).toBe(1);
      expect(machine.instance.scope.borrows).toBe(1);
      machine.instance.resourceDrop(runtime, Number(handle));
      return undefined;
    };
    lifted(machine, types.func([["a", borrow]]), drop, options)({});
    expect(runtime.lent).toBe(0);
    const keep = lifted(machine, types.func([["a", borrow]]), () => undefined, options);
    expect(failure(() => keep({}))).toMatch(/borrow handles still remain/);
    expect(runtime.lent).toBe(0);
  });
});

describe("a call of the host", () => {
  it("is lent a handle, which cannot be dropped or given away meanwhile, and can be after", () => {
    const { runtime, machine, options } = setUp();
    const { instance } = machine;
    const rep = {};
    const index = instance.handles.add(new ResourceHandle(runtime, rep, true));
    const seen: unknown[] = [];
    const look = (value: unknown) => {
      seen.push(value);
      expect(() => instance.resourceDrop(runtime, index)).toThrow(/while borrowed/);
    };
    const low = lowered(
      machine,
      types.func([
        ["a", borrow],
        ["b", borrow],
      ]),
      look,
      options,
    );
    low(index, index);
    expect(seen).toEqual([rep]);
    const keep = lowered(
      machine,
      types.func([
        ["a", borrow],
        ["b", own],
      ]),
      () => undefined,
      options,
    );
    expect(failure(() => keep(index, index))).toMatch(/while borrowed/);
    const { lends } = instance.handles.get(index, runtime);
    expect(lends).toBe(1);
  });

  it("ends what it has been lent of a guest's resource, beside one of the host's", () => {
    const machine = new Machine();
    const ofHost = new TestResource("thing");
    const ofGuest = new TestResource("gadget", new Machine().instance);
    const gadget = types.borrow(types.resource("gadget"));
    const known = new Map([
      ["thing", ofHost],
      ["gadget", ofGuest],
    ]);
    const options: MachineOptions = {
      resources: (glue) => glue.resources.map(({ name }) => known.get(name) as TestResource),
    };
    const { handles } = machine.instance;
    const [a, b] = [{}, {}];
    const given = [
      handles.add(new ResourceHandle(ofHost, a, true)),
      handles.add(new ResourceHandle(ofGuest, b, true)),
    ];
    const seen: unknown[] = [];
    const look = (...values: unknown[]) => {
      seen.push(...values);
      expect(ofGuest.lent).toBe(1);
    };
    const type = types.func([
      ["a", borrow],
      ["b", gadget],
    ]);
    lowered(machine, type, look, options)(...given);
    expect(seen).toEqual([a, b]);
    expect(seen[0]).toBe(a);
    expect(ofGuest.lent).toBe(0);
    // Neither is lent any more.
    handles.remove(given[0] ?? 0, ofHost);
    handles.remove(given[1] ?? 0, ofGuest);
  });

  it("takes what it is passed", () => {
    const { runtime, machine, options } = setUp();
    const rep = {};
    const index = machine.instance.handles.add(new ResourceHandle(runtime, rep, true));
    let taken: unknown;
    const take = (value: unknown) => {
      taken = value;
    };
    const low = lowered(machine, types.func([["a", own]]), take, options);
    low(index);
    expect(taken).toBe(rep);
    expect(machine.budget.live).toBe(0);
    expect(failure(() => low(index))).toMatch(/unknown handle index/);
  });

  it("cannot take a handle that is only borrowed", () => {
    const { runtime, machine, options } = setUp();
    const index = machine.instance.handles.add(new ResourceHandle(runtime, {}, false));
    const low = lowered(machine, types.func([["a", own]]), () => undefined, options);
    expect(failure(() => low(index))).toMatch(/cannot lift own resource from a borrow/);
  });
});
