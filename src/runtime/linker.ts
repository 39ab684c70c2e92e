/**
 * A linker: what the host offers to components, by the names that they import.
 *
 * Source: wasmtime's `component::Linker`.
 */
import type { ImportLeaf } from "../component/index.ts";
import { withoutVersion } from "../model/compatible-version.ts";
import { ConfigError, UnsupportedError } from "../model/errors.ts";
import { printFuncType } from "../model/print-type.ts";
import type { FuncType, ResourceType } from "../model/value-type.ts";
import { Component, type ComponentCode } from "./component.ts";
import type { Definition, Leaf } from "./definition.ts";
import { Engine } from "./engine.ts";
import { LinkError } from "./errors.ts";
import { filterImports, type ImportFilter } from "./import-filter.ts";
import { ClassResources, leafOfObject } from "./import-object.ts";
import type { Instance } from "./instance.ts";
import { InstancePre } from "./instance-pre.ts";
import { LinkerInstance, type LinkerSettings } from "./linker-instance.ts";
import { missingImports } from "./missing-imports.ts";
import { NameMap } from "./name-map.ts";
import type { Store } from "./store.ts";
import { findDifference } from "./type-check.ts";

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
  readonly #root: NameMap<Definition>;
  /** Paths that `defineUnknownImportsAsTraps` has filled: they count only where nothing else is defined. */
  readonly #traps: Set<string>;
  readonly #classes: ClassResources;

  constructor(engine: Engine) {
    Engine.check(engine, "Linker");
    this.#engine = engine;
    this.#settings = { engine, shadowing: false };
    this.#root = new NameMap();
    this.#traps = new Set();
    this.#classes = new ClassResources();
  }

  /** Where functions are defined that a component imports by their plain name. */
  root(): LinkerInstance<T> {
    return new LinkerInstance(this.#settings, this.#root, "");
  }

  /** The instance for an interface: "amal:obs/metrics@0.1.0". Made if there is none. */
  instance(name: string): LinkerInstance<T> {
    return this.root().instance(name);
  }

  /**
   * Takes an import object in jco's shape: for each interface an object of functions in camelCase, with a class for
   * each resource; for a function at the root the function, or `{ default: function }`. Names may leave the version
   * out. The functions do not get the caller. An interface that is `undefined` counts as left out.
   *
   * @throws LinkError if a name is defined already, unless shadowing is allowed.
   */
  defineImports(imports: Record<string, object | undefined>): this {
    for (const [name, object] of Object.entries(imports)) {
      if (object === undefined) continue;
      if ((typeof object !== "object" || object === null) && typeof object !== "function") {
        throw new ConfigError(`defineImports: ${JSON.stringify(name)} must be an object of functions`);
      }
      if (this.#root.getExact(name) !== undefined && !this.#settings.shadowing) {
        throw new LinkError(
          `${name} is defined twice: allow it with linker.allowShadowing(true), or define it once`,
        );
      }
      this.#root.set(name, { kind: "object", object });
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
      if (leaf.type.kind !== "module" && this.#find(leaf) === undefined) this.#traps.add(keyOf(leaf.path));
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
    copyDefinitions(this.#root, copy.#root);
    for (const path of this.#traps) copy.#traps.add(path);
    return copy;
  }

  /**
   * Checks that the linker satisfies a component, and compiles the glue between them. Instantiating the result is
   * cheap, and can be done any number of times.
   *
   * @throws LinkError that lists all imports that are missing, or shows both types of one that differs.
   * @throws UnsupportedError if a function that is defined has a type which this version has no glue for.
   * @throws ConfigError if the component was made with another engine.
   */
  instantiatePre(component: Component): InstancePre<T> {
    const code = this.#code(component);
    const { importLeaves } = code.plan;
    const found = importLeaves.map((leaf) => this.#find(leaf));
    const missing = importLeaves.filter((_, i) => found[i] === undefined);
    if (missing.length > 0) {
      throw missingImports(missing, {
        names: this.#root.names(),
        inside: (name) => {
          const instance = this.#root.get(name);
          return instance?.kind === "instance" ? instance.items.names() : undefined;
        },
      });
    }
    const leaves = found.filter((leaf) => leaf !== undefined);
    checkTypes(importLeaves, leaves);
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

  #find(leaf: ImportLeaf): Leaf | undefined {
    const [name = "", ...inner] = leaf.path;
    const definition = this.#root.get(name);
    const found = definition === undefined ? undefined : this.#descend(definition, inner, leaf);
    if (found !== undefined) return found;
    // An import object may leave versions out.
    const unversioned = this.#root.getExact(withoutVersion(name));
    if (unversioned?.kind === "object" && unversioned !== definition) {
      const leafOf = this.#descend(unversioned, inner, leaf);
      if (leafOf !== undefined) return leafOf;
    }
    return this.#traps.has(keyOf(leaf.path)) ? { kind: "trap" } : undefined;
  }

  #descend(definition: Definition, inner: readonly string[], leaf: ImportLeaf): Leaf | undefined {
    switch (definition.kind) {
      case "object":
        return inner.length > 1
          ? undefined
          : leafOfObject(definition.object, inner[0], leaf.type, this.#classes);
      case "instance": {
        const [name, ...rest] = inner;
        const next = name === undefined ? undefined : definition.items.get(name);
        return next === undefined ? undefined : this.#descend(next, rest, leaf);
      }
      default:
        return inner.length === 0 ? definition : undefined;
    }
  }
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function copyDefinitions(from: NameMap<Definition>, to: NameMap<Definition>): void {
  for (const [name, definition] of from.entries()) {
    if (definition.kind === "instance") {
      const items = new NameMap<Definition>();
      copyDefinitions(definition.items, items);
      to.set(name, { kind: "instance", items });
    } else {
      to.set(name, definition);
    }
  }
}

/** @throws LinkError for a definition that is not what the component imports. */
function checkTypes(imports: readonly ImportLeaf[], leaves: readonly Leaf[]): void {
  const resources = new Map<ResourceType, ResourceType>();
  for (const [i, { type }] of imports.entries()) {
    const leaf = leaves[i];
    if (type.kind !== "type" || type.type.kind !== "resource") continue;
    if (leaf?.kind === "resource") resources.set(type.type, leaf.type);
  }
  for (const [i, { path, type }] of imports.entries()) {
    const leaf = leaves[i];
    if (leaf === undefined || leaf.kind === "trap") continue;
    const wanted = type.kind === "type" ? "resource" : type.kind;
    if (leaf.kind !== wanted) {
      throw new LinkError(
        `${path.join("#")} is a ${leaf.kind} in the linker, and the component imports a ${wanted}`,
      );
    }
    if (leaf.kind === "func" && leaf.async) {
      throw new UnsupportedError(
        "async host functions",
        `${path.join("#")} is an async function of the host, which this version of hostwright cannot wait for: define it with func`,
      );
    }
    if (leaf.kind === "func" && type.kind === "func" && leaf.type !== undefined) {
      checkFunc(
        path,
        type,
        leaf.type,
        (component, linker) => (resources.get(component) ?? component) === linker,
      );
    }
  }
}

function checkFunc(
  path: readonly string[],
  component: FuncType,
  linker: FuncType,
  sameResource: (component: ResourceType, linker: ResourceType) => boolean,
): void {
  const difference = findDifference(component, linker, sameResource);
  if (difference === undefined) return;
  const name = path.at(-1);
  throw new LinkError(
    [
      `${path.join("#")} has another type in the component than in the linker:`,
      `  component: ${name}: ${printFuncType(component)}`,
      `  linker:    ${name}: ${printFuncType(linker)}`,
      `  ${difference}`,
      "The WIT has changed on one side: generate the bindings again, or rebuild the component.",
    ].join("\n"),
  );
}
