/**
 * One component instance while the planner runs: index spaces, and what its resource types are.
 */
import type { ResourceType } from "../../model/value-type.ts";
import type { Sort } from "../binary/ir.ts";
import type { CoreExportRef, CoreFuncRef, ModuleRef } from "../plan.ts";
import type { BoundResource } from "../types/shapes.ts";
import { Substitution } from "../types/substitution.ts";
import type { TypeTable } from "../types/type-table.ts";
import {
  type ComponentItem,
  type CoreInstanceItem,
  type FuncItem,
  type InstanceItem,
  type Item,
  impossible,
  itemAt,
  known,
} from "./plan-items.ts";

interface FrameItems {
  readonly "core func": CoreFuncRef;
  readonly "core table": CoreFuncRef;
  readonly "core memory": CoreFuncRef;
  readonly "core global": CoreFuncRef;
  readonly "core tag": CoreFuncRef;
  readonly "core module": ModuleRef;
  readonly "core instance": CoreInstanceItem;
  readonly func: FuncItem;
  readonly component: ComponentItem;
  readonly instance: InstanceItem;
}

export type FrameSort = keyof FrameItems;

export class Frame {
  /** The number of the component instance in the plan. */
  readonly index: number;
  readonly parent: Frame | undefined;
  readonly exports = new Map<string, Item>();
  /** Turns a type of the component into one in terms of the plan's resource types. */
  readonly types: Substitution;
  readonly #spaces: { readonly [S in FrameSort]: FrameItems[S][] } = {
    "core func": [],
    "core table": [],
    "core memory": [],
    "core global": [],
    "core tag": [],
    "core module": [],
    "core instance": [],
    func: [],
    component: [],
    instance: [],
  };

  constructor(index: number, parent: Frame | undefined, table: TypeTable) {
    this.index = index;
    this.parent = parent;
    this.types = new Substitution(table, "merged");
  }

  push<S extends FrameSort>(sort: S, item: FrameItems[S]): void {
    this.#spaces[sort].push(item);
  }

  get<S extends FrameSort>(sort: S, index: number): FrameItems[S] {
    const space: readonly FrameItems[S][] = this.#spaces[sort];
    return known(space[index], `${sort} ${index}`);
  }

  /** The frame `count` components outwards. */
  outer(count: number): Frame {
    let frame: Frame = this;
    for (let i = 0; i < count; i++) {
      frame = known(frame.parent, "an outer component");
    }
    return frame;
  }

  pushItem(item: Item): void {
    switch (item.kind) {
      case "func":
        this.push("func", item);
        return;
      case "instance":
        this.push("instance", item);
        return;
      case "component":
        this.push("component", item);
        return;
      case "module":
        this.push("core module", item.module);
        return;
      case "type":
        // Operations carry types themselves.
        return;
    }
  }

  pushCore(sort: Sort, item: CoreFuncRef): void {
    switch (sort) {
      case "core func":
      case "core table":
      case "core memory":
      case "core global":
      case "core tag":
        this.push(sort, item);
        return;
      default:
        impossible(`a core export of sort ${sort}`);
    }
  }

  memory(index: number): CoreExportRef {
    const memory = this.get("core memory", index);
    return known(memory.kind === "core-export" ? memory : undefined, `core memory ${index}`);
  }

  /** Finds out what abstract resource types are: those at their paths in `items`. */
  bindResources(bound: readonly BoundResource[], items: ReadonlyMap<string, Item>): void {
    for (const { resource, path } of bound) {
      this.bindResource(resource, itemAt(items, path));
    }
  }

  bindResource(resource: ResourceType, item: Item | undefined): void {
    const concrete = item?.kind === "type" ? item.resource : undefined;
    this.types.replace(resource, known(concrete, `resource type ${resource.name}`));
  }
}
