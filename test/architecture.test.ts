/**
 * Rules of the house that the linter does not see: no module-level mutable state, files that stay
 * small, and a runtime whose whole import graph is free of npm.
 */
import { fileURLToPath } from "node:url";
import { Project, type SourceFile, VariableDeclarationKind } from "ts-morph";
import { beforeAll, describe, expect, test } from "vitest";

const src = fileURLToPath(new URL("../src/", import.meta.url));

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

  test.each(["runtime/index.ts", "runtime/bindings.ts"])(
    "%s imports nothing from npm, however deep",
    (entry) => {
      const start = files.find((file) => name(file) === entry);
      if (start === undefined) throw new Error(`no such file: ${entry}`);
      const seen = new Set<SourceFile>([start]);
      const foreign: string[] = [];
      for (const file of seen) {
        for (const declaration of [...file.getImportDeclarations(), ...file.getExportDeclarations()]) {
          const specifier = declaration.getModuleSpecifierValue();
          if (specifier === undefined || specifier.startsWith("node:")) continue;
          const target = declaration.getModuleSpecifierSourceFile();
          if (target === undefined) foreign.push(`${name(file)}: ${specifier}`);
          else seen.add(target);
        }
      }
      expect(foreign).toEqual([]);
      expect(seen.size).toBeGreaterThan(10);
    },
  );
});
