/** A component composed of two, one calling the other, under hostwright and under jco. */

import { describe, expect, test } from "vitest";
import { assemble } from "../support/assemble.ts";
import { composedGuest, type Encodings } from "./composed-guest.ts";
import { type Exports, outcome, SIDES } from "./sides.ts";

function hostOf(log: (entry: string) => void) {
  class Token {
    readonly #name: string;
    constructor(name: string) {
      this.#name = name;
    }
    name(): string {
      log(`name of ${this.#name}`);
      return this.#name;
    }
    [Symbol.dispose](): void {
      log(`end of ${this.#name}`);
    }
  }
  const imports = {
    "test:composed/host": { Token, note: (text: string) => log(`end of cell ${text}`) },
  };
  return { Token, imports };
}

const LONG = "Zażółć gęślą jaźń 😀 ".repeat(2_000);

interface Step {
  readonly run: () => unknown;
  readonly gives: unknown;
  /** What the host has seen by then. */
  readonly host: readonly string[];
  /** jco loses handles that have come out of one of the components and are lent to the other. */
  readonly notUnderJco?: true;
}

function scenario(exports: Exports, Token: new (name: string) => object): Step[] {
  const { "test:composed/desk": desk, "test:composed/store": store } = exports;
  const [one, two] = [new Token("one"), new Token("zwölf 😀")];
  const cell = new store.Cell("näh");
  return [
    {
      run: () => desk.greet("Grüße, ", "Δ😀"),
      gives: { ok: "Grüße, Δ😀" },
      host: ["end of cell Grüße, ", "end of cell Δ😀", "end of cell Grüße, Δ😀"],
    },
    {
      run: () => desk.greet("", ""),
      gives: { ok: "" },
      host: ["end of cell ", "end of cell ", "end of cell "],
    },
    {
      run: () => desk.greet(LONG, "é").length,
      gives: { ok: LONG.length + 1 },
      host: [`end of cell ${LONG}`, "end of cell é", `end of cell ${LONG}é`],
    },
    { run: () => cell.text(), gives: { ok: "näh" }, host: [] },
    { run: () => desk.read(cell), gives: { ok: "näh" }, host: [], notUnderJco: true },
    {
      run: () => [desk.make("ä").text(), desk.make("ä") instanceof store.Cell],
      gives: { ok: ["ä", true] },
      host: [],
      notUnderJco: true,
    },
    {
      run: () => store.Cell.join(desk.make("a\0"), cell).text(),
      gives: { ok: "a\0näh" },
      host: ["end of cell a\0"],
      notUnderJco: true,
    },
    { run: () => cell[Symbol.dispose](), gives: { ok: undefined }, host: ["end of cell näh"] },
    { run: () => desk.look(two), gives: { ok: "zwölf 😀" }, host: ["name of zwölf 😀"] },
    {
      run: () => [desk.swap(one), desk.swap(two) === one, desk.swap(one) === two],
      gives: { ok: [undefined, true, true] },
      host: [],
    },
    { run: () => desk.keep(two), gives: { ok: undefined }, host: ["end of one"] },
    { run: () => store.release() === two, gives: { ok: true }, host: [] },
    { run: () => store.peek(two), gives: { ok: "zwölf 😀" }, host: ["name of zwölf 😀"] },
    { run: () => desk.check("fine, ß"), gives: { ok: "fine, ß" }, host: [] },
    { run: () => desk.check(""), gives: { err: "" }, host: [] },
  ];
}

const ENCODINGS: readonly Encodings[] = (["utf8", "utf16", "latin1+utf16"] as const).flatMap((desk) =>
  (["utf8", "utf16"] as const).map((store) => ({ desk, store })),
);

/** jco has not implemented the other copies of strings from memory to memory. */
const jcoHas = ({ desk, store }: Encodings): boolean =>
  desk !== "latin1+utf16" && !(desk === "utf16" && store === "utf16");

describe.each(ENCODINGS)("desk in $desk, store in $store", (encodings) => {
  const sides = Object.entries(SIDES).filter(([side]) => side !== "jco" || jcoHas(encodings));
  test.each(sides)("under %s", async (side, instantiate) => {
    let log: string[] = [];
    const { Token, imports } = hostOf((entry) => log.push(entry));
    const exports = await instantiate(await assemble(composedGuest(encodings)), imports);
    for (const [i, step] of scenario(exports, Token).entries()) {
      if (side === "jco" && step.notUnderJco) continue;
      log = [];
      const gives = outcome(step.run);
      expect({ gives, host: log }, `step ${i}`).toStrictEqual({ gives: step.gives, host: step.host });
    }
  });
});
