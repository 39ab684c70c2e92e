/**
 * Numbers for types, such that two types have the same number exactly if a component cannot tell them apart.
 *
 * Names of types do not count; names of fields and cases, and their order, do. Resources are told apart by where they
 * are defined. One instance compares types of any number of resolved packages.
 */
import type { Func, Resolve, Type, TypeDef, TypeDefKind, TypeOwner } from "../../model/resolve.ts";

/** What both versions call an owner of types. */
export type OwnerIds = (owner: TypeOwner) => string;

export class Shapes {
  readonly #numbers = new Map<string, number>();
  readonly #known = new Map<TypeDef, number>();
  readonly #ownerIds: OwnerIds;

  /** @param resolves every type that will be asked for is in one of them */
  constructor(ownerIds: OwnerIds, resolves: readonly Resolve[]) {
    this.#ownerIds = ownerIds;
    // In their order each type comes after its parts, so that `of` never nests deep.
    for (const { types } of resolves) for (const type of types) this.of(type);
  }

  of(type: Type): number {
    if (typeof type === "string") return this.#number(type);
    let known = this.#known.get(type);
    if (known === undefined) {
      known = this.#compute(type);
      this.#known.set(type, known);
    }
    return known;
  }

  /** Of a function: without the names of its parameters. */
  ofFunc(func: Func): number {
    const params = func.params.map((param) => this.of(param.type));
    return this.#number(`${func.async ? "async " : ""}func(${params}) ${this.#optional(func.result)}`);
  }

  #compute(def: TypeDef): number {
    const { type } = def;
    if (type.kind === "alias") return this.of(type.target);
    if (type.kind === "resource") {
      const owner = def.owner === undefined ? "" : this.#ownerIds(def.owner);
      return this.#number(`resource ${owner}.${def.name}`);
    }
    return this.#number(this.#key(type));
  }

  #key(type: Exclude<TypeDefKind, { kind: "alias" | "resource" }>): string {
    switch (type.kind) {
      case "record":
        return `record ${type.fields.map((field) => `${field.name}:${this.of(field.type)}`)}`;
      case "variant":
        return `variant ${type.cases.map((c) => `${c.name}:${this.#optional(c.type)}`)}`;
      case "enum":
        return `enum ${type.cases.map((c) => c.name)}`;
      case "flags":
        return `flags ${type.flags.map((flag) => flag.name)}`;
      case "tuple":
        return `tuple ${type.types.map((part) => this.of(part))}`;
      case "list":
        return `list ${this.of(type.element)}`;
      case "fixed-length-list":
        return `list ${this.of(type.element)} of ${type.length}`;
      case "map":
        return `map ${this.of(type.key)},${this.of(type.value)}`;
      case "option":
        return `option ${this.of(type.some)}`;
      case "result":
        return `result ${this.#optional(type.ok)},${this.#optional(type.err)}`;
      case "own":
      case "borrow":
        return `${type.kind} ${this.of(type.resource)}`;
      case "stream":
      case "future":
        return `${type.kind} ${this.#optional(type.element)}`;
    }
  }

  #optional(type: Type | undefined): number | "" {
    return type === undefined ? "" : this.of(type);
  }

  #number(key: string): number {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(key, number);
    }
    return number;
  }
}
