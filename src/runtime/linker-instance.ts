/**
 * One namespace of a linker: its root, or an instance (an interface) in it.
 *
 * Source: wasmtime's `component::LinkerInstance`.
 */
import { coreModuleType } from "../component/index.ts";
import { ConfigError } from "../model/errors.ts";
import type { FuncType, ResourceType } from "../model/value-type.ts";
import type { Caller } from "./caller.ts";
import { compileHostModule } from "./core-module.ts";
import type { Definition, DropFunc, HostFunc } from "./definition.ts";
import type { Engine } from "./engine.ts";
import { LinkError } from "./errors.ts";
import { NameMap } from "./name-map.ts";

/**
 * What the instances of one linker share.
 *
 * @internal
 */
export interface LinkerSettings {
  readonly engine: Engine;
  /** Whether a name may be defined again. */
  shadowing: boolean;
}

/**
 * Defines what components import. Obtained from `Linker.root()` and `Linker.instance(name)`.
 *
 * @example
 * linker.instance("amal:obs/metrics@0.1.0")
 *   .func("counter", (caller, name: string, value: bigint) => caller.data.metrics.counter(name, value));
 */
export class LinkerInstance<T> {
  readonly #settings: LinkerSettings;
  readonly #items: NameMap<Definition>;
  /** For messages; empty for the root. */
  readonly #path: string;

  /** @internal */
  constructor(settings: LinkerSettings, items: NameMap<Definition>, path: string) {
    this.#settings = settings;
    this.#items = items;
    this.#path = path;
  }

  /**
   * Defines a function. Its arguments have the JavaScript types of the WIT types and have been checked; what it
   * returns is checked too.
   *
   * For a function that returns a WIT `result`, `fn` returns the value of `ok`, and throws a `ComponentError`, any
   * object with a `payload`, or a bare value that is no Error, for `err`. Anything else that it throws ends the guest
   * with a Trap of code `host-error`, whose `cause` it is.
   *
   * @param name as in the component: "counter", "[method]blob.read", "[constructor]blob"
   * @param type compared with the component's at link time; left out, the component's is taken
   * @throws LinkError if the name is defined already, unless shadowing is allowed.
   */
  func<Args extends readonly unknown[]>(
    name: string,
    fn: (caller: Caller<T>, ...args: Args) => unknown,
    type?: FuncType,
  ): this {
    return this.#func(name, fn, type, false);
  }

  /**
   * Defines a function that returns a promise. This version cannot wait for it: a component that imports the
   * function is refused with an `UnsupportedError` at link time, and one that does not is none the worse.
   *
   * @throws LinkError as `func` does.
   */
  funcAsync<Args extends readonly unknown[]>(
    name: string,
    fn: (caller: Caller<T>, ...args: Args) => Promise<unknown>,
    type?: FuncType,
  ): this {
    return this.#func(name, fn, type, true);
  }

  #func(name: string, fn: unknown, type: FuncType | undefined, async: boolean): this {
    if (typeof fn !== "function") throw new ConfigError(`${this.#name(name)}: expected a function`);
    return this.#define(name, {
      kind: "func",
      fn: fn as HostFunc,
      type,
      async: async || type?.async === true,
    });
  }

  /**
   * Defines a resource type. Its values are objects of the host's own.
   *
   * @param type the identity of the type: functions that are defined with a type refer to it
   * @param drop called when a guest has dropped the last owning handle of an object; default: the object's own
   *   `[Symbol.dispose]()`, if it has one
   */
  resource(name: string, type: ResourceType, drop?: (caller: Caller<T>, value: object) => void): this {
    if (type?.kind !== "resource") {
      throw new ConfigError(`${this.#name(name)}: expected a resource type, such as types.resource("blob")`);
    }
    const dropFunc = drop as unknown as DropFunc | undefined;
    return this.#define(name, { kind: "resource", type, drop: dropFunc, cls: undefined });
  }

  /**
   * The instance of that name, made if there is none.
   *
   * @throws LinkError if the name is defined as something else.
   */
  instance(name: string): LinkerInstance<T> {
    const known = this.#items.getExact(name);
    if (known?.kind === "instance") return new LinkerInstance(this.#settings, known.items, this.#name(name));
    const items = new NameMap<Definition>();
    this.#define(name, { kind: "instance", items });
    return new LinkerInstance(this.#settings, items, this.#name(name));
  }

  /**
   * Defines a core module.
   *
   * @param module its bytes: a compiled `WebAssembly.Module` can no longer be metered and is refused
   * @throws ConfigError, MalformedComponentError, UnsupportedError
   */
  module(name: string, module: object | Uint8Array): this {
    if (!(module instanceof Uint8Array)) {
      throw new ConfigError(
        `${this.#name(name)}: a compiled module can be neither metered nor limited: pass its bytes instead`,
      );
    }
    const compiled = compileHostModule(this.#settings.engine, module, this.#name(name));
    return this.#define(name, { kind: "module", module: compiled, type: coreModuleType(module) });
  }

  #define(name: string, definition: Definition): this {
    if (typeof name !== "string") throw new ConfigError("the name of a definition must be a string");
    if (this.#items.getExact(name) !== undefined && !this.#settings.shadowing) {
      throw definedTwice(this.#name(name));
    }
    this.#items.set(name, definition);
    return this;
  }

  #name(name: string): string {
    return this.#path === "" ? name : `${this.#path}#${name}`;
  }
}

export function definedTwice(name: string): LinkError {
  return new LinkError(
    `${name} is defined twice: allow it with linker.allowShadowing(true), or define it once`,
  );
}
