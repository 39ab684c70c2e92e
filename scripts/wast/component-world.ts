/**
 * Where a component script runs: definitions and instances by name, each instance in a store of its own.
 */
import { Component, ComponentError, Engine, type Instance, Linker, Store } from "../../src/runtime/index.ts";
import { parseValue } from "./component-values.ts";
import type { Invoke } from "./script.ts";

/** What a call gave, and what was expected: both in the shape that hosts see. */
export interface Returned {
  readonly value: unknown;
  readonly expected: unknown;
}

export class ComponentWorld {
  readonly #engine = new Engine();
  readonly #definitions = new Map<string, Component>();
  readonly #instances = new Map<string, Instance>();
  #lastDefinition: Component | undefined;
  #current: Instance | undefined;

  define(bytes: Uint8Array, name: string | undefined): Component {
    this.#lastDefinition = undefined;
    if (name !== undefined) this.#definitions.delete(name);
    const component = Component.fromBytes(this.#engine, bytes);
    this.#lastDefinition = component;
    if (name !== undefined) this.#definitions.set(name, component);
    return component;
  }

  /** The component that was defined under a name, or last. */
  definition(name: string | undefined): Component | undefined {
    return name === undefined ? this.#lastDefinition : this.#definitions.get(name);
  }

  instantiate(component: Component, name: string | undefined): void {
    this.#current = undefined;
    if (name !== undefined) this.#instances.delete(name);
    const linker = new Linker(this.#engine).defineUnknownImportsAsTraps(component);
    const instance = linker.instantiate(new Store(this.#engine, undefined), component);
    this.#current = instance;
    if (name !== undefined) this.#instances.set(name, instance);
  }

  hasInstance(name: string | undefined): boolean {
    return name === undefined ? this.#current !== undefined : this.#instances.has(name);
  }

  /** Calls an exported function; of `(invoke "an:interface/name#f")` it is one of an interface. */
  invoke(action: Invoke, results: readonly Parameters<typeof parseValue>[0][]): Returned {
    const instance = action.module === undefined ? this.#current : this.#instances.get(action.module);
    const func = instance?.getFunc(...action.field.split("#"));
    if (func === undefined) throw new Error(`there is no function ${action.field}`);
    const { params, result } = func.type;
    const args = action.args.map((arg, i) => {
      const type = params[i]?.type;
      if (type === undefined) throw new Error(`${action.field} takes ${params.length} arguments`);
      return parseValue(arg, type);
    });
    const [wanted] = results;
    const expected = wanted === undefined || result === undefined ? undefined : parseValue(wanted, result);
    const value = outcome(() => func.call(...args), result?.kind === "result");
    return { value, expected };
  }
}

/** A result is returned or thrown to a host; a script writes it as a value. */
function outcome(call: () => unknown, isResult: boolean): unknown {
  if (!isResult) return call();
  try {
    return { tag: "ok", val: call() };
  } catch (error) {
    if (error instanceof ComponentError) return { tag: "err", val: error.payload };
    throw error;
  }
}
