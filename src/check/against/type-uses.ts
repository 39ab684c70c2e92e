/** Which functions use a type, and which way its values go. */
import type { Func, Type, TypeDef } from "../../model/resolve.ts";
import { definitionParts } from "../../model/type-parts.ts";
import { type Flow, flowOf, type Side } from "./verdict.ts";

export interface Uses {
  readonly flows: readonly Flow[];
  /** In the order in which they were found; if there are many, only some. */
  readonly users: readonly string[];
}

interface Marks {
  readonly flows: Map<string, Flow>;
  readonly users: Set<string>;
}

/** Enough for a message, and to see that there are more. */
const MAX_USERS = 4;

export class TypeUses {
  readonly #idOf: (def: TypeDef) => string | undefined;
  readonly #byId = new Map<string, Marks>();
  /** How many functions have been noted for a type, for each way that its values go. */
  readonly #visits = new Map<string, Map<TypeDef, number>>();

  /** @param idOf what both versions call a definition; undefined for a type written in place */
  constructor(idOf: (def: TypeDef) => string | undefined) {
    this.#idOf = idOf;
  }

  /** Notes all types of a function that both versions have. */
  add(func: Func, side: Side, user: string): void {
    this.#mark(
      func.params.map((param) => param.type),
      flowOf(side, "param"),
      user,
    );
    if (func.result !== undefined) this.#mark([func.result], flowOf(side, "result"), user);
  }

  of(id: string): Uses {
    const marks = this.#byId.get(id);
    return { flows: [...(marks?.flows.values() ?? [])], users: [...(marks?.users ?? [])] };
  }

  #mark(types: readonly Type[], flow: Flow, user: string): void {
    const way = `${flow.side} ${flow.to}`;
    const visits = getOrAdd(this.#visits, way, () => new Map<TypeDef, number>());
    const seen = new Set<TypeDef>();
    const stack = [...types];
    for (let type = stack.pop(); type !== undefined; type = stack.pop()) {
      if (typeof type === "string" || seen.has(type)) continue;
      seen.add(type);
      // What has been noted often enough has parts that have, too: so the whole takes linear time.
      const count = visits.get(type) ?? 0;
      if (count >= MAX_USERS) continue;
      visits.set(type, count + 1);
      const id = this.#idOf(type);
      if (id !== undefined) {
        const marks = getOrAdd(this.#byId, id, (): Marks => ({ flows: new Map(), users: new Set() }));
        marks.flows.set(way, flow);
        if (marks.users.size < MAX_USERS) marks.users.add(user);
      }
      for (const part of definitionParts(type.type)) {
        if (part !== undefined) stack.push(part);
      }
    }
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
