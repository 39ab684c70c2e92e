/**
 * Blocks, branches and labels: keeps the control stack, and sees to it that the count is where each
 * label expects it.
 */
import type { AddedFunctions } from "./added-functions.ts";
import type { BodyWriter } from "./body-writer.ts";
import type { BranchHints } from "./branch-hints.ts";
import type { Calls } from "./calls.ts";
import * as analysis from "./code-analysis.ts";
import * as control from "./control-stack.ts";
import type { Meter } from "./meter.ts";
import { blockType, skipHeapType, type TypeSection, unsupported } from "./types.ts";

const IF = 0x04;
const BR_IF = 0x0d;
const BR = 0x0c;
const EMPTY = 0x40;
/** The label of `$slow` in a tight loop. */
const TO_SLOW = 1;

export interface ControlFlowOptions {
  readonly writer: BodyWriter;
  readonly meter: Meter;
  readonly stack: control.ControlStack;
  readonly calls: Calls;
  readonly hints: BranchHints;
  readonly added: AddedFunctions;
  readonly code: analysis.CodeAnalysis;
  readonly types: TypeSection;
  readonly importedFunctions: number;
}

export class ControlFlow {
  readonly #options: ControlFlowOptions;
  readonly #writer: BodyWriter;
  readonly #meter: Meter;
  readonly #stack: control.ControlStack;
  /** The next loop, in the order of the analysis. */
  #nextLoop = 0;
  /** What `#sameType` has found: a type that takes many values is costly to look up. */
  readonly #sameTypes = new Map<number, number>();
  /** Where a branch that was not copied stands in the output. */
  #rewrittenBranch = 0;

  constructor(options: ControlFlowOptions) {
    this.#options = options;
    this.#writer = options.writer;
    this.#meter = options.meter;
    this.#stack = options.stack;
  }

  /** Starts function `index`, whose body starts at `at`. */
  begin(index: number, at: number): void {
    this.#nextLoop = this.#options.code.firstLoops[index - this.#options.importedFunctions] as number;
    this.#stack.depth = 0;
    this.#push(control.FUNCTION, at);
  }

  block(at: number, cost: number): void {
    this.#blockType();
    this.#meter.charge(at, cost);
    this.#push(control.BLOCK, at);
  }

  if(at: number, cost: number): void {
    this.#blockType();
    this.#meter.charge(at, cost);
    this.#meter.load(at);
    if (this.#options.code.caughtLabels.has(at)) this.#meter.writeBack(at);
    this.#push(control.IF, at);
    this.#meter.site = -1;
  }

  else(at: number): void {
    this.#nextArm(control.IF, control.ELSE, at);
    this.#meter.loaded = true;
  }

  try(at: number, cost: number): void {
    this.#blockType();
    this.#meter.charge(at, cost);
    this.#push(control.TRY, at);
    this.#options.calls.tryDepth++;
    this.#stack.escapeTo(-1);
  }

  /** `catch`, `catch_all`: whoever threw has left the count in the global. */
  catch(at: number, cost: number): void {
    this.#nextArm(control.TRY, control.CATCH, at);
    this.#meter.forget();
    this.#meter.charge(this.#writer.reader.pos, cost);
  }

  /** Throws: whoever catches finds the count in the global. What follows is dead. */
  throw(at: number, cost: number): void {
    this.#meter.charge(at, cost);
    this.#meter.writeBack(at);
    this.leave();
  }

  rethrow(at: number, opcode: number, cost: number): void {
    const target = this.#label();
    this.#meter.charge(at, cost);
    this.#meter.writeBack(at);
    this.#rewriteLabel(at, opcode, target);
    this.leave();
  }

  /** `br`, `br_if`, `br_on_null`, `br_on_non_null`. */
  branch(at: number, opcode: number, cost: number): void {
    const target = this.#label();
    this.#meter.charge(at, cost);
    this.#branchTo(at, target);
    this.#rewriteLabel(at, opcode, target);
    if (opcode === BR) this.#meter.live = false;
    this.#meter.site = -1;
  }

  branchTable(at: number, cost: number): void {
    const { reader, out } = this.#writer;
    const { added, depth } = this.#stack;
    this.#meter.charge(at, cost);
    const count = reader.u32();
    const labelsAt = reader.pos;
    let shifts = false;
    for (let i = 0; i <= count; i++) {
      const target = this.#label();
      this.#branchTo(at, target);
      shifts ||= added[target] !== added[depth - 1];
    }
    if (shifts) {
      const end = reader.pos;
      this.#writer.copyTo(labelsAt);
      reader.pos = labelsAt;
      for (let i = 0; i <= count; i++) out.u32(this.#depthOf(this.#label()));
      this.#writer.copied = end;
    }
    this.#meter.live = false;
    this.#meter.site = -1;
  }

  /** `br_on_cast`, `br_on_cast_fail`: opcode 0xfb `sub`. */
  branchOnCast(at: number, sub: number, cost: number): void {
    const { reader } = this.#writer;
    const { added, depth } = this.#stack;
    const flags = reader.u8();
    if (flags > 3) reader.fail("invalid cast flags", reader.pos - 1);
    const target = this.#label();
    const typesAt = reader.pos;
    skipHeapType(reader, this.#options.types.count);
    skipHeapType(reader, this.#options.types.count);
    this.#meter.charge(at, cost);
    this.#branchTo(at, target);
    if (added[target] !== added[depth - 1]) {
      const out = this.#writer.replace(at);
      out.u8(0xfb);
      out.u32(sub);
      out.u8(flags);
      out.u32(this.#depthOf(target));
      out.copy(reader.bytes, typesAt, reader.pos);
    }
    this.#meter.site = -1;
  }

  /**
   * A loop looks up on its way back, so that what goes round once does not:
   *
   *     block $exit (loop $again (block $back ... (br $exit)) check (br $again))
   *
   * Branches to the loop go to `$back`. One that has many of them, as an interpreter's has, looks up at its
   * head: V8 keeps the ways back apart then.
   *
   * A loop that has neither a call nor a loop in it leaves the slow call to a loop around it, so that V8
   * still takes the inner one for innermost and call-free, and unrolls it:
   *
   *     block $exit (loop $again (block $slow
   *       (loop $inner (block $back ... (br $exit)) (br_if $slow ...) (br $inner))) slow call (br $again))
   *
   * Entering it takes longer. One with another way out than its end is not likely to go round often, as in
   * a search or a comparison of strings, so it stays as above.
   */
  loop(at: number, cost: number): void {
    const { code } = this.#options;
    const { out, reader } = this.#writer;
    const meter = this.#meter;
    const type = this.#blockType();
    const end = reader.pos;
    const loop = this.#nextLoop++;
    const flags = code.loopFlags[loop] as number;
    meter.charge(at, cost);
    if (!meter.live || (flags & analysis.REPEATS) === 0) {
      this.#push(control.LOOP, at);
      return;
    }
    const atHead = (flags & analysis.REPEATS_OFTEN) !== 0;
    const params = type < 0 ? 0 : (this.#options.types.params[type] as number);
    const isTight =
      params === 0 &&
      (flags & (analysis.CALLS | analysis.OUTER)) === 0 &&
      (atHead || (flags & analysis.EXITS) === 0);
    // The head finds the count where each way into it has left it.
    const isCaught = atHead && code.caughtLabels.has(at);
    if (isCaught) meter.writeBack(at);
    else meter.load(at);
    this.#stack.escapeTo(-1);
    if (atHead && !isTight) {
      this.#push(control.LOOP, at);
      if (isCaught) meter.forget();
      meter.site = -1;
      meter.check(end, at);
      meter.count(end, this.#weight(loop));
      return;
    }
    this.#writer.copyTo(at);
    out.u8(0x02); // block $exit
    out.copy(reader.bytes, at + 1, end);
    out.copy(reader.bytes, at, end); // loop $again
    if (isTight) {
      out.u8(0x02); // block $slow
      out.u8(EMPTY);
    }
    if (atHead) {
      this.#push(control.LOOP, at, control.TIGHT_AT_HEAD);
      meter.site = -1;
      // In this order: the slow call comes back here, and may have given less than the weight.
      meter.checkOrBranch(end, TO_SLOW);
      meter.count(end, this.#weight(loop));
      return;
    }
    if (isTight) {
      out.u8(0x03); // loop $inner
      out.u8(EMPTY);
    }
    out.u8(0x02); // block $back
    if (params === 0) out.u8(EMPTY);
    else out.s32(this.#sameType(type));
    this.#writer.copied = end;
    this.#push(control.LOOP, at, isTight ? control.TIGHT : control.WRAPPED);
    this.#stack.loop[this.#stack.depth - 1] = loop;
    meter.site = -1;
  }

  /** Ends the loop whose `end` is at `at`: what was written for its start is completed. */
  #endLoop(at: number, top: number): void {
    const { out, reader } = this.#writer;
    const meter = this.#meter;
    const flags = this.#stack.flags[top] as number;
    const start = this.#stack.start[top] as number;
    const loop = this.#stack.loop[top] as number;
    if ((flags & control.TIGHT_AT_HEAD) === control.TIGHT_AT_HEAD) {
      this.#writer.copyTo(reader.pos);
      this.#branchOut(2); // br $exit
      out.u8(0x0b);
      this.#lookUpAgain(start);
      return;
    }
    const isTight = (flags & control.TIGHT) === control.TIGHT;
    const { live, loaded, site } = meter;
    this.#writer.copyTo(at);
    this.#branchOut(isTight ? 4 : 2); // br $exit
    this.#writer.copyTo(reader.pos); // ends $back
    meter.live = (flags & control.TARGETED) !== 0;
    meter.loaded = (flags & control.SYNCED) === 0;
    if (isTight) {
      meter.count(reader.pos, this.#weight(loop));
      meter.checkOrBranch(reader.pos, TO_SLOW);
      this.#branchOut(0); // br $inner
      out.u8(0x0b);
      out.u8(0x0b);
      this.#lookUpAgain(start);
    } else {
      meter.count(reader.pos, this.#weight(loop));
      meter.check(reader.pos, start);
      this.#goAgain();
    }
    meter.live = live;
    meter.loaded = loaded;
    meter.site = site;
  }

  #lookUpAgain(start: number): void {
    const { loaded } = this.#meter;
    this.#meter.slowCheck(start);
    this.#meter.loaded = loaded;
    this.#goAgain();
  }

  /** Ends the loop `$again` and the block `$exit`. */
  #goAgain(): void {
    this.#branchOut(0);
    this.#writer.out.u8(0x0b);
    this.#writer.out.u8(0x0b);
  }

  #weight(loop: number): number {
    return Math.max(1, this.#options.code.loopWeights[loop] as number);
  }

  #branchOut(label: number): void {
    this.#writer.out.u8(BR);
    this.#writer.out.u8(label);
  }

  /** The type of a block that takes and gives what blocks of type `type` take. */
  #sameType(type: number): number {
    let same = this.#sameTypes.get(type);
    if (same === undefined) {
      const { added, types } = this.#options;
      const { bytes } = this.#writer.reader;
      const params = bytes.subarray(types.paramsStart[type], types.paramsEnd[type]);
      const count = types.params[type] as number;
      same = added.type(params, count, params, count);
      this.#sameTypes.set(type, same);
    }
    return same;
  }

  tryTable(at: number, cost: number): void {
    const { reader, out } = this.#writer;
    const stack = this.#stack;
    this.#blockType();
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
    this.#options.calls.tryDepth++;
    stack.escapeTo(-1);
  }

  /** The label of `delegate` counts from outside its try. */
  delegate(at: number): void {
    const { reader } = this.#writer;
    const stack = this.#stack;
    const top = stack.depth - 1;
    if (stack.kind[top] !== control.TRY) reader.fail("delegate outside of a try", at);
    const label = reader.u32();
    const target = top - 1 - label;
    if (target < 0) reader.fail("label out of range", at);
    const depth = this.#depthOf(target) - 1;
    this.end(at);
    if (depth !== label) {
      const out = this.#writer.replace(at);
      out.u8(0x18);
      out.u32(depth);
    }
  }

  /** `end`, and `delegate`, which ends a block too. Returns true if it ends the function. */
  end(at: number): boolean {
    const stack = this.#stack;
    const meter = this.#meter;
    const top = stack.depth - 1;
    const flags = stack.flags[top] as number;
    const kind = stack.kind[top] as number;
    if (top === 0) {
      this.#endFunction(at, flags);
      return true;
    }
    if (kind === control.TRY || kind === control.TRY_TABLE) this.#options.calls.tryDepth--;
    const isJoin =
      (flags & control.ENTERED) !== 0 &&
      ((flags & (control.TARGETED | control.ARM_ENDS)) !== 0 || kind === control.IF) &&
      kind !== control.LOOP;
    if (isJoin) {
      if (meter.live) this.#meetLabel(at, top);
      meter.live = true;
      meter.loaded = (flags & control.SYNCED) === 0;
      // If control cannot leave the block in another way, what follows is executed as often as what came before.
      const isContained = (stack.escape[top] as number) >= top;
      meter.site = isContained && meter.loaded ? (stack.site[top] as number) : -1;
    }
    if ((flags & control.WRAPPED) !== 0) this.#endLoop(at, top);
    stack.pop();
    return false;
  }

  /** What follows is dead; code around this must have seen the exact count. */
  leave(): void {
    if (this.#meter.live) this.#stack.escapeTo(-1);
    this.#meter.live = false;
    this.#meter.site = -1;
  }

  /** Carries over the guest's own hint for the branch at `at`. */
  guestHint(at: number, opcode: number): void {
    const { hints } = this.#options;
    const { out, copied, start, outStart } = this.#writer;
    const value = hints.take(at - start);
    if (value < 0 || (opcode !== IF && opcode !== BR_IF)) return;
    const position = copied > at ? this.#rewrittenBranch : out.length + (at - copied);
    hints.add(position - outStart, value);
  }

  #endFunction(at: number, flags: number): void {
    const meter = this.#meter;
    const { reader, out } = this.#writer;
    const isTargeted = (flags & control.TARGETED) !== 0;
    if (meter.live && isTargeted) this.#meetLabel(at, 0);
    this.#writer.copyTo(reader.pos);
    if (meter.active) {
      if (isTargeted) {
        meter.live = true;
        meter.loaded = (flags & control.SYNCED) === 0;
      }
      this.#options.calls.handOver(reader.pos);
      out.u8(0x0b);
    }
    this.#stack.depth = 0;
  }

  /** Reads a block type; returns its type index, or -1 if it is given inline. */
  #blockType(): number {
    return blockType(this.#writer.reader, this.#options.types.count);
  }

  #push(kind: number, at: number, wrapped = 0): void {
    const { live, site } = this.#meter;
    const synced = this.#options.code.caughtLabels.has(at) ? control.SYNCED : 0;
    const flags = (live ? control.ENTERED : 0) | synced | wrapped;
    this.#stack.push(kind, at, flags, live ? site : -1);
  }

  /** One arm ends, the next begins. */
  #nextArm(from: number, to: number, at: number): void {
    const stack = this.#stack;
    const meter = this.#meter;
    const top = stack.depth - 1;
    const kind = stack.kind[top];
    if (kind !== from && !(from === control.TRY && kind === control.CATCH)) {
      this.#writer.reader.fail("else or catch outside of its block", at);
    }
    if (kind === control.TRY) this.#options.calls.tryDepth--;
    if (meter.live) {
      this.#meetLabel(at, top);
      stack.flags[top] = (stack.flags[top] as number) | control.ARM_ENDS;
    }
    stack.kind[top] = to;
    meter.live = ((stack.flags[top] as number) & control.ENTERED) !== 0;
    meter.site = -1;
  }

  /** Leaves the count where the label of block `top` expects it. */
  #meetLabel(at: number, top: number): void {
    if (((this.#stack.flags[top] as number) & control.SYNCED) !== 0) this.#meter.writeBack(at);
    else this.#meter.load(at);
  }

  #branchTo(at: number, target: number): void {
    if (!this.#meter.live) return;
    const stack = this.#stack;
    stack.flags[target] = (stack.flags[target] as number) | control.TARGETED;
    this.#meetLabel(at, target);
    stack.escapeTo(target);
  }

  /** Reads a label; returns the block it means, as a place in the control stack. */
  #label(): number {
    const { reader } = this.#writer;
    const at = reader.pos;
    const target = this.#stack.depth - 1 - reader.u32();
    if (target < 0) reader.fail("label out of range", at);
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
}
