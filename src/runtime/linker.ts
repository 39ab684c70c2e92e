/**
 * A linker: what the host offers to components, by the names that they import.
 *
 * Source: wasmtime's `component::Linker`.
 */
import { ConfigError } from "../model/errors.ts";
import { Component, type ComponentCode } from "./component.ts";
import { Definitions } from "./definitions.ts";
import { Engine } from "./engine.ts";
import { filterImports, type ImportFilter } from "./import-filter.ts";
import type { Instance } from "./instance.ts";
import { InstancePre } from "./instance-pre.ts";
import { linkError } from "./link-error.ts";
import { explainImports, type LinkExplanation, resolveImports } from "./link-explanation.ts";
import { definedTwice, LinkerInstance, type LinkerSettings } from "./linker-instance.ts";
import type { Store } from "./store.ts";

/**
 * Definitions for what components import. One serves any number of components and stores of its engine.
 *
 * Names match as in wasmtime: "wasi:io/streams@0.2.3" in the linker satisfies an import of "wasi:io/streams@0.2.0", and
 * the other way round; an exact match comes first.
 *
 * @example
 * const linker = new Linker<{ metrics: Metrics }>(engine);
 * linker.instance("amal:obs/metrics").func("counter", ({ data }, name: string, value: bigint) => { ... });
 * const instance = linker.instantiate(store, component);
 */
export class Linker<T> {
  readonly #engine: Engine;
  readonly #settings: LinkerSettings;
  #definitions: Definitions;

  /** @throws ConfigError if `engine` is no Engine. */
  constructor(engine: Engine) {
    Engine.check(engine, "Linker");
    this.#engine = engine;
    this.#settings = { engine, shadowing: false };
    this.#definitions = Definitions.empty();
  }

  /** Where functions are defined that a component imports by their plain name. */
  root(): LinkerInstance<T> {
    return new LinkerInstance(this.#settings, this.#definitions.root, "");
  }

  /** The instance for an interface: "amal:obs/metrics@0.1.0". Made if there is none. */
  instance(name: string): LinkerInstance<T> {
    return this.root().instance(name);
  }

  /**
   * Takes an import object in jco's shape, so that what was written for jco's output plugs in as it is:
   *
   * - for each interface an object of functions in camelCase, with a class for each resource
   * - for a function at the root the function, or `{ default: function }`; for a resource at the root its class, as
   *   `{ default: class }`
   * - for all interfaces of a package (`"wasi:cli/*"`) an object of such objects, by their names in camelCase
   *
   * Names may leave the version out. The functions do not get the caller. An interface that is `undefined` counts as
   * left out. What is returned for a resource has to be an instance of its class.
   *
   * @example
   * import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
   * linker.defineImports(new WASIShim({ sandbox: { preopens: {} } }).getImportObject());
   *
   * @throws LinkError if a name is defined already, unless shadowing is allowed.
   */
  defineImports<Imports extends { readonly [Name in keyof Imports]: object | undefined }>(
    imports: Imports,
  ): this {
    if (typeof imports !== "object" || imports === null) {
      throw new ConfigError("defineImports: expected an object of interfaces, by their names");
    }
    const { root } = this.#definitions;
    for (const [name, object] of Object.entries<unknown>(imports)) {
      if (object === undefined) continue;
      if ((typeof object !== "object" || object === null) && typeof object !== "function") {
        throw new ConfigError(`defineImports: ${JSON.stringify(name)} must be an object of functions`);
      }
      if (root.getExact(name) !== undefined && !this.#settings.shadowing) {
        throw definedTwice(name);
      }
      root.set(name, { kind: "object", object });
    }
    return this;
  }

  /**
   * Lets a component be instantiated although functions and resource types that it imports are not defined. Calling
   * one of those functions is a trap that names it.
   *
   * Holes in interfaces that are defined in part are filled too. Unknown core modules are not.
   *
   * @throws ConfigError if a pattern of the filter matches none of the component's imports.
   */
  defineUnknownImportsAsTraps(component: Component, filter: ImportFilter = {}): this {
    const { plan } = this.#code(component);
    for (const leaf of filterImports(plan.importLeaves, filter)) {
      if (leaf.type.kind !== "module") this.#definitions.addTrap(leaf);
    }
    return this;
  }

  /** Whether names may be defined again; the last definition counts. Default: false. */
  allowShadowing(allow: boolean): this {
    this.#settings.shadowing = allow;
    return this;
  }

  /** A linker with the same definitions, that goes its own way from here. */
  clone(): Linker<T> {
    const copy = new Linker<T>(this.#engine);
    copy.#settings.shadowing = this.#settings.shadowing;
    copy.#definitions = this.#definitions.clone();
    return copy;
  }

  /**
   * Tells, for each import of a component, what satisfies it, or why nothing does. Nothing is compiled, and nothing
   * but a wrong argument is an error.
   *
   * @example
   * console.log(linker.explain(component).toString());
   * // wasi:io/error@0.2.3
   * //   error: resource
   * //     ok: defined as wasi:io/error@0.2.6#error, a compatible version
   *
   * @throws ConfigError if the component was made with another engine.
   */
  explain(component: Component): LinkExplanation {
    const { plan } = this.#code(component);
    return explainImports(resolveImports(plan.importLeaves, this.#definitions), this.#definitions);
  }

  /**
   * Checks that the linker satisfies a component, and compiles the glue between them. Instantiating the result is
   * cheap, and can be done any number of times.
   *
   * @throws LinkError that lists all imports that are missing, and shows both types of all that differ.
   * @throws UnsupportedError if a function that is defined has a type which this version has no glue for.
   * @throws ConfigError if the component was made with another engine.
   */
  instantiatePre(component: Component): InstancePre<T> {
    const code = this.#code(component);
    const resolved = resolveImports(code.plan.importLeaves, this.#definitions);
    const error = linkError(resolved, this.#definitions);
    if (error !== undefined) throw error;
    const leaves = resolved.flatMap(({ match }) => (match === undefined ? [] : [match.leaf]));
    return InstancePre.make<T>(code, leaves);
  }

  /**
   * Instantiates a component in a store. Shorthand for `instantiatePre(component).instantiate(store)`.
   *
   * @throws as `instantiatePre` does; LimitError if the component needs more than the store allows; Trap if its
   *   start function traps.
   */
  instantiate(store: Store<T>, component: Component): Instance {
    return this.instantiatePre(component).instantiate(store);
  }

  /**
   * As `instantiate`, and waits for room in the engine's pool for as long as its `waitTimeoutMs` says.
   *
   * @throws as `instantiate`
   */
  async instantiateAsync(store: Store<T>, component: Component): Promise<Instance> {
    return this.instantiatePre(component).instantiateAsync(store);
  }

  #code(component: Component): ComponentCode {
    if (!(component instanceof Component)) throw new ConfigError("expected a Component");
    const code = Component.code(component);
    if (code.engine !== this.#engine) {
      throw new ConfigError("the component was made with another Engine than the linker: use one for both");
    }
    return code;
  }
}
