/**
 * Rules of the house that the linter does not see: no module-level mutable state, files that stay
 * small, and a runtime whose whole import graph is free of npm.
 */
import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { Project, type SourceFile, VariableDeclarationKind } from "ts-morph";
import { beforeAll, describe, expect, test } from "vitest";

/** Which other rooms each room may import from. */
const doors: Readonly<Record<string, readonly string[]>> = {
  model: [],
  disk: [],
  component: ["model"],
  abi: ["model"],
  instrument: ["model"],
  runtime: ["abi", "component", "instrument", "model"],
  testkit: ["abi", "model"],
  wit: ["component", "disk", "model"],
  codegen: ["disk", "model", "wit"],
  config: ["codegen", "model"],
  watch: ["codegen", "config"],
  plugin: ["codegen", "config", "model", "watch"],
  check: ["codegen", "disk", "model", "wit"],
  inspect: ["component", "model", "wit"],
  scaffold: ["codegen", "disk", "model"],
  doctor: ["runtime"],
  cli: ["check", "codegen", "config", "doctor", "inspect", "model", "runtime", "scaffold", "watch", "wit"],
};

const src = fileURLToPath(new URL("../src/", import.meta.url));

/** What a file imports or exports from. */
function specifiersOf(file: SourceFile | undefined): readonly string[] {
  if (file === undefined) throw new Error("no such file");
  return [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap(
    (declaration) => declaration.getModuleSpecifierValue() ?? [],
  );
}

describe("architecture", () => {
  let files: SourceFile[] = [];

  beforeAll(() => {
    const project = new Project({
      skipAddingFilesFromTsConfig: true,
      compilerOptions: { allowImportingTsExtensions: true, noEmit: true },
    });
    files = project.addSourceFilesAtPaths(`${src}**/*.ts`);
    expect(files.length).toBeGreaterThan(30);
  });

  const name = (file: SourceFile): string => file.getFilePath().slice(src.length);

  test("imports go one way, from room to room", () => {
    const wrong: string[] = [];
    for (const file of files) {
      const [room = "", ...rest] = name(file).split("/");
      if (rest.length === 0) continue;
      const allowed = doors[room];
      if (allowed === undefined) wrong.push(`${room}: a room that has no place in the table`);
      for (const specifier of specifiersOf(file)) {
        if (!specifier.startsWith(".")) continue;
        const target = join(dirname(name(file)), specifier);
        const [other = ""] = target.split("/");
        if (other !== room && allowed?.includes(other) === false) wrong.push(`${name(file)} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("modules hold no mutable state", () => {
    const mutable = files.flatMap((file) =>
      file
        .getVariableStatements()
        .filter((statement) => statement.getDeclarationKind() !== VariableDeclarationKind.Const)
        .map((statement) => `${name(file)}: ${statement.getText().slice(0, 60)}`),
    );
    expect(mutable).toEqual([]);
  });

  test("a file holds one idea: no file is much over 500 lines", () => {
    const long = files
      .filter((file) => file.getEndLineNumber() > 550)
      .map((file) => `${name(file)}: ${file.getEndLineNumber()}`);
    expect(long).toEqual([]);
  });

  test.each([
    ["runtime/index.ts", 10],
    ["runtime/bindings.ts", 10],
    ["testkit/index.ts", 7],
  ])("%s imports nothing from npm, however deep", (entry, atLeast) => {
    const byName = new Map(files.map((file) => [name(file), file]));
    const seen = new Set([entry]);
    const foreign: string[] = [];
    for (const path of seen) {
      for (const specifier of specifiersOf(byName.get(path))) {
        if (specifier.startsWith("node:")) continue;
        const target = join(dirname(path), specifier);
        if (byName.has(target)) seen.add(target);
        else foreign.push(`${path}: ${specifier}`);
      }
    }
    expect(foreign).toEqual([]);
    expect(seen.size).toBeGreaterThan(atLeast);
  });
});
