/**
 * Makes a `Resolve` of the types of a component.
 *
 * A type in the binary is known by its name: each import or export of a type is an object of its own,
 * so what has been seen before is a `use` or an alias, and what has not is a definition.
 *
 * Source: `WitPackageDecoder` in wit-parser's `decoding.rs`.
 */
import {
  type AnyType,
  type Attributes,
  type ComponentIR,
  type ComponentShape,
  type Entity,
  type InstanceShape,
  parseExternName,
  type TypeEntity,
} from "../component/index.ts";
import type {
  Func,
  FuncKind,
  Interface,
  Package,
  PackageName,
  Resolve,
  Type,
  TypeDef,
  TypeOwner,
  World,
  WorldItem,
} from "../model/resolve.ts";
import type { FuncType, ResourceType, ValueType } from "../model/value-type.ts";
import { convertValueType, isPrimitive, unifyParts } from "./encoded-types.ts";
import { witError } from "./errors.ts";
import {
  createInterface,
  createPackage,
  createWorld,
  type InterfaceNode,
  type PackageNode,
  packageId,
  type TypeDefNode,
  type WorldNode,
} from "./nodes.ts";
import { createResolve } from "./resolve.ts";

type TypeTable = ComponentIR["types"];

interface InterfaceName {
  readonly package: PackageName;
  readonly name: string;
}

/** Types that WIT only has under a name. */
const needsName: ReadonlySet<string> = new Set(["record", "variant", "enum", "flags"]);

export class EncodedDecoder {
  readonly #table: TypeTable;
  readonly #path: string;
  readonly #worlds: World[] = [];
  readonly #interfaces: Interface[] = [];
  readonly #types: TypeDef[] = [];
  /** Packages that are only used, in the order in which they come up. */
  readonly #foreign = new Map<string, PackageNode>();
  /** The interfaces of the main package that are defined in full, by their ids. */
  readonly #defined = new Map<string, InterfaceNode>();
  readonly #typeDefs = new Map<AnyType, TypeDef>();
  readonly #resources = new Map<TypeOwner, Map<string, TypeDef>>();
  #main: PackageNode;

  constructor(table: TypeTable, path: string) {
    this.#table = table;
    this.#path = path;
    // Arbitrary, as in wit-parser: a component does not name its world. Replaced for a package.
    this.#main = createPackage({ namespace: "root", name: "component", version: undefined });
  }

  decodePackage(encoded: { readonly whole: boolean; readonly types: readonly ComponentShape[] }): Resolve {
    for (const [i, type] of encoded.types.entries()) {
      if (encoded.whole) {
        this.#registerImports(type);
      } else if (type.exports.size !== 1) {
        this.#fail(`an encoded item exports ${type.exports.size} things, and must export one`);
      }
      for (const [name, entity] of type.exports) {
        const id = this.#interfaceName(name, type.exportAttributes);
        if (i === 0 && this.#main.interfaces.size === 0 && this.#main.worlds.size === 0) {
          this.#main = createPackage(id.package);
        } else if (packageId(id.package) !== packageId(this.#main.name)) {
          this.#fail(`\`${name}\` is in another package than \`${packageId(this.#main.name)}\``);
        }
        if (entity.kind === "component") {
          this.#registerWorld(id.name, entity);
        } else if (entity.kind === "instance") {
          if (!encoded.whole) {
            this.#registerImports(type);
          }
          this.#registerInterface(name, entity);
        } else {
          this.#fail(`\`${name}\` is neither an interface nor a world`);
        }
      }
    }
    return this.#finish();
  }

  /** @param name of the world */
  decodeComponent(shape: ComponentShape, name: string): Resolve {
    const world = this.#addWorld(name);
    this.#addItems(world, shape.imports, shape.importAttributes, world.imports);
    this.#addItems(world, shape.exports, shape.exportAttributes, world.exports);
    return this.#finish();
  }

  #fail(message: string): never {
    throw witError({ code: "invalid", message: `\`${this.#path}\`: ${message}`, file: this.#path });
  }

  #registerImports(type: ComponentShape): void {
    for (const [name, entity] of type.imports) {
      if (entity.kind !== "instance") {
        this.#fail(`the import \`${name}\` of an encoded package is not an instance`);
      }
      this.#useInterface(name, entity, type.importAttributes);
    }
  }

  #addWorld(name: string): WorldNode {
    const world = createWorld(name, this.#main);
    if (this.#main.worlds.has(name)) {
      this.#fail(`the world \`${name}\` is there twice`);
    }
    this.#main.worlds.set(name, world);
    this.#worlds.push(world);
    return world;
  }

  #registerWorld(name: string, shape: ComponentShape): void {
    const world = this.#addWorld(name);
    this.#addItems(world, shape.imports, shape.importAttributes, world.imports);
    this.#addItems(world, shape.exports, shape.exportAttributes, world.exports);
  }

  #addItems(
    world: WorldNode,
    entities: ReadonlyMap<string, Entity>,
    attributes: Attributes,
    items: Map<string, WorldItem>,
  ): void {
    for (const [name, entity] of entities) {
      const item = this.#worldItem(world, name, entity, attributes);
      if (item !== undefined) {
        items.set(item.kind === "interface" ? this.#itemKey(name, item.interface) : name, item);
      }
    }
  }

  #itemKey(name: string, node: Interface): string {
    if (parseExternName(name).kind !== "interface") {
      return name;
    }
    const { namespace, name: packageName, version } = node.package.name;
    return `${namespace}:${packageName}/${node.name}${version === undefined ? "" : `@${version}`}`;
  }

  #worldItem(world: WorldNode, name: string, entity: Entity, attributes: Attributes): WorldItem | undefined {
    const attribute = attributes.get(name);
    switch (entity.kind) {
      case "instance": {
        const external = attribute?.externalId === undefined ? {} : { externalId: attribute.externalId };
        const common = { kind: "interface", docs: undefined, stability: undefined, ...external } as const;
        if (attribute?.implements !== undefined) {
          const node = this.#useInterface(attribute.implements, entity, new Map());
          return { ...common, interface: node, implements: node };
        }
        // An id stands for an interface that is defined elsewhere, a plain name for one that is written inline.
        const node =
          parseExternName(name).kind === "interface"
            ? this.#useInterface(name, entity, attributes)
            : this.#registerInterface(name, entity);
        return { ...common, interface: node };
      }
      case "func":
        return { kind: "func", func: this.#func(name, entity, world, attributes) };
      case "type":
        return { kind: "type", type: this.#registerType(name, world, entity, attributes) };
      case "component":
      case "module":
        // A world has no such things; the component that has them can still be described without.
        return undefined;
    }
  }

  /** An interface that is used: fills in what is not known of it yet. */
  #useInterface(name: string, shape: InstanceShape, attributes: Attributes): InterfaceNode {
    const known = this.#defined.get(name);
    const node = known ?? this.#foreignInterface(name, attributes);
    for (const [member, entity] of shape.exports) {
      if (entity.kind === "type") {
        const present = node.types.get(member);
        if (present !== undefined) {
          if (entity.referenced.kind !== "resource") {
            this.#unify(present, entity.referenced);
          }
          this.#typeDefs.set(entity.type, present);
          continue;
        }
        if (known !== undefined) {
          this.#fail(`\`${name}\` does not define the type \`${member}\`, which is used from it`);
        }
        node.types.set(member, this.#registerType(member, node, entity, shape.attributes));
      } else if (entity.kind === "func") {
        if (node.functions.has(member)) {
          continue;
        }
        if (known !== undefined) {
          this.#fail(`\`${name}\` does not define the function \`${member}\`, which is used from it`);
        }
        node.functions.set(member, this.#func(member, entity, node, shape.attributes));
      } else {
        this.#fail(`\`${member}\` of \`${name}\` is neither a type nor a function`);
      }
    }
    return node;
  }

  #foreignInterface(id: string, attributes: Attributes): InterfaceNode {
    const { package: packageName, name } = this.#interfaceName(id, attributes);
    const key = packageId(packageName);
    let owner = this.#foreign.get(key);
    if (owner === undefined) {
      owner = key === packageId(this.#main.name) ? this.#main : createPackage(packageName);
      this.#foreign.set(key, owner);
    }
    let node = owner.interfaces.get(name) as InterfaceNode | undefined;
    if (node === undefined) {
      node = createInterface(name, owner);
      owner.interfaces.set(name, node);
      this.#interfaces.push(node);
    }
    return node;
  }

  /** An interface that is defined: of the package if `name` is an id, else of a world. */
  #registerInterface(name: string, shape: InstanceShape): InterfaceNode {
    if (this.#defined.has(name)) {
      return this.#useInterface(name, shape, new Map());
    }
    const isNamed = parseExternName(name).kind === "interface";
    const id = isNamed ? this.#interfaceName(name, new Map()) : undefined;
    const node = createInterface(id?.name, this.#main);
    for (const [member, entity] of shape.exports) {
      if (entity.kind === "type") {
        node.types.set(member, this.#registerType(member, node, entity, shape.attributes));
      } else if (entity.kind === "func") {
        node.functions.set(member, this.#func(member, entity, node, shape.attributes));
      } else {
        this.#fail(`\`${member}\` of \`${name}\` is neither a type nor a function`);
      }
    }
    this.#interfaces.push(node);
    if (id !== undefined) {
      if (this.#main.interfaces.has(id.name)) {
        this.#fail(`the interface \`${name}\` is there twice`);
      }
      this.#main.interfaces.set(id.name, node);
      this.#defined.set(name, node);
    }
    return node;
  }

  #interfaceName(id: string, attributes: Attributes): InterfaceName {
    const parsed = parseExternName(id);
    if (parsed.kind !== "interface") {
      return this.#fail(`\`${id}\` is not the id of an interface or world`);
    }
    const path = parsed.version === undefined ? id : id.slice(0, id.indexOf("@"));
    const [namespace = "", rest = ""] = path.split(":");
    const [name = "", item = ""] = rest.split("/");
    const suffix = attributes.get(id)?.versionSuffix ?? "";
    const version = parsed.version === undefined ? undefined : parsed.version + suffix;
    return { package: { namespace, name, version }, name: item };
  }

  #registerType(name: string, owner: TypeOwner, entity: TypeEntity, attributes: Attributes): TypeDef {
    const { referenced } = entity;
    const alias = this.#findAlias(referenced);
    const externalId = attributes.get(name)?.externalId;
    const node: TypeDefNode = {
      kind: "type-def",
      name,
      type: { kind: "resource" },
      owner,
      docs: undefined,
      stability: undefined,
      ...(externalId === undefined ? {} : { externalId }),
    };
    if (alias !== undefined) {
      node.type = { kind: "alias", target: alias };
    } else if (referenced.kind === "resource") {
      const named = this.#resources.get(owner) ?? new Map<string, TypeDef>();
      named.set(name, node);
      this.#resources.set(owner, named);
    } else if (
      referenced.kind === "func" ||
      referenced.kind === "instance" ||
      referenced.kind === "component"
    ) {
      this.#fail(`\`${name}\` is a ${referenced.kind} type, which WIT does not have`);
    } else {
      node.type = convertValueType(referenced, this.#parts);
    }
    this.#types.push(node);
    this.#typeDefs.set(entity.type, node);
    return node;
  }

  /** The type that this is a new name for, if that one is known. */
  #findAlias(type: AnyType): TypeDef | undefined {
    for (
      let current: AnyType | undefined = type;
      current !== undefined;
      current = this.#table.origin(current)
    ) {
      const found = this.#typeDefs.get(current);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  readonly #parts = {
    value: (type: ValueType): Type => this.#type(type),
    resource: (type: ResourceType): TypeDef =>
      this.#typeDefs.get(type) ?? this.#fail(`a handle refers to \`${type.name}\`, which has no name here`),
  };

  #type(type: ValueType): Type {
    const known = this.#typeDefs.get(type);
    if (known !== undefined) {
      return known;
    }
    if (isPrimitive(type)) {
      return type.kind;
    }
    const kind = convertValueType(type, this.#parts);
    if (needsName.has(kind.kind)) {
      this.#fail(`a ${kind.kind} has no name`);
    }
    const node: TypeDef = {
      kind: "type-def",
      name: undefined,
      type: kind,
      owner: undefined,
      docs: undefined,
      stability: undefined,
    };
    this.#types.push(node);
    this.#typeDefs.set(type, node);
    return node;
  }

  /** Connects the parts of a type that is met again with those of its definition. */
  #unify(present: TypeDef, type: AnyType): void {
    if (
      type.kind === "func" ||
      type.kind === "instance" ||
      type.kind === "component" ||
      type.kind === "resource"
    ) {
      this.#fail(`\`${present.name}\` is a ${type.kind} type in one place and a value type in another`);
    }
    const mismatch = unifyParts(present, type, (part, definition) => {
      const known = this.#typeDefs.has(part);
      this.#typeDefs.set(part, definition);
      return !known;
    });
    if (mismatch !== undefined) {
      this.#fail(`\`${present.name}\` is defined in two ways: ${mismatch}`);
    }
  }

  #func(name: string, type: FuncType, owner: TypeOwner, attributes: Attributes): Func {
    const params = type.params.map((param) => ({
      name: param.name,
      type: this.#type(param.type),
    }));
    const result = type.result === undefined ? undefined : this.#type(type.result);
    const externalId = attributes.get(name)?.externalId;
    return {
      kind: this.#funcKind(name, owner),
      name,
      async: type.async,
      params,
      result,
      docs: undefined,
      stability: undefined,
      ...(externalId === undefined ? {} : { externalId }),
    };
  }

  #funcKind(name: string, owner: TypeOwner): FuncKind {
    const parsed = parseExternName(name);
    if (parsed.kind !== "constructor" && parsed.kind !== "method" && parsed.kind !== "static") {
      return { kind: "freestanding" };
    }
    const resource = this.#resources.get(owner)?.get(parsed.resource);
    return resource === undefined
      ? this.#fail(`\`${name}\` belongs to a resource that is not defined beside it`)
      : { kind: parsed.kind, resource };
  }

  /** Puts packages into an order in which each stands after those that it uses. */
  #finish(): Resolve {
    const packages: Package[] = [];
    const visited = new Set<Package>();
    const visit = (node: Package): void => {
      if (visited.has(node)) {
        return;
      }
      visited.add(node);
      for (const dependency of usedPackages(node)) {
        visit(dependency);
      }
      packages.push(node);
    };
    for (const node of this.#foreign.values()) {
      visit(node);
    }
    if (!packages.includes(this.#main)) {
      packages.push(this.#main);
    }
    return createResolve({
      worlds: this.#worlds,
      interfaces: this.#interfaces,
      types: this.#types,
      packages,
      roots: [this.#main],
    });
  }
}

function usedPackages(node: Package): Set<Package> {
  const used = new Set<Package>();
  for (const { types } of node.interfaces.values()) {
    for (const { type } of types.values()) {
      const owner = type.kind === "alias" && typeof type.target === "object" ? type.target.owner : undefined;
      if (owner !== undefined && owner.package !== node) {
        used.add(owner.package);
      }
    }
  }
  return used;
}
