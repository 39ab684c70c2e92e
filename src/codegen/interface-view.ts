/** The file of an interface. */
import { clientMembers } from "./client-view.ts";
import type { Context } from "./context.ts";
import { declarationViews } from "./declaration-view.ts";
import type { Descriptors } from "./descriptors.ts";
import { docsView } from "./docs-view.ts";
import { stringLiteral } from "./escape.ts";
import type { ApiName, FileNames } from "./file-names.ts";
import { Scope } from "./identifiers.ts";
import type { InterfaceFile } from "./layout.ts";
import { hostMembers } from "./link-view.ts";
import { type Members, membersOf } from "./members.ts";
import type {
  DocsView,
  HeaderView,
  HostView,
  InterfaceFileView,
  InterfaceView,
  LinkerView,
} from "./views.ts";

/** The names that the file of an interface declares itself. */
export function interfaceApi(file: InterfaceFile): readonly ApiName[] {
  return file.side === "import" ? ["Host", "addToLinker"] : ["Exports", "Client"];
}

/**
 * True if there is anything to link, or anything to call without an object: an interface of types only has
 * neither.
 */
export function hasMembers(file: InterfaceFile, context: Context): boolean {
  if (file.external !== undefined) return file.external.link === true;
  const settingsOf = context.settingsOf(file);
  const hasCalls = context
    .functionsOf(file)
    .some(
      (func) =>
        func.kind.kind !== "method" || (file.side === "export" && settingsOf(func).results === "value"),
    );
  const hasResources = [...file.interface.types.values()].some((def) => def.type.kind === "resource");
  return file.linked && (hasCalls || (file.side === "import" && hasResources));
}

/** What of an interface file can be said before the other files have said what they import from it. */
export interface InterfaceParts extends InterfaceView {
  readonly docs: DocsView | undefined;
  readonly reexports: readonly string[];
  readonly members: Members;
  /** True if `addToLinker` takes `getHost`. */
  readonly usesHost: boolean;
}

export function interfaceParts(
  file: InterfaceFile,
  names: FileNames,
  context: Context,
  descriptors: Descriptors,
): InterfaceParts {
  const types = [...file.interface.types.values()];
  const members = membersOf(types, context.functionsOf(file), names, context.settingsOf(file));
  const { declarations, reexports } = declarationViews(types, members, names, context);
  const linked = hasMembers(file, context);
  const { host, link } =
    linked && file.side === "import" ? hostAndLink(file, members, names, context, descriptors) : {};
  const client = linked && file.side === "export" ? clientOf(file, members, names, context) : undefined;
  const isTop = host === undefined && client === undefined && !names.output.isShared;
  const docs = isTop
    ? docsView(file, { tags: file.docs === undefined ? [] : ["@packageDocumentation"] })
    : undefined;
  const usesHost = link?.usesHost ?? false;
  return { docs, reexports, members, declarations, host, link, client, usesHost };
}

function hostAndLink(
  file: InterfaceFile,
  members: Members,
  names: FileNames,
  context: Context,
  descriptors: Descriptors,
): { readonly host: HostView | undefined; readonly link: LinkerView } {
  const { properties, functions, linkResources, linkFunctions, generic, traced } = hostMembers(
    members,
    file.wit,
    Scope.ofMembers(),
    names,
    context,
    descriptors,
  );
  const usesHost = properties.length > 0 || functions.length > 0;
  const docs = docsView(file, { fallback: `The host's side of \`${file.wit}\`.` });
  const data = names.output.dataParameter;
  const name = names.api("Host");
  return {
    host: usesHost ? { docs, name, parameter: generic ? data : undefined, properties, functions } : undefined,
    link: {
      name: names.api("addToLinker"),
      host: generic ? `${name}<${data}>` : name,
      instance: stringLiteral(file.wit),
      linker: names.runtimeType("Linker"),
      data,
      tracer: traced ? names.runtimeType("Tracer") : undefined,
      usesHost,
      resources: linkResources,
      functions: linkFunctions,
    },
  };
}

function clientOf(
  file: InterfaceFile,
  members: Members,
  names: FileNames,
  context: Context,
): InterfaceView["client"] {
  return {
    docs: docsView(file, { fallback: `What the guest exports as \`${file.wit}\`.` }),
    exports: names.api("Exports"),
    name: names.api("Client"),
    used: true,
    interfaces: [],
    ...clientMembers(members, file.wit, Scope.ofMembers(), names, context),
  };
}

export function interfaceFileView(
  parts: InterfaceParts,
  header: HeaderView,
  file: InterfaceFile,
  names: FileNames,
  descriptors: Descriptors,
): InterfaceFileView {
  const constants = descriptors.constantsOf([{ names, types: file.interface.types.values() }]);
  return { ...parts, header, constants, imports: names.output.imports() };
}
