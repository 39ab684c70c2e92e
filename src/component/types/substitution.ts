/**
 * Replaces resource types, and names of types, in types: what instantiation does to the type of a
 * component.
 *
 * Parts that mention none of the replaced resources stay the same objects, and each object is
 * replaced once, so the result shares parts as the original does.
 */
import { valueParts } from "../../model/type-parts.ts";
import type { FuncType, ResourceType, ValueType } from "../../model/value-type.ts";
import { type AnyType, type ComponentShape, type Entity, type InstanceShape, isValueType } from "./shapes.ts";
import type { TypeTable } from "./type-table.ts";

export class Substitution {
  readonly #table: TypeTable;
  readonly #names: "kept" | "merged";
  readonly #targets = new Map<ResourceType, ResourceType>();
  readonly #memo = new Map<object, AnyType | Entity>();
  #replacesTypes = false;

  /**
   * @param names Whether other names for a replaced resource type become other names for its
   *   replacement ("kept"), or the replacement itself ("merged").
   */
  constructor(table: TypeTable, names: "kept" | "merged" = "kept") {
    this.#table = table;
    this.#names = names;
  }

  /** Replaces `from` by `to` itself. To be called before types that mention `from` are replaced. */
  replace(from: ResourceType, to: ResourceType): void {
    this.#targets.set(this.#table.identity(from), to);
    this.#memo.set(this.#table.identity(from), to);
  }

  /** Replaces `from` by a new name for `to`, so that names that `to` has in other places are not confused with it. */
  replaceByName(from: ResourceType, to: ResourceType): void {
    this.replace(from, this.#table.rename(to));
  }

  /** Replaces one name of a type by another name of an equal type. */
  replaceName(from: AnyType, to: AnyType): void {
    this.#memo.set(from, to);
    this.#replacesTypes = true;
  }

  resource(resource: ResourceType): ResourceType {
    const target = this.#targets.get(this.#table.identity(resource));
    if (target === undefined) {
      return resource;
    }
    return this.#names === "merged" ? target : this.#once(resource, () => this.#table.rename(target));
  }

  any(type: AnyType): AnyType {
    switch (type.kind) {
      case "resource":
        return this.resource(type);
      case "func":
        return this.func(type);
      case "instance":
        return this.instance(type);
      case "component":
        return this.component(type);
      default:
        return this.value(type);
    }
  }

  entity(entity: Entity): Entity {
    switch (entity.kind) {
      case "type": {
        const type = this.any(entity.type);
        const referenced = this.any(entity.referenced);
        return type === entity.type && referenced === entity.referenced
          ? entity
          : { kind: "type", type, referenced };
      }
      case "func":
        return this.func(entity);
      case "instance":
        return this.instance(entity);
      case "component":
        return this.component(entity);
      case "module":
        return entity;
    }
  }

  func(type: FuncType): FuncType {
    return this.#once(type, () => {
      const params = type.params.map((param) => ({ name: param.name, type: this.value(param.type) }));
      const result = type.result === undefined ? undefined : this.value(type.result);
      const same = result === type.result && params.every((param, i) => param.type === type.params[i]?.type);
      return same ? type : this.#table.func({ kind: "func", async: type.async, params, result });
    });
  }

  instance(shape: InstanceShape): InstanceShape {
    return this.#once(shape, () => {
      const exports = this.#entities(shape.exports);
      return exports === shape.exports ? shape : this.#table.instance({ ...shape, exports });
    });
  }

  component(shape: ComponentShape): ComponentShape {
    return this.#once(shape, () => {
      const imports = this.#entities(shape.imports);
      const exports = this.#entities(shape.exports);
      return imports === shape.imports && exports === shape.exports
        ? shape
        : this.#table.component({ ...shape, imports, exports });
    });
  }

  value(type: ValueType): ValueType {
    return this.#once(type, () => {
      const replaced = this.#valueParts(type);
      return replaced === type ? type : this.#table.value(replaced);
    });
  }

  #entities(entities: ReadonlyMap<string, Entity>): ReadonlyMap<string, Entity> {
    this.#table.spend(entities.size);
    const replaced = new Map<string, Entity>();
    let changed = false;
    for (const [name, entity] of entities) {
      const other = this.entity(entity);
      changed ||= other !== entity;
      replaced.set(name, other);
    }
    return changed ? replaced : entities;
  }

  #once<T extends AnyType>(type: T, make: () => AnyType): T {
    const affected = this.#replacesTypes || (this.#targets.size > 0 && this.#table.info(type).resources);
    if (!affected) {
      return type;
    }
    let replaced = this.#memo.get(type);
    if (replaced === undefined) {
      this.#table.spend(1);
      replaced = make();
      this.#memo.set(type, replaced);
    }
    // `make` returns a type of the kind that it was given.
    return replaced as T;
  }

  #valueParts(type: ValueType): ValueType {
    const list = <T extends { readonly type: ValueType | undefined }>(parts: readonly T[]): readonly T[] => {
      this.#table.spend(parts.length);
      let changed = false;
      const replaced = parts.map((part) => {
        const other = part.type === undefined ? undefined : this.value(part.type);
        changed ||= other !== part.type;
        return other === part.type ? part : { ...part, type: other };
      });
      return changed ? replaced : parts;
    };
    const optional = (part: ValueType | undefined) => (part === undefined ? undefined : this.value(part));
    switch (type.kind) {
      case "record": {
        const fields = list(type.fields);
        return fields === type.fields ? type : { kind: "record", fields };
      }
      case "variant": {
        const cases = list(type.cases);
        return cases === type.cases ? type : { kind: "variant", cases };
      }
      case "tuple": {
        this.#table.spend(type.elements.length);
        const elements = type.elements.map((element) => this.value(element));
        return elements.every((element, i) => element === type.elements[i])
          ? type
          : { kind: "tuple", elements };
      }
      case "list":
      case "fixed-length-list": {
        const element = this.value(type.element);
        return element === type.element ? type : { ...type, element };
      }
      case "stream":
      case "future": {
        const element = optional(type.element);
        return element === type.element ? type : { kind: type.kind, element };
      }
      case "map": {
        const key = this.value(type.key);
        const value = this.value(type.value);
        return key === type.key && value === type.value ? type : { kind: "map", key, value };
      }
      case "option": {
        const some = this.value(type.some);
        return some === type.some ? type : { kind: "option", some };
      }
      case "result": {
        const ok = optional(type.ok);
        const err = optional(type.err);
        return ok === type.ok && err === type.err ? type : { kind: "result", ok, err };
      }
      case "own":
      case "borrow": {
        const resource = this.resource(type.resource);
        return resource === type.resource ? type : { kind: type.kind, resource };
      }
      default:
        return type;
    }
  }
}

/** The resource types that occur freely in a type: neither bound by it nor by a part of it. */
export function freeResources(types: Iterable<AnyType | Entity>, table: TypeTable): Set<ResourceType> {
  const free = new Set<ResourceType>();
  const seen = new Set<object>();
  const visit = (type: AnyType | Entity): void => {
    if (seen.has(type)) {
      return;
    }
    seen.add(type);
    table.spend(1);
    if (type.kind === "module") {
      return;
    }
    if (type.kind === "type") {
      visit(type.type);
      return;
    }
    if (!table.info(type).resources) {
      return;
    }
    if (isValueType(type)) {
      partsOf(type).forEach(visit);
      return;
    }
    switch (type.kind) {
      case "resource":
        free.add(table.identity(type));
        return;
      case "func":
        for (const param of type.params) {
          visit(param.type);
        }
        if (type.result !== undefined) {
          visit(type.result);
        }
        return;
      case "instance":
      case "component":
        addUnbound(type, free, table);
        return;
    }
  };
  for (const type of types) {
    visit(type);
  }
  return free;
}

function addUnbound(shape: InstanceShape | ComponentShape, free: Set<ResourceType>, table: TypeTable): void {
  const bound = new Set(boundResources(shape).map(({ resource }) => table.identity(resource)));
  table.spend(bound.size);
  for (const inner of freeResources(shapeEntities(shape), table)) {
    if (!bound.has(inner)) {
      free.add(inner);
    }
  }
}

function boundResources(shape: InstanceShape | ComponentShape) {
  return shape.kind === "instance" ? shape.bound : [...shape.importBound, ...shape.exportBound];
}

function shapeEntities(shape: InstanceShape | ComponentShape): Entity[] {
  return shape.kind === "instance"
    ? [...shape.exports.values()]
    : [...shape.imports.values(), ...shape.exports.values()];
}

/** The types that a value type directly consists of, resource types included. */
export function partsOf(type: ValueType): readonly (ValueType | ResourceType)[] {
  if (type.kind === "own" || type.kind === "borrow") return [type.resource];
  return valueParts(type).filter((part) => part !== undefined);
}
