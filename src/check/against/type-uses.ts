/** Which functions use a type, and which way its values go. */
import type { Func, Type, TypeDef } from "../../model/resolve.ts";
import { partsOf } from "./definitions.ts";
import { type Flow, flowOf, type Side } from "./verdict.ts";

export interface Uses {
  readonly flows: readonly Flow[];
  /** In the order in which they were found. */
  readonly users: readonly string[];
}

interface Marks {
  readonly flows: Map<string, Flow>;
  readonly users: Set<string>;
}

/** Enough for a message. */
const MAX_USERS = 20;

export class TypeUses {
  readonly #idOf: (def: TypeDef) => string | undefined;
  readonly #byId = new Map<string, Marks>();

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
    const seen = new Set<TypeDef>();
    const stack = [...types];
    for (let type = stack.pop(); type !== undefined; type = stack.pop()) {
      if (typeof type === "string" || seen.has(type)) continue;
      seen.add(type);
      const id = this.#idOf(type);
      if (id !== undefined) {
        let marks = this.#byId.get(id);
        if (marks === undefined) {
          marks = { flows: new Map(), users: new Set() };
          this.#byId.set(id, marks);
        }
        marks.flows.set(`${flow.side} ${flow.to}`, flow);
        if (marks.users.size < MAX_USERS) marks.users.add(user);
      }
      for (const part of partsOf(type.type)) stack.push(part);
    }
  }
}
