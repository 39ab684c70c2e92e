/**
 * Classes that implement the host's side of a world: made where there are none, brought up to date where
 * there are.
 */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type ClassDeclaration,
  ModuleKind,
  ModuleResolutionKind,
  Project,
  ScriptTarget,
  type SourceFile,
} from "ts-morph";
import { defaultOut, generate } from "../codegen/index.ts";
import { loadTemplates } from "../codegen/templates.ts";
import { ConfigError } from "../model/errors.ts";
import type { ScaffoldContext } from "./context.ts";
import { groupsOf, type Trait, type TraitGroup, traitsOf } from "./host-traits.ts";
import { ImplementationNames } from "./implementation-names.ts";
import { findImplementations } from "./implementations.ts";
import { newFileText } from "./new-file.ts";
import { defaultImplementation, type ScaffoldOptions } from "./options.ts";
import type { ScaffoldedFile, ScaffoldNote, ScaffoldResult } from "./result.ts";
import { updateFile } from "./update-file.ts";

/** See `index.ts`. */
export async function scaffold(options: ScaffoldOptions): Promise<ScaffoldResult> {
  const { implementation = defaultImplementation, ...generateOptions } = options;
  checkFolder(implementation);
  const out = options.out ?? defaultOut;
  const { files } = await generate(generateOptions);
  const project = createProject();
  const generated = new Map<string, SourceFile>();
  for (const [path, text] of files) {
    generated.set(path, project.createSourceFile(resolve(out, path), text, { overwrite: true }));
  }
  const written = existsSync(implementation)
    ? project.addSourceFilesAtPaths([
        join(implementation, "**/*.{ts,mts}"),
        `!${join(implementation, "**/node_modules/**")}`,
        `!${join(out, "**")}`,
      ])
    : [];
  const traits = [...generated].flatMap(([path, file]) => [...traitsOf(file, path)]);
  const names = new ImplementationNames(traits);
  const context: ScaffoldContext = {
    traits,
    names,
    templates: loadTemplates(),
    out: resolve(out),
    implementation: resolve(implementation),
    extension: options.importExtension ?? ".js",
    generated,
  };
  const found = findImplementations(written, context);
  const updated = written.map((file) => updateFile(file, found, context));
  const created = newFiles(found.classes, context);
  return {
    files: [...created, ...updated.filter((file) => file !== undefined)].map((file) => ({
      ...file,
      path: join(implementation, file.path),
    })),
  };
}

/** The files for what no class implements; resources go to the file of the host that they belong to, if there is one. */
function newFiles(
  classes: ReadonlyMap<Trait, ClassDeclaration>,
  context: ScaffoldContext,
): readonly ScaffoldedFile[] {
  return groupsOf(context.traits).flatMap((group): ScaffoldedFile[] => {
    const [first, ...rest] = missingTogether(group, classes);
    if (first === undefined) return [];
    const path = `${context.names.file(first)}.ts`;
    const place = join(context.implementation, path);
    if (existsSync(place)) {
      const { interfaceName, id } = group.head ?? first;
      throw new ConfigError(
        `${place} is there, and has no class that implements ${group.head === undefined ? id : `${interfaceName} of ${id}`}: ` +
          "write the head of one there (`class ... implements ...`), or move the file, and run scaffold again; " +
          "or choose another folder with --implementation",
      );
    }
    const { text, added } = newFileText([first, ...rest], classes, context);
    const notes = added.map((name): ScaffoldNote => ({ kind: "added", message: `class ${name}` }));
    return [{ path, action: "created", before: "", after: text, notes }];
  });
}

/** What of a group needs a new file: nothing if there is a file that it can go to. */
function missingTogether(
  { head, resources }: TraitGroup,
  classes: ReadonlyMap<Trait, ClassDeclaration>,
): readonly Trait[] {
  const missing = resources.filter((trait) => !classes.has(trait));
  if (head === undefined) return missing.length === resources.length ? missing : [];
  return classes.has(head) || head.members.length === 0 ? [] : [...missing, head];
}

function createProject(): Project {
  return new Project({
    skipAddingFilesFromTsConfig: true,
    skipLoadingLibFiles: false,
    compilerOptions: {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ScriptTarget.ESNext,
      module: ModuleKind.ESNext,
      moduleResolution: ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      types: [],
    },
  });
}

/** Each interface has a file: what names one file cannot be meant. */
function checkFolder(implementation: string): void {
  const isFolder = statSync(implementation, { throwIfNoEntry: false })?.isDirectory();
  const isNameOfFile = implementation === "" || /\.[cm]?tsx?$/.test(implementation);
  if (isFolder ?? !isNameOfFile) return;
  throw new ConfigError(
    `"implementation" (--implementation) is the folder of the classes, and ${JSON.stringify(implementation)} is none`,
  );
}
