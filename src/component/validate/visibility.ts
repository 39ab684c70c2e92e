/**
 * External visibility: the types that an import or export mentions must have names that those who
 * use it can mention too.
 *
 * Source: component-model `Explainer.md`, section "External Visibility of Types".
 */
import type { FuncType, ResourceType, ValueType } from "../../model/value-type.ts";
import { type AnyType, type Entity, entitySort } from "../types/shapes.ts";
import { partsOf } from "../types/substitution.ts";
import type { Role } from "./name-scope.ts";
import type { Scope } from "./scope.ts";

/** Checks what `entity` mentions, and gives a name to the types that it brings. */
export function nameTypes(scope: Scope, role: Role, entity: Entity): void {
  if (scope.kind === "instance type") {
    // Checked where the type is used for an import or export of a component.
    return;
  }
  if (!new Visibility(scope, role).register(entity)) {
    scope.fail(
      `${entitySort(entity)} not valid to be used as ${role}: it mentions a type that has not been ` +
        `${role === "import" ? "imported" : "imported or exported"} under a name before`,
    );
  }
}

class Visibility {
  readonly #scope: Scope;
  readonly #role: Role;
  readonly #named: ReadonlySet<AnyType>;
  /** Types found to be fine. What is named only grows, so they stay so. */
  readonly #fine = new Set<AnyType>();

  constructor(scope: Scope, role: Role) {
    this.#scope = scope;
    this.#role = role;
    this.#named = role === "import" ? scope.importedTypes : scope.exportedTypes;
  }

  register(entity: Entity): boolean {
    this.#scope.table.spend(1);
    switch (entity.kind) {
      case "type":
        if (!this.#partsNamed(entity.type)) {
          return false;
        }
        if (this.#role === "import") {
          this.#scope.importedTypes.add(entity.type);
        }
        this.#scope.exportedTypes.add(entity.type);
        return true;
      case "instance":
        for (const exported of entity.exports.values()) {
          if (!this.register(exported)) {
            return false;
          }
        }
        return true;
      case "func":
        return this.#funcNamed(entity);
      case "component":
      case "module":
        // Their types have been checked where they were defined.
        return true;
    }
  }

  #funcNamed(type: FuncType): boolean {
    return (
      type.params.every((param) => this.#valueNamed(param.type)) &&
      (type.result === undefined || this.#valueNamed(type.result))
    );
  }

  /** Whether a type may be given a name: what it consists of must be named, itself need not be. */
  #partsNamed(type: AnyType): boolean {
    switch (type.kind) {
      case "resource":
      case "component":
        return true;
      case "func":
        return this.#funcNamed(type);
      case "instance":
        return [...type.exports.values()].every((entity) => this.#entityNamed(entity));
      default:
        return partsOf(type).every((part) => this.#partNamed(part));
    }
  }

  #entityNamed(entity: Entity): boolean {
    this.#scope.table.spend(1);
    switch (entity.kind) {
      case "type":
        return this.#partsNamed(entity.type);
      case "func":
        return this.#funcNamed(entity);
      case "instance":
        return this.#partsNamed(entity);
      case "component":
      case "module":
        return true;
    }
  }

  #partNamed(part: ValueType | ResourceType): boolean {
    return part.kind === "resource" ? this.#named.has(part) : this.#valueNamed(part);
  }

  #valueNamed(type: ValueType): boolean {
    switch (type.kind) {
      case "record":
      case "variant":
      case "enum":
      case "flags":
        return this.#named.has(type);
      default:
        if (!this.#fine.has(type)) {
          this.#scope.table.spend(1);
          if (!partsOf(type).every((part) => this.#partNamed(part))) {
            return false;
          }
          this.#fine.add(type);
        }
        return true;
    }
  }
}
