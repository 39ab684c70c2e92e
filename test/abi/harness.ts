/**
 * Runs compiled glue against a bare memory, without a component or a store.
 *
 * The `realloc` is a bump allocator that grows the memory by a page whenever it has to, so that views go
 * stale in the middle of lowering.
 */
import {
  type Glue,
  GlueCompiler,
  type HostFunction,
  type LiftFactory,
  type LowerFactory,
} from "../../src/abi/compile.ts";
import { LiftLowerContext } from "../../src/abi/context.ts";
import { ATTENTION, type Guard, type Phase } from "../../src/abi/guard.ts";
import { InstanceState } from "../../src/abi/instance-state.ts";
import type { ResourceRuntime } from "../../src/abi/resource.ts";
import type { StringEncoding } from "../../src/abi/strings.ts";
import { Flattening } from "../../src/model/flatten.ts";
import { Layouts } from "../../src/model/layout.ts";
import * as types from "../../src/model/types.ts";
import type { FuncType, ValueType } from "../../src/model/value-type.ts";

/** What a failed call ended with. */
export class Failure extends Error {
  readonly error: unknown;
  readonly phase: Phase;

  constructor(error: unknown, phase: Phase) {
    super(error instanceof Error ? error.message : String(error));
    this.error = error;
    this.phase = phase;
  }
}

/** Passes failures on as they are. */
class TestGuard implements Guard {
  attention = ATTENTION.nothing;
  readonly bytesCostFuel = false;
  attend(): number {
    return 0;
  }
  payForBytes(): void {
    throw new Error("bytes cost nothing here");
  }
  unexpected(result: unknown): void {
    throw new Error(`unexpected result ${String(result)}`);
  }
  hostCallFailed(error: unknown, _: unknown, phase: Phase): never {
    throw error instanceof Failure ? error : new Failure(error, phase);
  }
  tooManyArguments(): never {
    throw new Error("too many arguments");
  }
  enter(instance: InstanceState): void {
    instance.mayEnter = false;
  }
  leave(instance: InstanceState): void {
    instance.mayEnter = true;
  }
  enterFromComponent(instance: InstanceState): void {
    this.enter(instance);
  }
  leaveToComponent(instance: InstanceState): void {
    this.leave(instance);
  }
  guestCallFailed(error: unknown, _: unknown, phase: Phase): unknown {
    return error instanceof Failure ? error : new Failure(error, phase);
  }
}

export interface MachineOptions {
  readonly encoding?: StringEncoding;
  /** Who is at the other end: the host, if it is not said. */
  readonly other?: "host" | "component";
  readonly hostcallFuel?: number;
  readonly resources?: (glue: Glue) => readonly ResourceRuntime[];
}

export class Machine {
  readonly memory = new WebAssembly.Memory({ initial: 1 });
  readonly budget = { live: 0, limit: 10_000 };
  readonly instance = new InstanceState(this.budget);
  /** Alignments and sizes that `realloc` was asked for. */
  readonly allocations: [alignment: number, size: number][] = [];
  /** Overrides what the next `realloc` returns. */
  nextPointer: number | undefined;
  #top = 8;

  readonly realloc = (_old: number, _oldSize: number, alignment: number, size: number): number => {
    this.allocations.push([alignment, size]);
    if (this.nextPointer !== undefined) {
      const pointer = this.nextPointer;
      this.nextPointer = undefined;
      return pointer;
    }
    const pointer = Math.ceil(this.#top / alignment) * alignment;
    this.#top = pointer + size;
    while (this.#top > this.memory.buffer.byteLength) this.memory.grow(1);
    return pointer | 0;
  };

  context(options: MachineOptions, glue: Glue): LiftLowerContext {
    return new LiftLowerContext({
      instance: this.instance,
      guard: new TestGuard(),
      resources: options.resources?.(glue) ?? [],
      hostcallFuel: options.hostcallFuel ?? 2 ** 27,
      memory: this.memory,
      realloc: this.realloc,
    });
  }

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }
}

/** A host function (or a lifted one of another component) as a guest sees it: takes and returns core values. */
export function lowered(
  machine: Machine,
  type: FuncType,
  host: (...args: never[]) => unknown,
  options: MachineOptions = {},
): (...args: (number | bigint)[]) => number | bigint | undefined {
  const compiler = new GlueCompiler();
  const { encoding = "utf8", other = "host" } = options;
  compiler.lower(type, { encoding, callee: other });
  const glue = compiler.compile();
  const [factory] = glue.factories as [LowerFactory];
  const withoutCaller = (_caller: unknown, ...args: never[]) => host(...args);
  const callee = other === "host" ? withoutCaller : host;
  return factory(machine.context(options, glue), callee, undefined, { name: "test", type, callee: other });
}

/** A core function as the host (or another component) sees it. */
export function lifted(
  machine: Machine,
  type: FuncType,
  core: (...args: (number | bigint)[]) => number | bigint | undefined,
  options: MachineOptions & { postReturn?: (...args: (number | bigint)[]) => undefined } = {},
): HostFunction {
  const compiler = new GlueCompiler();
  compiler.lift(type, {
    encoding: options.encoding ?? "utf8",
    postReturn: options.postReturn !== undefined,
    caller: options.other ?? "host",
  });
  const glue = compiler.compile();
  const [factory] = glue.factories as [LiftFactory];
  return factory(machine.context(options, glue), core, options.postReturn, {
    name: "test",
    type,
    callee: "host",
  });
}

/** A core function that passes its arguments to an import, and returns what that returns. */
function forwarding(
  machine: Machine,
  type: FuncType,
  low: (...args: (number | bigint)[]) => number | bigint | undefined,
): (...args: (number | bigint)[]) => number | bigint | undefined {
  const { result } = type;
  if (result === undefined || !new Flattening().signature(type, "lower").resultInMemory) return low;
  const layout = new Layouts().of(result);
  return (...args) => {
    const pointer = machine.realloc(0, 0, layout.alignment, layout.size);
    low(...args, pointer);
    return pointer;
  };
}

export interface Chain {
  readonly call: HostFunction;
  readonly machines: readonly Machine[];
}

/**
 * Guests of which each passes its arguments to its import, and returns what that returns: arguments are lowered, and
 * lifted by the import, as often as there are guests, and results are likewise.
 *
 * @param host what the last guest imports
 * @param guests from the one that is called by the host to the one that calls it; those in between call each other
 */
export function chain(type: FuncType, host: HostFunction, guests: readonly MachineOptions[]): Chain {
  const machines = guests.map(() => new Machine());
  let call = host;
  for (let i = guests.length - 1; i >= 0; i--) {
    const machine = machines[i] as Machine;
    const options = guests[i] ?? {};
    const other = (isHost: boolean) => (isHost ? "host" : "component");
    const low = lowered(machine, type, call, { ...options, other: other(i === guests.length - 1) });
    call = lifted(machine, type, forwarding(machine, type, low), { ...options, other: other(i === 0) });
  }
  return { call, machines };
}

export interface RoundTrip {
  /** What the function at the end was called with, and returned. */
  readonly seen: readonly unknown[];
  /** What came back. */
  readonly back: readonly unknown[];
  readonly machines: readonly Machine[];
}

/** Sends values there and back, as a tuple: a result at the top would be returned or thrown. */
export function sendThrough(
  params: readonly ValueType[],
  values: readonly unknown[],
  guests: readonly MachineOptions[],
): RoundTrip {
  const named = params.map((type, i) => [`p${i}`, type] as const);
  let seen: readonly unknown[] = [];
  const echo = (...args: unknown[]) => {
    seen = args;
    return args;
  };
  const { call, machines } = chain(types.func(named, types.tuple(params)), echo, guests);
  const back = call(...values) as readonly unknown[];
  return { seen, back, machines };
}

/** Sends one value through one guest. */
export function roundTrip(
  type: ValueType,
  value: unknown,
  options: MachineOptions = {},
): { seen: unknown; back: unknown } {
  const { seen, back } = sendThrough([type], [value], [options]);
  return { seen: seen[0], back: back[0] };
}
