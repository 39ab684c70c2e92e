/** The file of a world: `HostedImports`, and the class that links, instantiates and calls a guest. */
import type { Func, World, WorldItem } from "../model/resolve.ts";
import { itemId } from "../wit/index.ts";
import { clientMembers } from "./client-view.ts";
import type { Context } from "./context.ts";
import { declarationViews } from "./declaration-view.ts";
import type { Descriptors } from "./descriptors.ts";
import { docsView } from "./docs-view.ts";
import type { FileNames } from "./file-names.ts";
import { memberKey, Scope, typeIdentifier } from "./identifiers.ts";
import { hasMembers, type InterfaceParts } from "./interface-view.ts";
import { type InterfaceFile, typesOf } from "./layout.ts";
import { hostMembers } from "./link-view.ts";
import { type Members, membersOf } from "./members.ts";
import { propertyNames } from "./property-names.ts";
import type { SettingsOf } from "./rule-book.ts";
import type { ClientView, HeaderView, HostView, WorldFileView } from "./views.ts";

/** The names that the file of a world declares itself. */
export function worldApi(world: World): readonly string[] {
  const name = typeIdentifier(world.name);
  return [name, `${name}Imports`];
}

function worldFunctions(side: ReadonlyMap<string, WorldItem>, settingsOf: SettingsOf): Func[] {
  return [...side.values()].flatMap((item) =>
    item.kind === "func" && !settingsOf(item.func).skip ? [item.func] : [],
  );
}

/** Everything of a world's file but what depends on what other files import: its constants, and its own imports. */
export interface WorldParts extends Omit<WorldFileView, "header" | "imports" | "constants"> {
  /** What the world imports by itself, outside interfaces. */
  readonly imported: Members;
  /** What it exports by itself. */
  readonly exported: Members;
  /** What the interfaces are called as properties of the world. */
  readonly properties: ReadonlyMap<InterfaceFile, string>;
}

/** The interface files of the layout that are generated, already looked at. */
type Interfaces = ReadonlyMap<InterfaceFile, InterfaceParts>;

export function worldParts(
  interfaces: Interfaces,
  names: FileNames,
  context: Context,
  descriptors: Descriptors,
): WorldParts {
  const { world } = context.layout.world;
  const types = typesOf(world);
  const settingsOf = context.settingsOf(context.layout.world);
  const members = membersOf(types, worldFunctions(world.imports, settingsOf), names, settingsOf);
  const declared = declarationViews(types, members, names, context);
  const { host, link, properties } = imports(interfaces, members, names, context, descriptors);
  const guest = client(interfaces, names, context);
  const parts = names.output.isShared ? [...interfaces.values()] : [];
  const isTraced = guest.client.tracer !== undefined || guest.client.interfaces.some((item) => item.tracer);
  return {
    parts,
    reexports: [...parts.flatMap((part) => part.reexports), ...declared.reexports],
    declarations: declared.declarations,
    name: typeIdentifier(world.name),
    host,
    link,
    client: guest.client,
    clientTracer: isTraced ? names.runtimeType("Tracer") : undefined,
    component: names.runtimeType("Component"),
    store: names.runtimeType("Store"),
    imported: members,
    exported: guest.members,
    properties: new Map([...properties, ...guest.properties]),
  };
}

/** An imported interface, as the world's file sees it. */
interface ImportedApi {
  readonly file: InterfaceFile;
  /** Its `addToLinker`, and its `Host` if it has one. */
  readonly add: string;
  readonly host: string;
  readonly tracer: boolean;
}

function imports(
  interfaces: Interfaces,
  members: Members,
  names: FileNames,
  context: Context,
  descriptors: Descriptors,
): {
  readonly host: HostView;
  readonly link: WorldFileView["link"];
  readonly properties: WorldParts["properties"];
} {
  const { world } = context.layout.world;
  const linked = context.layout.interfaces.filter(
    (file) => file.side === "import" && hasMembers(file, context),
  );
  // A module of the user's that shall be linked has all that a generated one has.
  const usesHost = (file: InterfaceFile): boolean =>
    interfaces.get(file)?.usesHost ?? file.external !== undefined;
  const isGeneric = (file: InterfaceFile): boolean => interfaces.get(file)?.host?.parameter !== undefined;
  const scope = Scope.ofMembers();
  // The world's own functions keep their names; where an interface has the same name, it gives way.
  const own = hostMembers(members, undefined, scope, names, context, descriptors);
  const properties = propertyNames(linked.filter(usesHost), scope);
  const data = names.output.dataParameter;
  const apis = linked.map((file): ImportedApi => {
    const wanted = properties.get(file) ?? [...propertyNames([file], Scope.ofMembers()).values()][0] ?? "";
    const owner = context.namesOf(file);
    return {
      file,
      add: names.apiOf(owner, "addToLinker", wanted),
      host: usesHost(file) ? names.apiOf(owner, "Host", wanted) + (isGeneric(file) ? `<${data}>` : "") : "",
      tracer: interfaces.get(file)?.link?.tracer !== undefined,
    };
  });
  const hosts = new Map(apis.map(({ file, host }) => [file, host]));
  const generic = own.generic || linked.some(isGeneric);
  const name = `${typeIdentifier(world.name)}Imports`;
  const usesRoot = own.linkResources.length > 0 || own.linkFunctions.length > 0;
  const traced = own.traced || apis.some((api) => api.tracer);
  return {
    properties,
    host: {
      docs: docsView({
        docs: `What a guest of \`${itemId(world.package, world.name)}\` imports: the host brings it.`,
      }),
      name,
      parameter: generic ? data : undefined,
      properties: [
        ...[...properties].map(([file, property]) => ({
          docs: docsView(file.item, { fallback: `\`${file.wit}\`` }),
          key: memberKey(property),
          type: hosts.get(file) ?? "",
        })),
        ...own.properties,
      ],
      functions: own.functions,
    },
    link: {
      name: "addToLinker",
      host: generic ? `${name}<${data}>` : name,
      tracer: traced ? names.runtimeType("Tracer") : undefined,
      instance: undefined,
      used: linked.length > 0 || usesRoot,
      usesRoot,
      linker: names.runtimeType("Linker"),
      data,
      usesHost: properties.size > 0 || own.properties.length > 0 || own.functions.length > 0,
      resources: own.linkResources,
      functions: own.linkFunctions,
      interfaces: apis.map(({ file, add, tracer }) => ({ add, tracer, property: properties.get(file) })),
    },
  };
}

function client(
  interfaces: Interfaces,
  names: FileNames,
  context: Context,
): Pick<WorldParts, "properties"> & { readonly client: ClientView; readonly members: Members } {
  const { world } = context.layout.world;
  const scope = Scope.ofMembers();
  const settingsOf = context.settingsOf(context.layout.world, "export");
  const functions = worldFunctions(world.exports, settingsOf);
  const members: Members = { settingsOf, functions, resources: new Map() };
  const own = clientMembers(members, undefined, scope, names, context);
  const files = context.layout.interfaces.filter(
    (file) => file.side === "export" && hasMembers(file, context),
  );
  const properties = propertyNames(files, scope);
  const views = [...properties].map(([file, property]) => {
    const owner = context.namesOf(file);
    const namespace = `${property}Exports`;
    return {
      docs: docsView(file.item, { fallback: `\`${file.wit}\`` }),
      key: memberKey(property),
      type: names.apiOf(owner, "Exports", namespace),
      client: names.apiOf(owner, "Client", namespace),
      tracer: interfaces.get(file)?.client?.tracer !== undefined,
    };
  });
  const fallback = `A guest of the world \`${itemId(world.package, world.name)}\`.`;
  return {
    members,
    properties,
    client: {
      docs: docsView(world, { fallback }),
      used: views.length > 0 || own.functions.length > 0,
      interfaces: views,
      ...own,
    },
  };
}

export function worldFileView(
  parts: WorldParts,
  header: HeaderView,
  context: Context,
  descriptors: Descriptors,
): WorldFileView {
  const { world, interfaces } = context.layout;
  const names = context.namesOf(world);
  const inside = names.output.isShared ? interfaces.filter((file) => file.external === undefined) : [];
  const constants = descriptors.constantsOf([
    ...inside.map((file) => ({ names: context.namesOf(file), types: file.interface.types.values() })),
    { names, types: typesOf(world.world) },
  ]);
  return { ...parts, header, constants, imports: names.output.imports() };
}
