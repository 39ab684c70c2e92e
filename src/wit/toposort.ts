/**
 * Orders names so that each comes after what it depends on.
 *
 * Where dependencies leave a choice, the name that was given first comes first: the order that
 * wit-parser's JSON shows. Source: wit-parser's `ast/toposort.rs`.
 */
import type { Id } from "./ast.ts";

export interface CyclicEdge {
  readonly kind: "cycle";
  /** The mention that closes the cycle. */
  readonly edge: Id;
  /** The names of the cycle, from the one that `edge` mentions back to it. */
  readonly path: readonly string[];
}

/**
 * @param dependencies each name with the places that mention another; all of them must be keys.
 */
export function toposort(dependencies: ReadonlyMap<string, readonly Id[]>): string[] | CyclicEdge {
  const names = [...dependencies.keys()];
  const indices = new Map(names.map((name, index) => [name, index]));
  const remaining = names.map((name) => dependencies.get(name)?.length ?? 0);
  const dependents: number[][] = names.map(() => []);
  for (const [index, edges] of [...dependencies.values()].entries()) {
    for (const edge of edges) dependents[indices.get(edge.name) ?? -1]?.push(index);
  }

  const order: string[] = [];
  const heap = new SmallestFirst();
  for (const [index, count] of remaining.entries()) {
    if (count === 0) heap.push(index);
  }
  for (let index = heap.pop(); index !== undefined; index = heap.pop()) {
    order.push(names[index] ?? "");
    for (const dependent of dependents[index] ?? []) {
      const left = (remaining[dependent] ?? 0) - 1;
      remaining[dependent] = left;
      if (left === 0) heap.push(dependent);
    }
  }
  if (order.length === names.length) return order;

  for (const [index, edges] of [...dependencies.values()].entries()) {
    if (remaining[index] === 0) continue;
    for (const edge of edges) {
      if (remaining[indices.get(edge.name) ?? -1] === 0) continue;
      const isCyclic = (name: string): boolean => remaining[indices.get(name) ?? -1] !== 0;
      return { kind: "cycle", edge, path: cycleFrom(edge.name, dependencies, isCyclic) };
    }
  }
  throw new Error("unreachable: an incomplete order has a cycle");
}

/** How a cycle goes, for a message; none for a name that depends on itself directly. */
export function cycleNotes({ path }: CyclicEdge): string[] {
  if (path.length <= 2) return [];
  const shown = path.length <= 10 ? path : [...path.slice(0, 8), "...", path.at(-1) ?? ""];
  return [shown.map((name) => (name === "..." ? name : `\`${name}\``)).join(" -> ")];
}

/** Walks from a name that depends on a cycle until it is in one, and around it. */
function cycleFrom(
  start: string,
  dependencies: ReadonlyMap<string, readonly Id[]>,
  isCyclic: (name: string) => boolean,
): string[] {
  const walked = new Set<string>();
  let name = start;
  while (!walked.has(name)) {
    walked.add(name);
    name = dependencies.get(name)?.find((edge) => isCyclic(edge.name))?.name ?? name;
  }
  const path = [...walked];
  return [...path.slice(path.indexOf(name)), name];
}

/** A binary heap. */
class SmallestFirst {
  readonly #heap: number[] = [];

  push(value: number): void {
    const heap = this.#heap;
    let at = heap.push(value) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isSmaller(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    heap[0] = last;
    let at = 0;
    for (;;) {
      let smallest = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && this.#isSmaller(child, smallest)) smallest = child;
      }
      if (smallest === at) return top;
      this.#swap(at, smallest);
      at = smallest;
    }
  }

  #isSmaller(a: number, b: number): boolean {
    return (this.#heap[a] ?? 0) < (this.#heap[b] ?? 0);
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    const held = heap[a] ?? 0;
    heap[a] = heap[b] ?? 0;
    heap[b] = held;
  }
}
