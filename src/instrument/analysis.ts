/**
 * The first pass over the code: what rewriting has to know before it comes to it.
 *
 * Reads instructions only as far as to find where each one ends. Whether indices are in range and
 * integers are well-formed is left to the second pass, which reads the same bytes with all checks.
 */
import type { ByteReader } from "./byte-reader.ts";
import {
  BRANCHES,
  BULK,
  CALLS,
  CALLS_INDIRECT,
  type CodeAnalysis,
  EXITS,
  FREE,
  LEAF,
  LOOPS,
} from "./code-analysis.ts";
import { LongestPath } from "./longest-path.ts";
import type { ModuleLayout } from "./module-layout.ts";
import * as shape from "./opcodes.ts";
import { BODY, IF, LOOP, OpenBlocks, TRY_TABLE } from "./open-blocks.ts";
import { blockType, skipHeapType, skipValueType, unsupported } from "./types.ts";

/** The most operators that are executed in one pass through a function that is free or a leaf. */
const MAX_SMALL_OPERATORS = 64;
/** A function with a longer body is not small, and not looked at to find out. */
export const MAX_SMALL_BYTES = 256;

/** The place of the outermost label minus one: what leaves the function. */
const OUT = -1;

export interface CodeAnalyzerOptions {
  readonly reader: ByteReader;
  readonly layout: ModuleLayout;
  readonly tables: shape.OpcodeTables;
  /** What entering a function costs. */
  readonly functionEntry: number;
  /** Fuel is charged by operator: what a function costs must be known to call it free. */
  readonly charges: boolean;
  /** Allocations call out of the function. */
  readonly limitsHeap: boolean;
}

export class CodeAnalyzer implements CodeAnalysis {
  readonly functionFlags: Uint8Array;
  readonly functionOperators: Uint32Array;
  readonly functionWeights: Uint32Array;
  readonly functionClasses: Uint8Array;
  readonly functionCosts: Float64Array;
  readonly firstLoops: Uint32Array;
  readonly caughtLabels = new Set<number>();
  readonly referenced = new Set<number>();
  usesIndirectTailCalls = false;
  usesCallRef = false;

  readonly #reader: ByteReader;
  readonly #typeCount: number;
  readonly #tables: shape.OpcodeTables;
  readonly #functionEntry: number;
  readonly #limitsHeap: boolean;
  readonly #charges: boolean;
  readonly #importedFunctions: number;
  readonly #blocks = new OpenBlocks();
  /** The labels that catch clauses of open `try_table`s go to, and per open `try_table` how many those are, with those around it. */
  readonly #catchTargets: number[] = [];
  readonly #catchCounts: number[] = [];
  /** Of the function so far. */
  #flags = 0;
  /** It calls a function that is neither free nor a leaf. */
  #callsMetered = false;
  #operators = 0;
  /** How many of them `#path` has advanced over. */
  #advanced = 0;
  readonly #path = new LongestPath();
  #cost = 0;

  constructor(options: CodeAnalyzerOptions) {
    const { reader, layout, tables, functionEntry, charges, limitsHeap } = options;
    const count = layout.functionTypes.length - layout.importedFunctions;
    this.#reader = reader;
    this.#typeCount = layout.types.count;
    this.#tables = tables;
    this.#functionEntry = functionEntry;
    this.#limitsHeap = limitsHeap;
    this.functionFlags = new Uint8Array(count);
    this.functionOperators = new Uint32Array(count);
    this.functionWeights = new Uint32Array(count);
    this.functionClasses = new Uint8Array(count);
    this.functionCosts = new Float64Array(count);
    this.firstLoops = new Uint32Array(count);
    this.#importedFunctions = layout.importedFunctions;
    this.#charges = charges;
  }

  get loopFlags(): Uint8Array {
    return this.#blocks.loopFlags;
  }

  get loopWeights(): Uint32Array {
    return this.#blocks.loopWeights;
  }

  get namesTypes(): boolean {
    return this.#reader.namesTypes;
  }

  /**
   * Finds out whether a function is small. To be called for all short ones before any is analysed, and then for all
   * of them again: those that call only small ones are small, too.
   */
  classify(index: number, end: number): void {
    if (this.functionClasses[index] !== 0) {
      this.#reader.pos = end;
      return;
    }
    this.#body(end);
    this.#blocks.loopCount = 0;
    if (this.#path.longest > MAX_SMALL_OPERATORS || this.#callsMetered) return;
    // Fuel is exact: the price of a free function must not depend on the way through it.
    const varies = this.#charges ? CALLS | LOOPS | BULK | BRANCHES : CALLS | LOOPS | BULK;
    this.functionClasses[index] = (this.#flags & varies) === 0 ? FREE : LEAF;
    this.functionWeights[index] = this.#path.longest;
  }

  /** Analyses the body, locals first, that starts at the reader and ends at `end`. */
  analyze(index: number, end: number): void {
    this.firstLoops[index] = this.#blocks.loopCount;
    this.#body(end);
    this.functionFlags[index] = this.#flags;
    this.functionOperators[index] = this.#operators;
    this.functionWeights[index] = this.#path.longest;
    this.functionCosts[index] = this.#cost;
  }

  #body(end: number): void {
    const reader = this.#reader;
    const start = reader.pos;
    for (let groups = reader.u32(); groups > 0; groups--) {
      reader.u32();
      skipValueType(reader, this.#typeCount);
    }
    this.#flags = 0;
    this.#operators = 0;
    this.#advanced = 0;
    this.#cost = this.#functionEntry;
    this.#callsMetered = false;
    this.#blocks.begin();
    this.#push(start, BODY);
    this.#path.begin();
    this.#instructions(end);
    if (reader.pos !== end) reader.fail("function body does not end where it should");
    this.#advance(0);
  }

  #instructions(end: number): void {
    const reader = this.#reader;
    const { bytes } = reader;
    const { shape: shapes, cost: costs } = this.#tables.one;
    let pos = reader.pos;
    let operators = 0;
    let cost = 0;
    for (;;) {
      if (pos >= end) reader.fail("function body has no end", end);
      const at = pos;
      const opcode = bytes[pos++] as number;
      operators++;
      cost += costs[opcode] as number;
      switch (shapes[opcode]) {
        case shape.NONE:
          continue;
        case shape.LOCAL:
        case shape.S32:
        case shape.S64:
        case shape.TABLE:
        case shape.MEMORY:
          while ((bytes[pos++] as number) >= 0x80);
          continue;
        case shape.MEMARG: {
          const flags = bytes[pos++] as number;
          if (flags >= 0x40) {
            if (flags >= 0x80) reader.fail("invalid alignment", at);
            while ((bytes[pos++] as number) >= 0x80);
          }
          while ((bytes[pos++] as number) >= 0x80);
          continue;
        }
        case shape.BYTES_4:
          pos += 4;
          continue;
        case shape.BYTES_8:
          pos += 8;
          continue;
        default:
          reader.pos = pos;
          this.#operators += operators;
          operators = 0;
          if (this.#other(opcode, at)) {
            this.#cost += cost;
            return;
          }
          pos = reader.pos;
      }
    }
  }

  /** Everything that is rare, or that matters. Returns true at the end of the body. */
  #other(opcode: number, at: number): boolean {
    const reader = this.#reader;
    switch (opcode) {
      case 0x0b: // end
        return this.#pop();
      case 0x18: // delegate
        reader.u32();
        return this.#pop();
      case 0x02: // block
      case 0x04: // if
        blockType(reader, this.#typeCount);
        this.#flags |= BRANCHES;
        this.#push(at, opcode === 0x04 ? IF : BODY);
        this.#path.block();
        return false;
      case 0x03: // loop
        blockType(reader, this.#typeCount);
        this.#flags |= BRANCHES | LOOPS;
        this.#advance(0);
        this.#blocks.pushLoop(at);
        this.#path.loop();
        return false;
      case 0x06: // try
        blockType(reader, this.#typeCount);
        this.#markCall();
        this.#push(at, BODY);
        this.#path.block();
        return false;
      case 0x1f: // try_table
        this.#tryTable(at);
        return false;
      case 0x05: // else
        this.#flags |= BRANCHES;
        this.#advance(0);
        this.#blocks.kind[this.#blocks.depth - 1] = BODY;
        this.#path.else();
        return false;
      case 0x0f: // return
      case 0x00: // unreachable
        this.#flags |= BRANCHES;
        if (opcode === 0x0f) this.#leaveLoop(OUT);
        this.#leave();
        return false;
      case 0x0c: // br
      case 0x0d: // br_if
      case 0xd5: // br_on_null
      case 0xd6:
        this.#branch(reader.u32());
        if (opcode === 0x0c) this.#leave();
        return false;
      case 0x0e: // br_table
        for (let count = reader.u32(); count >= 0; count--) this.#branch(reader.u32());
        this.#leave();
        return false;
      case 0x07: // catch
      case 0x19: // catch_all
        if (opcode === 0x07) reader.u32();
        this.#markCall();
        this.#advance(0);
        this.#path.catch();
        return false;
      case 0x08: // throw
      case 0x09: // rethrow
      case 0x0a: // throw_ref
        if (opcode !== 0x0a) reader.u32();
        this.#markCall();
        this.#leave();
        return false;
      case 0x10: // call
      case 0x12: // return_call
        this.#call(reader.u32());
        if (opcode === 0x12) this.#leave();
        return false;
      case 0x40: // memory.grow
        reader.u32();
        this.#markCall();
        return false;
      case 0x11: // call_indirect
      case 0x13: // return_call_indirect
        reader.u32();
        reader.u32();
        this.#flags |= CALLS_INDIRECT;
        this.#markCall();
        if (opcode === 0x13) this.#leaveByReference();
        return false;
      case 0x14: // call_ref
      case 0x15: // return_call_ref
        reader.u32();
        this.usesCallRef = true;
        this.#markCall();
        if (opcode === 0x15) this.#leaveByReference();
        return false;
      case 0x1c: // select with types
        for (let count = reader.u32(); count > 0; count--) skipValueType(reader, this.#typeCount);
        return false;
      case 0x23: // global.get
      case 0x24: // global.set
        reader.u32();
        return false;
      case 0xd0: // ref.null
        skipHeapType(reader, this.#typeCount);
        return false;
      case 0xd2: // ref.func
        this.referenced.add(reader.u32());
        return false;
      default:
        this.#prefixed(opcode, at);
        return false;
    }
  }

  /** Brings the path up to the current operator, and `more` operators further. */
  #advance(more: number): void {
    this.#path.advance(this.#operators - this.#advanced + more);
    this.#advanced = this.#operators;
  }

  #leave(): void {
    this.#advance(0);
    this.#path.leave();
  }

  #leaveByReference(): void {
    this.usesIndirectTailCalls = true;
    this.#leave();
  }

  #branch(label: number): void {
    const target = this.#label(label);
    this.#flags |= BRANCHES;
    this.#advance(0);
    this.#leaveLoop(target);
    this.#blocks.branch(target);
    if (this.#blocks.kind[target] !== LOOP) this.#path.branch(target);
  }

  #label(label: number): number {
    const target = this.#blocks.depth - 1 - label;
    if (target < 0) this.#reader.fail("label out of range");
    return target;
  }

  #leaveLoop(target: number): void {
    if (this.#blocks.leavesLoop(target)) this.#blocks.mark(EXITS);
  }

  /** What a small function does, it does without a check of its own. */
  #call(callee: number): void {
    const defined = callee - this.#importedFunctions;
    const callees = this.functionClasses[defined] ?? 0;
    this.#mark(CALLS);
    if (callees === 0) this.#callsMetered = true;
    this.#advance(callees === 0 ? 0 : (this.functionWeights[defined] as number));
  }

  #prefixed(opcode: number, at: number): void {
    const reader = this.#reader;
    const table = shape.prefixedTable(this.#tables, opcode);
    if (!table) unsupported(`opcode 0x${opcode.toString(16)}`, at);
    const sub = reader.u32();
    this.#cost += table.cost[sub] ?? 0;
    switch (table.shape[sub]) {
      case shape.NONE:
        return;
      case shape.MEMARG_LANE:
      case shape.MEMARG:
        if ((reader.u32() & 0x40) !== 0) reader.u32();
        reader.skipU64();
        if (table.shape[sub] === shape.MEMARG_LANE) reader.skip(1);
        return;
      case shape.BYTE:
        reader.skip(1);
        return;
      case shape.BYTES_16:
        reader.skip(16);
        return;
      case shape.HEAP_TYPE:
        skipHeapType(reader, this.#typeCount);
        return;
      case shape.TYPE:
      case shape.TABLE:
      case shape.U32:
        reader.u32();
        return;
      case shape.TYPE_U32:
        reader.u32();
        reader.u32();
        return;
      case shape.SPECIAL:
        if (opcode === 0xfb) this.#gcOperator(sub);
        else this.#bulkOperator(sub);
        return;
      default:
        unsupported(`opcode 0x${opcode.toString(16)} 0x${sub.toString(16)}`, at);
    }
  }

  #gcOperator(sub: number): void {
    const reader = this.#reader;
    if (sub === 0x18 || sub === 0x19) {
      // br_on_cast, br_on_cast_fail
      reader.skip(1);
      const label = reader.u32();
      skipHeapType(reader, this.#typeCount);
      skipHeapType(reader, this.#typeCount);
      this.#branch(label);
      return;
    }
    reader.u32();
    if ((sub >= 0x08 && sub <= 0x0a) || sub >= 0x11) reader.u32();
    // A struct, or an array of a fixed length, costs nothing that depends on a length.
    if ((sub > 0x01 && sub !== 0x08) || this.#limitsHeap) this.#bulk();
  }

  #bulkOperator(sub: number): void {
    const reader = this.#reader;
    reader.u32();
    if (sub !== 0x0b && sub !== 0x0f && sub !== 0x11) reader.u32();
    this.#bulk();
  }

  #bulk(): void {
    this.#flags |= BULK;
    this.#markCall();
  }

  #tryTable(at: number): void {
    const reader = this.#reader;
    blockType(reader, this.#typeCount);
    for (let clauses = reader.u32(); clauses > 0; clauses--) {
      if (reader.u8() < 2) reader.u32();
      const target = this.#label(reader.u32());
      this.#blocks.branch(target);
      this.caughtLabels.add(this.#blocks.offset[target] as number);
      this.#catchTargets.push(target);
    }
    this.#markCall();
    this.#push(at, TRY_TABLE);
    this.#catchCounts.push(this.#catchTargets.length);
    this.#path.block();
  }

  /** Notes something about the function and the innermost loop; outer loops learn of it when that one ends. */
  #mark(flag: number): void {
    this.#flags |= flag;
    this.#blocks.mark(flag);
  }

  /** Calls something, or does what counts as a call, that is not known to be small. */
  #markCall(): void {
    this.#callsMetered = true;
    this.#mark(CALLS);
  }

  #push(offset: number, kind: number): void {
    this.#advance(0);
    this.#blocks.push(offset, kind);
  }

  #pop(): boolean {
    this.#advance(0);
    const kind = this.#blocks.pop();
    if (kind === LOOP) {
      const flags = this.#blocks.endLoop(this.#path.endLoop());
      if ((flags & CALLS) !== 0) this.#mark(CALLS);
      return false;
    }
    if (kind === TRY_TABLE) this.#endTryTable();
    this.#path.end(kind === IF);
    return this.#blocks.depth === 0;
  }

  #endTryTable(): void {
    const end = this.#catchCounts.pop() ?? 0;
    // Those of inner ones are gone by now: what is left above the next outer one's are this one's.
    const start = this.#catchCounts.at(-1) ?? 0;
    for (let i = start; i < end; i++) this.#path.caught(this.#catchTargets[i] as number);
    this.#catchTargets.length = start;
  }
}
