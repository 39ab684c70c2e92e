/**
 * The built-ins of the asynchronous part of the model, for guests that carry them and export synchronous functions.
 *
 * Toolchains put these built-ins into every component that could use them. In a synchronous task most can only do one
 * thing: those that need a task of the other kind trap, as does anything done to a stream, a future or a subtask,
 * because there is none. What would make one is not supported, and says so when it is called.
 *
 * Source: CanonicalABI.md, "Canonical Definitions".
 */
import type { CoreFunction } from "../abi/compile.ts";
import { AbiFault } from "../abi/faults.ts";
import { ResourceHandle } from "../abi/handle-table.ts";
import type { InstanceState } from "../abi/instance-state.ts";
import type { BuiltinTrampoline } from "../component/index.ts";
import { UnsupportedError } from "../model/errors.ts";
import { HostResource } from "./host-resource.ts";

/** Source: `WaitableSet`. Nothing ever is in one. */
const waitableSet = new HostResource("a waitable set", () => {});

/** `Task.enter_implicit_thread` only looks at it for tasks of async functions. */
const MAX_BACKPRESSURE = 2 ** 16;

/**
 * Makes the core function of a built-in. It throws `AbiFault` where the specification traps.
 *
 * @throws UnsupportedError when what it makes is called, for what this version cannot do.
 */
export function asyncBuiltin(
  { name, slot }: BuiltinTrampoline,
  state: InstanceState,
  memory: WebAssembly.Memory | undefined,
): CoreFunction {
  const run = behaviour(name, slot ?? 0, state, memory);
  if (name.startsWith("context.") || name.startsWith("backpressure.")) return run;
  return (...args) => {
    state.checkMayLeave();
    return run(...args);
  };
}

function behaviour(
  name: string,
  slot: number,
  state: InstanceState,
  memory: WebAssembly.Memory | undefined,
): CoreFunction {
  switch (name) {
    case "context.get":
      return () => state.thread.storage[slot];
    case "context.set":
      return (value) => {
        state.thread.storage[slot] = Number(value);
        return undefined;
      };
    case "thread.index":
      return () => state.thread.index;
    case "thread.yield":
      // There is no other thread that could go on, and nobody cancels a synchronous call.
      return () => 0;
    case "thread.available-parallelism":
      return () => 1;
    case "backpressure.inc":
      return () => addBackpressure(state, 1);
    case "backpressure.dec":
      return () => addBackpressure(state, -1);
    case "waitable-set.new":
      return () => state.handles.add(new ResourceHandle(waitableSet, undefined, true));
    case "waitable-set.drop":
      return (index) => {
        state.handles.remove(Number(index) >>> 0, waitableSet);
        return undefined;
      };
    case "waitable-set.poll":
      return (index, pointer) => {
        state.handles.get(Number(index) >>> 0, waitableSet);
        return storeNoEvent(memory, Number(pointer) >>> 0);
      };
    case "waitable-set.wait":
      return (index) => {
        state.handles.get(Number(index) >>> 0, waitableSet);
        return cannotBlock();
      };
    case "thread.suspend":
    case "thread.suspend-then-promote":
      return cannotBlock;
    case "task.return":
    case "task.cancel":
      return () => {
        throw new AbiFault("abi", "the task is synchronous: it ends by returning from its core function");
      };
    case "stream.new":
    case "future.new":
    case "error-context.new":
    case "thread.new-indirect":
    case "thread.spawn-ref":
    case "thread.spawn-indirect":
      return () => {
        throw new UnsupportedError(name);
      };
    default:
      // Whatever its argument is, it is none of what `state` has: streams, futures, subtasks, error contexts, threads.
      return (index) => {
        throw new AbiFault("abi", `unknown handle index ${Number(index) >>> 0}`);
      };
  }
}

function cannotBlock(): never {
  throw new AbiFault("abi", "cannot block a synchronous task before returning");
}

/** Source: `canon_backpressure_inc`, `canon_backpressure_dec`. */
function addBackpressure(state: InstanceState, delta: 1 | -1): undefined {
  const backpressure = state.backpressure + delta;
  if (backpressure < 0 || backpressure >= MAX_BACKPRESSURE) {
    throw new AbiFault("abi", "the backpressure counter overflows");
  }
  state.backpressure = backpressure;
}

/** Source: `unpack_event`, for `EventCode.NONE`. */
function storeNoEvent(memory: WebAssembly.Memory | undefined, pointer: number): number {
  const buffer = memory?.buffer ?? new ArrayBuffer(0);
  if ((pointer & 3) !== 0) throw new AbiFault("abi", "event: pointer not aligned");
  if (pointer + 8 > buffer.byteLength) throw new AbiFault("abi", "event: pointer out of bounds of memory");
  new Uint32Array(buffer, pointer, 2).fill(0);
  return 0;
}
