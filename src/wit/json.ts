/**
 * A `Resolve` as `wasm-tools component wit --json` prints it: references are indices.
 *
 * Source: the `Serialize` implementations of wit-parser (`lib.rs`, `serde_.rs`), including the order
 * of their fields.
 */
import type {
  Func,
  Interface,
  Named,
  Package,
  Param,
  Resolve,
  Stability,
  Type,
  TypeDef,
  TypeDefKind,
  TypeOwner,
  World,
  WorldItem,
} from "../model/resolve.ts";
import { isInterfaceKey, packageId } from "./nodes.ts";

type Json = string | number | boolean | null | readonly Json[] | JsonObject;
type JsonObject = { readonly [key: string]: Json };

export function resolveToJson(resolve: Resolve): Json {
  return new JsonWriter(resolve).resolve();
}

class JsonWriter {
  readonly #resolve: Resolve;
  readonly #indices = new Map<object, number>();

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
    for (const list of [resolve.worlds, resolve.interfaces, resolve.types, resolve.packages]) {
      for (const [index, item] of list.entries()) this.#indices.set(item, index);
    }
  }

  resolve(): JsonObject {
    const { worlds, interfaces, types, packages } = this.#resolve;
    return {
      worlds: worlds.map((world) => this.#world(world)),
      interfaces: interfaces.map((node) => this.#interface(node)),
      types: types.map((type) => this.#typeDef(type)),
      packages: packages.map((node) => this.#package(node)),
    };
  }

  #index(item: object): number {
    const index = this.#indices.get(item);
    if (index === undefined) throw new Error("the Resolve refers to something that it does not list");
    return index;
  }

  #world(world: World): JsonObject {
    return {
      name: world.name,
      imports: this.#worldItems(world.imports),
      exports: this.#worldItems(world.exports),
      package: this.#index(world.package),
      ...docs(world.docs),
      ...stability(world.stability),
    };
  }

  #worldItems(items: ReadonlyMap<string, WorldItem>): JsonObject {
    return dictionary([...items].map(([key, item]) => [this.#worldKey(key, item), this.#worldItem(item)]));
  }

  #worldKey(key: string, item: WorldItem): string {
    if (item.kind !== "interface" || !isInterfaceKey(key)) return key;
    return `interface-${this.#index(item.interface)}`;
  }

  #worldItem(item: WorldItem): JsonObject {
    switch (item.kind) {
      case "interface":
        return {
          interface: {
            id: this.#index(item.interface),
            ...stability(item.stability),
            ...(item.implements === undefined ? {} : { implements: this.#index(item.implements) }),
            ...externalId(item.externalId),
          },
        };
      case "func":
        return { function: this.#func(item.func) };
      case "type":
        return { type: this.#index(item.type) };
    }
  }

  #interface(node: Interface): JsonObject {
    return {
      name: node.name ?? null,
      types: dictionary([...node.types].map(([name, type]) => [name, this.#index(type)])),
      functions: dictionary([...node.functions].map(([name, func]) => [name, this.#func(func)])),
      ...docs(node.docs),
      ...stability(node.stability),
      package: this.#index(node.package),
      ...(node.cloneOf === undefined ? {} : { clone_of: this.#index(node.cloneOf) }),
    };
  }

  #package(node: Package): JsonObject {
    return {
      name: packageId(node.name),
      ...docs(node.docs),
      interfaces: dictionary([...node.interfaces].map(([name, item]) => [name, this.#index(item)])),
      worlds: dictionary([...node.worlds].map(([name, item]) => [name, this.#index(item)])),
    };
  }

  #func(func: Func): JsonObject {
    return {
      name: func.name,
      kind: this.#funcKind(func),
      params: func.params.map((param) => this.#param(param)),
      ...(func.result === undefined ? {} : { result: this.#type(func.result) }),
      ...docs(func.docs),
      ...stability(func.stability),
      ...externalId(func.externalId),
    };
  }

  #funcKind({ kind, async }: Func): Json {
    const name = async ? `async-${kind.kind}` : kind.kind;
    return kind.kind === "freestanding" ? name : { [name]: this.#index(kind.resource) };
  }

  #param({ name, type }: Param): JsonObject {
    return name === "" ? { type: this.#type(type) } : { name, type: this.#type(type) };
  }

  #typeDef(type: TypeDef): JsonObject {
    return {
      name: type.name ?? null,
      kind: this.#kind(type.type),
      owner: this.#owner(type.owner),
      ...docs(type.docs),
      ...stability(type.stability),
      ...externalId(type.externalId),
    };
  }

  #owner(owner: TypeOwner | undefined): Json {
    return owner === undefined ? null : { [owner.kind]: this.#index(owner) };
  }

  #type(type: Type): Json {
    return typeof type === "string" ? type : this.#index(type);
  }

  #optional(type: Type | undefined): Json {
    return type === undefined ? null : this.#type(type);
  }

  #kind(kind: TypeDefKind): Json {
    switch (kind.kind) {
      case "record":
        return {
          record: {
            fields: kind.fields.map((field) => ({
              name: field.name,
              type: this.#type(field.type),
              ...docs(field.docs),
            })),
          },
        };
      case "variant":
        return {
          variant: {
            cases: kind.cases.map((item) => ({
              name: item.name,
              type: this.#optional(item.type),
              ...docs(item.docs),
            })),
          },
        };
      case "enum":
        return { enum: { cases: kind.cases.map(label) } };
      case "flags":
        return { flags: { flags: kind.flags.map(label) } };
      case "tuple":
        return { tuple: { types: kind.types.map((type) => this.#type(type)) } };
      case "list":
        return { list: this.#type(kind.element) };
      case "fixed-length-list":
        return { "fixed-length-list": [this.#type(kind.element), kind.length] };
      case "map":
        return { map: [this.#type(kind.key), this.#type(kind.value)] };
      case "option":
        return { option: this.#type(kind.some) };
      case "result":
        return { result: { ok: this.#optional(kind.ok), err: this.#optional(kind.err) } };
      case "own":
      case "borrow":
        return { handle: { [kind.kind]: this.#index(kind.resource) } };
      case "resource":
        return "resource";
      case "stream":
      case "future":
        return { [kind.kind]: this.#optional(kind.element) };
      case "alias":
        return { type: this.#type(kind.target) };
    }
  }
}

/** An object with foreign names as keys; without a prototype, so that every name is one like any other. */
function dictionary(entries: readonly (readonly [string, Json])[]): JsonObject {
  const object: { [key: string]: Json } = Object.create(null);
  for (const [key, value] of entries) object[key] = value;
  return object;
}

function label(named: Named): JsonObject {
  return { name: named.name, ...docs(named.docs) };
}

function docs(contents: string | undefined): JsonObject {
  return contents === undefined ? {} : { docs: { contents } };
}

function externalId(id: string | undefined): JsonObject {
  return id === undefined ? {} : { external_id: id };
}

function stability(value: Stability | undefined): JsonObject {
  if (value === undefined) return {};
  const deprecated = value.deprecated === undefined ? {} : { deprecated: value.deprecated };
  return {
    stability:
      value.kind === "stable"
        ? { stable: { since: value.since, ...deprecated } }
        : { unstable: { feature: value.feature, ...deprecated } },
  };
}
