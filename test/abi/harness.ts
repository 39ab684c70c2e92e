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
  readonly blocked = false;
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

/** A function that takes `params` and gives them back as a tuple. At the top a result would be returned or thrown. */
function echoType(params: readonly ValueType[]): FuncType {
  return types.func(
    params.map((type, i) => [`p${i}`, type] as const),
    types.tuple(params),
  );
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

export interface RoundTrip {
  /** What the function at the end was called with, and returned. */
  readonly seen: readonly unknown[];
  /** What came back. */
  readonly back: readonly unknown[];
  readonly machines: readonly Machine[];
}

/**
 * Sends values through guests, each of which passes them to its import and returns what that returns: they are lowered
 * as arguments and lifted by the import as often as there are guests, and the same for results.
 *
 * @param guests from the first to be called to the last: those in between call each other, the last one calls the host
 */
export function sendThrough(
  params: readonly ValueType[],
  values: readonly unknown[],
  guests: readonly MachineOptions[],
): RoundTrip {
  const type = echoType(params);
  const machines = guests.map(() => new Machine());
  let seen: readonly unknown[] = [];
  let next = (...args: unknown[]): unknown => {
    seen = args;
    return args;
  };
  for (let i = guests.length - 1; i >= 0; i--) {
    const machine = machines[i] as Machine;
    const options = guests[i] ?? {};
    const other = (isHost: boolean) => (isHost ? "host" : "component");
    const low = lowered(machine, type, next, { ...options, other: other(i === guests.length - 1) });
    next = lifted(machine, type, forwarding(machine, type, low), { ...options, other: other(i === 0) });
  }
  const back = next(...values) as readonly unknown[];
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
