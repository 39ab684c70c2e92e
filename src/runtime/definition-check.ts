/**
 * Whether what a linker has for the imports of a component is what the component wants: at link time, so that no
 * call can find out later.
 */
import { coreModuleMismatch, type ImportLeaf } from "../component/index.ts";
import { printExternType, printFuncType } from "../model/print-type.ts";
import type { FuncType, ResourceType } from "../model/value-type.ts";
import type { FuncDefinition, Leaf } from "./definition.ts";
import { findDifference } from "./type-check.ts";

/** Why a definition will not do. */
export interface Problem {
  readonly kind: "mismatch" | "unsupported";
  /** In one line. */
  readonly summary: string;
  /** Lines that say more: both types. */
  readonly details: readonly string[];
}

export class DefinitionCheck {
  /** The component's resource types, with those that the linker has for them. */
  readonly #resources = new Map<ResourceType, ResourceType>();

  constructor(imports: readonly ImportLeaf[], leaves: readonly (Leaf | undefined)[]) {
    for (const [i, { type }] of imports.entries()) {
      const leaf = leaves[i];
      if (type.kind !== "type" || type.type.kind !== "resource") continue;
      if (leaf?.kind === "resource") this.#resources.set(type.type, leaf.type);
    }
  }

  problem({ path, type }: ImportLeaf, leaf: Leaf): Problem | undefined {
    if (leaf.kind === "trap") return undefined;
    const name = path.join("#");
    const wanted = type.kind === "type" ? "resource" : type.kind;
    if (leaf.kind !== wanted) {
      return mismatch(`${name} is a ${leaf.kind} in the linker, and the component imports a ${wanted}`, [
        `component: ${path.at(-1)}: ${printExternType(type)}`,
      ]);
    }
    if (leaf.kind === "func" && type.kind === "func") return this.#funcProblem(name, path.at(-1), type, leaf);
    if (leaf.kind === "module" && type.kind === "module") {
      const different = coreModuleMismatch(leaf.type, type);
      if (different !== undefined) {
        return mismatch(`${name} is another core module than the component imports: ${different}`, []);
      }
    }
    return undefined;
  }

  #funcProblem(
    name: string,
    func: string | undefined,
    type: FuncType,
    definition: FuncDefinition,
  ): Problem | undefined {
    if (definition.async) {
      return {
        kind: "unsupported",
        summary: `${name} is an async function of the host, which this version of hostwright cannot wait for: define it with func`,
        details: [],
      };
    }
    if (definition.type === undefined) return undefined;
    const same = (component: ResourceType, linker: ResourceType) =>
      (this.#resources.get(component) ?? component) === linker;
    const difference = findDifference(type, definition.type, same);
    if (difference === undefined) return undefined;
    return mismatch(`${name} has another type in the component than in the linker`, [
      `component: ${func}: ${printFuncType(type)}`,
      `linker:    ${func}: ${printFuncType(definition.type)}`,
      difference,
    ]);
  }
}

function mismatch(summary: string, details: readonly string[]): Problem {
  return { kind: "mismatch", summary, details };
}
