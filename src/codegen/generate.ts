/** The generator: a WIT world in, TypeScript files out. */
import type { Type, TypeDef, World } from "../model/resolve.ts";
import { itemId, loadWit, selectWorld } from "../wit/index.ts";
import { Context, usedType } from "./context.ts";
import { Descriptors } from "./descriptors.ts";
import type { GenerateDiagnostic } from "./diagnostics.ts";
import { commentLine, commentLines } from "./escape.ts";
import { FileNames } from "./file-names.ts";
import { sealFile } from "./generated-file.ts";
import { hasPart, type KnownTypes } from "./has-part.ts";
import { Scope } from "./identifiers.ts";
import { type InterfaceParts, interfaceApi, interfaceFileView, interfaceParts } from "./interface-view.ts";
import { type BindingsFile, type InterfaceFile, type Layout, layOut, typesOf } from "./layout.ts";
import { type GenerateOptions, type ResolvedOptions, resolveOptions } from "./options.ts";
import { OutputModule } from "./output-module.ts";
import { packageVersion } from "./package-version.ts";
import { propertyNames } from "./property-names.ts";
import { createRenderer } from "./render.ts";
import { RuleBook } from "./rule-book.ts";
import { doubleFileViews } from "./testkit/double-files.ts";
import { unsupportedFunctions } from "./unsupported.ts";
import { judgeUnused, type UnusedEntry } from "./unused-entries.ts";
import { unusedFeatures } from "./unused-features.ts";
import type { HeaderView } from "./views.ts";
import { worldApi, worldFileView, worldParts } from "./world-view.ts";

/** The bindings of a world, not yet written anywhere. */
export interface GenerateResult {
  /** Contents by path below the output folder, with `/` between folders; the world's file comes last. */
  readonly files: ReadonlyMap<string, string>;
  /** What the user should know, though the bindings could be made. */
  readonly diagnostics: readonly GenerateDiagnostic[];
  /** What of the `shared` options changes nothing in this world: a mistake only if no world has a use for it. */
  readonly unused: readonly UnusedEntry[];
}

/**
 * Generates the bindings of a world. Writes nothing: see `writeBindings`.
 *
 * The same WIT and options give the same bytes, whatever the folder, the machine or the locale.
 *
 * @example
 * const { files } = await generate({ wit: "wit", world: "hosted" });
 *
 * @throws WitError if the WIT cannot be read, parsed or resolved, or does not have the world
 * @throws ConfigError if an option is wrong, or a pattern that is not `shared` matches nothing
 * @throws UnsupportedError if types are nested deeper than components can have them
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const resolved = resolveOptions(options);
  const { wit, features, allFeatures, shared } = resolved;
  const resolve = await loadWit(wit, { features: [...features], allFeatures });
  const ofFeatures = judgeUnused(unusedFeatures(features, resolve), shared);
  const { files, diagnostics, unused } = generateWorld(selectWorld(resolve, resolved.world), resolved);
  return {
    files,
    diagnostics: [...ofFeatures.diagnostics, ...diagnostics],
    unused: [...ofFeatures.unused, ...unused],
  };
}

/** The same, for a world that has been loaded. */
export function generateWorld(world: World, options: ResolvedOptions): GenerateResult {
  const rules = new RuleBook(options.rules, world);
  const layout = layOut(world, options.with);
  const { diagnostics, unused } = judgeUnused(
    [...rules.unused, ...layout.replacements.unused],
    options.shared,
  );
  const context = new Context({ layout, names: namesOf(layout, options), rules, options });
  if (options.layout === "single") shareNames(context);

  const descriptors = new Descriptors(context);
  const interfaces = new Map<InterfaceFile, InterfaceParts>();
  for (const file of layout.interfaces) {
    if (file.external !== undefined) continue;
    interfaces.set(file, interfaceParts(file, context.namesOf(file), context, descriptors));
  }
  const parts = worldParts(interfaces, context.namesOf(layout.world), context, descriptors);

  // Only now is it known which constants the files need of each other.
  const renderer = createRenderer();
  const version = packageVersion();
  const files = new Map<string, string>();
  for (const [file, interfacePart] of options.layout === "single" ? [] : interfaces) {
    const header = headerView(file, world, options);
    const view = interfaceFileView(interfacePart, header, file, context.namesOf(file), descriptors);
    files.set(file.path, sealFile(renderer.interfaceFile(view), version));
  }
  for (const [path, view] of options.testkit
    ? doubleFileViews({ interfaces, parts, context, header: (file) => headerView(file, world, options) })
    : []) {
    files.set(path, sealFile(renderer.doubleFile(view), version));
  }
  const header = headerView(layout.world, world, options);
  const worldFile = renderer.worldFile(worldFileView(parts, header, context, descriptors));
  files.set(layout.world.path, sealFile(worldFile, version));
  return {
    files,
    diagnostics: [...diagnostics, ...context.renames.diagnostics(), ...unsupportedFunctions(world, rules)],
    unused,
  };
}

/** The names of each interface and of the world: in files of their own, or all in one. */
function namesOf(layout: Layout, options: ResolvedOptions): Map<BindingsFile, FileNames> {
  const { world } = layout.world;
  const isSingle = options.layout === "single";
  const worldOutput = new OutputModule(layout.world.path, { ...options, isShared: isSingle });
  for (const name of worldApi(world)) worldOutput.scope.claim(name);
  const prefixes = isSingle ? partNames(layout.interfaces) : undefined;
  const names = new Map<BindingsFile, FileNames>();
  for (const file of layout.interfaces) {
    const isInside = isSingle && file.external === undefined;
    const output = isInside ? worldOutput : new OutputModule(file.path, options);
    const isTwin = importedTwin(file, layout) !== undefined;
    const types = declaredIn(file.interface.types.values(), layout, isInside, isTwin);
    const prefix = isInside ? prefixes?.get(file) : undefined;
    names.set(file, new FileNames(file, output, { api: interfaceApi(file), types, prefix }));
  }
  const types = declaredIn(typesOf(world), layout, isSingle);
  names.set(layout.world, new FileNames(layout.world, worldOutput, { types }));
  return names;
}

/**
 * With all in one file, `use` declares nothing, nor does an interface that is imported too; but resources of a guest, and
 * what has them, are other types than those of the host.
 */
function declaredIn(
  types: Iterable<TypeDef>,
  { replacements }: Layout,
  isShared: boolean,
  isTwin = false,
): TypeDef[] {
  const known: KnownTypes = new Map();
  return [...types].filter((def) => {
    if (!isShared || replacements.type(def) !== undefined) return true;
    return usedType(def) === undefined && (!isTwin || hasPart(def, isResource, known));
  });
}

function isResource(type: Type): boolean {
  return typeof type !== "string" && ["own", "borrow", "resource"].includes(type.type.kind);
}

/** The file of the same interface as it is imported, if it is generated. */
function importedTwin(file: InterfaceFile, { interfaces }: Layout): InterfaceFile | undefined {
  if (file.side === "import") return undefined;
  return interfaces.find(
    (other) => other.side === "import" && other.interface === file.interface && other.external === undefined,
  );
}

/** What the names of each interface start with, where all are in one file: "Metrics" for `MetricsHost`. */
function partNames(files: readonly InterfaceFile[]): Map<InterfaceFile, string> {
  const names = new Map<InterfaceFile, string>();
  for (const side of ["import", "export"] as const) {
    const ofSide = files.filter((file) => file.side === side);
    for (const [file, name] of propertyNames(ofSide, Scope.ofAnything())) {
      names.set(file, name.slice(0, 1).toUpperCase() + name.slice(1));
    }
  }
  return names;
}

/** With all in one file, a type has one name, however many interfaces have it. */
function shareNames(context: Context): void {
  const { interfaces, world } = context.layout;
  const files = interfaces.filter((file) => file.external === undefined);
  // First what is imported and exported: what is used may be of those.
  for (const file of files) {
    const twin = importedTwin(file, context.layout);
    if (twin === undefined) continue;
    const [names, source] = [context.namesOf(file), context.namesOf(twin)];
    for (const def of file.interface.types.values()) {
      if (usedType(def) === undefined && !names.declares(def)) names.alias(def, source.type(def, source));
    }
  }
  const share = (file: BindingsFile, types: Iterable<TypeDef>): void => {
    const names = context.namesOf(file);
    for (const def of types) {
      if (names.declares(def)) continue;
      const source = context.followUse(def, names);
      names.alias(def, names.type(source.def, source.names));
    }
  };
  for (const file of files) share(file, file.interface.types.values());
  share(world, typesOf(world.world));
}

function headerView(file: BindingsFile, world: World, options: ResolvedOptions): HeaderView {
  const { allFeatures, features, importExtension, layout, enumStyle, flagsStyle, rules } = options;
  const flags = [
    ...(allFeatures
      ? ["--all-features"]
      : features.length > 0
        ? [`--features ${[...new Set(features)].sort().join(",")}`]
        : []),
    ...(importExtension === ".js" ? [] : [`--import-extension ${importExtension}`]),
    ...(layout === "files" ? [] : [`--layout ${layout}`]),
    ...(enumStyle === "union" ? [] : [`--enum-style ${enumStyle}`]),
    ...(flagsStyle === "optional" ? [] : [`--flags-style ${flagsStyle}`]),
    ...(rules.size === 0 ? [] : ["(rules)"]),
    ...(options.with.size === 0 ? [] : ["(with)"]),
  ];
  const worldId = itemId(world.package, world.name);
  const source = file.kind === "world" ? `world ${worldId}` : `${file.side} ${file.wit} of world ${worldId}`;
  return {
    path: file.path,
    source: commentLine(source),
    options: commentLine(flags.join(" ")),
    text: commentLines(options.header),
  };
}
