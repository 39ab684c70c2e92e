/** Imports of the user's files, and where they lead. */
import { dirname, relative } from "node:path";
import { join } from "node:path/posix";
import type { ClassDeclaration } from "ts-morph";
import type { ImportExtension } from "../codegen/index.ts";
import type { ScaffoldContext } from "./context.ts";
import type { Trait } from "./host-traits.ts";

export interface ModuleImport {
  readonly from: string;
  /** `import type * as namespace` */
  readonly namespace?: string;
  readonly names?: readonly string[];
  readonly typeOnly?: boolean;
}

export const importSpecifier = {
  /** Of a generated file, from a file in the folder of the classes, or from `file`. */
  ofBindings(path: string, context: ScaffoldContext, file?: string): string {
    const from = file === undefined ? context.implementation : dirname(file);
    return withExtension(relativePath(from, join(slashes(context.out), path)), context.extension);
  },

  /** Of the file that has the class for a trait, or will have it. */
  ofClass(
    trait: Trait,
    written: ClassDeclaration | undefined,
    context: ScaffoldContext,
    file?: string,
  ): string {
    const from = file === undefined ? context.implementation : dirname(file);
    const target =
      written?.getSourceFile().getFilePath() ??
      join(slashes(context.implementation), `${context.names.file(trait)}.ts`);
    return withExtension(relativePath(from, target), context.extension);
  },
};

function relativePath(from: string, to: string): string {
  const path = slashes(relative(from, to));
  return path.startsWith(".") ? path : `./${path}`;
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}

function withExtension(path: string, extension: ImportExtension): string {
  return path.replace(/\.ts$/, extension === "none" ? "" : extension);
}
