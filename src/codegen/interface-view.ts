/** The file of an interface. */
import { clientMembers } from "./client-view.ts";
import type { Context } from "./context.ts";
import { declarationView } from "./declaration-view.ts";
import type { Descriptors } from "./descriptors.ts";
import { docsView } from "./docs-view.ts";
import { stringLiteral } from "./escape.ts";
import type { FileNames } from "./file-names.ts";
import { Scope } from "./identifiers.ts";
import type { InterfaceFile } from "./layout.ts";
import { hostMembers } from "./link-view.ts";
import { type Members, membersOf } from "./members.ts";
import type {
  ClientView,
  DeclarationView,
  HeaderView,
  HostView,
  InterfaceFileView,
  LinkerView,
} from "./views.ts";

/** The names that the file of an interface declares itself. */
export function interfaceApi(file: InterfaceFile): readonly string[] {
  return file.side === "import" ? ["Host", "addToLinker"] : ["Exports", "Client"];
}

/**
 * True if there is anything to link, or anything to call without an object: an interface of types only has
 * neither.
 */
export function hasMembers({ side, linked, interface: { types, functions } }: InterfaceFile): boolean {
  const needsLink = [...types.values()].some((def) => def.type.kind === "resource");
  const hasCalls = [...functions.values()].some((func) => func.kind.kind !== "method");
  return linked && (hasCalls || (side === "import" && needsLink));
}

/** What of an interface file can be said before the other files have said what they import from it. */
export type InterfaceParts = Omit<InterfaceFileView, "header" | "imports" | "constants"> & {
  /** True if `addToLinker` takes `getHost`. */
  readonly usesHost: boolean;
};

export function interfaceParts(
  file: InterfaceFile,
  names: FileNames,
  context: Context,
  descriptors: Descriptors,
): InterfaceParts {
  const types = [...file.interface.types.values()];
  const members = membersOf(types, file.interface.functions.values(), names);
  const declarations: DeclarationView[] = [];
  const reexports: string[] = [];
  for (const def of types) {
    const declaration = declarationView(def, members, names, context);
    if (declaration === undefined) {
      reexports.push(names.type(def, names));
    } else {
      declarations.push(declaration);
    }
  }
  const linked = hasMembers(file);
  const { host, link } =
    linked && file.side === "import" ? hostAndLink(file, members, names, context, descriptors) : {};
  const client = linked && file.side === "export" ? clientOf(file, members, names, context) : undefined;
  const isTop = host === undefined && client === undefined;
  const docs = isTop
    ? docsView(file, { tags: file.docs === undefined ? [] : ["@packageDocumentation"] })
    : undefined;
  return { docs, reexports, declarations, host, link, client, usesHost: link?.usesHost ?? false };
}

function hostAndLink(
  file: InterfaceFile,
  members: Members,
  names: FileNames,
  context: Context,
  descriptors: Descriptors,
): { readonly host: HostView | undefined; readonly link: LinkerView } {
  const { properties, functions, linkResources, linkFunctions } = hostMembers(
    members,
    Scope.ofMembers(),
    names,
    context,
    descriptors,
  );
  const usesHost = properties.length > 0 || functions.length > 0;
  const docs = docsView(file, { fallback: `The host's side of \`${file.wit}\`.` });
  return {
    host: usesHost ? { docs, properties, functions } : undefined,
    link: {
      instance: stringLiteral(file.wit),
      linker: names.runtimeType("Linker"),
      data: names.claim("T"),
      usesHost,
      resources: linkResources,
      functions: linkFunctions,
    },
  };
}

function clientOf(file: InterfaceFile, members: Members, names: FileNames, context: Context): ClientView {
  return {
    docs: docsView(file, { fallback: `What the guest exports as \`${file.wit}\`.` }),
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
  const constants = descriptors.constantsOf(names, file.interface.types.values());
  return { ...parts, header, constants, imports: names.imports() };
}
