/** Test doubles: `metrics.double.ts` beside `metrics.ts`, and one for the world that ties them together. */
import type { TypeDef } from "../../model/resolve.ts";
import { itemId } from "../../wit/index.ts";
import type { Context } from "../context.ts";
import { commentLine, stringLiteral } from "../escape.ts";
import { memberKey, Scope, typeIdentifier, valueIdentifier } from "../identifiers.ts";
import type { InterfaceParts } from "../interface-view.ts";
import { type BindingsFile, type InterfaceFile, typesOf } from "../layout.ts";
import { type GlobalType, OutputModule } from "../output-module.ts";
import { propertyNames } from "../property-names.ts";
import type { HeaderView } from "../views.ts";
import type { WorldParts } from "../world-view.ts";
import { Defaults } from "./default-view.ts";
import { DoubleNames } from "./double-names.ts";
import { type Doubled, doubleView } from "./double-view.ts";
import { fixtureTypes, fixtureView } from "./fixture-view.ts";
import type { DoubleFileView, DoublePartView, DoubleView } from "./views.ts";

/** Names that the templates give to parameters, which nothing that a file declares or imports may have. */
const variables: readonly string[] = ["given", "implementations", "make", "options", "overrides"];

const globals: ReadonlySet<string> = new Set<GlobalType>([
  "Disposable",
  "Map",
  "Promise",
  "ReadableStream",
  "Uint8Array",
  "Int8Array",
  "Uint16Array",
  "Int16Array",
  "Uint32Array",
  "Int32Array",
  "Float32Array",
  "Float64Array",
  "BigUint64Array",
  "BigInt64Array",
]);

export interface DoublesInit {
  readonly interfaces: ReadonlyMap<InterfaceFile, InterfaceParts>;
  readonly parts: WorldParts;
  readonly context: Context;
  readonly header: (file: BindingsFile) => HeaderView;
}

/** The files of doubles, by path; the world's comes last. With all bindings in one file there is one. */
export function doubleFileViews(init: DoublesInit): Map<string, DoubleFileView> {
  const { interfaces, parts, context } = init;
  const worldFile = context.layout.world;
  const all: Part[] = [...interfaces].map(([file, view]) => interfacePart(file, view, context));
  all.push(worldPart(parts, context));
  const named = nameParts(all.filter(isUseful), context);
  const views = new Map<
    string,
    { readonly output: OutputModule; readonly parts: DoublePartView[]; readonly file: BindingsFile }
  >();
  for (const [part, here] of named.parts) {
    const { path } = here.output;
    const view = views.get(path) ?? {
      output: here.output,
      parts: [],
      file: here.output.isShared ? worldFile : part.file,
    };
    view.parts.push(partView(part, here, named.doubles, init));
    views.set(path, view);
  }
  return new Map(
    [...views].map(([path, { output, parts: printed, file }]) => {
      const header = init.header(file);
      const options = [header.options, "--testkit"].filter((text) => text !== "").join(" ");
      const source = commentLine(`doubles of ${header.source}`);
      return [
        path,
        { header: { ...header, path, source, options }, imports: output.imports(), parts: printed },
      ];
    }),
  );
}

/** One interface or world: what it has to double. */
interface Part {
  readonly file: BindingsFile;
  readonly types: readonly TypeDef[];
  readonly doubled: readonly Doubled[];
}

function isUseful({ types, doubled }: Part): boolean {
  return types.length > 0 || doubled.length > 0;
}

function interfacePart(file: InterfaceFile, view: InterfaceParts, context: Context): Part {
  const names = context.namesOf(file);
  const { members, host, client, declarations } = view;
  const types = fixtureTypes(file.interface.types.values(), names, context);
  const functions = host?.functions ?? client?.functions ?? [];
  const target =
    host !== undefined
      ? { name: host.name, generic: host.parameter !== undefined }
      : client !== undefined
        ? { name: names.api("Exports"), generic: false }
        : undefined;
  const side = file.side === "import" ? "host" : "guest";
  const isDoubled = target !== undefined || types.some((def) => def.type.kind === "resource");
  const doubled: Doubled = {
    side,
    kind: "interface",
    id: file.wit,
    wit: file.wit,
    members,
    target,
    functions,
    declarations,
  };
  return { file, types, doubled: isDoubled ? [doubled] : [] };
}

function worldPart(parts: WorldParts, context: Context): Part {
  const file = context.layout.world;
  const { world } = file;
  const id = itemId(world.package, world.name);
  const common = { kind: "world" as const, id, wit: id, declarations: parts.declarations };
  const { host, client } = parts;
  const doubled: Doubled[] = [];
  const types = fixtureTypes(typesOf(world), context.namesOf(file), context);
  if (
    host.properties.length + host.functions.length > 0 ||
    types.some((def) => def.type.kind === "resource")
  ) {
    const target = { name: host.name, generic: host.parameter !== undefined };
    doubled.push({ ...common, side: "host", members: parts.imported, target, functions: host.functions });
  }
  if (client.used) {
    const target = { name: parts.name, generic: false };
    doubled.push({ ...common, side: "guest", members: parts.exported, target, functions: client.functions });
  }
  return { file, types, doubled };
}

interface NamedParts {
  readonly parts: ReadonlyMap<Part, DoubleNames>;
  readonly doubles: ReadonlyMap<BindingsFile, DoubleNames>;
}

function nameParts(parts: readonly Part[], context: Context): NamedParts {
  const worldFile = context.layout.world;
  const isSingle = context.options.layout === "single";
  const newOutput = (path: string): OutputModule => {
    const options = { ...context.options, isShared: isSingle };
    const output = new OutputModule(path.replace(/\.ts$/, ".double.ts"), options);
    for (const name of [...variables, ...hiddenGlobals(context)]) {
      if (!output.scope.has(name)) output.scope.claim(name);
    }
    return output;
  };
  const shared = isSingle ? newOutput(worldFile.path) : undefined;
  const inOne = isSingle ? baseNames(context.layout.interfaces) : undefined;
  const named = new Map<Part, DoubleNames>();
  // What a world is called goes before what its interfaces are called.
  for (const part of [...parts].sort((a, b) => Number(b.file === worldFile) - Number(a.file === worldFile))) {
    const base =
      part.file.kind === "world"
        ? valueIdentifier(part.file.world.name)
        : (inOne?.get(part.file) ?? baseName(part.file));
    const bases = Object.fromEntries(part.doubled.map(({ side }) => [side, base]));
    named.set(part, new DoubleNames(part.file, shared ?? newOutput(part.file.path), bases, part.types));
  }
  const inOrder = new Map(parts.map((part) => [part, named.get(part) as DoubleNames]));
  return { parts: inOrder, doubles: new Map([...inOrder].map(([part, names]) => [part.file, names])) };
}

/** Globals of which a WIT type has the name. */
function hiddenGlobals({ layout }: Context): string[] {
  const types = [
    ...layout.interfaces.flatMap((file) => [...file.interface.types.values()]),
    ...typesOf(layout.world.world),
  ];
  return types.map((def) => typeIdentifier(def.name ?? "")).filter((name) => globals.has(name));
}

function baseName({ interface: { name }, wit }: InterfaceFile): string {
  return valueIdentifier(name !== undefined && wit.includes("/") ? name : wit);
}

function baseNames(files: readonly InterfaceFile[]): Map<InterfaceFile, string> {
  const names = (side: InterfaceFile["side"]): [InterfaceFile, string][] => [
    ...propertyNames(
      files.filter((file) => file.side === side),
      Scope.ofAnything(),
    ),
  ];
  return new Map([...names("import"), ...names("export")]);
}

function partView(
  part: Part,
  here: DoubleNames,
  doubles: NamedParts["doubles"],
  init: DoublesInit,
): DoublePartView {
  const { context } = init;
  const defaults = new Defaults(here, doubles, context);
  return {
    doubles: part.doubled.map((doubled) => {
      const view = doubleView(doubled, here, doubles, context);
      return part.file.kind === "world" ? worldDouble(view, doubled, here, doubles, init) : view;
    }),
    fixtures: part.types.flatMap((def) => fixtureView(def, here, defaults, context) ?? []),
  };
}

/** What the double of a world has besides: the doubles of its interfaces. */
function worldDouble(
  view: DoubleView,
  { side, target }: Doubled,
  here: DoubleNames,
  doubles: NamedParts["doubles"],
  { parts, interfaces }: DoublesInit,
): DoubleView {
  const ofSide = [...parts.properties].filter(([file]) => (file.side === "import") === (side === "host"));
  const made = ofSide.flatMap(([file, property]) => {
    const names = doubles.get(file);
    if (names === undefined) return [];
    const api = names.api(side);
    const isGeneric = interfaces.get(file)?.host?.parameter !== undefined;
    const data = isGeneric ? here.output.dataParameter : undefined;
    const type = here.importFrom(names, "types", api.type);
    const make = here.importFrom(names, "values", api.name);
    const printed = data === undefined ? { ref: type } : { generic: type, args: [{ ref: data }] };
    return [{ key: memberKey(property), type: printed, make, data }];
  });
  const given = ofSide.filter(([file]) => !doubles.has(file)).map(([, property]) => stringLiteral(property));
  const shown = "ref" in view.target ? view.target.ref : `${target?.name}<${view.data}>`;
  return {
    ...view,
    target: side === "host" ? view.target : { generic: here.testkitType("Public"), args: [view.target] },
    world: {
      doubles: made,
      given: given.length === 0 ? undefined : `{ readonly [K in ${given.join(" | ")}]: ${shown}[K] }`,
    },
  };
}
