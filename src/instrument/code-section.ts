/**
 * Rewriting function bodies: indices shift, and the meter's code goes in.
 *
 * No objects per instruction: runs of instructions that do not change are copied wholesale.
 *
 * Every index that could name something that the rewriter adds (a local, a function, a global, a
 * type, a label) is checked against the guest's own range: what was invalid must stay invalid.
 */
import { type Abi, FREE, PLAIN, REGISTER } from "./abi.ts";
import type { Adapters } from "./adapters.ts";
import type { AddedFunctions } from "./added-functions.ts";
import { Allocations } from "./allocations.ts";
import { BodyWriter } from "./body-writer.ts";
import type { BranchHints } from "./branch-hints.ts";
import type { ByteBuffer } from "./byte-buffer.ts";
import type { ByteReader } from "./byte-reader.ts";
import { Calls } from "./calls.ts";
import type { CodeAnalysis } from "./code-analysis.ts";
import { ControlFlow } from "./control-flow.ts";
import { ControlStack } from "./control-stack.ts";
import type { OperatorCosts } from "./costs.ts";
import type { Helpers } from "./helpers.ts";
import { LengthHelpers } from "./length-helpers.ts";
import { LengthOperators } from "./length-operators.ts";
import { LocalDeclarations } from "./local-declarations.ts";
import { Meter } from "./meter.ts";
import type { ModuleLayout } from "./module-layout.ts";
import * as shape from "./opcodes.ts";
import type { PositionTrace } from "./position-trace.ts";
import { skipHeapType, skipValueType, unsupported } from "./types.ts";

/** V8's limit on the size of a function. */
const MAX_FUNCTION_SIZE = 7_654_321;

export interface CodeRewriterOptions {
  readonly layout: ModuleLayout;
  readonly code: CodeAnalysis;
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
  readonly limitHeap: boolean;
  readonly costs: OperatorCosts;
  mapFunction(index: number): number;
  mapGlobal(index: number): number;
}

export class CodeRewriter {
  readonly #reader: ByteReader;
  readonly #options: CodeRewriterOptions;
  readonly #writer: BodyWriter;
  readonly #meter: Meter;
  readonly #locals: LocalDeclarations;
  readonly #calls: Calls;
  readonly #flow: ControlFlow;
  readonly #allocations: Allocations;
  readonly #lengths: LengthOperators;
  readonly #typeCount: number;
  readonly #tableCount: number;
  readonly #memoryCount: number;
  /** By the function's type: a type that gives many results is costly to look up. */
  readonly #blockTypes = new Map<number, number>();

  constructor(reader: ByteReader, out: ByteBuffer, options: CodeRewriterOptions, trace?: PositionTrace) {
    const { layout, hints, fuelGlobal, charges } = options;
    this.#reader = reader;
    this.#options = options;
    this.#writer = new BodyWriter(reader, out, trace);
    const slowCheck = options.meters ? options.helpers.slowCheck() : 0;
    this.#meter = new Meter({ writer: this.#writer, hints, fuelGlobal, slowCheck, charges });
    this.#locals = new LocalDeclarations(this.#writer, layout.types.count);
    const stack = new ControlStack();
    const parts = { ...options, writer: this.#writer, meter: this.#meter, stack };
    this.#calls = new Calls({ ...parts, locals: this.#locals });
    this.#flow = new ControlFlow({
      ...parts,
      calls: this.#calls,
      types: layout.types,
      importedFunctions: layout.importedFunctions,
    });
    this.#allocations = new Allocations({ ...parts, calls: this.#calls });
    const lengthHelpers = new LengthHelpers({
      added: options.added,
      charges,
      slowCheck: () => options.helpers.slowCheck(),
    });
    this.#lengths = new LengthOperators({
      ...parts,
      calls: this.#calls,
      allocations: this.#allocations,
      lengthHelpers,
    });
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
    const { layout, abi, costs } = this.#options;
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
    meter.reset(live, this.#locals.count, kind === REGISTER);
    this.#flow.begin(index, bodyStart);
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
    else {
      const block = this.#blockTypes.get(type) ?? this.#options.added.type([], 0, encoded, results);
      this.#blockTypes.set(type, block);
      out.s32(block);
    }
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
            if (at - this.#writer.start >= hints.next) this.#flow.guestHint(at, opcode);
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
        else this.#aggregateOperator(sub, at, cost);
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
    const flow = this.#flow;
    switch (opcode) {
      case 0x00: // unreachable
        flow.throw(at, cost);
        return false;
      case 0x02:
        flow.block(at, cost);
        return false;
      case 0x03:
        flow.loop(at, cost);
        return false;
      case 0x04:
        flow.if(at, cost);
        return false;
      case 0x05:
        flow.else(at);
        return false;
      case 0x06:
        flow.try(at, cost);
        return false;
      case 0x07: // catch
        reader.u32();
        flow.catch(at, cost);
        return false;
      case 0x19: // catch_all
        flow.catch(at, cost);
        return false;
      case 0x08: // throw
        reader.u32();
        this.#allocations.exception(at);
        flow.throw(at, cost);
        return false;
      case 0x0a: // throw_ref
        flow.throw(at, cost);
        return false;
      case 0x09:
        flow.rethrow(at, opcode, cost);
        return false;
      case 0x0b:
        return flow.end(at);
      case 0x0c: // br
      case 0x0d: // br_if
      case 0xd5: // br_on_null
      case 0xd6: // br_on_non_null
        flow.branch(at, opcode, cost);
        return false;
      case 0x0e:
        flow.branchTable(at, cost);
        return false;
      case 0x0f: // return
        meter.charge(at, cost);
        this.#calls.handOver(at);
        flow.leave();
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
      case 0x18:
        flow.delegate(at);
        return false;
      case 0x1c: // select with types
        for (let count = reader.u32(); count > 0; count--) skipValueType(reader, this.#typeCount);
        meter.charge(at, cost);
        return false;
      case 0x1f:
        flow.tryTable(at, cost);
        return false;
      case 0x23: // global.get
      case 0x24: {
        // global.set
        const index = this.#writer.index(this.#options.layout.globalCount, "global");
        meter.charge(at, cost);
        this.#writer.replaceIndex(at, opcode, index, this.#options.mapGlobal(index));
        return false;
      }
      case 0x40:
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

  /** What `opcode` 0xfb `sub` makes, or where it branches. */
  #aggregateOperator(sub: number, at: number, cost: number): void {
    const { layout } = this.#options;
    switch (sub) {
      case 0x00: // struct.new
      case 0x01: // struct.new_default
        this.#allocations.object(at, this.#writer.index(layout.types.count, "type"));
        this.#meter.charge(at, cost);
        return;
      case 0x08: {
        // array.new_fixed
        const type = this.#writer.index(layout.types.count, "type");
        this.#allocations.object(at, type, this.#reader.u32());
        this.#meter.charge(at, cost);
        return;
      }
      case 0x18: // br_on_cast
      case 0x19: // br_on_cast_fail
        this.#flow.branchOnCast(at, sub, cost);
        return;
      default:
        this.#lengths.arrayOperator(sub, at, cost);
    }
  }

  #memarg(): void {
    const reader = this.#reader;
    const at = reader.pos;
    const flags = reader.u8();
    if (flags >= 0x80) reader.fail("invalid alignment", at);
    if ((flags & 0x40) !== 0) this.#writer.index(this.#memoryCount, "memory");
    reader.skipU64();
  }
}
