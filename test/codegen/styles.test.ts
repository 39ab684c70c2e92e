/** Every golden world in the styles that it has no golden of, and a world full of traps in all of them: all compile. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GenerateOptions, generate, type Rule } from "../../src/index.ts";
import { compile } from "./compile.ts";
import { goldenCases, goldenOptions } from "./goldens.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-styles-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function write(name: string, options: GenerateOptions): Promise<void> {
  const out = join(folder, name);
  for (const [path, content] of (await generate({ ...options, out })).files) {
    const place = join(out, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }
}

const bundler = { module: "esnext", moduleResolution: "bundler", target: "esnext" };

test("goldens in one file, and without extensions", async () => {
  for (const name of goldenCases) {
    const options = goldenOptions(name);
    await write(`golden/${name}/single`, { ...options, layout: "single", enumStyle: "const" });
    await write(`golden/${name}/none`, { ...options, importExtension: "none" });
  }
  expect(await compile(folder, { include: ["golden/**/*.ts"], compilerOptions: bundler })).toEqual([]);
});

/** Names of types that generated code has for itself, parameters with the names of its variables, and rules for it all. */
const TRAPS = `package x:y@1.0.0;
interface a { resource r { m: func() -> result<u8, string>; } type metrics-host = u8; }
interface metrics {
    record host { a: u8 }
    record client { a: u8 }
    record add-metrics-to-linker { x: u8 }
    f: func(a: host, b: client);
    g: func() -> result<host, client>;
    resource t {
        constructor() -> result<t, string>;
        s: static func(caller: u8, tracer: u8) -> result<t>;
        then: func(host: u8, caller: string, tracer: string) -> result<_, string>;
    }
}
world w {
    import a;
    export a;
    import metrics;
    export metrics;
    resource mine { constructor(); go: func(x: u8) -> result<u8>; mk: static func() -> mine; }
    use metrics.{t as metrics-host};
    import tracer: func(tracer: u8) -> result<u8>;
    export tracer: func(tracer: u8) -> result<u8>;
    export instantiate: func();
    record w-imports { x: u8 }
    import wi: func(a: w-imports) -> mine;
}`;

const rules: readonly Rule[] = [
  {},
  { results: "value" },
  { tracing: true, store: true },
  { async: true, results: "value", tracing: true, store: true },
  { skip: true },
];

test("a world of traps under every rule, in several files and in one", async () => {
  const wit = join(folder, "traps.wit");
  writeFileSync(wit, TRAPS);
  for (const layout of ["files", "single"] as const) {
    for (const [i, rule] of rules.entries()) {
      await write(`traps/${layout}-${i}`, { wit, layout, rules: { "*": rule } });
    }
  }
  expect(await compile(folder, { include: ["traps/**/*.ts"] })).toEqual([]);
});
