/**
 * Calls and returns: the count is handed over as the callee expects it.
 */
import { type Abi, FREE, REGISTER } from "./abi.ts";
import type { Adapters } from "./adapters.ts";
import type { BodyWriter } from "./body-writer.ts";
import type { ControlStack } from "./control-stack.ts";
import type { LocalDeclarations } from "./local-declarations.ts";
import type { Meter } from "./meter.ts";
import type { ModuleLayout } from "./module-layout.ts";

const CALL = 0x10;
const RETURN_CALL = 0x12;
const RETURN_CALL_INDIRECT = 0x13;
const RETURN_CALL_REF = 0x15;
const RETURN = 0x0f;

export interface CallsOptions {
  readonly layout: ModuleLayout;
  readonly abi: Abi;
  readonly adapters: Adapters;
  readonly writer: BodyWriter;
  readonly meter: Meter;
  readonly stack: ControlStack;
  readonly locals: LocalDeclarations;
  mapFunction(index: number): number;
}

export class Calls {
  readonly #options: CallsOptions;
  /** How many blocks are open whose exceptions this function catches. */
  tryDepth = 0;
  #caller = 0;
  #returnsCount = false;
  #checksBeforeCalls = false;

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** Starts function `index`. */
  begin(index: number): void {
    const { abi } = this.#options;
    this.tryDepth = 0;
    this.#caller = index;
    this.#returnsCount = abi.kind(index) === REGISTER;
    this.#checksBeforeCalls = abi.checksBeforeCalls(index);
  }

  /** Before a return at `at`: the caller gets the count. */
  handOver(at: number): void {
    const { meter, writer } = this.#options;
    if (this.#returnsCount) {
      writer.copyTo(at);
      meter.push();
    } else {
      meter.writeBack(at);
    }
  }

  /** `call`, `return_call`. */
  direct(at: number, opcode: number, cost: number): void {
    const { abi, layout, meter, writer, mapFunction } = this.#options;
    const index = writer.index(layout.functionTypes.length, "function");
    const target = mapFunction(index);
    const kind = abi.kind(index);
    const tail = opcode === RETURN_CALL;
    if (!meter.active) {
      writer.replaceIndex(at, opcode, index, target);
    } else if (kind === FREE) {
      if (this.#checksBeforeCalls) meter.check(at);
      meter.charge(at, cost + abi.freeCost(index));
      if (tail) this.#callAndReturn(at, index);
      else writer.replaceIndex(at, opcode, index, target);
    } else if (kind === REGISTER) {
      if (this.#checksBeforeCalls && !abi.checksAtEntry(index)) meter.check(at);
      meter.charge(at, cost);
      this.#beforeHandOver(at);
      this.#emit(at, opcode, target);
      this.#afterHandOver(tail);
    } else {
      this.#toGlobal(at, cost);
      if (tail && this.#returnsCount) this.#callAndReturn(at, index);
      else writer.replaceIndex(at, opcode, index, target);
      this.#escape(tail);
    }
  }

  /** `call_indirect`, `return_call_indirect`. */
  indirect(at: number, opcode: number, cost: number): void {
    const { abi, adapters, layout, locals, meter, writer } = this.#options;
    const type = writer.index(layout.types.count, "type");
    const table = writer.index(layout.tables.length, "table");
    const tail = opcode === RETURN_CALL_INDIRECT;
    if (!meter.active) return;
    if (!abi.registerReferences) {
      this.#toGlobal(at, cost);
      this.#escape(tail);
      return;
    }
    // The count goes below the table index.
    const { out } = writer;
    meter.charge(at, cost);
    if (this.tryDepth > 0) meter.writeBack(at);
    writer.copyTo(at);
    out.u8(0x21); // local.set
    out.u32(locals.scratch);
    meter.push();
    out.u8(0x20); // local.get
    out.u32(locals.scratch);
    this.#emit(at, opcode, adapters.registerType(type));
    out.u32(table);
    this.#afterHandOver(tail);
  }

  /** `call_ref`, `return_call_ref`: what they call has the guest's type. */
  reference(at: number, opcode: number, cost: number): void {
    const { layout, writer } = this.#options;
    writer.index(layout.types.count, "type");
    this.#toGlobal(at, cost);
    this.#escape(opcode === RETURN_CALL_REF);
  }

  /** Calls an added function that has the guest's type and finds the count in the global, in place of the operator at `at`. */
  instead(at: number, cost: number, target: number): void {
    this.#toGlobal(at, cost);
    this.#emit(at, CALL, target);
    this.#escape(false);
  }

  /** Calls an added function that takes and gives the count, in place of the operator at `at`. */
  insteadByRegister(at: number, cost: number, target: number): void {
    const { meter } = this.#options;
    meter.charge(at, cost);
    this.#beforeHandOver(at);
    this.#emit(at, CALL, target);
    this.#afterHandOver(false);
  }

  /** Before something at `at` that the host may refuse: it sees the exact count. */
  exactly(at: number): void {
    const { meter, stack } = this.#options;
    if (!meter.live) return;
    meter.writeBack(at);
    meter.site = -1;
    stack.escapeTo(-1);
  }

  /** The count goes to the global, for code that is not this function's. */
  #toGlobal(at: number, cost: number): void {
    const { meter } = this.#options;
    meter.charge(at, cost);
    meter.writeBack(at);
    if (meter.live) meter.forget();
  }

  #beforeHandOver(at: number): void {
    const { meter, writer } = this.#options;
    // If the callee does not come back, who catches its exception looks in the global.
    if (this.tryDepth > 0) meter.writeBack(at);
    writer.copyTo(at);
    meter.push();
  }

  /** After a call of a function that returns the count: it is on the stack. */
  #afterHandOver(tail: boolean): void {
    const { meter } = this.#options;
    if (!tail && meter.live) meter.storeAndOpen();
    else if (!tail) meter.store();
    this.#escape(tail);
  }

  /** A tail call of a function that does not return the count: no more than a call and a return. */
  #callAndReturn(at: number, callee: number): void {
    const { layout, meter, writer, mapFunction } = this.#options;
    // `return` would drop what is too much: that the types of the results fit, it checks itself.
    const results = (index: number) => layout.types.results[layout.functionTypes[index] as number];
    if (results(callee) !== results(this.#caller))
      writer.reader.fail("tail call of a function with other results", at);
    this.#emit(at, CALL, mapFunction(callee));
    if (this.#returnsCount) meter.push();
    else meter.writeBack(writer.copied);
    writer.out.u8(RETURN);
    this.#escape(true);
  }

  #emit(at: number, opcode: number, target: number): void {
    const out = this.#options.writer.replace(at);
    out.u8(opcode);
    out.u32(target);
  }

  /** The callee, and whoever catches what it throws, must see the exact count. */
  #escape(tail: boolean): void {
    const { meter, stack } = this.#options;
    if (meter.live) stack.escapeTo(-1);
    if (!tail) return;
    meter.live = false;
    meter.site = -1;
  }
}
