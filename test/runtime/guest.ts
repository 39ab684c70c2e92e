/** Builds guests from component text. */

import {
  Component,
  Engine,
  type EngineConfig,
  type Instance,
  Linker,
  Store,
  type StoreOptions,
} from "../../src/runtime/index.ts";
import { assemble } from "../support/assemble.ts";

/**
 * A component whose core module `$main` imports its memory, and host functions that have been lowered with it.
 *
 * `realloc` hands out memory from 4096 on, upwards, and grows it when it has to.
 */
export function guestText(parts: {
  /** Component-level imports. */
  readonly imports?: string;
  /** `(core func $x (canon lower ...))`, with `$libc` for memory and realloc. */
  readonly lowered?: string;
  /** Names of lowered functions that `$main` imports from "host". */
  readonly uses?: readonly string[];
  /** The body of `$main`. */
  readonly main?: string;
  /** Component-level exports; `canon lift`s from `$main`. */
  readonly exports?: string;
}): string {
  const uses = (parts.uses ?? []).map((name) => `(export "${name}" (func $${name}))`).join(" ");
  return `(component
    ${parts.imports ?? ""}
    (core module $libc
      (memory (export "memory") 1)
      (global $top (mut i32) (i32.const 4096))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $p i32)
        (local.set $p (i32.and
          (i32.add (global.get $top) (i32.sub (local.get 2) (i32.const 1)))
          (i32.sub (i32.const 0) (local.get 2))))
        (global.set $top (i32.add (local.get $p) (local.get 3)))
        (block $done
          (loop $more
            (br_if $done (i32.le_u (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
            (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (unreachable)))
            (br $more)))
        (local.get $p)))
    (core instance $libc (instantiate $libc))
    ${parts.lowered ?? ""}
    (core module $main
      (import "libc" "memory" (memory 1))
      ${parts.main ?? ""})
    (core instance $main (instantiate $main
      (with "libc" (instance $libc))
      (with "host" (instance ${uses}))))
    ${parts.exports ?? ""})`;
}

/** Canonical options that use the memory of `guestText`. */
export const MEMORY = '(memory (core memory $libc "memory"))';
export const REALLOC = `${MEMORY} (realloc (core func $libc "realloc"))`;

/** An engine, a component on it, and a linker. */
export class Setup<T> {
  readonly engine: Engine;
  readonly component: Component;
  readonly linker: Linker<T>;

  private constructor(engine: Engine, component: Component) {
    this.engine = engine;
    this.component = component;
    this.linker = new Linker<T>(engine);
  }

  static async of<T = undefined>(text: string, config: EngineConfig = {}): Promise<Setup<T>> {
    return Setup.on<T>(new Engine(config), text);
  }

  static async on<T = undefined>(engine: Engine, text: string): Promise<Setup<T>> {
    return new Setup<T>(engine, Component.fromBytes(engine, await assemble(text)));
  }

  instantiate(data: T, options: StoreOptions = {}): Instance {
    return this.start(data, options).instance;
  }

  start(data: T, options: StoreOptions = {}): { readonly store: Store<T>; readonly instance: Instance } {
    const store = new Store<T>(this.engine, data, options);
    return { store, instance: this.linker.instantiate(store, this.component) };
  }
}

/** Calls an exported function that has to be there. */
export function call(instance: Instance, path: string | readonly string[], ...args: unknown[]): unknown {
  const func = instance.getFunc(...(typeof path === "string" ? [path] : path));
  if (func === undefined) throw new Error(`no function ${String(path)}`);
  return func.call(...args);
}
