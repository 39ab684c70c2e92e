/**
 * Traps: how every call into a guest ends that does not return.
 *
 * Source: wasmtime's `Trap` and `trap_encoding.rs`.
 */
import { HostwrightError } from "../model/errors.ts";
import type { CompiledModule } from "./core-module.ts";

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

/** Why a guest was stopped: stable, to switch on. What each means is in docs/errors.md. */
export type TrapCode = keyof typeof trapMeanings;

/** A wasm function that was running, in terms of the guest's own module: what instrumentation has added does not show. */
export interface WasmFrame {
  /** "core module 0", in the order in which they stand in the component; or the name that the linker has for it. */
  readonly module: string;
  /** From the module's name section, if it has one. Chosen by the guest. */
  readonly func: string | undefined;
  /** In the module's index space of functions, imports first. */
  readonly index: number;
  /** Of the instruction, in bytes from the start of the core module. */
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
  #frames: readonly WasmFrame[] | (() => readonly WasmFrame[]);

  constructor(
    code: TrapCode,
    message: string = trapMeanings[code],
    options: {
      readonly cause?: unknown;
      readonly frames?: readonly WasmFrame[] | (() => readonly WasmFrame[]);
    } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.#frames = options.frames ?? [];
  }

  /**
   * The functions of the store's guests that were running, innermost first. Found out when first asked for, which
   * takes time linear in the size of these functions. Empty if `Error.stackTraceLimit` leaves no room.
   */
  get frames(): readonly WasmFrame[] {
    if (typeof this.#frames === "function") this.#frames = this.#frames();
    return this.#frames;
  }
}

/** The wasm function that V8 means by a line of a stack trace. */
interface StackLine {
  readonly module: string;
  readonly func: string | undefined;
  readonly index: number;
  readonly offset: number;
}

/**
 * As V8 prints a frame of wasm code: `at module.function (wasm://wasm/module-1a2b3c4d:wasm-function[7]:0x2b)`.
 *
 * The guest chooses the name of the function: it may hold line breaks, and it cannot hold the name of a module, part of
 * which is random. So the end of a line is a frame whatever stands in front of it.
 */
const frameLine =
  /^(?: *at (?:(.*) \()?|.*)wasm:\/\/wasm\/(hostwright-[0-9a-f]+-\d+)-[0-9a-f]+:wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/;

/** Of longer lines only the end is looked at, which does not have the function's name. */
const LINE_LENGTH = 1000;
/** More lines are not looked at. */
const MAX_LINES = 1000;

/**
 * The frames in the stack of an error that V8 made, to be worked out when they are asked for.
 *
 * @param modules those of the store, by the names that they have in stack traces: functions of others are left out
 * @internal
 */
export function wasmFrames(
  error: unknown,
  modules: ReadonlyMap<string, Pick<CompiledModule, "where" | "locate">>,
): readonly WasmFrame[] | (() => readonly WasmFrame[]) {
  const lines = stackLines(error).filter(({ module }) => modules.has(module));
  if (lines.length === 0) return [];
  return () =>
    lines.flatMap(({ module, func, index, offset }) => {
      const found = modules.get(module);
      const place = found?.locate(index, offset);
      if (found === undefined || place === undefined) return [];
      return [{ module: found.where, func, index: place.functionIndex, offset: place.offset }];
    });
}

function stackLines(error: unknown): StackLine[] {
  if (!(error instanceof Error) || typeof error.stack !== "string") return [];
  const found: StackLine[] = [];
  for (const line of error.stack.split("\n", MAX_LINES)) {
    const parts = frameLine.exec(line.slice(-LINE_LENGTH));
    if (parts === null) continue;
    const [, name, module = "", index, offset = ""] = parts;
    found.push({
      module,
      func: functionName(name, module),
      index: Number(index),
      offset: Number.parseInt(offset, 16),
    });
  }
  return found;
}

/** V8 writes the module's name in front of the function's, or in its place. */
function functionName(name: string | undefined, module: string): string | undefined {
  if (name === undefined || name === module) return undefined;
  return name.startsWith(`${module}.`) ? name.slice(module.length + 1) : name;
}
