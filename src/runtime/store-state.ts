/**
 * The inside of a store: what glue and instances of it share, and how calls into and out of guests end.
 *
 * A guest must not be able to catch what stops it. So whatever goes wrong below a guest is noted down here
 * first, then a real wasm trap is executed; the call that entered the guest turns that trap into the error
 * that was noted, and poisons the store. The first trap is the one that counts.
 */
import { AbiFault, BadValue } from "../abi/faults.ts";
import { ATTENTION, type Attention, type CallSite, type Guard, PHASE, type Phase } from "../abi/guard.ts";
import type { HandleBudget } from "../abi/handle-table.ts";
import type { InstanceState } from "../abi/instance-state.ts";
import { describe, findMismatch, type Mismatch } from "../abi/value-check.ts";
import { ValueError } from "../abi/value-error.ts";
import { ConfigError } from "../model/errors.ts";
import type { ValueType } from "../model/value-type.ts";
import type { CompiledModule } from "./core-module.ts";
import type { Demand } from "./demand.ts";
import type { EngineState } from "./engine.ts";
import { StoreDisposedError, StorePoisonedError } from "./errors.ts";
import type { Limiter } from "./limits.ts";
import { Meter, type Stop } from "./meter.ts";
import { isStackOverflow } from "./native-traps.ts";
import type { Allocation } from "./pool/instance-allocator.ts";
import { StoreAccount } from "./store-account.ts";
import { Trap, type TrapCode, trapMeanings, wasmFrames } from "./trap.ts";

/** What will become a trap once the guest has been left. */
interface Cause {
  readonly code: TrapCode;
  readonly message: string;
  readonly cause?: unknown;
}

const CANNOT_ENTER: Cause = {
  code: "cannot-enter",
  message: "the component instance cannot be entered again while a call into it is in progress",
};

const STACK_OVERFLOW: Cause = { code: "stack-overflow", message: trapMeanings["stack-overflow"] };

export class StoreState implements Guard {
  readonly engine: EngineState;
  readonly meter: Meter;
  readonly account: StoreAccount;
  readonly handles: HandleBudget;
  readonly hostcallFuel: number;
  readonly bytesCostFuel: boolean;
  /** Fuel per byte. */
  readonly #bytePrice: number;
  /** What host functions get as their first argument: the public `Caller`. */
  caller: unknown;
  attention: Attention = ATTENTION.nothing;
  /** What its instances are made of, by `CompiledModule.id`. */
  readonly modules = new Map<string, CompiledModule>();
  /** What to let go of when the store ends. */
  readonly #disposals: (() => void)[] = [];
  /** True if no call may begin now: `#refuse` says why. By the time that there are instances, that is for good. */
  #blocked = true;
  #disposed = false;
  /** The instances that the host has made in it. */
  readonly #roots: InstanceState[] = [];
  /** What its instances have been given of the engine's. Nothing in it may refer to the store. */
  readonly #allocations: Allocation[] = [];
  #noted: Cause | undefined;
  #trap: Trap | undefined;

  constructor(engine: EngineState, limiter: Limiter, hostcallFuel: number) {
    this.engine = engine;
    this.meter = new Meter(engine);
    this.account = new StoreAccount(limiter, engine.allocator);
    this.handles = { live: 0, limit: limiter.counts.resources };
    this.hostcallFuel = hostcallFuel;
    this.#bytePrice = engine.fuel?.bulkByte ?? 0;
    this.bytesCostFuel = this.#bytePrice > 0;
    this.settle();
  }

  /** To be called when something has changed that decides whether the store may run. */
  settle(): void {
    const { engine, meter } = this;
    this.#blocked =
      this.#disposed ||
      this.#trap !== undefined ||
      (engine.fuel !== undefined && !meter.fuelGiven) ||
      (engine.epochInterruption && !meter.deadlineGiven);
    if (this.ended) this.#closeInstances();
    // What has changed may be a deadline that is over.
    this.attention = engine.epochInterruption || this.ended ? ATTENTION.now : ATTENTION.nothing;
  }

  /** Those that are running follow when they are left. */
  #closeInstances(): void {
    for (const root of this.#roots) root.close();
  }

  /**
   * Takes what an instance needs: all or nothing.
   *
   * @returns its memories
   * @throws LimitError
   */
  allocate(demand: Demand): readonly WebAssembly.Memory[] {
    this.checkUsable();
    this.account.reserve(demand);
    try {
      return this.#keep(this.engine.allocator.allocate(demand));
    } catch (error) {
      this.account.cancel(demand, error as Error);
      throw error;
    }
  }

  /** As `allocate`, and waits for room in the pool. */
  async allocateAsync(demand: Demand): Promise<readonly WebAssembly.Memory[]> {
    this.checkUsable();
    this.account.reserve(demand);
    try {
      return this.#keep(await this.engine.allocator.wait(demand));
    } catch (error) {
      this.account.cancel(demand, error as Error);
      throw error;
    }
  }

  #keep(allocation: Allocation): readonly WebAssembly.Memory[] {
    if (this.#blocked) {
      // It has ended meanwhile: by a limiter of the host's own, or while it waited.
      this.engine.allocator.free([allocation]);
      this.#refuse();
    }
    if (this.#allocations.length === 0) this.engine.allocator.freeWith(this, this.#allocations);
    this.#allocations.push(allocation);
    return allocation.memories;
  }

  /** Takes an instance in. `dispose` is called when the store ends. */
  adopt(root: InstanceState, dispose: () => void): void {
    this.#roots.push(root);
    this.#disposals.push(dispose);
  }

  /** Throws unless the store is fit to run. */
  checkUsable(): void {
    if (this.#blocked) this.#refuse();
  }

  /** Throws if the store has ended. */
  checkAlive(): void {
    if (this.#disposed) {
      throw new StoreDisposedError("the store has been disposed of: make a new one");
    }
  }

  /** True if no guest of it can run any more. */
  get ended(): boolean {
    return this.#disposed || this.#trap !== undefined;
  }

  /** Poisons the store outside of any guest, and throws the trap. */
  poisonBy(cause: Cause): never {
    this.#noted ??= cause;
    throw this.poison(undefined, "");
  }

  dispose(): void {
    if (this.#disposed) return;
    if (this.#roots.some((root) => root.running)) {
      throw new ConfigError("a store cannot be disposed of while a guest of it is running");
    }
    this.#disposed = true;
    this.settle();
    const errors: unknown[] = [];
    for (const dispose of this.#disposals.splice(0)) {
      try {
        dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    // No guest can run any more, so that nobody can see its memory being cleared.
    this.engine.allocator.free(this.#allocations);
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, "several resources failed to be disposed of");
  }

  tooManyArguments(site: CallSite, given: number): never {
    throw new ValueError(`${site.name}() takes ${site.type.params.length} arguments, got ${given}`, "");
  }

  enter(instance: InstanceState): void {
    if (this.#blocked) this.#refuse();
    if (instance.enter(undefined)) return;
    // The last call left no stack to say so.
    if (instance.root.failed) this.poisonBy(STACK_OVERFLOW);
    this.poisonBy(CANNOT_ENTER);
  }

  leave(instance: InstanceState): void {
    instance.leave(undefined);
    if (this.ended) this.#closeInstances();
  }

  enterFromComponent(instance: InstanceState, within: InstanceState | undefined): void {
    if (!instance.enter(within)) throw new AbiFault("cannot-enter", CANNOT_ENTER.message);
  }

  leaveToComponent(instance: InstanceState, within: InstanceState | undefined): void {
    instance.leave(within);
  }

  attend(): number {
    if (this.#trap !== undefined) throw this.#trap;
    const stop = this.meter.checkDeadline();
    if (stop !== undefined) this.stop(stop);
    // What is asked at a deadline is the host's own, and may have used the store.
    if (this.#trap !== undefined) throw this.#trap;
    this.attention = ATTENTION.deadline;
    return this.meter.pace();
  }

  payForBytes(bytes: number): void {
    if (this.meter.consume(bytes * this.#bytePrice)) return;
    throw new AbiFault("out-of-fuel", `${trapMeanings["out-of-fuel"]} by what a call moves`);
  }

  unexpected(result: unknown): void {
    const isPromise = typeof result === "object" && result !== null && "then" in result;
    // A proxy may have used the store.
    if (this.#trap !== undefined) throw this.#trap;
    if (isPromise) {
      throw new BadValue(
        "a promise was returned by a function that is synchronous and returns nothing: its errors would be lost",
      );
    }
  }

  /** Ends the guest from inside one of its imports. */
  stop(code: Stop): never {
    this.trapGuest({ code, message: trapMeanings[code] });
  }

  /** Notes down why, and executes a trap that the guest cannot catch. */
  trapGuest(cause: Cause): never {
    if (this.#trap === undefined) this.#noted ??= cause;
    return this.engine.trap();
  }

  hostCallFailed(error: unknown, site: CallSite, phase: Phase, value: unknown): never {
    if (this.#trap !== undefined || this.#noted !== undefined) return this.engine.trap();
    let cause: Cause;
    try {
      cause = this.#causeOfHostCall(error, site, phase, value);
    } catch (another) {
      // What the host has returned or thrown throws when it is looked at: a guest must not be able to catch that.
      cause = isStackOverflow(another)
        ? { code: "stack-overflow", message: trapMeanings["stack-overflow"], cause: another }
        : { code: "host-error", message: `${site.name}: ${unreadable(phase)}`, cause: error };
    }
    return this.trapGuest(cause);
  }

  guestCallFailed(
    error: unknown,
    site: CallSite,
    phase: Phase,
    args: readonly unknown[],
    instance: InstanceState,
  ): unknown {
    // The stack may end at any call here. Until the store has been poisoned, nobody is let in.
    if (phase === PHASE.arguments && this.#noted === undefined && this.#trap === undefined) {
      // No guest code but `realloc` has run: the guest is as sound as before.
      let own: unknown;
      try {
        own = this.#callersOwn(error, site, args);
      } catch (another) {
        if (!isSpent(another)) {
          // What the caller has passed, or thrown, throws when it is looked at.
          this.leave(instance);
          throw another;
        }
      }
      if (own !== undefined) {
        this.leave(instance);
        return own;
      }
    }
    const trap = this.poison(error, site.name);
    instance.abandon();
    return trap;
  }

  /** The trap that `error` means, after which the store is of no more use. */
  poison(error: unknown, where: string): Trap {
    if (this.#trap !== undefined) return this.#trap;
    const { code, message, ...rest } = this.#noted ?? this.#causeInGuest(error, where);
    this.#noted = undefined;
    this.#trap = new Trap(code, message, { ...rest, frames: wasmFrames(error, this.modules) });
    this.settle();
    return this.#trap;
  }

  #refuse(): never {
    this.checkAlive();
    if (this.#trap !== undefined) {
      throw new StorePoisonedError(
        `the store cannot be used after a trap (${this.#trap.code}: ${this.#trap.message}): make a new store; the engine, the linker and the component are as good as before`,
        { cause: this.#trap },
      );
    }
    if (this.engine.fuel !== undefined && !this.meter.fuelGiven) {
      throw new ConfigError(
        "the engine consumes fuel and this store has been given none: pass fuel to the Store, or call setFuel",
      );
    }
    throw new ConfigError(
      "the engine interrupts by epoch and this store has no deadline: pass epochDeadline to the Store, or call setEpochDeadline",
    );
  }

  #causeOfHostCall(error: unknown, site: CallSite, phase: Phase, value: unknown): Cause {
    if (site.callee === "component") return this.#causeInGuest(error, site.name);
    if (error instanceof AbiFault) {
      return { code: error.faultCode, message: `${site.name}: ${error.message}` };
    }
    if (isStackOverflow(error)) {
      return { code: "stack-overflow", message: trapMeanings["stack-overflow"], cause: error };
    }
    if (phase === PHASE.call) {
      return { code: "host-error", message: `${site.name}: ${thrown(error)}`, cause: error };
    }
    if (error instanceof BadValue) {
      // The trap says that nobody awaits it. Were it to be rejected unhandled, a guest could end the process.
      if (value instanceof Promise) value.catch(() => undefined);
      const bad = badResult(site, phase, value, error);
      return { code: "host-error", message: bad.message, cause: bad };
    }
    const native = this.engine.nativeTraps.classify(error);
    if (native !== undefined) return { code: native, message: trapMeanings[native] };
    // A getter, or a proxy, of the host's own.
    return { code: "host-error", message: `${site.name}: ${thrown(error)}`, cause: error };
  }

  #causeInGuest(error: unknown, where: string): Cause {
    if (error instanceof AbiFault) return { code: error.faultCode, message: `${where}: ${error.message}` };
    const native = this.engine.nativeTraps.classify(error);
    if (native !== undefined) return { code: native, message: nativeMessage(native, error), cause: error };
    if (error instanceof RangeError) {
      // The host has no memory for what the guest has passed.
      return { code: "out-of-memory", message: `${where}: ${error.message}`, cause: error };
    }
    return {
      code: "abi",
      message: `${where}: ${error instanceof Error ? error.message : describe(error)}`,
      cause: error,
    };
  }

  /** What to throw for a failure that is the caller's own doing; undefined if it is the guest's. */
  #callersOwn(error: unknown, site: CallSite, args: readonly unknown[]): unknown {
    if (error instanceof AbiFault || this.engine.nativeTraps.classify(error) !== undefined) return undefined;
    return error instanceof BadValue ? badArgument(site, args, error) : error;
  }
}

/** As `isStackOverflow`, for what may be a proxy of the host's own. */
function isSpent(error: unknown): boolean {
  try {
    return isStackOverflow(error);
  } catch {
    return false;
  }
}

function nativeMessage(code: TrapCode, error: unknown): string {
  // V8 tells neither of these from the other.
  if (code === "indirect-call-type-mismatch")
    return "indirect call of a null function, or of one of another type";
  if (code === "unreachable" && error instanceof Error && error.message !== "unreachable")
    return error.message;
  return trapMeanings[code];
}

function unreadable(phase: Phase): string {
  return `what the host function ${phase === PHASE.call ? "threw" : "returned"} cannot be read: a getter or proxy threw`;
}

function thrown(error: unknown): string {
  return error instanceof Error
    ? `the host function threw: ${error.message}`
    : `the host function threw ${describe(error)}`;
}

function badResult(site: CallSite, phase: Phase, value: unknown, error: BadValue): ValueError {
  const declared = site.type.result;
  const what = phase === PHASE.error ? "error" : "result";
  // A declared error is thrown, and the rest returned: neither is wrapped.
  const unwrapped = phase === PHASE.error ? "err" : "ok";
  const type = declared?.kind === "result" ? declared[unwrapped] : declared;
  return describeBad(`${site.name}() ${what}`, type, value, error);
}

function badArgument(site: CallSite, args: readonly unknown[], error: BadValue): ValueError {
  for (const [i, param] of site.type.params.entries()) {
    if (findMismatch(param.type, args[i]) !== undefined) {
      return describeBad(`${site.name}() argument \`${param.name}\``, param.type, args[i], error);
    }
  }
  return new ValueError(`${site.name}(): ${error.message}`, "");
}

function describeBad(
  where: string,
  type: ValueType | undefined,
  value: unknown,
  error: BadValue,
): ValueError {
  const found: Mismatch | undefined = type === undefined ? undefined : findMismatch(type, value);
  if (found === undefined) return new ValueError(`${where}: ${error.message}`, "");
  const field = found.path === "" ? "" : `field \`${found.path}\`: `;
  return new ValueError(`${where}: ${field}expected ${found.expected}, got ${found.got}`, found.path);
}
