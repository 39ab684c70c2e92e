/**
 * The resource types of one instance of a component: those that the host has defined, and those that the component
 * defines, which are new in each instance.
 */
import type { CoreFunction } from "../abi/compile.ts";
import { AbiFault } from "../abi/faults.ts";
import { type CallSite, PHASE } from "../abi/guard.ts";
import type { InstanceState } from "../abi/instance-state.ts";
import type { ResourceRuntime } from "../abi/resource.ts";
import type { CoreFuncRef, DefinedResource } from "../component/index.ts";
import type { FuncType, ResourceType } from "../model/value-type.ts";
import type { ComponentCode } from "./component.ts";
import { type GuestObjectClass, GuestResource } from "./guest-resource.ts";
import { disposeOf, HostResource } from "./host-resource.ts";
import type { LinkedImport } from "./linked-import.ts";
import type { StoreState } from "./store-state.ts";

const destructorType: FuncType = { kind: "func", async: false, params: [], result: undefined };

export class InstanceResources {
  /** As `LiftLowerContext.resources`. */
  readonly all: readonly ResourceRuntime[];
  /** Makes the class of a resource that the component defines; set once there is an instance for its methods. */
  makeClass: ((type: ResourceType) => GuestObjectClass) | undefined;
  readonly #store: StoreState;
  readonly #known = new Map<ResourceType, ResourceRuntime>();
  readonly #coreFunc: (ref: CoreFuncRef) => CoreFunction;

  constructor(
    code: ComponentCode,
    imports: readonly LinkedImport[],
    store: StoreState,
    states: readonly InstanceState[],
    coreFunc: (ref: CoreFuncRef) => CoreFunction,
  ) {
    this.#store = store;
    this.#coreFunc = coreFunc;
    // Two names for one type of the host's are one type.
    const ofHost = new Map<ResourceType, HostResource>();
    for (const { leaf, definition } of imports) {
      if (leaf.type.kind !== "type" || leaf.type.type.kind !== "resource") continue;
      const component = leaf.type.type;
      const type = definition.kind === "resource" ? definition.type : component;
      const drop = definition.kind === "resource" ? definition.drop : undefined;
      let runtime = ofHost.get(type);
      if (runtime === undefined) {
        runtime = new HostResource(
          component.name,
          drop === undefined ? disposeOf : (value) => drop(store.caller as never, value),
          definition.kind === "resource" ? definition.cls : undefined,
        );
        ofHost.set(type, runtime);
      }
      this.#known.set(component, runtime);
    }
    for (const defined of code.plan.definedResources) {
      const state = states[defined.componentInstance];
      if (state !== undefined) this.#known.set(defined.type, this.#guestResource(defined, state));
    }
    this.all = code.glue.resources.map((type) => this.of(type));
  }

  of(type: ResourceType): ResourceRuntime {
    const known = this.#known.get(type);
    if (known === undefined) throw new AbiFault("abi", `resource type ${type.name} is defined nowhere`);
    return known;
  }

  classOf(type: ResourceType): GuestObjectClass | undefined {
    const known = this.#known.get(type);
    return known instanceof GuestResource ? known.class : undefined;
  }

  #guestResource({ type, destructor }: DefinedResource, state: InstanceState): GuestResource {
    return new GuestResource({
      name: type.name,
      implementedBy: state,
      destroy: (rep, from) => {
        const run = destructor === undefined ? undefined : this.#coreFunc(destructor);
        if (from !== undefined) this.#destroyFromGuest(run, rep as number, state, from);
        else if (run !== undefined) this.#destroyFromHost(run, rep as number, state, type.name);
      },
      makeClass: () => this.makeClass?.(type),
    });
  }

  /** Source: `canon_resource_drop`, which calls the destructor as any other export. */
  #destroyFromGuest(
    run: CoreFunction | undefined,
    rep: number,
    state: InstanceState,
    from: InstanceState,
  ): void {
    const within = state.commonAncestor(from);
    this.#store.enterFromComponent(state, within);
    run?.(rep);
    this.#store.leaveToComponent(state, within);
  }

  #destroyFromHost(run: CoreFunction, rep: number, state: InstanceState, name: string): void {
    const store = this.#store;
    // After a trap, or at the end of the store, there is nothing left to destroy.
    if (store.ended) return;
    store.enter(state);
    try {
      run(rep);
      store.leave(state);
    } catch (error) {
      state.root.failed = true;
      const site: CallSite = { name: `the destructor of ${name}`, type: destructorType, callee: "component" };
      throw store.guestCallFailed(error, site, PHASE.call, [], state);
    }
  }
}
