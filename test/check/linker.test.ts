/**
 * The verdicts on what is deployed, against what hostwright's linker says: guests of one version are made by jco, and
 * linked with a host that has the types of the other.
 */
import { componentEmbed, componentNew } from "@bytecodealliance/jco";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareWorlds, type LoadedWorld } from "../../src/check/against/compare-worlds.ts";
import type { ExternType } from "../../src/model/extern-type.ts";
import type { ResourceType } from "../../src/model/value-type.ts";
import { Component, Engine, type Instance, Linker, Store } from "../../src/runtime/index.ts";
import type { LinkerInstance } from "../../src/runtime/linker-instance.ts";
import { findDifference } from "../../src/runtime/type-check.ts";
import { parseWit, printWit, selectWorld, WitError } from "../../src/wit/index.ts";
import { legalPackage } from "../wit/arbitrary.ts";
import { compare, loadPair, type Pair, pairs, verdictsOf } from "./pairs.ts";

/** Pairs that the linker cannot judge, each with its reason. */
const skipped = new Map([
  ["29-params-swapped", "arguments go by position: the linker does not see that they mean something else"],
  ["38-async", "async host functions are not linked at all yet"],
  ["106-no-longer-async", "async host functions are not linked at all yet"],
  [
    "137-export-uses-import",
    "bindings look for resources that an export defines, not for those that it uses",
  ],
  ["107-export-async", "async exports are not linked at all yet"],
]);

const engine = new Engine();

/** Random packages, without what the linker does not take yet. */
const linkable = legalPackage.map((text) =>
  text
    .replaceAll("async func", "func")
    .replaceAll("error-context", "u8")
    .replace(/\b(?:stream|future)</g, "list<")
    .replace(/\b(?:stream|future)\b/g, "u8"),
);

describe("the linker agrees", () => {
  test.each(pairs.filter(({ name }) => !skipped.has(name)))("$name", async (pair) => {
    const [old, current] = await guestsOf(pair);
    const { host, guests } = verdictsOf(compare(pair));
    expect({ host: isLinked(current, old), guests: isLinked(old, current) }).toEqual({
      host: host === "compatible",
      guests: guests === "compatible",
    });
  });

  test("where it can: swapped parameters it accepts", async () => {
    const pair = pairs.find(({ name }) => name === "29-params-swapped");
    if (pair === undefined) throw new Error("there is no such pair");
    const [old, current] = await guestsOf(pair);
    expect([isLinked(current, old), isLinked(old, current)]).toEqual([true, true]);
  });
});

/** One line less, or one primitive that is another. */
function edited(text: string, pick: number): string {
  const primitives = [...text.matchAll(/(?<=[ (<])(?:u16|u32|s64|string|bool|f64)(?=[,)>; ])/g)];
  const lines = text.split("\n");
  const at = pick % (primitives.length + lines.length);
  const found = primitives[at];
  if (found === undefined) return lines.toSpliced(at - primitives.length, 1).join("\n");
  const other = found[0] === "u16" ? "s16" : "u16";
  return text.slice(0, found.index) + other + text.slice(found.index + found[0].length);
}

test("the linker agrees on random packages that are edited at random", async () => {
  let compared = 0;
  const load = (text: string): LoadedWorld => {
    const resolve = parseWit(text);
    return { resolve, world: selectWorld(resolve, "w") };
  };
  await fc.assert(
    fc.asyncProperty(linkable, fc.nat(), async (text, pick) => {
      let changed: LoadedWorld;
      try {
        changed = load(edited(text, pick));
      } catch (error) {
        // Not every line may be left out.
        if (error instanceof WitError) return;
        throw error;
      }
      const [old, current] = [await guestOf(load(text)), await guestOf(changed)];
      const { host, guests } = verdictsOf(compareWorlds(load(text), changed));
      expect({ host: isLinked(current, old), guests: isLinked(old, current) }).toEqual({
        host: host === "compatible",
        guests: guests === "compatible",
      });
      compared += 1;
    }),
    { numRuns: 200 },
  );
  expect(compared).toBeGreaterThan(20);
}, 60_000);

async function guestsOf(pair: Pair): Promise<[Component, Component]> {
  const [old, current] = loadPair(pair);
  return [await guestOf(old), await guestOf(current)];
}

/** A guest that imports and exports all that its world does. */
async function guestOf({ resolve, world }: LoadedWorld): Promise<Component> {
  const module = await componentEmbed({ witSource: printWit(resolve), world: world.name, dummy: true });
  return Component.fromBytes(engine, new Uint8Array(await componentNew(module)));
}

/** Whether `guest` runs in the host that `model`, a guest too, was made for. */
function isLinked(guest: Component, model: Component): boolean {
  const linker = new Linker<undefined>(engine);
  for (const [name, type] of model.imports) define(linker.root(), name, type);
  try {
    const instance = linker.instantiate(new Store(engine, undefined), guest);
    return [...model.exports].every(([name, type]) => isExported(instance, guest.exports, [name], type));
  } catch (error) {
    if (error instanceof Error && error.name === "LinkError") return false;
    throw error;
  }
}

function define(linker: LinkerInstance<undefined>, name: string, type: ExternType): void {
  if (type.kind === "func") linker.func(name, () => undefined, type);
  if (type.kind === "type" && type.type.kind === "resource") linker.resource(name, type.type);
  if (type.kind === "instance") {
    const inner = linker.instance(name);
    for (const [key, member] of type.exports) define(inner, key, member);
  }
}

/** As the bindings look for it; and of an equal type, which they trust. */
function isExported(
  instance: Instance,
  exports: ReadonlyMap<string, ExternType>,
  path: readonly string[],
  type: ExternType,
): boolean {
  switch (type.kind) {
    case "instance":
      return [...type.exports].every(([name, member]) =>
        isExported(instance, exports, [...path, name], member),
      );
    case "func": {
      const found = instance.getFunc(...path);
      return found !== undefined && findDifference(found.type, type, sameName) === undefined;
    }
    case "type":
      if (type.type.kind !== "resource") return true;
      try {
        instance.getResourceClass(...path);
        return true;
      } catch {
        return false;
      }
    default:
      throw new Error(`${path.join("#")} is a ${type.kind}`);
  }
}

/** Resource types of two components are never the same object. */
function sameName(a: ResourceType, b: ResourceType): boolean {
  return a.name === b.name;
}
