/**
 * The same world, implemented in C and in JavaScript on two engines, under hostwright and under jco's transpilation: equal
 * results, equal errors, and equal calls of the host.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildJavaScript } from "../../scripts/guests.ts";
import { callDesk, inventoryCalls, inventoryHost } from "./inventory.ts";
import { type Imports, readGuest, underHostwright, underJco } from "./sides.ts";
import { runStep, vaultHost, vaultSteps } from "./vault.ts";

const LANGUAGES = ["C", "quickjs", "starlingmonkey"] as const;

async function guest(language: (typeof LANGUAGES)[number], name: string): Promise<Uint8Array> {
  if (language === "C") return readGuest(name);
  const [source, wit] = [`test/guests/js/${name}.js`, `test/guests/wit/${name}.wit`];
  const path = await buildJavaScript(`${name}-${language}`, { source, wit, world: name, backend: language });
  return readFileSync(path);
}

const SIDES = {
  hostwright: async (bytes: Uint8Array, imports: Imports) => underHostwright(bytes, imports),
  "hostwright with fuel": async (bytes: Uint8Array, imports: Imports) =>
    underHostwright(bytes, imports, 10n ** 12n),
  jco: underJco,
} as const;

describe.each(LANGUAGES)("%s", (language) => {
  describe.each(Object.entries(SIDES))("under %s", (_, instantiate) => {
    test("records, variants, lists, options, flags and results, both ways", async () => {
      let log: unknown[] = [];
      const host = inventoryHost((entry) => log.push(entry));
      const exports = await instantiate(await guest(language, "inventory"), host);
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
      const exports = await instantiate(await guest(language, "vault"), host);
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
  });
});
