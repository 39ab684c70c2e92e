/**
 * How functions of a metered module hand the count on.
 *
 * Going through the global costs a load, a store and a forwarding stall per call, which made a
 * recursive Fibonacci 3.2 times slower; in registers it is 1.2 times. So where it can be, the count
 * is one more parameter and one more result, behind the guest's own. What the outside sees (exports,
 * and references to functions if they can leave the module) keeps its type: an adapter stands for it.
 */
import * as analysis from "./code-analysis.ts";
import type { ModuleLayout } from "./module-layout.ts";

/** Not rewritten for metering: an import, or a function of a module that is not metered. */
export const PLAIN = 0;
/** Takes and returns the count. */
export const REGISTER = 1;
/** Finds the count in the global, and leaves it there. */
export const GLOBAL = 2;
/** A small function that does not meter itself: whoever calls it pays a fixed price. */
export const FREE = 3;

/** A function with more operators than this checks before it calls one that does not. */
const LARGE_FUNCTION_OPERATORS = 20_000;
/** V8's limit on parameters and on results: there has to be room for one more. */
const MAX_PARAMS = 1000;

export interface AbiOptions {
  readonly layout: ModuleLayout;
  readonly code: analysis.CodeAnalysis;
  readonly meters: boolean;
  /** Fuel is charged by operator; otherwise only checks are counted. */
  readonly charges: boolean;
}

export class Abi {
  /** Whether references to functions are to functions that take the count. */
  readonly registerReferences: boolean;
  readonly #kinds: Uint8Array;
  readonly #importedFunctions: number;
  readonly #code: analysis.CodeAnalysis;
  readonly #charges: boolean;

  constructor({ layout, code, meters, charges }: AbiOptions) {
    this.#importedFunctions = layout.importedFunctions;
    this.#code = code;
    this.#charges = charges;
    this.registerReferences =
      meters &&
      layout.keepsReferences &&
      !code.usesCallRef &&
      !code.namesTypes &&
      layout.tables.every(({ is64 }) => !is64);
    // A tail call through a reference must reach a function with the caller's own results.
    const fits = layout.types.params.every(
      (params, type) => params < MAX_PARAMS && (layout.types.results[type] as number) < MAX_PARAMS,
    );
    const usesRegisters = fits && (this.registerReferences || !code.usesIndirectTailCalls);
    const metered = usesRegisters ? REGISTER : GLOBAL;
    this.registerReferences &&= usesRegisters;
    this.#kinds = new Uint8Array(layout.functionTypes.length);
    for (let i = layout.importedFunctions; i < this.#kinds.length && meters; i++) {
      const defined = i - layout.importedFunctions;
      this.#kinds[i] = code.functionClasses[defined] === analysis.FREE ? FREE : metered;
    }
  }

  kind(index: number): number {
    return this.#kinds[index] as number;
  }

  /** What a call of a `FREE` function costs its caller, besides the call. */
  freeCost(index: number): number {
    return this.#charges ? this.#cost(index) : 0;
  }

  /** What an adapter charges for a `FREE` function. */
  adapterCost(index: number): number {
    return this.#charges ? this.#cost(index) : 1;
  }

  #cost(index: number): number {
    return this.#code.functionCosts[index - this.#importedFunctions] as number;
  }

  /** Whether a function has to check at its entry. */
  checksAtEntry(index: number): boolean {
    return this.#code.functionClasses[index - this.#importedFunctions] === 0;
  }

  /** Whether calls in this function of functions that do not check need a check of their own. */
  checksBeforeCalls(index: number): boolean {
    const operators = this.#code.functionOperators[index - this.#importedFunctions] as number;
    return operators > LARGE_FUNCTION_OPERATORS;
  }

  /** What passing the entry of a function counts for if only checks are counted. */
  entryWeight(index: number): number {
    return Math.max(1, this.#code.functionWeights[index - this.#importedFunctions] as number);
  }

  hasIndirectCalls(index: number): boolean {
    const flags = this.#code.functionFlags[index - this.#importedFunctions] as number;
    return (flags & analysis.CALLS_INDIRECT) !== 0;
  }
}
