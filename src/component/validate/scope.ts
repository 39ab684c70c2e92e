/**
 * The index spaces of a component, component type or instance type while it is being checked.
 */
import type { CoreExternType, CoreFuncType, ModuleType } from "../../model/extern-type.ts";
import type { Flattening } from "../../model/flatten.ts";
import type { FuncType, ResourceType } from "../../model/value-type.ts";
import type { CoreSubType, Sort } from "../binary/ir.ts";
import type { CoreModule } from "../plan.ts";
import {
  type AnyType,
  type BoundResource,
  type ComponentShape,
  describeType,
  type Entity,
  type InstanceShape,
} from "../types/shapes.ts";
import type { TypeTable } from "../types/type-table.ts";
import type { Operation } from "./checked.ts";
import { NameScope } from "./name-scope.ts";

export type CoreType = CoreSubType | ModuleType;

/** What an index space of each sort holds. */
export interface SpaceItems {
  readonly "core func": CoreFuncType;
  readonly "core table": CoreExternType;
  readonly "core memory": CoreExternType;
  readonly "core global": CoreExternType;
  readonly "core tag": CoreExternType;
  readonly "core type": CoreType;
  readonly "core module": ModuleType;
  readonly "core instance": ReadonlyMap<string, CoreExternType>;
  readonly func: FuncType;
  readonly value: never;
  readonly type: AnyType;
  readonly component: ComponentShape;
  readonly instance: InstanceShape;
}

type Spaces = { readonly [S in Sort]: SpaceItems[S][] };

/** What all scopes of one load share. */
export interface CheckContext {
  readonly table: TypeTable;
  readonly flattening: Flattening;
  readonly modules: readonly CoreModule[];
  readonly moduleTypes: readonly ModuleType[];
}

export type ScopeKind = "component" | "component type" | "instance type";

export class Scope {
  readonly kind: ScopeKind;
  readonly parent: Scope | undefined;
  readonly context: CheckContext;
  readonly imports = new Map<string, Entity>();
  readonly exports = new Map<string, Entity>();
  readonly importBound: BoundResource[] = [];
  /** Resource types that came into being here other than by an import. */
  readonly introduced = new Set<ResourceType>();
  /** Resource types defined by this component, for which it has `resource.new` and `resource.rep`. */
  readonly defined = new Set<ResourceType>();
  readonly importNames: NameScope;
  readonly exportNames: NameScope;
  /** Types that have a name which an import, or an export, may mention. */
  readonly importedTypes = new Set<AnyType>();
  readonly exportedTypes = new Set<AnyType>();
  readonly operations: Operation[] = [];
  readonly #spaces: Spaces = {
    "core func": [],
    "core table": [],
    "core memory": [],
    "core global": [],
    "core tag": [],
    "core type": [],
    "core module": [],
    "core instance": [],
    func: [],
    value: [],
    type: [],
    component: [],
    instance: [],
  };

  constructor(kind: ScopeKind, parent: Scope | undefined, context: CheckContext) {
    this.kind = kind;
    this.parent = parent;
    this.context = context;
    this.importNames = new NameScope("import", context.table, { namesResources: true });
    this.exportNames = new NameScope("export", context.table, { namesResources: true });
  }

  get table(): TypeTable {
    return this.context.table;
  }

  fail(message: string): never {
    return this.table.fail(message);
  }

  push<S extends Sort>(sort: S, item: SpaceItems[S]): void {
    this.#spaces[sort].push(item);
  }

  get<S extends Sort>(sort: S, index: number): SpaceItems[S] {
    const space: readonly SpaceItems[S][] = this.#spaces[sort];
    return (
      space[index] ??
      this.fail(
        `unknown ${sort} ${index}: ${sort} index out of bounds, there are ${space.length} before this`,
      )
    );
  }

  /** A type that must be a function type. */
  funcType(index: number): FuncType {
    const type = this.get("type", index);
    return type.kind === "func"
      ? type
      : this.fail(`type index ${index} is not a function type, but a ${describeType(type)}`);
  }

  resourceType(index: number): ResourceType {
    const type = this.get("type", index);
    return type.kind === "resource"
      ? type
      : this.fail(`type index ${index} is not a resource type, but a ${describeType(type)}`);
  }

  /** The entity that something in an index space is when it is passed on. */
  entity(sort: Sort, index: number): Entity {
    switch (sort) {
      case "func":
      case "instance":
      case "component":
      case "core module":
        return this.get(sort, index);
      case "type": {
        const type = this.get("type", index);
        return { kind: "type", type, referenced: type };
      }
      default:
        return this.fail(`a ${sort} can not be exported or passed to a component`);
    }
  }

  pushEntity(entity: Entity): void {
    switch (entity.kind) {
      case "func":
        this.push("func", entity);
        return;
      case "instance":
        this.push("instance", entity);
        return;
      case "component":
        this.push("component", entity);
        return;
      case "module":
        this.push("core module", entity);
        return;
      case "type":
        this.push("type", entity.type);
        return;
    }
  }
}
