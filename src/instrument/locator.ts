/**
 * From a place in a rewritten module back to the guest's own.
 *
 * V8's stack traces name places in the module that runs. How each instruction moved is not kept, which
 * would take as much room as the code: traps are rare, so the one function is rewritten once more.
 */
import { BranchHints } from "./branch-hints.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { ByteReader } from "./byte-reader.ts";
import { CodeRewriter, type CodeRewriterOptions } from "./code-section.ts";
import type { CodeLocation } from "./contract.ts";
import { PositionTrace } from "./position-trace.ts";

/** How many functions' traces are kept: frames of a recursion ask for the same one again and again. */
const MAX_TRACES = 8;

/** Where the guest's functions are, counted from the first defined one. */
export interface CodeEntries {
  /** In the guest's module: where the size in front of the body starts. */
  readonly guest: Uint32Array;
  /** In the output: where the body starts, locals first. */
  readonly rewritten: Uint32Array;
}

export interface LocatorOptions {
  readonly entries: CodeEntries;
  /** By how much the indices of defined functions have shifted. */
  readonly functionShift: number;
  /** What to add to a place in the output to get one in the rewritten module. */
  readonly base: number;
  /** As the functions were rewritten. */
  readonly rewriter: Omit<CodeRewriterOptions, "hints">;
}

export class Locator {
  readonly #options: LocatorOptions;
  /** By function; the one used last comes last. */
  readonly #traces = new Map<number, PositionTrace>();

  constructor(options: LocatorOptions) {
    this.#options = options;
  }

  /** See `InstrumentedModule`. */
  locate(functionIndex: number, offset: number): CodeLocation | undefined {
    const { entries, functionShift, base, rewriter } = this.#options;
    const index = functionIndex - functionShift;
    const defined = index - rewriter.layout.importedFunctions;
    const start = entries.rewritten[defined];
    if (start === undefined) return undefined;
    const input = this.#traceOf(defined).inputOf(offset - base - start);
    return input === undefined ? undefined : { functionIndex: index, offset: input };
  }

  #traceOf(defined: number): PositionTrace {
    const trace = this.#traces.get(defined) ?? this.#rewrite(defined);
    this.#traces.delete(defined);
    this.#traces.set(defined, trace);
    for (const oldest of this.#traces.keys()) {
      if (this.#traces.size <= MAX_TRACES) break;
      this.#traces.delete(oldest);
    }
    return trace;
  }

  /** Rewrites a function as it was rewritten before: all that it asks to be added is there by now. */
  #rewrite(defined: number): PositionTrace {
    const { entries, rewriter } = this.#options;
    const { layout, mapFunction } = rewriter;
    const reader = new ByteReader(layout.bytes, entries.guest[defined] as number);
    const size = reader.u32();
    const end = reader.pos + size;
    const trace = new PositionTrace();
    // Hints move nothing.
    const hints = new BranchHints(undefined, mapFunction);
    new CodeRewriter(reader, new ByteBuffer(), { ...rewriter, hints }, trace).rewrite(
      layout.importedFunctions + defined,
      end,
    );
    return trace;
  }
}
