/**
 * Which files a world becomes, and what its parts are called in the world's file.
 *
 * - An imported interface is `<namespace>/<package>/<interface>.ts`; an exported one is under `exports/`, since its
 *   resources are the guest's and so other types (wasmtime's `bindgen!` splits them the same way).
 * - `<package>` is `<package>@<version>` as soon as the world sees two versions of that package, and only then.
 * - An interface with a plain name (`import log: interface {...}`, `import primary: store`) is
 *   `<world>/<name>.ts`: each such import has types of its own.
 * - The world is `<world>.ts`.
 */
import type { Interface, Stability, TypeDef, TypeOwner, World } from "../model/resolve.ts";
import { interfaceId, packageId } from "../wit/index.ts";
import { usedType } from "./context.ts";
import { groupBy } from "./group-by.ts";
import { Scope } from "./identifiers.ts";
import type { ModuleReplacement } from "./options.ts";
import { type Replaceable, Replacements } from "./replacements.ts";

export type Side = "import" | "export";

/** The file of one interface as a world imports or exports it. */
export interface InterfaceFile {
  readonly kind: "interface";
  readonly side: Side;
  /** What the component calls it: "amal:obs/metrics@0.1.0", or a plain name. */
  readonly wit: string;
  readonly interface: Interface;
  readonly path: string;
  readonly docs: string | undefined;
  readonly stability: Stability | undefined;
  /** What the world says about importing or exporting it. */
  readonly item: { readonly docs: string | undefined; readonly stability: Stability | undefined };
  /** What stands in for it, if it is not generated. */
  readonly external: ModuleReplacement | undefined;
  /** False if the world neither imports nor exports it and only its types are used. */
  readonly linked: boolean;
}

export interface WorldFile {
  readonly kind: "world";
  /** What a world imports is what its own types and functions see. */
  readonly side: "import";
  readonly world: World;
  readonly path: string;
}

export type BindingsFile = InterfaceFile | WorldFile;

export interface Layout {
  readonly world: WorldFile;
  readonly replacements: Replacements;
  /** In the order of the world; interfaces of which only types are used come last. */
  readonly interfaces: readonly InterfaceFile[];
  /** The file that declares what `owner` owns, as seen from `from`. */
  locate(owner: TypeOwner, from: BindingsFile): BindingsFile;
}

/** @param replaced the option `with` */
export function layOut(world: World, replaced: ReadonlyMap<string, ModuleReplacement>): Layout {
  const replacements = new Replacements(replaced, replaceable(world), world, typesOf(world));
  const folders = packageFolders(world);
  const paths = Scope.ofAnything();
  const worldFile: WorldFile = {
    kind: "world",
    side: "import",
    world,
    path: claimPath(paths, [world.name]),
  };
  const files: InterfaceFile[] = [];
  const named = { import: new Map<Interface, InterfaceFile>(), export: new Map<Interface, InterfaceFile>() };

  const add = (
    side: Side,
    wit: string,
    owner: Interface,
    item: InterfaceFile["item"],
    linked = true,
  ): void => {
    const { name, package: pkg } = owner;
    const isNamed = name !== undefined && wit.includes("/");
    const place = isNamed ? [...(folders.get(packageId(pkg.name)) ?? []), name] : [world.name, wit];
    const external = side === "import" ? replacements.interface(owner) : undefined;
    const path =
      external === undefined
        ? claimPath(paths, side === "export" ? ["exports", ...place] : place)
        : external.module;
    const docs = owner.docs ?? item.docs;
    const stability = owner.stability ?? item.stability;
    const file: InterfaceFile = {
      kind: "interface",
      side,
      wit,
      interface: owner,
      path,
      docs,
      stability,
      item,
      external,
      linked,
    };
    files.push(file);
    if (isNamed) {
      named[side].set(owner, file);
    }
  };

  for (const side of ["import", "export"] as const) {
    for (const [wit, item] of side === "import" ? world.imports : world.exports) {
      if (item.kind === "interface") {
        add(side, wit, item.interface, item);
      }
    }
  }
  for (const owner of seenInterfaces(world)) {
    if (owner.name !== undefined && !named.import.has(owner) && !named.export.has(owner)) {
      add("import", interfaceId(owner), owner, owner, false);
    }
  }

  const locate = (owner: TypeOwner, from: BindingsFile): BindingsFile => {
    if (owner.kind === "world") {
      return worldFile;
    }
    if (from.kind === "interface" && from.interface === owner) {
      return from;
    }
    // An export sees the other exports first, and otherwise the imports; an import sees imports.
    const found = (from.side === "export" ? named.export.get(owner) : undefined) ?? named.import.get(owner);
    return found ?? named.export.get(owner) ?? worldFile;
  };
  return { world: worldFile, replacements, interfaces: files, locate };
}

/** The types that a world declares: by `type`, `record` and the like, or by `use`. */
export function typesOf(world: World): TypeDef[] {
  return [...world.imports.values()].flatMap((item) => (item.kind === "type" ? [item.type] : []));
}

/** What a world imports, and interfaces of which only types are used; not what it only exports. */
function replaceable(world: World): Replaceable[] {
  const imported = [...world.imports].flatMap(([name, item]) =>
    item.kind === "interface"
      ? [{ interface: item.interface, plain: name.includes("/") ? undefined : name }]
      : [],
  );
  const known = new Set(
    [...world.imports.values(), ...world.exports.values()].map(
      (item) => item.kind === "interface" && item.interface,
    ),
  );
  const used = [...seenInterfaces(world)].filter((owner) => !known.has(owner));
  return [...imported, ...used.map((owner) => ({ interface: owner, plain: undefined }))];
}

/** All interfaces that a world names or whose types it sees through `use`. */
function seenInterfaces(world: World): ReadonlySet<Interface> {
  const seen = new Set<Interface>();
  for (const item of [...world.imports.values(), ...world.exports.values()]) {
    if (item.kind === "interface") {
      seen.add(item.interface);
    } else if (item.kind === "type") {
      seeOwner(item.type, seen);
    }
  }
  // The set grows while it is walked.
  for (const owner of seen) {
    owner.types.forEach((def) => {
      seeOwner(def, seen);
    });
  }
  return seen;
}

function seeOwner(def: TypeDef, seen: Set<Interface>): void {
  const owner = usedType(def)?.owner;
  if (owner?.kind === "interface") {
    seen.add(owner);
  }
}

/** The folder of each package that the world sees: with the version only where two would meet. */
function packageFolders(world: World): ReadonlyMap<string, readonly string[]> {
  const packages = new Map(
    [...seenInterfaces(world)].map((seen) => [packageId(seen.package.name), seen.package]),
  );
  const versions = groupBy(packages.values(), ({ name }) => `${name.namespace}:${name.name}`);
  return new Map(
    [...packages].map(([id, { name }]) => {
      const several = (versions.get(`${name.namespace}:${name.name}`)?.length ?? 0) > 1;
      const folder = several && name.version !== undefined ? `${name.name}@${name.version}` : name.name;
      return [id, [name.namespace, folder]];
    }),
  );
}

/** A path of its own for a file, also where file names differ only in case. */
function claimPath(paths: Scope, segments: readonly string[]): string {
  const stem = segments.map(pathSegment).join("/");
  const claimed = paths.claim(stem.toLowerCase());
  return `${stem}${claimed.slice(stem.length)}.ts`;
}

/** A WIT name as the name of a file or folder: unchanged if it is a legal one, harmless in any case. */
function pathSegment(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9@+.-]/g, "_");
  return /^[A-Za-z0-9]/.test(safe) ? safe : `_${safe}`;
}
