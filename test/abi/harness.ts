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
  readonly hostcallFuel?: number;
  readonly resources?: (glue: Glue) => readonly ResourceRuntime[];
}

export class Machine {
  readonly memory = new WebAssembly.Memory({ initial: 1 });
  readonly instance = new InstanceState({ live: 0, limit: 100 });
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

/** A host function as a guest sees it: takes and returns core values. */
export function lowered(
  machine: Machine,
  type: FuncType,
  host: (...args: never[]) => unknown,
  options: MachineOptions = {},
): (...args: (number | bigint)[]) => number | bigint | undefined {
  const compiler = new GlueCompiler();
  compiler.lower(type, { encoding: options.encoding ?? "utf8", callee: "host" });
  const glue = compiler.compile();
  const [factory] = glue.factories as [LowerFactory];
  const withoutCaller = (_caller: unknown, ...args: never[]) => host(...args);
  return factory(machine.context(options, glue), withoutCaller, undefined, {
    name: "test",
    type,
    callee: "host",
  });
}

/** A core function as the host sees it. */
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
    caller: "host",
  });
  const glue = compiler.compile();
  const [factory] = glue.factories as [LiftFactory];
  return factory(machine.context(options, glue), core, options.postReturn, {
    name: "test",
    type,
    callee: "host",
  });
}

/**
 * Sends a value through a guest that passes it to an import and returns what that returns: it is lowered as
 * an argument, lifted by the import, lowered as its result, lifted by the caller. Gives what the import saw
 * and what came back.
 */
export function roundTrip(
  type: ValueType,
  value: unknown,
  options: MachineOptions = {},
): { seen: unknown; back: unknown } {
  const machine = new Machine();
  let seen: unknown;
  // A result at the top would be returned or thrown: in a tuple, which has the same core values, it is a value.
  const wrapped = types.func([["value", type]], types.tuple([type]));
  const host = (v: unknown) => {
    seen = v;
    return [v];
  };
  const low = lowered(machine, wrapped, host, options);
  const core = (...args: (number | bigint)[]) => {
    if (!new Flattening().signature(wrapped, "lower").resultInMemory) return low(...args);
    const layout = new Layouts().of(type);
    const pointer = machine.realloc(0, 0, layout.alignment, layout.size);
    low(...args, pointer);
    return pointer;
  };
  const [back] = lifted(machine, wrapped, core, options)(value) as [unknown];
  return { seen, back };
}
