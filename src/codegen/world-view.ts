/** The file of a world: `HostedImports`, and the class that links, instantiates and calls a guest. */
import type { Func, TypeDef, World, WorldItem } from "../model/resolve.ts";
import { itemId } from "../wit/index.ts";
import { clientMembers } from "./client-view.ts";
import type { Context } from "./context.ts";
import { declarationView } from "./declaration-view.ts";
import type { Descriptors } from "./descriptors.ts";
import { docsView } from "./docs-view.ts";
import type { FileNames } from "./file-names.ts";
import { memberKey, Scope, typeIdentifier } from "./identifiers.ts";
import { hasMembers, type InterfaceParts } from "./interface-view.ts";
import type { InterfaceFile } from "./layout.ts";
import { hostMembers } from "./link-view.ts";
import { type Members, membersOf } from "./members.ts";
import { propertyNames } from "./property-names.ts";
import type { ClientView, DeclarationView, HeaderView, HostView, WorldFileView } from "./views.ts";

/** The names that the file of a world declares itself. */
export function worldApi(world: World): readonly string[] {
  const name = typeIdentifier(world.name);
  return [name, `${name}Imports`];
}

/** The types that a world declares: by `type`, `record` and the like, or by `use`. */
export function worldTypes(world: World): TypeDef[] {
  return items(world.imports, "type").map((item) => item.type);
}

function worldFunctions(side: ReadonlyMap<string, WorldItem>): Func[] {
  return items(side, "func").map((item) => item.func);
}

function items<K extends WorldItem["kind"]>(
  side: ReadonlyMap<string, WorldItem>,
  kind: K,
): Extract<WorldItem, { kind: K }>[] {
  return [...side.values()].filter((item): item is Extract<WorldItem, { kind: K }> => item.kind === kind);
}

/** Everything of a world's file but what depends on what other files import: its constants, and its own imports. */
export type WorldParts = Omit<WorldFileView, "header" | "imports" | "constants">;

/** @param interfaces the interface files of the layout, already looked at */
export function worldParts(
  interfaces: ReadonlyMap<InterfaceFile, InterfaceParts>,
  names: FileNames,
  context: Context,
  descriptors: Descriptors,
): WorldParts {
  const { world } = context.layout.world;
  const [name, importsName] = [typeIdentifier(world.name), `${typeIdentifier(world.name)}Imports`];
  const types = worldTypes(world);
  const members = membersOf(types, worldFunctions(world.imports), names);
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
  const { host, link } = imports(interfaces, members, names, context, descriptors);
  return {
    reexports,
    declarations,
    name,
    host: { ...host, name: importsName },
    link,
    client: client(names, context),
    component: names.runtimeType("Component"),
    store: names.runtimeType("Store"),
  };
}

function imports(
  interfaces: ReadonlyMap<InterfaceFile, InterfaceParts>,
  members: Members,
  names: FileNames,
  context: Context,
  descriptors: Descriptors,
): { readonly host: HostView; readonly link: WorldFileView["link"] } {
  const { world } = context.layout.world;
  const linked = [...interfaces.keys()].filter((file) => file.side === "import" && hasMembers(file));
  const usesHost = (file: InterfaceFile): boolean => interfaces.get(file)?.usesHost ?? false;
  const scope = Scope.ofMembers();
  // The world's own functions keep their names; where an interface has the same name, it gives way.
  const own = hostMembers(members, scope, names, context, descriptors);
  const properties = propertyNames(linked.filter(usesHost), scope);
  const modules = new Map(
    linked.map((file) => {
      const wanted = properties.get(file) ?? [...propertyNames([file], Scope.ofMembers()).values()][0] ?? "";
      return [file, names.importNamespace(context.namesOf(file), wanted)];
    }),
  );
  const host: HostView = {
    docs: docsView({
      docs: `What a guest of \`${itemId(world.package, world.name)}\` imports: the host brings it.`,
    }),
    properties: [
      ...[...properties].map(([file, property]) => ({
        docs: docsView(file.item, { fallback: `\`${file.wit}\`` }),
        key: memberKey(property),
        type: `${modules.get(file)}.Host`,
      })),
      ...own.properties,
    ],
    functions: own.functions,
  };
  return {
    host,
    link: {
      instance: undefined,
      used: linked.length > 0 || own.linkResources.length > 0 || own.linkFunctions.length > 0,
      usesRoot: own.linkResources.length > 0 || own.linkFunctions.length > 0,
      linker: names.runtimeType("Linker"),
      data: names.claim("T"),
      usesHost: properties.size > 0 || own.properties.length > 0 || own.functions.length > 0,
      resources: own.linkResources,
      functions: own.linkFunctions,
      interfaces: linked.map((file) => ({
        module: modules.get(file) ?? "",
        property: properties.get(file),
      })),
    },
  };
}

function client(names: FileNames, context: Context): ClientView {
  const { world } = context.layout.world;
  const scope = Scope.ofMembers();
  const members: Members = { functions: worldFunctions(world.exports), resources: new Map() };
  const own = clientMembers(members, undefined, scope, names, context);
  const files = context.layout.interfaces.filter((file) => file.side === "export" && hasMembers(file));
  const interfaces = [...propertyNames(files, scope)].map(([file, property]) => {
    const module = names.importNamespace(context.namesOf(file), `${property}Exports`);
    return {
      docs: docsView(file.item, { fallback: `\`${file.wit}\`` }),
      key: memberKey(property),
      type: `${module}.Exports`,
      client: `${module}.Client`,
    };
  });
  const fallback = `A guest of the world \`${itemId(world.package, world.name)}\`.`;
  return {
    docs: docsView(world, { fallback }),
    used: interfaces.length > 0 || own.functions.length > 0,
    interfaces,
    ...own,
  };
}

export function worldFileView(
  parts: WorldParts,
  header: HeaderView,
  names: FileNames,
  world: World,
  descriptors: Descriptors,
): WorldFileView {
  return {
    ...parts,
    header,
    constants: descriptors.constantsOf(names, worldTypes(world)),
    imports: names.imports(),
  };
}
