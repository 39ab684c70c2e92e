/** Classes for the golden worlds, with the rules and layouts that they have: they compile, and are complete at once. */
import { cpSync } from "node:fs";
import { expect, test } from "vitest";
import { generate, writeBindings } from "../../src/codegen/index.ts";
import { scaffold, writeScaffold } from "../../src/scaffold/index.ts";
import { goldenFolder, goldenOptions } from "../codegen/goldens.ts";
import { Project } from "./workspace.ts";

const WORLDS = [
  ...["collisions", "docs", "inline-interfaces", "layout-single", "letter-case", "obs", "resources"],
  ...["resources-across", "rules-async", "rules-results", "rules-store", "rules-tracing"],
  ...[
    "resources-exported",
    "short-names",
    "streams",
    "testkit",
    "uses",
    "variants",
    "versions",
    "world-items",
  ],
];

test("classes for golden worlds", async () => {
  const project = new Project();
  let created = 0;
  for (const name of WORLDS) {
    cpSync(`${goldenFolder}${name}`, project.path(`wit/${name}`), { recursive: true });
    const { importExtension: _, ...rest } = goldenOptions(name);
    const options = { ...rest, out: project.path(`src/${name}/bindings`) };
    await writeBindings(await generate(options), options.out);
    const classes = { ...options, implementation: project.path(`src/${name}/host`) };
    const result = await scaffold(classes);
    created += result.files.length;
    writeScaffold(result);
    const again = await scaffold(classes);
    expect([name, ...again.files.map((file) => file.action)]).toEqual([
      name,
      ...result.files.map(() => "unchanged"),
    ]);
  }
  expect(created).toBeGreaterThan(WORLDS.length);
  expect(await project.compile()).toEqual([]);
}, 120_000);
