/**
 * Rewriting function bodies: indices shift, and the meter's code goes in.
 *
 * No objects per instruction: runs of instructions that do not change are copied wholesale.
 *
 * Every index that could name something that the rewriter adds (a local, a function, a global, a
 * type, a label) is checked against the guest's own range: what was invalid must stay invalid.
 */
import { type Abi, FREE, OPERATORS_PER_UNIT, PLAIN, REGISTER } from "./abi.ts";
import type { Adapters } from "./adapters.ts";
import type { AddedFunctions } from "./added-functions.ts";
import * as analysis from "./analysis.ts";
import { BodyWriter } from "./body-writer.ts";
import type { BranchHints } from "./branch-hints.ts";
import type { ByteBuffer } from "./byte-buffer.ts";
import type { ByteReader } from "./byte-reader.ts";
import { Calls } from "./calls.ts";
import * as control from "./control-stack.ts";
import type { OperatorCosts } from "./costs.ts";
import type { Helpers } from "./helpers.ts";
import { LengthHelpers } from "./length-helpers.ts";
import { LengthOperators } from "./length-operators.ts";
import { LocalDeclarations } from "./local-declarations.ts";
import { Meter } from "./meter.ts";
import type { ModuleLayout } from "./module-layout.ts";
import * as shape from "./opcodes.ts";
import { blockType, skipHeapType, skipValueType, unsupported } from "./types.ts";

/** V8's limit on the size of a function. */
const MAX_FUNCTION_SIZE = 7_654_321;

export interface CodeRewriterOptions {
  readonly layout: ModuleLayout;
  readonly code: analysis.CodeAnalysis;
  readonly abi: Abi;
  readonly added: AddedFunctions;
  readonly adapters: Adapters;
  readonly helpers: Helpers;
  readonly hints: BranchHints;
  readonly tables: shape.OpcodeTables;
  readonly fuelGlobal: number;
  readonly meters: boolean;
  /** Fuel is charged by operator; otherwise only checks are counted. */
  readonly charges: boolean;
  readonly limitGrowth: boolean;
  readonly costs: OperatorCosts;
  mapFunction(index: number): number;
  mapGlobal(index: number): number;
}

export class CodeRewriter {
  readonly #reader: ByteReader;
  readonly #options: CodeRewriterOptions;
  readonly #writer: BodyWriter;
  readonly #meter: Meter;
  readonly #stack = new control.ControlStack();
  readonly #locals: LocalDeclarations;
  readonly #calls: Calls;
  readonly #lengths: LengthOperators;
  readonly #typeCount: number;
  readonly #tableCount: number;
  readonly #memoryCount: number;
  /** The next loop, in the order of the analysis. */
  #nextLoop = 0;
  /** Where a branch that was not copied stands in the output, or -1. */
  #rewrittenBranch = -1;

  constructor(reader: ByteReader, out: ByteBuffer, options: CodeRewriterOptions) {
    const { layout, hints, fuelGlobal, charges } = options;
    this.#reader = reader;
    this.#options = options;
    this.#writer = new BodyWriter(reader, out);
    const slowCheck = options.meters ? options.helpers.slowCheck() : 0;
    this.#meter = new Meter({ writer: this.#writer, hints, fuelGlobal, slowCheck, charges });
    this.#locals = new LocalDeclarations(this.#writer, layout.types.count);
    const parts = { ...options, writer: this.#writer, meter: this.#meter, stack: this.#stack };
    this.#calls = new Calls({ ...parts, locals: this.#locals });
    const lengthHelpers = new LengthHelpers({
      added: options.added,
      charges,
      slowCheck: () => options.helpers.slowCheck(),
    });
    this.#lengths = new LengthOperators({ ...parts, calls: this.#calls, lengthHelpers });
    this.#typeCount = layout.types.count;
    this.#tableCount = layout.tables.length;
    this.#memoryCount = layout.memoryIs64.length;
  }

  /** Rewrites the body (without its size) that starts at the reader and ends at `end`. */
  rewrite(index: number, end: number): void {
    const reader = this.#reader;
    const { hints } = this.#options;
    const sectionEnd = reader.end;
    reader.end = end;
    hints.startFunction(index);
    this.#begin(index);
    this.#instructions();
    hints.endFunction();
    if (reader.pos !== end) reader.fail("function body has trailing bytes");
    const size = this.#writer.out.length - this.#writer.outStart;
    if (size > MAX_FUNCTION_SIZE) {
      unsupported(
        `a function of ${end - this.#writer.start} bytes that limits make ${size} bytes long`,
        this.#writer.start,
      );
    }
    reader.end = sectionEnd;
  }

  /** The locals and what comes before the guest's first instruction. */
  #begin(index: number): void {
    const { layout, abi, costs, code } = this.#options;
    const meter = this.#meter;
    const type = layout.functionTypes[index] as number;
    const kind = abi.kind(index);
    const live = kind !== PLAIN && kind !== FREE;
    this.#writer.begin();
    const bodyStart = this.#reader.pos;
    this.#locals.rewrite({
      params: layout.types.params[type] as number,
      counts: live,
      countIsParam: kind === REGISTER,
      needsScratch: live && abi.registerReferences && abi.hasIndirectCalls(index),
    });
    this.#stack.depth = 0;
    const synced = code.caughtLabels.has(bodyStart) ? control.SYNCED : 0;
    this.#stack.push(control.FUNCTION, (live ? control.ENTERED : 0) | synced, -1, 0);
    meter.reset(live, this.#locals.count, kind === REGISTER);
    this.#calls.begin(index);
    if (!live) return;
    const at = this.#reader.pos;
    this.#writer.copyTo(at);
    if (abi.checksAtEntry(index)) {
      meter.check(at);
      meter.count(at, abi.entryWeight(index));
    }
    meter.charge(at, costs.functionEntry);
    // Branches to the function's own label return; as branches out of this block they meet the hand-over of the count.
    this.#writer.out.u8(0x02);
    this.#functionBlockType(type);
  }

  #functionBlockType(type: number): void {
    const { types, bytes } = this.#options.layout;
    const { out } = this.#writer;
    const results = types.results[type] as number;
    const encoded = bytes.subarray(types.resultsStart[type], types.resultsEnd[type]);
    if (results === 0) out.u8(0x40);
    else if (results === 1) out.append(encoded);
    else if (types.params[type] === 0) out.s32(type);
    else out.s32(this.#options.added.type([], 0, encoded, results));
  }

  /** Goes through the body. Operators that stay as they are are charged in runs, up to the next that does not. */
  #instructions(): void {
    const reader = this.#reader;
    const { bytes, end } = reader;
    const meter = this.#meter;
    const { guestCount, moved, movedTo } = this.#locals;
    const { hints } = this.#options;
    const { shape: shapes, cost: costs } = this.#options.tables.one;
    let pos = reader.pos;
    let runStart = pos;
    let runCost = 0;
    // Where the last `i32.const` starts and ends: a length that is a literal is paid for like any operator.
    let constAt = 0;
    let constEnd = 0;
    for (;;) {
      const at = pos;
      if (pos >= end) reader.fail("function body has no end", end);
      const opcode = bytes[pos++] as number;
      switch (shapes[opcode]) {
        case shape.NONE:
          runCost += costs[opcode] as number;
          continue;
        case shape.LOCAL: {
          let local = bytes[pos++] as number;
          if (local >= 0x80) {
            reader.pos = pos - 1;
            local = reader.u32();
            pos = reader.pos;
          }
          if (local >= guestCount) reader.fail("local index out of range", at);
          runCost += costs[opcode] as number;
          if (local === moved) {
            meter.charge(runStart, runCost);
            reader.pos = pos;
            this.#writer.replaceIndex(at, opcode, local, movedTo);
            runStart = pos;
            runCost = 0;
          }
          continue;
        }
        case shape.MEMARG:
          if ((bytes[pos] as number) < 0x40 && (bytes[pos + 1] as number) < 0x80) {
            pos += 2;
          } else {
            reader.pos = pos;
            this.#memarg();
            pos = reader.pos;
          }
          runCost += costs[opcode] as number;
          continue;
        case shape.S32:
          constAt = pos;
          if ((bytes[pos++] as number) >= 0x80) {
            reader.pos = constAt;
            reader.s32();
            pos = reader.pos;
          }
          constEnd = pos;
          runCost += costs[opcode] as number;
          continue;
        case shape.BYTES_4:
          pos += 4;
          runCost += costs[opcode] as number;
          continue;
        case shape.BYTES_8:
          pos += 8;
          runCost += costs[opcode] as number;
          continue;
        default:
          reader.pos = pos;
          meter.charge(runStart, runCost);
          runCost = 0;
          this.#lengths.literalAt = constEnd === at ? constAt : -1;
          if (shapes[opcode] !== shape.SPECIAL) {
            this.#uncommon(opcode, at, costs[opcode] as number);
          } else {
            if (this.#special(opcode, at, costs[opcode] as number)) return;
            if (at - this.#writer.start >= hints.next) this.#guestHint(at, opcode);
          }
          pos = reader.pos;
          runStart = pos;
      }
    }
  }

  /** Instructions that do not change, but are too rare for the loop above. */
  #uncommon(opcode: number, at: number, cost: number): void {
    const reader = this.#reader;
    switch (this.#options.tables.one.shape[opcode]) {
      case shape.S64:
        reader.skipS64();
        break;
      case shape.HEAP_TYPE:
        skipHeapType(reader, this.#typeCount);
        break;
      case shape.TABLE:
        this.#writer.index(this.#tableCount, "table");
        break;
      case shape.MEMORY:
        this.#writer.index(this.#memoryCount, "memory");
        break;
      default:
        this.#prefixed(opcode, at);
        return;
    }
    this.#meter.charge(at, cost);
  }

  #prefixed(opcode: number, at: number): void {
    const reader = this.#reader;
    const table = shape.prefixedTable(this.#options.tables, opcode);
    if (!table) unsupported(`opcode 0x${opcode.toString(16)}`, at);
    const sub = reader.u32();
    const cost = table.cost[sub] as number;
    switch (table.shape[sub]) {
      case shape.NONE:
        break;
      case shape.MEMARG:
        this.#memarg();
        break;
      case shape.BYTE:
        reader.skip(1);
        break;
      case shape.BYTES_16:
        reader.skip(16);
        break;
      case shape.MEMARG_LANE:
        this.#memarg();
        reader.skip(1);
        break;
      case shape.HEAP_TYPE:
        skipHeapType(reader, this.#typeCount);
        break;
      case shape.TYPE:
        this.#writer.index(this.#typeCount, "type");
        break;
      case shape.TYPE_U32:
        this.#writer.index(this.#typeCount, "type");
        reader.u32();
        break;
      case shape.TABLE:
        this.#writer.index(this.#tableCount, "table");
        break;
      case shape.U32:
        reader.u32();
        break;
      case shape.SPECIAL:
        if (opcode === 0xfc) this.#lengths.bulkOperator(sub, at, cost);
        else if (sub === 0x18 || sub === 0x19) this.#branchOnCast(at, sub, cost);
        else this.#lengths.arrayOperator(sub, at, cost);
        return;
      default:
        unsupported(`opcode 0x${opcode.toString(16)} 0x${sub.toString(16)}`, at);
    }
    this.#meter.charge(at, cost);
  }

  /** Control flow and whatever changes shape. Returns true at the end of the body. */
  #special(opcode: number, at: number, cost: number): boolean {
    const reader = this.#reader;
    const meter = this.#meter;
    switch (opcode) {
      case 0x00: // unreachable
        meter.charge(at, cost);
        meter.writeBack(at);
        this.#leave();
        return false;

      case 0x02: // block
        blockType(reader, this.#typeCount);
        meter.charge(at, cost);
        this.#push(control.BLOCK, at);
        return false;

      case 0x03: // loop
        blockType(reader, this.#typeCount);
        this.#loop(at, cost);
        return false;

      case 0x04: // if
        blockType(reader, this.#typeCount);
        meter.charge(at, cost);
        meter.load(at);
        if (this.#options.code.caughtLabels.has(at)) meter.writeBack(at);
        this.#push(control.IF, at);
        meter.site = -1;
        return false;

      case 0x05: // else
        this.#nextArm(control.IF, control.ELSE, at);
        meter.loaded = true;
        return false;

      case 0x06: // try
        blockType(reader, this.#typeCount);
        meter.charge(at, cost);
        this.#push(control.TRY, at);
        this.#calls.tryDepth++;
        this.#stack.escapeTo(-1);
        return false;

      case 0x07: // catch
      case 0x19: // catch_all
        if (opcode === 0x07) reader.u32();
        this.#nextArm(control.TRY, control.CATCH, at);
        // Whoever threw has left the count in the global.
        meter.forget();
        meter.charge(reader.pos, cost);
        return false;

      case 0x08: // throw
      case 0x0a: // throw_ref
        if (opcode === 0x08) reader.u32();
        meter.charge(at, cost);
        meter.writeBack(at);
        this.#leave();
        return false;

      case 0x09: {
        // rethrow
        const target = this.#label();
        meter.charge(at, cost);
        meter.writeBack(at);
        this.#rewriteLabel(at, opcode, target);
        this.#leave();
        return false;
      }

      case 0x0b: // end
        return this.#end(at);

      case 0x0c: // br
      case 0x0d: // br_if
      case 0xd5: // br_on_null
      case 0xd6: {
        const target = this.#label();
        meter.charge(at, cost);
        this.#branch(at, target);
        this.#rewriteLabel(at, opcode, target);
        if (opcode === 0x0c) meter.live = false;
        meter.site = -1;
        return false;
      }

      case 0x0e: // br_table
        this.#branchTable(at, cost);
        return false;

      case 0x0f: // return
        meter.charge(at, cost);
        this.#calls.handOver(at);
        this.#leave();
        return false;

      case 0x10: // call
      case 0x12: // return_call
        this.#calls.direct(at, opcode, cost);
        return false;

      case 0x11: // call_indirect
      case 0x13: // return_call_indirect
        this.#calls.indirect(at, opcode, cost);
        return false;

      case 0x14: // call_ref
      case 0x15: // return_call_ref
        this.#calls.reference(at, opcode, cost);
        return false;

      case 0x18: // delegate
        this.#delegate(at);
        return false;

      case 0x1c: // select with types
        for (let count = reader.u32(); count > 0; count--) skipValueType(reader, this.#typeCount);
        meter.charge(at, cost);
        return false;

      case 0x1f: // try_table
        this.#tryTable(at, cost);
        return false;

      case 0x23: // global.get
      case 0x24: {
        // global.set
        const index = this.#writer.index(this.#options.layout.globalCount, "global");
        meter.charge(at, cost);
        this.#writer.replaceIndex(at, opcode, index, this.#options.mapGlobal(index));
        return false;
      }

      case 0x40: // memory.grow
        this.#lengths.memoryGrow(at, cost);
        return false;

      case 0xd2: {
        // ref.func
        const index = this.#writer.index(this.#options.layout.functionTypes.length, "function");
        meter.charge(at, cost);
        this.#writer.replaceIndex(at, opcode, index, this.#options.adapters.reference(index));
        return false;
      }

      default:
        return unsupported(`opcode 0x${opcode.toString(16)}`, at);
    }
  }

  /**
   * A loop that has neither a call nor a loop in it goes into one that makes the slow call, so that V8
   * still takes the inner one for innermost and call-free, and unrolls it.
   */
  #loop(at: number, cost: number): void {
    const { code } = this.#options;
    const meter = this.#meter;
    const loop = this.#nextLoop++;
    if (!meter.live) {
      this.#push(control.LOOP, at);
      return;
    }
    meter.charge(at, cost);
    // The head finds the count where each way into it has left it.
    const caught = code.caughtLabels.has(at);
    if (caught) meter.writeBack(at);
    else meter.load(at);
    this.#stack.escapeTo(-1);
    const weight = 1 + Math.floor((code.loopOperators[loop] as number) / OPERATORS_PER_UNIT);
    const end = this.#reader.pos;
    const isTight = ((code.loopFlags[loop] as number) & (analysis.CALLS | analysis.OUTER)) === 0;
    if (!isTight) {
      this.#push(control.LOOP, at);
      if (caught) meter.forget();
      meter.site = -1;
      meter.check(end);
      meter.count(end, weight);
      return;
    }
    this.#push(control.LOOP, at, control.WRAPPED);
    meter.site = -1;
    meter.check(end);
    this.#writer.out.copy(this.#reader.bytes, at, end);
    meter.checkOrBranch(end, 1);
    meter.count(end, weight);
  }

  #tryTable(at: number, cost: number): void {
    const reader = this.#reader;
    const { out } = this.#writer;
    const stack = this.#stack;
    blockType(reader, this.#typeCount);
    this.#meter.charge(at, cost);
    const clauses = reader.u32();
    this.#writer.copyTo(reader.pos);
    for (let i = 0; i < clauses; i++) {
      const clauseAt = reader.pos;
      const kind = reader.u8();
      if (kind > 3) unsupported(`catch clause of kind 0x${kind.toString(16)}`, clauseAt);
      if (kind < 2) reader.u32();
      const labelAt = reader.pos;
      const target = this.#label();
      if (this.#meter.live) stack.flags[target] = (stack.flags[target] as number) | control.TARGETED;
      this.#writer.copyTo(labelAt);
      out.u32(this.#depthOf(target));
      this.#writer.copied = reader.pos;
    }
    this.#push(control.TRY_TABLE, at);
    this.#calls.tryDepth++;
    stack.escapeTo(-1);
  }

  /** The label of `delegate` counts from outside its try. */
  #delegate(at: number): void {
    const reader = this.#reader;
    const stack = this.#stack;
    const top = stack.depth - 1;
    if (stack.kind[top] !== control.TRY) reader.fail("delegate outside of a try", at);
    const label = reader.u32();
    const target = top - 1 - label;
    if (target < 0) reader.fail("label out of range", at);
    const depth = this.#depthOf(target) - 1;
    // What follows has to see the end as any other.
    this.#end(at);
    if (depth !== label) {
      const out = this.#writer.replace(at);
      out.u8(0x18);
      out.u32(depth);
    }
  }

  #push(kind: number, at: number, wrapped = 0): void {
    const { live, site } = this.#meter;
    const synced = this.#options.code.caughtLabels.has(at) ? control.SYNCED : 0;
    const flags = (live ? control.ENTERED : 0) | synced | wrapped;
    this.#stack.push(kind, flags, live ? site : -1, wrapped === 0 ? 0 : 1);
  }

  /** `else`, `catch`, `catch_all`: one arm ends, the next begins. */
  #nextArm(from: number, to: number, at: number): void {
    const stack = this.#stack;
    const meter = this.#meter;
    const top = stack.depth - 1;
    const kind = stack.kind[top];
    if (kind !== from && !(from === control.TRY && kind === control.CATCH)) {
      this.#reader.fail("else or catch outside of its block", at);
    }
    if (kind === control.TRY) this.#calls.tryDepth--;
    if (meter.live) {
      this.#meetLabel(at, top);
      stack.flags[top] = (stack.flags[top] as number) | control.ARM_ENDS;
    }
    stack.kind[top] = to;
    meter.live = ((stack.flags[top] as number) & control.ENTERED) !== 0;
    meter.site = -1;
  }

  /** `end`, and `delegate`, which ends a block too. Returns true if it ends the function. */
  #end(at: number): boolean {
    const stack = this.#stack;
    const meter = this.#meter;
    const top = stack.depth - 1;
    const flags = stack.flags[top] as number;
    const kind = stack.kind[top] as number;
    if (top === 0) {
      this.#endFunction(at, flags);
      return true;
    }
    if (kind === control.TRY || kind === control.TRY_TABLE) this.#calls.tryDepth--;
    const isJoin =
      (flags & control.ENTERED) !== 0 &&
      ((flags & (control.TARGETED | control.ARM_ENDS)) !== 0 || kind === control.IF) &&
      kind !== control.LOOP;
    if (isJoin) {
      if (meter.live) this.#meetLabel(at, top);
      meter.live = true;
      meter.loaded = (flags & control.SYNCED) === 0;
      const isContained = (stack.escape[top] as number) >= top;
      meter.site = isContained && meter.loaded ? (stack.site[top] as number) : -1;
    }
    if ((flags & control.WRAPPED) !== 0) {
      this.#writer.copyTo(this.#reader.pos);
      this.#writer.out.u8(0x0b);
    }
    stack.pop();
    return false;
  }

  #endFunction(at: number, flags: number): void {
    const meter = this.#meter;
    const { out } = this.#writer;
    const targeted = (flags & control.TARGETED) !== 0;
    if (meter.live && targeted) this.#meetLabel(at, 0);
    this.#writer.copyTo(this.#reader.pos);
    if (meter.active) {
      if (targeted) {
        meter.live = true;
        meter.loaded = (flags & control.SYNCED) === 0;
      }
      this.#calls.handOver(this.#reader.pos);
      out.u8(0x0b);
    }
    this.#stack.depth = 0;
  }

  /** Leaves the count where the label of block `top` expects it. */
  #meetLabel(at: number, top: number): void {
    if (((this.#stack.flags[top] as number) & control.SYNCED) !== 0) this.#meter.writeBack(at);
    else this.#meter.load(at);
  }

  /** A branch from here to block `target`. */
  #branch(at: number, target: number): void {
    if (!this.#meter.live) return;
    const stack = this.#stack;
    stack.flags[target] = (stack.flags[target] as number) | control.TARGETED;
    this.#meetLabel(at, target);
    stack.escapeTo(target);
  }

  #branchTable(at: number, cost: number): void {
    const reader = this.#reader;
    const meter = this.#meter;
    meter.charge(at, cost);
    const count = reader.u32();
    const labelsAt = reader.pos;
    let shifts = false;
    for (let i = 0; i <= count; i++) {
      const target = this.#label();
      this.#branch(at, target);
      shifts ||= this.#stack.added[target] !== this.#stack.added[this.#stack.depth - 1];
    }
    if (shifts) {
      const end = reader.pos;
      this.#writer.copyTo(labelsAt);
      reader.pos = labelsAt;
      for (let i = 0; i <= count; i++) this.#writer.out.u32(this.#depthOf(this.#label()));
      this.#writer.copied = end;
    }
    meter.live = false;
    meter.site = -1;
  }

  #branchOnCast(at: number, sub: number, cost: number): void {
    const reader = this.#reader;
    const flags = reader.u8();
    if (flags > 3) reader.fail("invalid cast flags", reader.pos - 1);
    const target = this.#label();
    const typesAt = reader.pos;
    skipHeapType(reader, this.#typeCount);
    skipHeapType(reader, this.#typeCount);
    this.#meter.charge(at, cost);
    this.#branch(at, target);
    if (this.#stack.added[target] !== this.#stack.added[this.#stack.depth - 1]) {
      const out = this.#writer.replace(at);
      out.u8(0xfb);
      out.u32(sub);
      out.u8(flags);
      out.u32(this.#depthOf(target));
      out.copy(reader.bytes, typesAt, reader.pos);
    }
    this.#meter.site = -1;
  }

  /** What follows is dead; code around this must have seen the exact count. */
  #leave(): void {
    if (this.#meter.live) this.#stack.escapeTo(-1);
    this.#meter.live = false;
    this.#meter.site = -1;
  }

  /** Reads a label; returns the block it means, as a place in the control stack. */
  #label(): number {
    const at = this.#reader.pos;
    const target = this.#stack.depth - 1 - this.#reader.u32();
    if (target < 0) this.#reader.fail("label out of range", at);
    return target;
  }

  /** The label of block `target` in the rewritten code, where there are more blocks. */
  #depthOf(target: number): number {
    const { depth, added } = this.#stack;
    const top = depth - 1;
    return top - target + ((added[top] as number) - (added[target] as number));
  }

  #rewriteLabel(at: number, opcode: number, target: number): void {
    const { depth, added } = this.#stack;
    if (added[depth - 1] === added[target]) return;
    const out = this.#writer.replace(at);
    this.#rewrittenBranch = out.length;
    out.u8(opcode);
    out.u32(this.#depthOf(target));
  }

  #memarg(): void {
    const reader = this.#reader;
    const at = reader.pos;
    const flags = reader.u8();
    if (flags >= 0x80) reader.fail("invalid alignment", at);
    if ((flags & 0x40) !== 0) this.#writer.index(this.#memoryCount, "memory");
    reader.skipU64();
  }

  /** Carries over the guest's own hint for the branch at `at`. */
  #guestHint(at: number, opcode: number): void {
    const { hints } = this.#options;
    const { out, copied, start, outStart } = this.#writer;
    const value = hints.take(at - start);
    if (value < 0 || (opcode !== 0x04 && opcode !== 0x0d)) return;
    const position = copied > at ? this.#rewrittenBranch : out.length + (at - copied);
    hints.add(position - outStart, value);
  }
}
