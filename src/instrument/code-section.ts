/**
 * Rewriting function bodies: indices shift, and the meter's code goes in.
 *
 * One pass, no objects per instruction: runs of instructions that do not change are copied
 * wholesale. A function in which a `try_table` catches takes a second pass, because only the end of a
 * block tells whether a catch clause goes there.
 *
 * Every index that could name something that the rewriter adds (a local, a function, a global, a
 * type, a label) is checked against the guest's own range: what was invalid must stay invalid.
 */
import type { AddedFunctions } from "./added-functions.ts";
import type { BranchHints } from "./branch-hints.ts";
import type { ByteBuffer } from "./byte-buffer.ts";
import type { ByteReader } from "./byte-reader.ts";
import * as control from "./control-stack.ts";
import type { OperatorCosts } from "./costs.ts";
import { Meter } from "./meter.ts";
import type { ModuleLayout } from "./module-layout.ts";
import * as shape from "./opcodes.ts";
import { blockType, skipHeapType, skipValueType, unsupported } from "./types.ts";

/** V8's limit on the locals of a function, parameters included. */
const MAX_LOCALS = 50_000;

export interface CodeRewriterOptions {
  readonly layout: ModuleLayout;
  readonly added: AddedFunctions;
  readonly hints: BranchHints;
  readonly fuelGlobal: number;
  readonly meters: boolean;
  readonly limitGrowth: boolean;
  readonly costs: OperatorCosts;
  mapFunction(index: number): number;
  mapGlobal(index: number): number;
}

export class CodeRewriter {
  readonly #reader: ByteReader;
  readonly #out: ByteBuffer;
  readonly #options: CodeRewriterOptions;
  readonly #meter: Meter;
  readonly #tables: shape.OpcodeTables;
  readonly #stack = new control.ControlStack();
  readonly #typeCount: number;
  readonly #functionCount: number;
  readonly #globalCount: number;
  readonly #tableCount: number;
  readonly #memoryCount: number;

  /** Input before this offset has been written out. */
  #copied = 0;
  /** Whether the current code is reached and metered. */
  #live = false;
  #localCount = 0;
  /** Where the body (its locals) starts in the input and in the output. */
  #bodyStart = 0;
  #outBodyStart = 0;
  /** Offsets of block instructions whose label a catch clause goes to; -1 stands for the function's own label. */
  readonly #caughtLabels = new Set<number>();
  /** Parallel to the control stack: where each block instruction is, to fill `#caughtLabels`. */
  readonly #blockOffsets: number[] = [];
  #secondPass = false;

  constructor(reader: ByteReader, out: ByteBuffer, options: CodeRewriterOptions) {
    this.#reader = reader;
    this.#out = out;
    this.#options = options;
    this.#meter = new Meter(out, {
      fuelGlobal: options.fuelGlobal,
      slowCheck: options.meters ? options.added.slowCheck() : 0,
    });
    this.#tables = shape.opcodeTables(options.costs);
    const { layout } = options;
    this.#typeCount = layout.types.count;
    this.#functionCount = layout.functionTypes.length;
    this.#globalCount = layout.globalCount;
    this.#tableCount = layout.tables.length;
    this.#memoryCount = layout.memoryIs64.length;
  }

  /** Rewrites the body (without its size) that starts at the reader and ends at `end`. */
  rewrite(functionIndex: number, end: number): void {
    const reader = this.#reader;
    const { hints } = this.#options;
    const start = reader.pos;
    const outStart = this.#out.length;
    const moduleEnd = reader.end;
    reader.end = end;
    hints.startFunction(functionIndex);
    this.#caughtLabels.clear();
    this.#secondPass = false;
    this.#body(functionIndex);
    if (this.#caughtLabels.size > 0) {
      reader.pos = start;
      this.#out.length = outStart;
      hints.restartFunction();
      this.#secondPass = true;
      this.#body(functionIndex);
    }
    hints.endFunction();
    reader.end = moduleEnd;
  }

  #body(functionIndex: number): void {
    const reader = this.#reader;
    const out = this.#out;
    const { layout, meters } = this.#options;
    const meter = this.#meter;
    const type = layout.functionTypes[functionIndex] as number;
    this.#bodyStart = reader.pos;
    this.#outBodyStart = out.length;
    this.#copied = reader.pos;
    this.#locals(layout.types.params[type] as number);

    this.#stack.depth = 0;
    this.#blockOffsets.length = 0;
    const synced = this.#caughtLabels.has(-1) ? control.SYNCED : 0;
    this.#stack.push(control.FUNCTION, (meters ? control.ENTERED : 0) | synced, -1);
    this.#blockOffsets.push(-1);
    this.#live = meters;
    if (meters) {
      meter.reset(this.#localCount);
      this.#hintUnlikely(meter.openChecked(this.#options.costs.functionEntry));
      // Branches to the function's own label return; as branches out of this block they meet the write-back.
      out.u8(0x02);
      this.#functionBlockType(type);
    }
    this.#instructions();
    if (reader.pos !== reader.end) reader.fail("function body has trailing bytes");
  }

  /** Copies the declarations of locals, and declares the counter behind them. */
  #locals(params: number): void {
    const reader = this.#reader;
    const start = reader.pos;
    const groups = reader.u32();
    const groupsStart = reader.pos;
    let count = params;
    for (let i = 0; i < groups; i++) {
      count += reader.u32();
      if (count > MAX_LOCALS) reader.fail(`more than ${MAX_LOCALS} locals`, start);
      skipValueType(reader, this.#typeCount);
    }
    this.#localCount = count;
    if (!this.#options.meters) return;
    if (count === MAX_LOCALS) unsupported(`a function with ${MAX_LOCALS} locals in a metered module`, start);
    this.#out.u32(groups + 1);
    this.#out.copy(reader.bytes, groupsStart, reader.pos);
    this.#out.u8(0x01);
    this.#out.u8(0x7e);
    this.#copied = reader.pos;
  }

  #functionBlockType(type: number): void {
    const { types, bytes } = this.#options.layout;
    const results = types.results[type] as number;
    const encoded = bytes.subarray(types.resultsStart[type], types.resultsEnd[type]);
    if (results === 0) this.#out.u8(0x40);
    else if (results === 1) this.#out.append(encoded);
    else if (types.params[type] === 0) this.#out.s32(type);
    else this.#out.s32(this.#options.added.type([], 0, [...encoded], results));
  }

  #instructions(): void {
    const reader = this.#reader;
    const { shape: shapes, cost: costs } = this.#tables.one;
    const { hints } = this.#options;
    for (;;) {
      const at = reader.pos;
      const opcode = reader.u8();
      switch (shapes[opcode]) {
        case shape.NONE:
          break;
        case shape.LOCAL:
          if (reader.u32() >= this.#localCount) reader.fail("local index out of range", at);
          break;
        case shape.MEMARG:
          this.#memarg();
          break;
        case shape.S64:
          reader.skipS64();
          break;
        case shape.BYTES_4:
          reader.skip(4);
          break;
        case shape.BYTES_8:
          reader.skip(8);
          break;
        case shape.HEAP_TYPE:
          skipHeapType(reader, this.#typeCount);
          break;
        case shape.TABLE:
          this.#index(this.#tableCount, "table");
          break;
        case shape.MEMORY:
          this.#index(this.#memoryCount, "memory");
          break;
        case shape.SPECIAL:
          if (this.#special(opcode, at)) return;
          if (at - this.#bodyStart >= hints.next) this.#guestHint(at, opcode);
          continue;
        default:
          this.#prefixed(opcode, at);
          continue;
      }
      if (this.#live) this.#charge(at, costs[opcode] as number);
    }
  }

  #prefixed(opcode: number, at: number): void {
    const reader = this.#reader;
    const tables = this.#tables;
    if (opcode < 0xfb || opcode > 0xfe) unsupported(`opcode 0x${opcode.toString(16)}`, at);
    const table =
      opcode === 0xfb ? tables.fb : opcode === 0xfc ? tables.fc : opcode === 0xfd ? tables.fd : tables.fe;
    const sub = reader.u32();
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
        this.#index(this.#typeCount, "type");
        break;
      case shape.TYPE_U32:
        this.#index(this.#typeCount, "type");
        reader.u32();
        break;
      case shape.TABLE:
        this.#index(this.#tableCount, "table");
        break;
      case shape.U32:
        reader.u32();
        break;
      case shape.SPECIAL:
        if (opcode === 0xfb) this.#gcOperator(sub, at, table.cost[sub] as number);
        else this.#bulkOperator(sub, at, table.cost[sub] as number);
        return;
      default:
        unsupported(`opcode 0x${opcode.toString(16)} 0x${sub.toString(16)}`, at);
    }
    if (this.#live) this.#charge(at, table.cost[sub] as number);
  }

  /** Control flow and whatever changes shape. Returns true at the end of the body. */
  #special(opcode: number, at: number): boolean {
    const reader = this.#reader;
    const stack = this.#stack;
    const meter = this.#meter;
    const cost = this.#tables.one.cost[opcode] as number;
    switch (opcode) {
      case 0x00: // unreachable
        if (this.#live) {
          this.#charge(at, cost);
          this.#writeBack(at);
          this.#leave(-1);
        }
        return false;

      case 0x02: // block
        blockType(reader, this.#typeCount);
        if (this.#live) this.#charge(at, cost);
        this.#pushBlock(control.BLOCK, at);
        return false;

      case 0x03: // loop
        blockType(reader, this.#typeCount);
        this.#loop(at, cost);
        return false;

      case 0x04: // if
        blockType(reader, this.#typeCount);
        if (this.#live) {
          this.#charge(at, cost);
          this.#load(at);
          if (this.#caughtLabels.has(at)) this.#writeBack(at);
        }
        this.#pushBlock(control.IF, at);
        meter.site = -1;
        return false;

      case 0x05: // else
        this.#nextArm(control.IF, control.ELSE, at);
        if (this.#live) meter.loaded = true;
        return false;

      case 0x06: // try
        blockType(reader, this.#typeCount);
        if (this.#live) this.#charge(at, cost);
        this.#pushBlock(control.TRY, at);
        stack.escapeTo(-1);
        return false;

      case 0x07: // catch
      case 0x19: // catch_all
        if (opcode === 0x07) reader.u32();
        this.#nextArm(control.TRY, control.CATCH, at);
        if (this.#live) {
          meter.loaded = false;
          this.#charge(reader.pos, cost);
        }
        return false;

      case 0x08: // throw
      case 0x0a: // throw_ref
        if (opcode === 0x08) reader.u32();
        this.#exit(at, cost);
        return false;

      case 0x09: // rethrow
        this.#label();
        this.#exit(at, cost);
        return false;

      case 0x0b: // end
        return this.#end(at);

      case 0x0c: // br
      case 0x0d: // br_if
      case 0xd5: // br_on_null
      case 0xd6: {
        const target = this.#label();
        if (this.#live) {
          this.#charge(at, cost);
          this.#branch(at, target);
          if (opcode === 0x0c) this.#live = false;
          else meter.site = -1;
        }
        return false;
      }

      case 0x0e: // br_table
        if (this.#live) this.#charge(at, cost);
        for (let count = reader.u32(); count >= 0; count--) this.#branch(at, this.#label());
        if (this.#live) this.#live = false;
        return false;

      case 0x0f: // return
        this.#exit(at, cost);
        return false;

      case 0x10: // call
      case 0x12: {
        // return_call
        const index = this.#index(this.#functionCount, "function");
        this.#callOut(at, cost);
        this.#replaceIndex(at, opcode, index, this.#options.mapFunction(index));
        if (opcode === 0x12 && this.#live) this.#leave(-1);
        return false;
      }

      case 0x11: // call_indirect
      case 0x13: // return_call_indirect
        this.#index(this.#typeCount, "type");
        this.#index(this.#tableCount, "table");
        this.#callOut(at, cost);
        if (opcode === 0x13 && this.#live) this.#leave(-1);
        return false;

      case 0x14: // call_ref
      case 0x15: // return_call_ref
        this.#index(this.#typeCount, "type");
        this.#callOut(at, cost);
        if (opcode === 0x15 && this.#live) this.#leave(-1);
        return false;

      case 0x18: {
        // delegate: the label counts from outside the try
        const top = stack.depth - 1;
        if (stack.kind[top] !== control.TRY) reader.fail("delegate without try", at);
        if (reader.u32() >= top) reader.fail("label out of range", at);
        return this.#end(at);
      }

      case 0x1c: // select with types
        for (let count = reader.u32(); count > 0; count--) skipValueType(reader, this.#typeCount);
        if (this.#live) this.#charge(at, cost);
        return false;

      case 0x1f: // try_table
        this.#tryTable(at, cost);
        return false;

      case 0x23: // global.get
      case 0x24: {
        const index = this.#index(this.#globalCount, "global");
        if (this.#live) this.#charge(at, cost);
        this.#replaceIndex(at, opcode, index, this.#options.mapGlobal(index));
        return false;
      }

      case 0x40: {
        // memory.grow
        const memory = this.#index(this.#memoryCount, "memory");
        if (this.#live) this.#charge(at, cost);
        if (!this.#options.limitGrowth) return false;
        const is64 = this.#options.layout.memoryIs64[memory] as boolean;
        this.#callInstead(at, this.#options.added.memoryGrow(memory, is64));
        return false;
      }

      case 0x41: // i32.const
        reader.s32();
        if (this.#live) this.#charge(at, cost);
        return false;

      case 0xd2: {
        // ref.func
        const index = this.#index(this.#functionCount, "function");
        if (this.#live) this.#charge(at, cost);
        this.#replaceIndex(at, opcode, index, this.#options.mapFunction(index));
        return false;
      }

      default:
        return unsupported(`opcode 0x${opcode.toString(16)}`, at);
    }
  }

  #loop(at: number, cost: number): void {
    const reader = this.#reader;
    const stack = this.#stack;
    const meter = this.#meter;
    const live = this.#live;
    if (live) {
      this.#charge(at, cost);
      // The head reads the counter, from wherever each way into it has left it.
      if (this.#caughtLabels.has(at)) this.#writeBack(at);
      else this.#load(at);
      stack.escapeTo(-1);
    }
    this.#pushBlock(control.LOOP, at);
    if (!live) return;
    if (this.#caughtLabels.has(at)) meter.loaded = false;
    this.#copyTo(reader.pos);
    this.#hintUnlikely(meter.openChecked(0));
  }

  #tryTable(at: number, cost: number): void {
    const reader = this.#reader;
    blockType(reader, this.#typeCount);
    if (this.#live) this.#charge(at, cost);
    for (let clauses = reader.u32(); clauses > 0; clauses--) {
      const clauseAt = reader.pos;
      const kind = reader.u8();
      if (kind > 3) unsupported(`catch clause of kind 0x${kind.toString(16)}`, clauseAt);
      if (kind < 2) reader.u32();
      const target = this.#label();
      if (this.#live) {
        this.#caughtLabels.add(this.#blockOffsets[target] as number);
        this.#stack.flags[target] = (this.#stack.flags[target] as number) | control.TARGETED;
      }
    }
    this.#pushBlock(control.TRY_TABLE, at);
    this.#stack.escapeTo(-1);
  }

  #pushBlock(kind: number, at: number): void {
    const synced = this.#secondPass && this.#caughtLabels.has(at) ? control.SYNCED : 0;
    this.#stack.push(kind, (this.#live ? control.ENTERED : 0) | synced, this.#live ? this.#meter.site : -1);
    this.#blockOffsets.push(at);
  }

  /** `else`, `catch`, `catch_all`: one arm ends, the next begins. */
  #nextArm(from: number, to: number, at: number): void {
    const stack = this.#stack;
    const top = stack.depth - 1;
    const kind = stack.kind[top];
    if (kind !== from && !(from === control.TRY && kind === control.CATCH)) {
      this.#reader.fail("else or catch outside of its block", at);
    }
    if (this.#live) {
      this.#meetEnd(at, top);
      stack.flags[top] = (stack.flags[top] as number) | control.ARM_ENDS;
    }
    stack.kind[top] = to;
    this.#live = ((stack.flags[top] as number) & control.ENTERED) !== 0;
    this.#meter.site = -1;
  }

  /** `end` and `delegate`. Returns true if it ends the function. */
  #end(at: number): boolean {
    const stack = this.#stack;
    const meter = this.#meter;
    const top = stack.depth - 1;
    const flags = stack.flags[top] as number;
    if (top === 0) {
      this.#endFunction(at, flags);
      return true;
    }
    const joins =
      (flags & control.ENTERED) !== 0 &&
      ((flags & (control.TARGETED | control.ARM_ENDS)) !== 0 || stack.kind[top] === control.IF) &&
      stack.kind[top] !== control.LOOP;
    if (joins) {
      if (this.#live) this.#meetEnd(at, top);
      this.#live = true;
      meter.loaded = (flags & control.SYNCED) === 0;
      const contained = (stack.escape[top] as number) >= top;
      meter.site = contained && meter.loaded ? (stack.site[top] as number) : -1;
    }
    stack.pop();
    this.#blockOffsets.pop();
    return false;
  }

  #endFunction(at: number, flags: number): void {
    const meter = this.#meter;
    const { meters } = this.#options;
    const targeted = (flags & control.TARGETED) !== 0;
    if (this.#live && targeted) this.#meetEnd(at, 0);
    this.#copyTo(this.#reader.pos);
    if (meters) {
      if ((flags & control.SYNCED) === 0 && (this.#live || targeted)) {
        if (targeted) meter.loaded = true;
        meter.writeBack();
      }
      this.#out.u8(0x0b);
    }
    this.#stack.depth = 0;
  }

  /** Leaves the counter where the label of block `top` expects it. */
  #meetEnd(at: number, top: number): void {
    if (((this.#stack.flags[top] as number) & control.SYNCED) !== 0) this.#writeBack(at);
    else this.#load(at);
  }

  /** A branch from here to block `target`. */
  #branch(at: number, target: number): void {
    const stack = this.#stack;
    if (!this.#live) return;
    stack.flags[target] = (stack.flags[target] as number) | control.TARGETED;
    this.#meetEnd(at, target);
    stack.escapeTo(target);
  }

  /** `return` and throws: the counter is written back, and what follows is dead. */
  #exit(at: number, cost: number): void {
    if (!this.#live) return;
    this.#charge(at, cost);
    this.#writeBack(at);
    this.#leave(-1);
  }

  #leave(escape: number): void {
    this.#stack.escapeTo(escape);
    this.#live = false;
    this.#meter.site = -1;
  }

  /** Writes the counter back before a call; afterwards only the global holds it. */
  #callOut(at: number, cost: number): void {
    if (!this.#live) return;
    this.#charge(at, cost);
    this.#writeBack(at);
    this.#meter.loaded = false;
    this.#meter.site = -1;
    this.#stack.escapeTo(-1);
  }

  /** Replaces the operator at `at` by a call of an added function with the same type. */
  #callInstead(at: number, index: number): void {
    this.#callOut(at, 0);
    this.#copyTo(at);
    this.#out.u8(0x10);
    this.#out.u32(index);
    this.#copied = this.#reader.pos;
  }

  #bulkOperator(sub: number, at: number, cost: number): void {
    const { layout, costs } = this.#options;
    const isMemory64 = (index: number) => layout.memoryIs64[index] as boolean;
    const isTable64 = (index: number) => layout.tables[index]?.is64 === true;
    const reader = this.#reader;
    switch (sub) {
      case 0x08: // memory.init
        reader.u32();
        this.#index(this.#memoryCount, "memory");
        this.#chargeLength(at, cost, false, costs.bulkByte);
        return;
      case 0x0a: {
        // memory.copy
        const target = this.#index(this.#memoryCount, "memory");
        const source = this.#index(this.#memoryCount, "memory");
        this.#chargeLength(at, cost, isMemory64(target) && isMemory64(source), costs.bulkByte);
        return;
      }
      case 0x0b: // memory.fill
        this.#chargeLength(at, cost, isMemory64(this.#index(this.#memoryCount, "memory")), costs.bulkByte);
        return;
      case 0x0c: // table.init
        reader.u32();
        this.#index(this.#tableCount, "table");
        this.#chargeLength(at, cost, false, costs.bulkElement);
        return;
      case 0x0e: {
        // table.copy
        const target = this.#index(this.#tableCount, "table");
        const source = this.#index(this.#tableCount, "table");
        this.#chargeLength(at, cost, isTable64(target) && isTable64(source), costs.bulkElement);
        return;
      }
      case 0x0f: {
        // table.grow
        const table = this.#index(this.#tableCount, "table");
        if (this.#live) this.#charge(at, cost);
        if (!this.#options.limitGrowth && !this.#live) return;
        const info = layout.tables[table];
        if (info) this.#callInstead(at, this.#options.added.tableGrow(table, info));
        return;
      }
      default: // table.fill
        this.#chargeLength(at, cost, isTable64(this.#index(this.#tableCount, "table")), costs.bulkElement);
    }
  }

  #gcOperator(sub: number, at: number, cost: number): void {
    const reader = this.#reader;
    if (sub === 0x18 || sub === 0x19) {
      // br_on_cast, br_on_cast_fail
      const flagsAt = reader.pos;
      if (reader.u8() > 3) reader.fail("invalid cast flags", flagsAt);
      const target = this.#label();
      skipHeapType(reader, this.#typeCount);
      skipHeapType(reader, this.#typeCount);
      if (this.#live) {
        this.#charge(at, cost);
        this.#branch(at, target);
        this.#meter.site = -1;
      }
      return;
    }
    this.#index(this.#typeCount, "type");
    if (sub === 0x11) this.#index(this.#typeCount, "type");
    else if (sub === 0x09 || sub === 0x0a || sub >= 0x12) reader.u32();
    this.#chargeLength(at, cost, false, this.#options.costs.bulkElement);
  }

  /** An operator that pays `unit` for each byte or element of the length on top of the stack. */
  #chargeLength(at: number, cost: number, is64: boolean, unit: number): void {
    if (!this.#live) return;
    if (unit === 0) {
      this.#charge(at, cost);
      return;
    }
    this.#callOut(at, cost);
    this.#copyTo(at);
    this.#out.u8(0x10);
    this.#out.u32(this.#options.added.chargeLength(is64, unit));
  }

  /** Charges the operator at `at`; only to be called in live code. */
  #charge(at: number, cost: number): void {
    if (cost === 0) return;
    if (this.#meter.add(cost)) return;
    this.#copyTo(at);
    this.#meter.open(cost);
  }

  #load(at: number): void {
    if (this.#meter.loaded) return;
    this.#copyTo(at);
    this.#meter.load();
  }

  #writeBack(at: number): void {
    if (!this.#meter.loaded) return;
    this.#copyTo(at);
    this.#meter.writeBack();
  }

  /** Writes out the input before `at`. */
  #copyTo(at: number): void {
    if (at > this.#copied) {
      this.#out.copy(this.#reader.bytes, this.#copied, at);
      this.#copied = at;
    }
  }

  #replaceIndex(at: number, opcode: number, index: number, mapped: number): void {
    if (index === mapped) return;
    this.#copyTo(at);
    this.#out.u8(opcode);
    this.#out.u32(mapped);
    this.#copied = this.#reader.pos;
  }

  /** Reads a label; returns the block it means, as a place in the control stack. */
  #label(): number {
    const at = this.#reader.pos;
    const target = this.#stack.depth - 1 - this.#reader.u32();
    if (target < 0) this.#reader.fail("label out of range", at);
    return target;
  }

  #index(count: number, what: string): number {
    const at = this.#reader.pos;
    const index = this.#reader.u32();
    if (index >= count) this.#reader.fail(`${what} index out of range`, at);
    return index;
  }

  #memarg(): void {
    const at = this.#reader.pos;
    const flags = this.#reader.u32();
    if (flags >= 0x80) this.#reader.fail("invalid alignment", at);
    if ((flags & 0x40) !== 0) this.#index(this.#memoryCount, "memory");
    this.#reader.skipU64();
  }

  #hintUnlikely(branch: number): void {
    this.#options.hints.add(branch - this.#outBodyStart, 0);
  }

  /** Carries over the guest's own hint for the branch at `at`, which has not been written out yet. */
  #guestHint(at: number, opcode: number): void {
    const { hints } = this.#options;
    const value = hints.take(at - this.#bodyStart);
    if (value < 0 || (opcode !== 0x04 && opcode !== 0x0d)) return;
    hints.add(this.#out.length + (at - this.#copied) - this.#outBodyStart, value);
  }
}
