/** The pool against a model of it: whatever the order of things, it counts right, and hands out nothing that is in use. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Demand } from "../../../src/runtime/demand.ts";
import { LimitError } from "../../../src/runtime/index.ts";
import { type Allocation, InstanceAllocator } from "../../../src/runtime/pool/instance-allocator.ts";
import { resolvePooling } from "../../../src/runtime/pool/pooling-config.ts";

const demand: fc.Arbitrary<Demand> = fc.record({
  instances: fc.nat(3),
  memories: fc.array(
    fc
      .tuple(fc.nat(2), fc.constantFrom(undefined, 2n, 3n))
      .map(([pages, max]) => ({ index: 0, min: BigInt(pages), max, is64: false })),
    { maxLength: 3 },
  ),
  tables: fc.constant([]),
  heap: fc.constant(0),
});

type Step =
  | { readonly do: "allocate"; readonly demand: Demand }
  | { readonly do: "write" | "grow" | "free"; readonly which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("allocate" as const), demand }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("write", "grow", "free"), which: fc.nat() }) },
);

const TOTALS = { totalComponentInstances: 6, totalCoreInstances: 9, totalMemories: 7, totalTables: 1 };

it("holds what it says", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(4), (steps, maxUnusedWarmSlots) => {
      const allocator = new InstanceAllocator(resolvePooling({ ...TOTALS, maxUnusedWarmSlots }));
      const live: Allocation[] = [];
      const sum = (of: (demand: Demand) => number) =>
        live.reduce((total, { demand }) => total + of(demand), 0);
      const expectCounts = () =>
        expect(allocator.metrics).toMatchObject({
          componentInstances: live.length,
          coreInstances: sum(({ instances }) => instances),
          memories: sum(({ memories }) => memories.length),
          tables: 0,
        });
      for (const step of steps) {
        if (step.do === "allocate") {
          const fits =
            live.length < TOTALS.totalComponentInstances &&
            sum(({ instances }) => instances) + step.demand.instances <= TOTALS.totalCoreInstances &&
            sum(({ memories }) => memories.length) + step.demand.memories.length <= TOTALS.totalMemories;
          if (!fits) {
            expect(() => allocator.allocate(step.demand)).toThrow(LimitError);
            expectCounts();
            continue;
          }
          const made = allocator.allocate(step.demand);
          const inUse = new Set(live.flatMap(({ memories }) => memories));
          for (const [i, memory] of made.memories.entries()) {
            expect(inUse.has(memory)).toBe(false);
            inUse.add(memory);
            expect(BigInt(memory.buffer.byteLength)).toBe((step.demand.memories[i]?.min ?? -1n) * 65_536n);
            expect(Buffer.from(memory.buffer).every((byte) => byte === 0)).toBe(true);
          }
          live.push(made);
        } else if (live.length > 0) {
          const index = step.which % live.length;
          const chosen = live[index] as Allocation;
          for (const memory of chosen.memories) {
            if (step.do === "write") new Uint8Array(memory.buffer).fill(0xa5);
            else if (step.do === "grow" && memory.buffer.byteLength < 2 * 65_536) memory.grow(1);
          }
          if (step.do === "free") {
            live.splice(index, 1);
            const allocations = [chosen];
            allocator.free(allocations);
            allocator.free(allocations);
          }
        }
        expectCounts();
        expect(allocator.metrics.unusedWarmMemories).toBeLessThanOrEqual(maxUnusedWarmSlots);
      }
    }),
    { numRuns: 60 },
  );
});
