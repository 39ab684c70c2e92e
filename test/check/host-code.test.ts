/**
 * The verdicts on the host's code, against what TypeScript says: whether an implementation of the old bindings is one of
 * the new, and whether a client of the new ones can be used as one of the old.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generate, writeBindings } from "../../src/index.ts";
import { compile } from "../codegen/compile.ts";
import { compare, pairs, verdictsOf } from "./pairs.ts";

/** Where TypeScript and `check` differ, each with its reason. */
const differ = new Map([
  [
    "07-import-interface-gone",
    "code that imports the interface's module must change, implementations need not",
  ],
  ["14-import-becomes-export", "the same"],
  ["101-import-becomes-unstable", "the same"],
  ["135-package-renamed", "the same"],
  ["17-renamed-world", "the bindings are named after the world, and say the same"],
  ["29-params-swapped", "both are strings, and mean something else"],
  ["36-can-fail", "what is thrown is not part of a type"],
  ["37-other-error", "what is thrown is not part of a type"],
  ["73-fallible-constructor", "what is thrown is not part of a type"],
  ["103-error-without-value", "what is thrown is not part of a type"],
  [
    "104-result-becomes-option",
    "what is thrown is not part of a type, and the host may still return a value always",
  ],
  ["105-export-can-fail", "what is thrown is not part of a type"],
  ["46-enum-case-gone", "code that handles the case must change"],
  ["50-variant-payload", "code that handles the case has a value to deal with"],
  ["60-flag-gone", "code that reads the flag must change"],
  ["80-flag-renamed", "code that reads the flag must change"],
  ["63-type-renamed", "code that mentions the type must change"],
  ["64-type-inlined", "code that mentions the type must change"],
  ["89-use-as", "code that mentions the type must change"],
  ["90-use-resource-as", "code that mentions the type must change"],
  ["74-borrow-becomes-own", "who owns a resource is not part of a type"],
  ["125-handle-in-a-record", "who owns a resource is not part of a type"],
  ["137-export-uses-import", "no function hands the resource out, so that no type asks for its class"],
  ["126-bare-resource-moved", "no function hands the resource out, so that no type asks for its class"],
  [
    "127-bare-resource-from-elsewhere",
    "no function hands the resource out, so that no type asks for its class",
  ],
]);

/** Functions are compared as properties, so that parameters count; and classes by what is public. */
const PUBLIC = `export type Public<T> = T extends (...args: infer A) => infer R
  ? (...args: A) => R
  : T extends new (...args: infer A) => infer R
    ? { new: (...args: A) => R; statics: { [K in Exclude<keyof T, "prototype">]: Public<T[K]> } }
    : T extends object
      ? { [K in keyof T]: Public<T[K]> }
      : T;
`;

let folder: string;
/** The pairs in which the compiler found fault. */
const faulty = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-host-code-"));
  writeFileSync(join(folder, "public.ts"), PUBLIC);
  for (const { name, before, after } of pairs) {
    const place = join(folder, name);
    mkdirSync(place);
    const worlds: string[] = [];
    for (const [version, text] of Object.entries({ old: before, new: after })) {
      const wit = join(place, `${version}.wit`);
      writeFileSync(wit, text);
      const world = /^world hosted/m.test(text) ? "hosted" : "plugin";
      worlds.push(world);
      await writeBindings(await generate({ wit, world }), join(place, version));
    }
    const [old = "", current = ""] = worlds.map((world) => world[0]?.toUpperCase() + world.slice(1));
    writeFileSync(
      join(place, "host.ts"),
      `import type { ${old} as OldGuest, ${old}Imports as OldHost } from "./old/${worlds[0]}.js";
import type { ${current} as NewGuest, ${current}Imports as NewHost } from "./new/${worlds[1]}.js";
import type { Public } from "../public.js";

export const host = (old: Public<OldHost>): Public<NewHost> => old;
export const guest = (current: Public<NewGuest>): Public<OldGuest> => current;
`,
    );
  }
  for (const { file, text } of await compile(folder, { include: ["public.ts", "*/host.ts"] })) {
    const name = file.split("/")[0] ?? "";
    if (!file.endsWith("/host.ts")) throw new Error(text);
    faulty.set(name, text);
  }
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("TypeScript agrees", () => {
  test.each(pairs.filter(({ name }) => !differ.has(name)))("$name", (pair) => {
    const { hostCode } = verdictsOf(compare(pair));
    expect(faulty.get(pair.name) ?? "compatible").toEqual(
      hostCode === "compatible" ? "compatible" : expect.stringContaining("error TS"),
    );
  });

  test.each([...differ])("but for %s: %s", (name) => {
    expect(pairs.find((pair) => pair.name === name)?.expected.hostCode).toBe("breaking");
    expect(faulty.get(name)).toBeUndefined();
  });
});
