/**
 * Types written out to the last part, so that two that link are the same text.
 *
 * Names of types and of parameters do not count, names of fields, cases and flags do; a resource is what
 * its interface and name say. That is how the linker compares.
 */

import { withoutVersion } from "../model/compatible-version.ts";
import type { Func, Type, TypeDef } from "../model/resolve.ts";
import { interfaceId } from "../wit/index.ts";

export class Structures {
  /** Types are shared, and so is their text: writing a type out twice could take very long. */
  readonly #known = new Map<TypeDef, string>();

  /** The same for two functions exactly if one can be linked to the other. */
  func(func: Func): string {
    const params = func.params.map((param) => this.#type(param.type));
    const result = func.result === undefined ? "" : ` -> ${this.#type(func.result)}`;
    return `${func.async ? "async " : ""}func(${params.join(", ")})${result}`;
  }

  #type(type: Type | undefined): string {
    if (type === undefined) return "_";
    if (typeof type === "string") return type;
    let text = this.#known.get(type);
    if (text === undefined) {
      text = this.#definition(type);
      this.#known.set(type, text);
    }
    return text;
  }

  #definition({ type }: TypeDef): string {
    switch (type.kind) {
      case "record":
        return `record{${type.fields.map((field) => `${field.name}: ${this.#type(field.type)}`).join(", ")}}`;
      case "variant":
        return `variant{${type.cases.map((item) => `${item.name}(${this.#type(item.type)})`).join(", ")}}`;
      case "enum":
        return `enum{${type.cases.map((item) => item.name).join(", ")}}`;
      case "flags":
        return `flags{${type.flags.map((item) => item.name).join(", ")}}`;
      case "tuple":
        return `tuple<${type.types.map((part) => this.#type(part)).join(", ")}>`;
      case "list":
        return `list<${this.#type(type.element)}>`;
      case "fixed-length-list":
        return `list<${this.#type(type.element)}, ${type.length}>`;
      case "map":
        return `map<${this.#type(type.key)}, ${this.#type(type.value)}>`;
      case "option":
        return `option<${this.#type(type.some)}>`;
      case "result":
        return `result<${this.#type(type.ok)}, ${this.#type(type.err)}>`;
      case "stream":
      case "future":
        return `${type.kind}<${this.#type(type.element)}>`;
      case "own":
      case "borrow":
        return `${type.kind}<${resourceName(type.resource)}>`;
      case "alias":
        return this.#type(type.target);
      case "resource":
        return "resource";
    }
  }
}

/** Where a resource is defined, in whatever version, and its name there. */
function resourceName(resource: TypeDef): string {
  let definition = resource;
  while (definition.type.kind === "alias" && typeof definition.type.target === "object") {
    definition = definition.type.target;
  }
  const { owner, name = "" } = definition;
  const place = owner?.kind === "interface" && owner.name !== undefined ? interfaceId(owner) : "";
  return `${withoutVersion(place)}.${name}`;
}
