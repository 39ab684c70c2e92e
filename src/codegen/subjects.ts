/** What there is in a world for patterns to match. */
import type { Func, Interface, TypeOwner, World, WorldItem } from "../model/resolve.ts";
import { interfaceId, itemId, packageId } from "../wit/index.ts";
import type { Side } from "./layout.ts";
import type { Place, Subject } from "./pattern.ts";

/** A function that a world imports or exports. */
export interface FunctionSubject extends Subject {
  readonly side: Side;
  /** What the component calls its instance; undefined for a function of the world itself. */
  readonly instance: string | undefined;
  readonly func: Func;
}

/** All functions that a world imports and exports, in the order of the world. */
export function functionSubjects(world: World): FunctionSubject[] {
  const subjects: FunctionSubject[] = [];
  for (const side of ["import", "export"] as const) {
    for (const [name, item] of side === "import" ? world.imports : world.exports) {
      for (const func of functionsOf(item)) {
        const isIn = item.kind === "interface";
        const places = isIn ? placesOf(name, item) : [placeOf(world, world.name), ...ownPlaces(func)];
        const instance = isIn ? name : undefined;
        subjects.push({ side, instance, func, places, items: itemNames(func) });
      }
    }
  }
  return subjects;
}

function functionsOf(item: WorldItem): Iterable<Func> {
  switch (item.kind) {
    case "func":
      return [item.func];
    case "interface":
      return item.interface.functions.values();
    case "type":
      return [];
  }
}

/** A world's own function is found by its plain name, too. */
function ownPlaces(func: Func): Place[] {
  return func.kind.kind === "freestanding" ? [{ kind: "plain", name: func.name }] : [];
}

function placesOf(name: string, item: Extract<WorldItem, { kind: "interface" }>): Place[] {
  const places: Place[] = [];
  if (item.interface.name !== undefined) places.push(placeOf(item.interface, item.interface.name));
  if (item.implements?.name !== undefined && item.implements !== item.interface) {
    places.push(placeOf(item.implements, item.implements.name));
  }
  if (!name.includes("/")) places.push({ kind: "plain", name });
  return places;
}

/** Where the types of an interface or a world are. */
export function placesOfOwner(owner: TypeOwner): Place[] {
  return owner.name === undefined ? [] : [placeOf(owner, owner.name)];
}

function placeOf({ package: { name: pkg } }: TypeOwner, name: string): Place {
  return { kind: "id", namespace: pkg.namespace, package: pkg.name, name, version: pkg.version };
}

/** "[method]blob.read", "blob.read", "blob". */
function itemNames({ name, kind }: Func): string[] {
  if (kind.kind === "freestanding") return [name];
  const bare = name.slice(name.indexOf("]") + 1);
  return [name, bare, kind.resource.name ?? ""];
}

/** What a function is called in messages, which is a pattern that matches it: "amal:obs/metrics@0.1.0#counter". */
export function subjectName({ instance, func }: FunctionSubject): string {
  return instance === undefined ? func.name : `${instance}#${func.name}`;
}

/** Names for a did-you-mean: with and without versions, with and without functions. */
export function candidateNames(world: World): string[] {
  const names = new Set<string>();
  const interfaces = new Set<Interface>();
  for (const { func, instance, places } of functionSubjects(world)) {
    for (const place of places) {
      const base = place.kind === "plain" ? place.name : `${place.namespace}:${place.package}/${place.name}`;
      names.add(base);
      if (place.kind === "id" && instance !== undefined) {
        names.add(`${base}.${func.name}`).add(`${base}#${func.name}`);
        names.add(`${place.namespace}:${place.package}`).add(`${place.namespace}:${place.package}/*`);
      }
    }
    if (instance !== undefined) names.add(instance).add(`${instance}#${func.name}`);
  }
  for (const item of [...world.imports.values(), ...world.exports.values()]) {
    if (item.kind === "interface") interfaces.add(item.interface);
  }
  for (const item of interfaces) {
    if (item.name === undefined) continue;
    names.add(interfaceId(item));
  }
  names.add(itemId(world.package, world.name)).add(packageId(world.package.name));
  return [...names];
}
