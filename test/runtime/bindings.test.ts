/** Generated code imports from one door, and finds there what the generator was told. */
import { Project } from "ts-morph";
import { expect, it } from "vitest";
import { bindingsSymbols } from "../../src/model/bindings-symbols.ts";
import * as bindings from "../../src/runtime/bindings.ts";

it("exports the values of the symbol table, and no others", () => {
  expect(Object.keys(bindings).sort()).toEqual([...bindingsSymbols.values].sort());
});

it("exports the types of the symbol table, and no others", () => {
  const project = new Project({ tsConfigFilePath: "tsconfig.json", skipAddingFilesFromTsConfig: true });
  const door = project.addSourceFileAtPath("src/runtime/bindings.ts");
  const exported = [...door.getExportedDeclarations().keys()];
  expect(exported.sort()).toEqual([...bindingsSymbols.types, ...bindingsSymbols.values].sort());
});
