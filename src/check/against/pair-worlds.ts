/** Finds what of one world is what of another: interfaces by name, whatever compatible version they have. */
import { compatibilityKey, withoutVersion } from "../../model/compatible-version.ts";
import type {
  Func,
  Interface,
  Stability,
  TypeDef,
  TypeOwner,
  World,
  WorldItem,
} from "../../model/resolve.ts";
import { interfaceId, itemId } from "../../wit/index.ts";
import type { Side } from "./verdict.ts";

/** What has types and functions: an interface as a world imports or exports it, or the world itself. */
export interface Container {
  /** "amal:obs/metrics@0.1.0", a plain name, or the name of the world. */
  readonly name: string;
  readonly side: Side;
  readonly owner: TypeOwner;
  readonly types: ReadonlyMap<string, TypeDef>;
  readonly functions: ReadonlyMap<string, Func>;
  readonly stability: Stability | undefined;
}

export interface ContainerPair {
  readonly before: Container;
  readonly after: Container;
  /** A component made for the one name finds the other. */
  readonly linked: boolean;
}

export interface PairedWorlds {
  readonly pairs: readonly ContainerPair[];
  readonly removed: readonly Container[];
  readonly added: readonly Container[];
  /** One id for an owner of types and for its counterpart in the other world. */
  readonly ownerId: (owner: TypeOwner) => string;
}

export function pairWorlds(before: World, after: World): PairedWorlds {
  const pairs: ContainerPair[] = [];
  const removed: Container[] = [];
  const added: Container[] = [];
  for (const side of ["import", "export"] as const) {
    pairs.push({ before: worldItself(before, side), after: worldItself(after, side), linked: true });
    const old = interfacesOf(before, side);
    const rest = new Set(interfacesOf(after, side));
    const found = new Map<Container, Container>();
    // The same name first, then a compatible version, then any.
    for (const keyOf of [(name: string) => name, compatibilityKey, withoutVersion]) {
      const byKey = new Map<string, Container>();
      for (const container of rest) {
        const key = keyOf(container.name);
        if (key !== undefined && !byKey.has(key)) byKey.set(key, container);
      }
      for (const container of old) {
        const key = found.has(container) ? undefined : keyOf(container.name);
        const match = key === undefined ? undefined : byKey.get(key);
        if (key === undefined || match === undefined) continue;
        found.set(container, match);
        rest.delete(match);
        byKey.delete(key);
      }
    }
    for (const container of old) {
      const match = found.get(container);
      if (match === undefined) removed.push(container);
      else pairs.push({ before: container, after: match, linked: isLinked(container.name, match.name) });
    }
    added.push(...rest);
  }
  return { pairs, removed, added, ownerId: ownerIds(pairs) };
}

function isLinked(a: string, b: string): boolean {
  const key = compatibilityKey(a);
  return a === b || (key !== undefined && key === compatibilityKey(b));
}

function ownerIds(pairs: readonly ContainerPair[]): (owner: TypeOwner) => string {
  const ids = new Map<TypeOwner, string>();
  for (const { before, after } of pairs) {
    const id = before.owner.kind === "world" ? "world" : (ids.get(before.owner) ?? before.name);
    ids.set(before.owner, id);
    ids.set(after.owner, id);
  }
  return (owner) => ids.get(owner) ?? nameOf(owner);
}

function nameOf(owner: TypeOwner): string {
  if (owner.kind === "world") return itemId(owner.package, owner.name);
  return owner.name === undefined ? "interface" : interfaceId(owner);
}

function interfacesOf(world: World, side: Side): Container[] {
  const items = side === "import" ? world.imports : world.exports;
  return [...items].flatMap(([name, item]) =>
    item.kind === "interface" ? [asContainer(name, side, item)] : [],
  );
}

function asContainer(name: string, side: Side, item: WorldItem & { kind: "interface" }): Container {
  const node: Interface = item.interface;
  const { types, functions } = node;
  return { name, side, owner: node, types, functions, stability: item.stability ?? node.stability };
}

function worldItself(world: World, side: Side): Container {
  const items = [...(side === "import" ? world.imports : world.exports)];
  return {
    name: itemId(world.package, world.name),
    side,
    owner: world,
    types: new Map(items.flatMap(([name, item]) => (item.kind === "type" ? [[name, item.type]] : []))),
    functions: new Map(items.flatMap(([name, item]) => (item.kind === "func" ? [[name, item.func]] : []))),
    stability: side === "import" ? world.stability : undefined,
  };
}
