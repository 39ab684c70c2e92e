/**
 * Which of a component a world covers: whether a host that provides the world's imports, and calls its
 * exports, can run the component.
 */
import { compatibilityKey } from "../model/compatible-version.ts";
import type { Func, World, WorldItem } from "../model/resolve.ts";
import { itemId, signatureText } from "../wit/index.ts";
import { Structures } from "./structure.ts";

/** One function that one side has to have for the other. */
export interface CoveredItem {
  /** "amal:obs/metrics@0.1.0#counter", "run" */
  readonly name: string;
  readonly status: "covered" | "missing" | "different";
  /** What is wrong, for people. */
  readonly reason?: string;
}

/** What `coverageOf` tells: whether a host for a world can run a component. */
export interface Coverage {
  /** The id of the world. */
  readonly world: string;
  /** True if all of the component's imports, and all of the world's exports, are covered. */
  readonly covered: boolean;
  /** What the component imports, and whether the world has it. */
  readonly imports: readonly CoveredItem[];
  /** What the world exports, and whether the component has it. */
  readonly exports: readonly CoveredItem[];
}

/** @param component the world of the component, as `inspectComponent` gives it */
export function coverageOf(component: World, world: World): Coverage {
  const structures = new Structures();
  const imports = compare(component.imports, world.imports, structures, "the component", "the world");
  const exports = compare(world.exports, component.exports, structures, "the world", "the component");
  const covered = [...imports, ...exports].every((item) => item.status === "covered");
  return { world: itemId(world.package, world.name), covered, imports, exports };
}

/** Whether each function that `wanted` has is in `given`, too. */
function compare(
  wanted: World["imports"],
  given: World["imports"],
  structures: Structures,
  wanting: string,
  giving: string,
): readonly CoveredItem[] {
  const items: CoveredItem[] = [];
  for (const [key, item] of wanted) {
    const found = find(given, key);
    for (const [name, func] of functionsOf(key, item)) {
      const other = found === undefined ? undefined : functionOf(found, func.name);
      if (other === undefined) {
        const what =
          found === undefined || found.kind !== "interface" ? giving : `its interface of ${giving}`;
        items.push({ name, status: "missing", reason: `${what} does not have it: ${signatureText(func)}` });
      } else if (structures.func(func) === structures.func(other)) {
        items.push({ name, status: "covered" });
      } else {
        const reason = `${signatureText(func)} in ${wanting}, ${signatureText(other)} in ${giving}`;
        items.push({ name, status: "different", reason: withHint(reason, func, other) });
      }
    }
  }
  return items;
}

/** Signatures can look the same, and differ in what a name in them stands for. */
function withHint(reason: string, wanted: Func, given: Func): string {
  return signatureText(wanted) === signatureText(given)
    ? `${reason}: a type that it names is another one there`
    : reason;
}

/** The item of that name, or of the highest compatible version. */
function find(items: World["imports"], key: string): WorldItem | undefined {
  const exact = items.get(key);
  if (exact !== undefined) return exact;
  const wanted = compatibilityKey(key);
  if (wanted === undefined) return undefined;
  return [...items].find(([other]) => compatibilityKey(other) === wanted)?.[1];
}

function functionsOf(key: string, item: WorldItem): readonly (readonly [string, Func])[] {
  switch (item.kind) {
    case "func":
      return [[key, item.func]];
    case "interface":
      return [...item.interface.functions.values()].map((func) => [`${key}#${func.name}`, func] as const);
    case "type":
      return [];
  }
}

function functionOf(item: WorldItem, name: string): Func | undefined {
  switch (item.kind) {
    case "func":
      return item.func;
    case "interface":
      return item.interface.functions.get(name);
    case "type":
      return undefined;
  }
}
