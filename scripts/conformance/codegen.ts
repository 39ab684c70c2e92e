/**
 * The suite `codegen`: every world generates, and the whole output compiles at TypeScript's strictest.
 *
 * A case is a `.wit` file, an encoded package (`.wasm`, `.wat`), or a folder that is a package; any other folder is searched for
 * cases. For each package it has each of its worlds, and one more world made up here that imports and
 * exports every interface there is, so that interfaces without a world are covered from both sides. Each world is generated
 * twice, with the defaults and with other styles and rules. All output is compiled in one run of each of the three
 * compilers, and their errors go to the case that they belong to.
 *
 * Not cases: `deps` folders, `parse-fail` folders, and files whose golden (`x.wit.result`) says that they are no WIT.
 */
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { generateWorld } from "../../src/codegen/generate.ts";
import { type GenerateOptions, type Rule, resolveOptions } from "../../src/codegen/options.ts";
import { functionSubjects } from "../../src/codegen/subjects.ts";
import { UnsupportedError } from "../../src/model/errors.ts";
import type { Resolve, World, WorldItem } from "../../src/model/resolve.ts";
import { interfaceId, itemId, loadWit, WitError } from "../../src/wit/index.ts";
import { compile, compilers } from "../../test/codegen/compile.ts";
import type { CaseResult, Note } from "../conformance-case.ts";
import { withoutText } from "./wit.ts";

interface Case {
  readonly name: string;
  /** The folder of its output, relative to that of all output. */
  readonly folder: string;
  readonly problems: string[];
  unsupported: string | undefined;
}

export async function* run(paths: readonly string[]): AsyncGenerator<CaseResult | Note> {
  const output = await mkdtemp(join(tmpdir(), "hostwright-codegen-"));
  try {
    const cases: Case[] = [];
    let files = 0;
    for (const path of paths) {
      const isFolder = (await stat(path)).isDirectory();
      for await (const input of findInputs(path, true)) {
        const name = relative(isFolder ? dirname(path) : ".", input);
        for (const variant of await withoutText(input, variantsOf)) {
          const item: Case = {
            name: `${name}${variant.suffix}`,
            folder: `case-${cases.length}`,
            problems: [],
            unsupported: undefined,
          };
          cases.push(item);
          files += await generateAll(variant.resolve, item, output);
        }
      }
    }
    const strays: string[] = [];
    const byFolder = new Map(cases.map((item) => [item.folder, item]));
    for (const compiler of files === 0 ? [] : compilers) {
      for (const { file, text } of await compile(output, { include: ["case-*/**/*.ts"], compiler })) {
        (byFolder.get(file.split("/")[0] ?? "")?.problems ?? strays).push(`${compiler}: ${text}`);
      }
    }
    for (const { name, problems, unsupported } of cases) {
      if (problems.length > 0) {
        yield { outcome: "fail", name, detail: summary(problems) };
      } else if (unsupported !== undefined) {
        yield { outcome: "skip", name, detail: unsupported };
      } else {
        yield { outcome: "pass", name };
      }
    }
    if (strays.length > 0) {
      yield { outcome: "fail", name: "(outside of the cases)", detail: summary(strays) };
    }
    yield {
      outcome: "note",
      text: `${files} files generated, and compiled with each of ${compilers.join(", ")}`,
    };
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

interface Variant {
  readonly suffix: string;
  /** An error, if the package cannot be loaded. */
  readonly resolve: Resolve | Error;
}

/** The package as it is with the feature `active`, and if that is different, with all features. */
async function variantsOf(input: string): Promise<Variant[]> {
  const load = (options: { features?: string[]; allFeatures?: boolean }): Promise<Resolve | Error> =>
    loadWit(input, options).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
  const active = await load({ features: ["active"] });
  const all = await load({ allFeatures: true });
  const differ =
    !(active instanceof Error) && !(all instanceof Error) && JSON.stringify(active) !== JSON.stringify(all);
  return [{ suffix: "", resolve: active }, ...(differ ? [{ suffix: " (all features)", resolve: all }] : [])];
}

/** Generates all worlds of a package; returns how many files they take. */
async function generateAll(resolve: Resolve | Error, item: Case, output: string): Promise<number> {
  if (resolve instanceof Error) {
    note(resolve, item);
    return 0;
  }
  let count = 0;
  for (const [index, world] of [...resolve.worlds, ...everything(resolve)].entries()) {
    try {
      for (const [style, options] of stylesFor(world)) {
        const resolved = resolveOptions({ wit: item.name, ...options });
        for (const [path, content] of generateWorld(world, resolved).files) {
          const place = join(output, item.folder, `${index}-${style}`, path);
          await mkdir(dirname(place), { recursive: true });
          await writeFile(place, content, { flag: "wx" });
          count += 1;
        }
      }
    } catch (error) {
      note(error, item, `world ${itemId(world.package, world.name)}: `);
    }
  }
  return count;
}

/** Each world with the defaults, and once more with as much as possible that is not the default. */
function stylesFor(world: World): [string, Omit<GenerateOptions, "wit">][] {
  const sides = new Set(functionSubjects(world).map(({ side }) => side));
  const rules = [...sides].map((side): [string, Rule] => [
    `${side} *`,
    { results: "value", tracing: true, store: true },
  ]);
  return [
    ["default", {}],
    [
      "other",
      {
        layout: "single",
        enumStyle: "const",
        testkit: true,
        flagsStyle: "required",
        rules: Object.fromEntries(rules),
      },
    ],
  ];
}

function note(error: unknown, item: Case, where = ""): void {
  if (error instanceof UnsupportedError) {
    item.unsupported = where + error.message;
  } else {
    const text =
      error instanceof WitError ? error.message : error instanceof Error ? error.stack : String(error);
    item.problems.push(`${where}${text}`);
  }
}

/** A world that imports and exports every interface of a package and of what came with it. */
function everything(resolve: Resolve): World[] {
  const owner = resolve.roots[0];
  const named = resolve.interfaces.filter((item) => item.name !== undefined);
  if (owner === undefined || named.length === 0) {
    return [];
  }
  const items = new Map(
    named.map((item): [string, WorldItem] => [
      interfaceId(item),
      { kind: "interface", interface: item, docs: item.docs, stability: item.stability },
    ]),
  );
  return [
    {
      kind: "world",
      name: "everything",
      package: owner,
      docs: undefined,
      stability: undefined,
      imports: items,
      exports: items,
    },
  ];
}

/** The files and folders in `path` that are packages of their own. */
async function* findInputs(path: string, isRoot: boolean): AsyncGenerator<string> {
  if (!(await stat(path)).isDirectory()) {
    if (isRoot || (/\.(?:wit|wasm|wat)$/.test(path) && !(await exists(`${path}.result`)))) {
      yield path;
    }
    return;
  }
  if (["deps", "parse-fail", "node_modules"].includes(basename(path))) {
    return;
  }
  if (await isPackage(path)) {
    yield path;
    return;
  }
  for (const name of (await readdir(path)).sort()) {
    yield* findInputs(join(path, name), false);
  }
}

async function isPackage(folder: string): Promise<boolean> {
  const names = await readdir(folder);
  if (!names.some((name) => name.endsWith(".wit"))) {
    return false;
  }
  return loadWit(folder, { features: ["active"] }).then(
    () => true,
    () => names.includes("deps"),
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const MAX_SHOWN = 3;

function summary(problems: readonly string[]): string {
  const more = problems.length - MAX_SHOWN;
  return problems.slice(0, MAX_SHOWN).join("\n  ") + (more > 0 ? `\n  ... and ${more} more` : "");
}
