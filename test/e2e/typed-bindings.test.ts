/**
 * Generated bindings with guests in C: freshly generated, compiled with TypeScript at its strictest together with typed
 * code that uses them (`test/fixtures/typed-guests/`), and run.
 */
import { copyFile, mkdir, rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { generate, writeBindings } from "../../src/index.ts";
import { compile } from "../codegen/compile.ts";
import { readGuest } from "./sides.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const worlds = ["inventory", "vault", "versions"] as const;

const folder = (world: string): string => `${root}.tmp/typed-guests/${world}`;

beforeAll(async () => {
  await rm(`${root}.tmp/typed-guests`, { recursive: true, force: true });
  for (const world of worlds) {
    const out = `${folder(world)}/bindings`;
    await mkdir(out, { recursive: true });
    await writeBindings(await generate({ wit: `${root}test/guests/wit/${world}.wit`, world }), out);
    await copyFile(`${root}test/fixtures/typed-guests/${world}.ts`, `${folder(world)}/use.ts`);
  }
});

/** What the typed code has found out, running the guest. */
async function run(world: string): Promise<Record<string, unknown>> {
  const path = pathToFileURL(`${folder(world)}/use.ts`).href;
  const module = (await import(/* @vite-ignore */ path)) as {
    run(bytes: Uint8Array): Record<string, unknown>;
  };
  return module.run(readGuest(world));
}

test("compile at TypeScript's strictest, with the code that uses them", async () => {
  expect(await compile(`${root}.tmp/typed-guests`, { include: ["*/**/*.ts"] })).toEqual([]);
});

describe("run", () => {
  test("resources both ways, in two stores", async () => {
    expect(await run("vault")).toEqual({
      none: undefined,
      moved: [50n, 5n],
      insufficient: 1n,
      transfer: [12n, 13n],
      richest: "bob",
      balance: 30n,
      sameJournal: true,
      lines: ["opened for ann", "+50", "-20", "bob has 13"],
      audit: 4,
      refused: ["ValueError", "ValueError"],
      liquidated: 6,
      live: [0, 0],
      outstanding: 0,
      ended: [["ann's"], []],
    });
  });

  test("several versions of one package", async () => {
    expect(await run("versions")).toEqual({
      old: "reads 6",
      names: [
        ["Küche", "kelvin"],
        ["was at 4", "celsius"],
      ],
      summary: ["273.15", "no contact", "274.15"],
      series: [0, 0.5, 1],
      ended: ["old abc", "old four"],
      endedAfterwards: ["old abc", "old four", "new was at 4"],
    });
  });

  test("exported interfaces whose types both sides use", async () => {
    expect(await run("inventory")).toEqual({
      names: ["apple"],
      count: 3,
      sums: [3, 0],
      survey: [["apple"], "not-found"],
      opposite: { fragile: true, keepCold: true, heavy: false },
      total: [7n, 0.5],
      notes: ["found apple"],
    });
  });
});
