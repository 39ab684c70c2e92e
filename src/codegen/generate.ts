/** The generator: a WIT world in, TypeScript files out. */
import type { World } from "../model/resolve.ts";
import { itemId, loadWit, selectWorld } from "../wit/index.ts";
import { Context } from "./context.ts";
import { Descriptors } from "./descriptors.ts";
import type { GenerateDiagnostic } from "./diagnostics.ts";
import { commentLine } from "./escape.ts";
import { FileNames } from "./file-names.ts";
import { sealFile } from "./generated-file.ts";
import { type InterfaceParts, interfaceApi, interfaceFileView, interfaceParts } from "./interface-view.ts";
import { type BindingsFile, type InterfaceFile, layOut } from "./layout.ts";
import { type GenerateOptions, type ResolvedOptions, resolveOptions } from "./options.ts";
import { packageVersion } from "./package-version.ts";
import { createRenderer } from "./render.ts";
import type { HeaderView } from "./views.ts";
import { worldApi, worldFileView, worldParts, worldTypes } from "./world-view.ts";

export interface GenerateResult {
  /** Contents by path below the output folder, with `/` between folders; the world's file comes last. */
  readonly files: ReadonlyMap<string, string>;
  readonly diagnostics: readonly GenerateDiagnostic[];
}

/**
 * Generates the bindings of a world. Writes nothing: see `writeBindings`.
 *
 * The same WIT and options give the same bytes, whatever the folder, the machine or the locale.
 *
 * @example
 * const { files } = await generate({ wit: "wit", world: "hosted" });
 *
 * @throws {WitError} the WIT cannot be read, parsed or resolved, or does not have the world
 * @throws {ConfigError} an option is wrong
 * @throws {UnsupportedError} the WIT has names that TypeScript cannot keep apart
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const resolved = resolveOptions(options);
  const { wit, features, allFeatures } = resolved;
  const resolve = await loadWit(wit, { features: [...features], allFeatures });
  return generateWorld(selectWorld(resolve, resolved.world), resolved);
}

/** The same, for a world that has been loaded. */
export function generateWorld(world: World, options: ResolvedOptions): GenerateResult {
  const layout = layOut(world);
  const names = new Map<BindingsFile, FileNames>();
  for (const file of layout.interfaces) {
    const types = file.interface.types.values();
    names.set(file, new FileNames(file, interfaceApi(file), types, options.importExtension));
  }
  const worldNames = new FileNames(layout.world, worldApi(world), worldTypes(world), options.importExtension);
  names.set(layout.world, worldNames);

  const context = new Context(layout, names);
  const descriptors = new Descriptors(context);
  const interfaces = new Map<InterfaceFile, InterfaceParts>();
  for (const file of layout.interfaces) {
    interfaces.set(file, interfaceParts(file, context.namesOf(file), context, descriptors));
  }
  const parts = worldParts(interfaces, worldNames, context, descriptors);

  // Only now is it known which constants the files need of each other.
  const renderer = createRenderer();
  const version = packageVersion();
  const files = new Map<string, string>();
  for (const [file, interfacePart] of interfaces) {
    const header = headerView(file, world, options);
    const view = interfaceFileView(interfacePart, header, file, context.namesOf(file), descriptors);
    files.set(file.path, sealFile(renderer.interfaceFile(view), version));
  }
  const header = headerView(layout.world, world, options);
  files.set(
    layout.world.path,
    sealFile(renderer.worldFile(worldFileView(parts, header, worldNames, world, descriptors)), version),
  );
  return { files, diagnostics: [] };
}

function headerView(file: BindingsFile, world: World, options: ResolvedOptions): HeaderView {
  const { allFeatures, features, importExtension } = options;
  const flags = [
    ...(allFeatures
      ? ["--all-features"]
      : features.length > 0
        ? [`--features ${[...features].sort().join(",")}`]
        : []),
    ...(importExtension === ".js" ? [] : [`--import-extension ${importExtension}`]),
  ];
  const worldId = itemId(world.package, world.name);
  const source = file.kind === "world" ? `world ${worldId}` : `${file.side} ${file.wit} of world ${worldId}`;
  return { path: file.path, source: commentLine(source), options: commentLine(flags.join(" ")) };
}
