/**
 * Names of imports and exports, found also under a compatible version.
 *
 * "a:b/c@0.2.3" satisfies "a:b/c@0.2.0" and the other way round: of one major version (or one minor version of
 * 0, or one patch of 0.0) all count as the same. An exact name comes first, then the highest of the compatible.
 *
 * Source: wasmtime's `NameMap` (`wasmtime_environ::component::names`).
 */
import { compatibilityKey } from "../model/compatible-version.ts";
import { compareVersions } from "../model/version.ts";

export class NameMap<V> {
  readonly #exact = new Map<string, V>();
  /** By compatibility key: the name with the highest version. */
  readonly #compatible = new Map<string, string>();

  get(name: string): V | undefined {
    return this.find(name)?.value;
  }

  /** The value, and the name that it is under. */
  find(name: string): { readonly name: string; readonly value: V } | undefined {
    const exact = this.#exact.get(name);
    if (exact !== undefined) return { name, value: exact };
    const key = compatibilityKey(name);
    const other = key === undefined ? undefined : this.#compatible.get(key);
    const value = other === undefined ? undefined : this.#exact.get(other);
    return other === undefined || value === undefined ? undefined : { name: other, value };
  }

  /** The value of exactly this name. */
  getExact(name: string): V | undefined {
    return this.#exact.get(name);
  }

  set(name: string, value: V): void {
    this.#exact.set(name, value);
    const key = compatibilityKey(name);
    if (key === undefined) return;
    const other = this.#compatible.get(key);
    if (other === undefined || compareVersions(versionOf(name), versionOf(other)) >= 0) {
      this.#compatible.set(key, name);
    }
  }

  entries(): Iterable<[string, V]> {
    return this.#exact.entries();
  }

  names(): string[] {
    return [...this.#exact.keys()];
  }
}

function versionOf(name: string): string {
  return name.slice(name.indexOf("@") + 1);
}
