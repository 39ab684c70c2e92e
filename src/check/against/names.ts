/** Compares what has names in an order: fields, cases, flags. */
import type { TypeChangeCategory } from "./change.ts";
import type { Unnoticed } from "./verdict.ts";

type Part = "field" | "case" | "flag";

export interface NameDifference {
  readonly path: string;
  readonly category: TypeChangeCategory;
  readonly what: string;
  /** The name that is added, removed, or new. */
  readonly name: string;
  readonly unnoticed: Unnoticed;
}

export interface ComparedNames<T> {
  readonly differences: readonly NameDifference[];
  /** Those that have the same name in both. */
  readonly common: readonly (readonly [before: T, after: T])[];
}

const plural: Readonly<Record<Part, "fields-reordered" | "cases-reordered" | "flags-reordered">> = {
  field: "fields-reordered",
  case: "cases-reordered",
  flag: "flags-reordered",
};

/**
 * @param shapeOf tells whether one that has another name could be the same: then it counts as renamed, if it is in the
 *   same place and nothing else was added or removed
 */
export function compareNames<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  part: Part,
  path: string,
  shapeOf: (item: T) => number,
): ComparedNames<T> {
  const [old, current] = [byName(before), byName(after)];
  const removed = before.filter(({ name }) => !current.has(name));
  const added = after.filter(({ name }) => !old.has(name));
  const common = before.flatMap((item): [T, T][] => {
    const other = current.get(item.name);
    return other === undefined ? [] : [[item, other]];
  });
  const found = (
    category: TypeChangeCategory,
    name: string,
    what: string,
    at = `.${name}`,
  ): NameDifference => ({
    path: `${path}${at}`,
    category,
    what,
    name,
    unnoticed: { bySender: false, byReceiver: false },
  });
  if (isRenaming(before, after, removed.length, added.length, old, current, shapeOf)) {
    const differences = removed.map((item, i) => {
      const name = added[i]?.name ?? "";
      return found(`${part}-renamed`, name, `${part} \`${item.name}\` is called \`${name}\` now`);
    });
    return { differences, common };
  }
  const differences = [
    ...removed.map(({ name }) => found(`${part}-removed`, name, `${part} \`${name}\` is gone`)),
    ...added.map(({ name }) => found(`${part}-added`, name, `${part} \`${name}\` is new`)),
  ];
  const orderNow = after.filter(({ name }) => old.has(name));
  if (common.some(([item], i) => item.name !== orderNow[i]?.name)) {
    const names = orderNow.map(({ name }) => `\`${name}\``).join(", ");
    differences.push(found(plural[part], "", `the order of the ${part}s is ${names} now`, ""));
  }
  return { differences, common };
}

function isRenaming<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  removed: number,
  added: number,
  old: ReadonlyMap<string, T>,
  current: ReadonlyMap<string, T>,
  shapeOf: (item: T) => number,
): boolean {
  if (removed === 0 || removed !== added) return false;
  return before.every((item, i) => {
    const other = after[i];
    if (other === undefined) return false;
    if (item.name === other.name) return true;
    return !current.has(item.name) && !old.has(other.name) && shapeOf(item) === shapeOf(other);
  });
}

function byName<T extends { readonly name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
