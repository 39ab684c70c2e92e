/** Host code that was written for the types of jco fits the bindings: jco is the oracle of the type mapping. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { types } from "@bytecodealliance/jco";
import { afterAll, expect, test } from "vitest";
import { compile } from "./compile.ts";
import { goldenFolder } from "./goldens.ts";

interface Comparison {
  readonly golden: string;
  /** The file of the interface, ours and jco's. */
  readonly ours: string;
  readonly theirs: string;
  /** Functions whose types differ on purpose, as a union of names. */
  readonly different?: string;
}

const comparisons: readonly Comparison[] = [
  { golden: "obs", ours: "amal/obs/metrics", theirs: "amal-obs-metrics" },
  { golden: "scalars", ours: "test/scalars/scalars", theirs: "test-scalars-scalars" },
  { golden: "lists", ours: "test/lists/lists", theirs: "test-lists-lists" },
  { golden: "tuples", ours: "test/tuples/tuples", theirs: "test-tuples-tuples" },
  { golden: "records", ours: "test/records/records", theirs: "test-records-records" },
  { golden: "variants", ours: "test/variants/variants", theirs: "test-variants-variants" },
  { golden: "enums", ours: "test/enums/enums", theirs: "test-enums-enums" },
  { golden: "flags", ours: "test/flag-types/flags", theirs: "test-flag-types-flags" },
  { golden: "maps", ours: "test/maps/maps", theirs: "test-maps-maps" },
  { golden: "aliases", ours: "test/aliases/aliases", theirs: "test-aliases-aliases" },
  // Of three options inside each other jco tags every second one, the bindings all but the innermost.
  { golden: "options", ours: "test/options/options", theirs: "test-options-options", different: '"third"' },
  // An empty payload may be left out, where jco wants `val: undefined`.
  {
    golden: "results",
    ours: "test/results/results",
    theirs: "test-results-results",
    different: '"asValues"',
  },
  // jco writes tuples of any length; the bindings write arrays from 17 elements on.
  {
    golden: "fixed-length-lists",
    ours: "test/fixed/fixed",
    theirs: "test-fixed-fixed",
    different: '"long" | "tooMuch"',
  },
];

const folder = mkdtempSync(join(tmpdir(), "hostwright-jco-"));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("hosts for jco's types are hosts for the bindings", async () => {
  for (const { golden, ours, theirs, different = "never" } of comparisons) {
    const files = (await types(`${goldenFolder}${golden}/world.wit`, {})) as Record<string, Uint8Array>;
    for (const [path, content] of Object.entries(files)) {
      // It gives whole paths, below a folder of its own.
      const place = join(
        folder,
        golden,
        path.slice(path.includes("interfaces/") ? path.indexOf("interfaces/") : 0),
      );
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, content);
    }
    writeFileSync(
      join(folder, golden, "compare.ts"),
      `import type { Host } from "${goldenFolder}${golden}/bindings/${ours}.js";
type Theirs = typeof import("./interfaces/${theirs}.js");
/** The functions of a host for jco that cannot take what the bindings give, or give what they cannot take. */
type Different = {
  [K in keyof Host]: K extends keyof Theirs
    ? Host[K] extends (...args: infer A) => infer R
      ? Theirs[K] extends (...args: infer B) => infer S
        ? [A] extends [B] ? ([S] extends [R] ? never : K) : K
        : K
      : K
    : K;
}[keyof Host];
type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : A) : A;
export const differences: Equal<Different, ${different}> = true;
`,
    );
  }
  const compilerOptions = { exactOptionalPropertyTypes: false };
  expect(await compile(folder, { include: ["*/compare.ts"], compilerOptions })).toEqual([]);
});
