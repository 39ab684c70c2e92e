/** `docs/errors.md` lists every error that there is, with its code. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as generator from "../../src/index.ts";
import * as runtime from "../../src/runtime/index.ts";
import { trapMeanings } from "../../src/runtime/trap.ts";

const docs = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");

/** The first cells of the rows of a table, without backquotes. */
function rows(heading: string): string[][] {
  const section = docs.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")));
}

type ErrorClass = new (...args: unknown[]) => runtime.HostwrightError;

const { HostwrightError } = runtime;
const exported = new Map<string, ErrorClass>();
for (const [name, value] of Object.entries<unknown>({ ...generator, ...runtime })) {
  if (typeof value === "function" && value.prototype instanceof HostwrightError) {
    exported.set(name, value as ErrorClass);
  }
}

/** Arguments with which each can be made. */
const samples: Record<string, readonly unknown[]> = {
  MalformedComponentError: ["", 0],
  LimitError: ["", ""],
  PoolConcurrencyLimitError: ["", ""],
  ValueError: ["", ""],
  WitError: [[{ code: "syntax" }]],
};

/** Those whose codes have a table of their own. */
const severalCodes = new Set(["Trap", "WitError"]);

describe("the docs", () => {
  it("list every exported class, with its code and its name", () => {
    const documented = rows("Classes").map(([, name, code]) => [name, code]);
    const actual = [...exported].map(([name, Class]) => {
      const error = new Class(...(samples[name] ?? [""]));
      expect(error.name).toBe(name);
      return [name, severalCodes.has(name) ? "see below" : error.code];
    });
    expect(documented.sort()).toEqual(actual.sort());
  });

  it("list every code of a trap", () => {
    expect(rows("Traps").map(([, code]) => code)).toEqual(Object.keys(trapMeanings));
  });

  it("list every code of a WitError", () => {
    const source = readFileSync(new URL("../../src/wit/errors.ts", import.meta.url), "utf8");
    const union = source.split("export type WitErrorCode =")[1]?.split(";")[0] ?? "";
    const codes = [...union.matchAll(/\| "([a-z-]+)"/g)].map(([, code]) => code);
    expect(rows("WIT").map(([, code]) => code)).toEqual(codes);
  });
});

/** Rooms behind other doors than the generator's and the runtime's, or behind none. */
const elsewhere = /^(?:cli|testkit|plugin)\b/;

describe("every class of errors", () => {
  it("is exported", () => {
    const src = new URL("../../src/", import.meta.url);
    const declared = readdirSync(src, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !elsewhere.test(file))
      .flatMap((file) =>
        [...readFileSync(new URL(file, src), "utf8").matchAll(/^export class (\w+).* extends (\w+Error)\b/gm)]
          .filter(([, , base]) => base === "HostwrightError" || exported.has(base ?? ""))
          .map(([, name]) => name),
      );
    expect(declared.sort()).toEqual([...exported.keys()].sort());
  });
});
