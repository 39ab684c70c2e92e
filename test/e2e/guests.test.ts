/**
 * The same world, implemented in C and in JavaScript on two engines, under hostwright and under jco's transpilation: equal
 * results, equal errors, and equal calls of the host.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { buildJavaScript } from "../../scripts/guests.ts";
import { StorePoisonedError, Trap, ValueError } from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { callDesk, crate, inventoryCalls, inventoryHost } from "./inventory.ts";
import { readGuest, SIDES, underHostwright } from "./sides.ts";
import { runStep, vaultHost, vaultSteps } from "./vault.ts";

const LANGUAGES = ["C", "quickjs", "starlingmonkey"] as const;

async function guest(language: (typeof LANGUAGES)[number], name: string): Promise<Uint8Array> {
  if (language === "C") return readGuest(name);
  const [source, wit] = [`test/guests/js/${name}.js`, `test/guests/wit/${name}.wit`];
  const path = await buildJavaScript(`${name}-${language}`, { source, wit, world: name, backend: language });
  return readFileSync(path);
}

describe.each(LANGUAGES)("%s", (language) => {
  let inventory: Uint8Array;
  let vault: Uint8Array;

  beforeAll(async () => {
    inventory = await guest(language, "inventory");
    vault = await guest(language, "vault");
  });

  describe.each(Object.entries(SIDES))("under %s", (side, instantiate) => {
    test("records, variants, lists, options, flags and results, both ways", async () => {
      let log: unknown[] = [];
      const host = inventoryHost((entry) => log.push(entry));
      const exports = await instantiate(inventory, host);
      for (const [i, call] of inventoryCalls.entries()) {
        if (call.brokenIn === language) continue;
        log = [];
        const gives = callDesk(exports, call);
        expect({ gives, host: log }, `${call.func}, call ${i}`).toStrictEqual({
          gives: call.gives,
          host: call.host,
        });
      }
    });

    test("resources both ways: constructors, methods, statics, own and borrow", async () => {
      let log: string[] = [];
      const host = vaultHost((entry) => log.push(entry));
      const exports = await instantiate(vault, host);
      // When a resource of the host is dropped is the collector's to say in JavaScript.
      const exact = (entry: string): boolean => language === "C" || !entry.startsWith("drop ");
      for (const step of vaultSteps(exports, host["test:vault/journals"].Journal)) {
        if (step.brokenIn === language) continue;
        log = [];
        const gives = runStep(step);
        expect({ gives, host: log.filter(exact) }, step.name).toStrictEqual({
          gives: step.gives,
          host: step.host.filter(exact),
        });
      }
    });

    test("what a host throws that is not declared ends the call there, and the guest does not see it", async () => {
      const log: unknown[] = [];
      const { "test:inventory/store": store, ...others } = inventoryHost((entry) => log.push(entry));
      const boom = new RangeError("boom");
      const find = (query: { tag: string }): unknown => {
        if (query.tag === "by-care") throw boom;
        return (store as { find(query: unknown): unknown }).find(query);
      };
      const exports = await instantiate(inventory, { ...others, "test:inventory/store": { ...store, find } });
      const { survey, outstanding } = exports["test:inventory/desk@1.0.0"];
      const thrown = thrownBy(() => survey([{ tag: "all" }, { tag: "by-care", val: {} }, { tag: "all" }]));
      expect(log).toEqual([["find", { tag: "all" }]]);
      if (side === "jco") {
        expect(thrown).toBe(boom);
      } else {
        expect(thrown).toBeInstanceOf(Trap);
        expect(thrown).toMatchObject({ code: "host-error", cause: boom });
        expect(thrownBy(() => outstanding())).toBeInstanceOf(StorePoisonedError);
      }
    });
  });

  test("what a host returns against its type is a trap that names the place", () => {
    const { "test:inventory/store": store } = inventoryHost(() => {});
    const find = (): unknown => [crate, { ...crate, tags: ["fine", 3] }];
    const exports = underHostwright(inventory, { "test:inventory/store": { ...store, find } });
    const thrown = thrownBy(() => exports["test:inventory/desk@1.0.0"].search({ tag: "all" }));
    expect(thrown).toBeInstanceOf(Trap);
    expect(thrown).toMatchObject({
      code: "host-error",
      message: expect.stringMatching(
        /^test:inventory\/store\.find\(\) result: .*`\[1\]\.tags\[1\]`: expected/,
      ),
    });
  });

  test("what a caller passes against its type is refused, and the guest goes on", () => {
    const exports = underHostwright(
      inventory,
      inventoryHost(() => {}),
    );
    const desk = exports["test:inventory/desk@1.0.0"];
    const thrown = thrownBy(() => desk.total([crate, { ...crate, unit: "dozen" }], 0n));
    expect(thrown).toBeInstanceOf(ValueError);
    expect(thrown).toMatchObject({ message: expect.stringContaining("`[1].unit`") });
    expect(desk.total([crate], 0n)).toEqual([4n, 12.5]);
  });
});
