/**
 * Resources that a guest defines, as the host holds them: objects of a class with the resource's methods and
 * `[Symbol.dispose]()`, which stand for a handle.
 */
import { BadValue } from "../abi/faults.ts";
import type { InstanceState } from "../abi/instance-state.ts";
import type { Loan, ResourceRuntime } from "../abi/resource.ts";
import { describe } from "../abi/value-check.ts";
import { ValueError } from "../abi/value-error.ts";

type Usable = "owned" | "borrowed";
type Ended = "dropped" | "passed on" | "returned";

/** The inside of an object that stands for a handle. */
class GuestHandle implements Loan {
  readonly type: GuestResource;
  readonly rep: unknown;
  state: Usable | Ended = "owned";
  /** Its type for as long as it can be used: a call has one thing to look at. */
  usableAs: GuestResource | undefined;
  /** Calls in progress that have borrowed it. */
  lends = 0;

  constructor(type: GuestResource, rep: unknown, state: Usable) {
    this.type = type;
    this.rep = rep;
    this.begin(state);
  }

  begin(state: Usable): void {
    this.state = state;
    this.usableAs = this.type;
  }

  end(state: Ended): void {
    this.state = state;
    this.usableAs = undefined;
  }

  /** Ends a loan of it, made by the host for the time of a call. */
  endBorrow(): void {
    this.lends--;
  }
}

/** The base of the classes of guest resources. */
export class GuestObject implements Disposable {
  readonly #handle: GuestHandle;

  constructor(handle: GuestHandle) {
    this.#handle = handle;
  }

  /**
   * Drops the handle, and runs the guest's destructor if it owns the resource. Does nothing the second time, nor
   * when the store has ended.
   *
   * @throws ValueError while a call that has borrowed it is in progress; Trap if the destructor traps.
   */
  [Symbol.dispose](): void {
    const handle = this.#handle;
    if (handle.state !== "owned") return;
    if (handle.lends > 0) {
      throw new ValueError(`${handle.type.name} is borrowed by a call that is in progress`, "");
    }
    handle.type.dropOwned(handle);
  }

  /** The handle of an object of this class or one derived from it. */
  static handleOf(value: unknown): GuestHandle | undefined {
    return typeof value === "object" && value !== null && #handle in value ? value.#handle : undefined;
  }
}

/** Calls look for it here: V8 takes it for the constant that a static method of an exported class is not. */
const { handleOf } = GuestObject;

export type GuestObjectClass = new (handle: GuestHandle) => GuestObject;

export interface GuestResourceInit {
  readonly name: string;
  readonly implementedBy: InstanceState;
  /** Runs the guest's destructor. `from` is the component instance that dropped the resource, if it was not the host. */
  readonly destroy: (rep: unknown, from: InstanceState | undefined) => void;
  /**
   * The class that objects for it have. Not asked for again once it has been made; undefined while there is none yet:
   * components may pass each other objects before the host has its instance, and can see no class.
   */
  readonly makeClass: () => GuestObjectClass | undefined;
}

export class GuestResource implements ResourceRuntime {
  readonly name: string;
  readonly implementedBy: InstanceState;
  readonly #init: GuestResourceInit;
  #class: GuestObjectClass | undefined;
  /**
   * Only backs up `[Symbol.dispose]()`: objects that were forgotten are dropped when they are collected. Handles that
   * end otherwise are taken out, so that those of a long synchronous loop do not wait in it for their turn.
   */
  #owned: FinalizationRegistry<GuestHandle> | undefined;

  constructor(init: GuestResourceInit) {
    this.name = init.name;
    this.implementedBy = init.implementedBy;
    this.#init = init;
  }

  get class(): GuestObjectClass {
    this.#class ??= this.#init.makeClass();
    return this.#class ?? GuestObject;
  }

  toOwned(rep: unknown): GuestObject {
    const handle = new GuestHandle(this, rep, "owned");
    const object = this.#object(handle);
    this.#watch(object, handle);
    return object;
  }

  toBorrowed(rep: unknown, loans: Loan[]): GuestObject {
    const handle = new GuestHandle(this, rep, "borrowed");
    loans.push({ endBorrow: () => handle.end("returned") });
    return this.#object(handle);
  }

  fromOwned(value: unknown): unknown {
    const handle = this.#handle(value);
    if (handle.state === "borrowed")
      throw new BadValue(`${this.name} is only borrowed and cannot be given away`);
    if (handle.lends > 0) throw new BadValue(`${this.name} is borrowed by a call that is in progress`);
    handle.end("passed on");
    this.#owned?.unregister(handle);
    return handle.rep;
  }

  takeBack(value: unknown): void {
    const handle = handleOf(value);
    if (handle === undefined) return;
    handle.begin("owned");
    this.#watch(value as GuestObject, handle);
  }

  fromBorrowed(value: unknown, loans: Loan[]): unknown {
    const handle = this.lend(value);
    loans.push(handle);
    return handle.rep;
  }

  lend(value: unknown): GuestHandle {
    const handle = this.#handle(value);
    handle.lends++;
    return handle;
  }

  drop(rep: unknown, from: InstanceState | undefined): void {
    this.#init.destroy(rep, from);
  }

  /** Drops what the host owns, once. */
  dropOwned(handle: GuestHandle): void {
    handle.end("dropped");
    this.#owned?.unregister(handle);
    this.drop(handle.rep, undefined);
  }

  #watch(object: object, handle: GuestHandle): void {
    this.#owned ??= new FinalizationRegistry((forgotten) => this.#dropForgotten(forgotten));
    this.#owned.register(object, handle, handle);
  }

  #dropForgotten(handle: GuestHandle): void {
    if (handle.state !== "owned") return;
    if (handle.lends > 0 || this.implementedBy.running) {
      // A call is in progress: the turn of this new object, which nobody knows, comes at the next collection.
      this.#watch({}, handle);
      return;
    }
    try {
      this.dropOwned(handle);
    } catch {
      // Nobody is there to hear of it. A destructor that traps has poisoned the store, and that tells who uses it next.
    }
  }

  #object(handle: GuestHandle): GuestObject {
    const made = this.class;
    return Reflect.construct(GuestObject, [handle], made) as GuestObject;
  }

  #handle(value: unknown): GuestHandle {
    const handle = handleOf(value);
    return handle !== undefined && handle.usableAs === this ? handle : this.#refuse(value, handle);
  }

  #refuse(value: unknown, handle: GuestHandle | undefined): never {
    if (handle === undefined)
      throw new BadValue(`expected ${this.name} of this instance, got ${describe(value)}`);
    if (handle.type !== this) {
      throw new BadValue(`expected ${this.name} of this instance, got ${handle.type.name} of another`);
    }
    throw new BadValue(`${this.name} cannot be used any more: it has been ${handle.state}`);
  }
}
