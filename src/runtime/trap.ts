/**
 * Traps: how every call into a guest ends that does not return.
 *
 * Source: wasmtime's `Trap` and `trap_encoding.rs`.
 */
import { HostwrightError } from "../model/errors.ts";

/** Every code that a trap can have, with what it means. */
export const trapMeanings = {
  "out-of-fuel": "all fuel was consumed",
  interrupt: "the deadline has passed",
  "out-of-memory": "memory could not grow: the limit is reached",
  "table-growth": "a table could not grow: the limit is reached",
  "stack-overflow": "the call stack is exhausted",
  unreachable: "an unreachable instruction was executed",
  "memory-out-of-bounds": "memory access out of bounds",
  "table-out-of-bounds": "table access out of bounds",
  "indirect-call-null": "indirect call of a null function",
  "indirect-call-type-mismatch": "indirect call of a function of another type",
  "integer-divide-by-zero": "integer division by zero",
  "integer-overflow": "integer overflow",
  "bad-conversion-to-integer": "invalid conversion to integer",
  "null-reference": "null reference",
  "cast-failure": "cast failure",
  "uncaught-exception": "the guest threw an exception and did not catch it",
  abi: "the guest broke the canonical ABI",
  "cannot-enter": "the component instance cannot be entered now",
  "hostcall-fuel": "the values of one call take too much of the host's memory",
  "resource-limit": "too many resource handles",
  "host-error": "a host function threw",
} as const;

export type TrapCode = keyof typeof trapMeanings;

/** A wasm function that was running. */
export interface WasmFrame {
  /** From the module's name section, if it has one. Chosen by the guest. */
  readonly func: string | undefined;
  /** The index of the function in its module, as run: instrumentation adds imports in front of it. */
  readonly index: number;
  /** Where in the module, as run, in bytes. */
  readonly offset: number;
}

/**
 * A guest was stopped. Its store is poisoned: every later use of it throws `StorePoisonedError`. Other stores,
 * and the engine, are not affected.
 *
 * `cause` is what a host function threw, if the code is `host-error`, or the error of the engine.
 */
export class Trap extends HostwrightError {
  override readonly name = "Trap";
  readonly code: TrapCode;
  /** Innermost first. Empty if `Error.stackTraceLimit` leaves no room. */
  readonly frames: readonly WasmFrame[];

  constructor(
    code: TrapCode,
    message: string = trapMeanings[code],
    options: { readonly cause?: unknown; readonly frames?: readonly WasmFrame[] } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.frames = options.frames ?? [];
  }
}

/** As V8 prints a frame of wasm code: `at module.function (wasm://wasm/module-1a2b3c4d:wasm-function[7]:0x2b)`. */
const frameLine =
  /^ *at (?:(.*) \()?wasm:\/\/wasm\/(?:(.*)-)?[0-9a-f]+:wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/;

/** The guest chooses the names: longer lines are not looked at. */
const LINE_LENGTH = 1000;

/** How the functions begin that instrumentation adds, and the one that traps. A guest that takes such a name hides. */
const OWN = "hostwright: ";

/** The wasm frames in the stack of an error that V8 made. */
export function wasmFrames(error: unknown): WasmFrame[] {
  if (!(error instanceof Error) || typeof error.stack !== "string") return [];
  const frames: WasmFrame[] = [];
  for (const line of error.stack.split("\n")) {
    const found = line.length > LINE_LENGTH ? null : frameLine.exec(line);
    if (found === null) continue;
    const [, name, module, index, offset] = found;
    const func = functionName(name, module);
    if (func?.startsWith(OWN)) continue;
    frames.push({
      func,
      index: Number(index),
      offset: Number.parseInt(offset ?? "", 16),
    });
  }
  return frames;
}

/** V8 writes the module's name, if there is one, in front of the function's, or in its place. */
function functionName(name: string | undefined, module: string | undefined): string | undefined {
  if (name === undefined || name === module) return undefined;
  return module !== undefined && name.startsWith(`${module}.`) ? name.slice(module.length + 1) : name;
}
