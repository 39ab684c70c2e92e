/**
 * Keeps names apart that WIT tells apart and camelCase does not (`a1` and `a-1`), the same way wherever it is done: the
 * generator and the runtime must agree on what the second one is called.
 */
import { camelCase, reservedMembers, reservedStatics } from "./names.ts";

/** Names that are taken, and what is left. */
export class NameScope {
  readonly #taken: Set<string>;
  readonly #reserved: ReadonlySet<string>;
  readonly #counts = new Map<string, number>();

  /**
   * @param taken names that are in use from the start
   * @param reserved names that nothing may have
   */
  constructor(taken: Iterable<string> = [], reserved: ReadonlySet<string> = new Set()) {
    this.#taken = new Set(taken);
    this.#reserved = reserved;
  }

  has(name: string): boolean {
    return this.#taken.has(name) || this.#reserved.has(name);
  }

  /** Takes `wanted`, or the nearest free name: `wanted_`, `wanted_2`, `wanted_3`, ... */
  claim(wanted: string): string {
    let name = wanted;
    // Counted per name, so that many equal names do not each try all that came before.
    let count = this.#counts.get(wanted) ?? 0;
    while (this.has(name)) {
      count += 1;
      name = `${wanted}_${count === 1 ? "" : count}`;
    }
    this.#counts.set(wanted, count);
    this.#taken.add(name);
    return name;
  }
}

/** The keys that the fields of a record have in an object: camelCase, in their order. */
export function fieldKeys(fields: readonly { readonly name: string }[]): string[] {
  return flagKeys(fields.map((field) => field.name));
}

/** The fields of a record, each with its key. */
export function keyedFields<T extends { readonly name: string }>(
  fields: readonly T[],
): [key: string, field: T][] {
  const scope = new NameScope();
  return fields.map((field) => [scope.claim(camelCase(field.name)), field]);
}

/** The keys that flags have in an object: camelCase, in their order. */
export function flagKeys(names: readonly string[]): string[] {
  const scope = new NameScope();
  return names.map((name) => scope.claim(camelCase(name)));
}

/** The names that functions have as members of an object, in their order: camelCase, but not `constructor` or `then`. */
export function memberNames(kebab: readonly string[]): string[] {
  const scope = new NameScope(reservedMembers);
  return kebab.map((name) => scope.claim(camelCase(name)));
}

/** The same for static members of a class. */
export function staticNames(kebab: readonly string[]): string[] {
  const scope = new NameScope(reservedStatics);
  return kebab.map((name) => scope.claim(camelCase(name)));
}
