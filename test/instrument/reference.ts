/**
 * Interprets a random module, and counts what it costs: one per operator that is executed, by
 * wasmtime's rules. Shares nothing with the instrumenter.
 */
import { FUNC_TYPES, type FuncType, type Instr, type RandomModule } from "./random-module.ts";
import { MAX_PAGES } from "./random-module-text.ts";

export type ReferenceOutcome =
  | { readonly kind: "returned"; readonly value: number }
  | { readonly kind: "thrown"; readonly payload: number }
  | { readonly kind: "unreachable" }
  /** A trap in the middle of a block, where no exact count is promised. */
  | { readonly kind: "trap" };

export interface ReferenceRun {
  readonly outcome: ReferenceOutcome;
  readonly fuel: number;
  /** The part of it that is for the lengths of bulk operators. */
  readonly lengths: number;
  readonly memory: Uint8Array;
  readonly globals: readonly number[];
}

const PAGE = 65536;
const MAX_STEPS = 50_000;

class Trap extends Error {}
class Unreachable extends Error {}
class TooLong extends Error {}

class Thrown extends Error {
  readonly payload: number;

  constructor(payload: number) {
    super();
    this.payload = payload;
  }
}

/** How a sequence ended: by its end, by a branch so many labels out, or by leaving the function. */
const NEXT = -1;
const RETURN = -2;

/** Runs the first function; undefined if that takes too long. */
export function interpret(module: RandomModule, args: readonly number[]): ReferenceRun | undefined {
  const machine = new Machine(module);
  let outcome: ReferenceOutcome;
  try {
    outcome = { kind: "returned", value: machine.call(0, args)[0] as number };
  } catch (error) {
    if (error instanceof TooLong) return undefined;
    if (error instanceof Thrown) outcome = { kind: "thrown", payload: error.payload };
    else if (error instanceof Unreachable) outcome = { kind: "unreachable" };
    else if (error instanceof Trap) outcome = { kind: "trap" };
    else throw error;
  }
  return {
    outcome,
    fuel: machine.fuel,
    lengths: machine.lengths,
    memory: machine.memory,
    globals: machine.globals,
  };
}

class Machine {
  readonly #module: RandomModule;
  fuel = 0;
  lengths = 0;
  memory = new Uint8Array(PAGE);
  readonly globals: number[];
  #steps = 0;

  constructor(module: RandomModule) {
    this.#module = module;
    this.globals = Array.from({ length: module.globals }, (_, i) => i);
  }

  call(index: number, args: readonly number[]): number[] {
    let callee = index;
    let operands = args;
    for (;;) {
      const func = this.#module.functions[callee];
      if (!func) throw new Error("no such function");
      this.fuel++;
      const locals = [...operands, ...new Array<number>(func.locals).fill(0)];
      const frame = new Frame(this, this.#module, locals);
      frame.run(func.body);
      if (frame.tailCall === undefined) return frame.stack.slice(frame.stack.length - func.type.results);
      [callee, operands] = [frame.tailCall, frame.tailArgs];
    }
  }

  step(): void {
    if (++this.#steps > MAX_STEPS) throw new TooLong();
  }

  /** The function in a table slot, if it has the type that the caller expects. */
  resolve(slot: number, type: number): number {
    const index = this.#module.table[slot];
    const func = index === undefined ? undefined : this.#module.functions[index];
    if (index === undefined || !func) throw new Trap();
    const expected = FUNC_TYPES[type] as FuncType;
    if (func.type.params !== expected.params || func.type.results !== expected.results) throw new Trap();
    return index;
  }
}

class Frame {
  readonly stack: number[] = [];
  tailCall: number | undefined;
  tailArgs: number[] = [];
  readonly #machine: Machine;
  readonly #module: RandomModule;
  readonly #locals: number[];

  constructor(machine: Machine, module: RandomModule, locals: number[]) {
    this.#machine = machine;
    this.#module = module;
    this.#locals = locals;
  }

  run(body: readonly Instr[]): number {
    for (const instr of body) {
      this.#machine.step();
      const signal = this.#execute(instr);
      if (signal !== NEXT) return signal;
    }
    return NEXT;
  }

  #pop(): number {
    const value = this.stack.pop();
    if (value === undefined) throw new Error("stack underflow");
    return value;
  }

  #push(value: number): void {
    this.stack.push(value | 0);
  }

  /** Runs a block whose label takes `arity` values: a branch to it ends it. */
  #block(body: readonly Instr[], arity: number, height: number): number {
    const signal = this.run(body);
    if (signal !== 0) return signal > 0 ? signal - 1 : signal;
    const values = this.stack.splice(this.stack.length - arity);
    this.stack.length = height;
    this.stack.push(...values);
    return NEXT;
  }

  #execute(instr: Instr): number {
    const machine = this.#machine;
    switch (instr.op) {
      case "const":
        machine.fuel++;
        this.#push(instr.value);
        return NEXT;
      case "local.get":
        machine.fuel++;
        this.#push(this.#locals[instr.index] as number);
        return NEXT;
      case "local.set":
        machine.fuel++;
        this.#locals[instr.index] = this.#pop();
        return NEXT;
      case "local.tee":
        machine.fuel++;
        this.#locals[instr.index] = this.stack.at(-1) as number;
        return NEXT;
      case "global.get":
        machine.fuel++;
        this.#push(machine.globals[instr.index] as number);
        return NEXT;
      case "global.set":
        machine.fuel++;
        machine.globals[instr.index] = this.#pop();
        return NEXT;
      case "binary": {
        machine.fuel++;
        const right = this.#pop();
        this.#push(binary(instr.name, this.#pop(), right));
        return NEXT;
      }
      case "plain":
        return this.#plain(instr.name);
      case "block":
        return this.#block(instr.body, instr.results, this.stack.length);
      case "loop": {
        for (;;) {
          const height = this.stack.length;
          const signal = this.run(instr.body);
          if (signal !== 0) return signal > 0 ? signal - 1 : signal;
          this.stack.length = height;
          machine.step();
        }
      }
      case "if": {
        machine.fuel++;
        const body = this.#pop() !== 0 ? instr.consequent : (instr.alternative ?? []);
        return this.#block(body, instr.results, this.stack.length);
      }
      case "br":
        machine.fuel++;
        return instr.label;
      case "br_if":
        machine.fuel++;
        return this.#pop() !== 0 ? instr.label : NEXT;
      case "br_table": {
        machine.fuel++;
        const index = this.#pop() >>> 0;
        return instr.labels[index] ?? instr.fallback;
      }
      case "call":
      case "call_indirect":
      case "return_call":
      case "return_call_indirect":
        return this.#call(instr);
      case "throw":
        machine.fuel++;
        throw new Thrown(this.#pop());
      case "try_table": {
        machine.fuel++;
        const height = this.stack.length;
        try {
          return this.#block(instr.body, instr.results, height);
        } catch (error) {
          if (!(error instanceof Thrown)) throw error;
          this.stack.length = height;
          this.#push(error.payload);
          // As a branch to the label around: label 0 from outside of the try_table.
          return 0;
        }
      }
    }
  }

  #call(
    instr: Extract<Instr, { op: "call" | "call_indirect" | "return_call" | "return_call_indirect" }>,
  ): number {
    const machine = this.#machine;
    machine.fuel++;
    const callee = "callee" in instr ? instr.callee : machine.resolve(this.#pop() >>> 0, instr.type);
    const { params } = (this.#module.functions[callee] as { type: FuncType }).type;
    const args = params === 0 ? [] : this.stack.splice(this.stack.length - params);
    if (instr.op === "return_call" || instr.op === "return_call_indirect") {
      this.tailCall = callee;
      this.tailArgs = args;
      return RETURN;
    }
    this.stack.push(...machine.call(callee, args));
    return NEXT;
  }

  #plain(name: Extract<Instr, { op: "plain" }>["name"]): number {
    const machine = this.#machine;
    switch (name) {
      case "drop":
        this.#pop();
        return NEXT;
      case "nop":
        return NEXT;
      case "return":
        return RETURN;
      case "unreachable":
        throw new Unreachable();
      case "i32.eqz":
        machine.fuel++;
        this.#push(this.#pop() === 0 ? 1 : 0);
        return NEXT;
      case "select": {
        machine.fuel++;
        const condition = this.#pop();
        const second = this.#pop();
        const first = this.#pop();
        this.#push(condition !== 0 ? first : second);
        return NEXT;
      }
      case "i32.load8_u": {
        machine.fuel++;
        const byte = machine.memory[this.#pop() >>> 0];
        if (byte === undefined) throw new Trap();
        this.#push(byte);
        return NEXT;
      }
      case "i32.store8": {
        machine.fuel++;
        const value = this.#pop();
        const at = this.#pop() >>> 0;
        if (at >= machine.memory.length) throw new Trap();
        machine.memory[at] = value;
        return NEXT;
      }
      case "memory.size":
        machine.fuel++;
        this.#push(machine.memory.length / PAGE);
        return NEXT;
      case "memory.grow":
        machine.fuel++;
        this.#grow();
        return NEXT;
      case "memory.fill":
      case "memory.copy":
        this.#bulk(name);
        return NEXT;
    }
  }

  #grow(): void {
    const machine = this.#machine;
    const pages = machine.memory.length / PAGE;
    const delta = this.#pop() >>> 0;
    if (pages + delta > MAX_PAGES) {
      this.#push(-1);
      return;
    }
    const grown = new Uint8Array((pages + delta) * PAGE);
    grown.set(machine.memory);
    machine.memory = grown;
    this.#push(pages);
  }

  #bulk(name: "memory.fill" | "memory.copy"): void {
    const { memory } = this.#machine;
    const length = this.#pop() >>> 0;
    const source = this.#pop();
    const target = this.#pop() >>> 0;
    this.#machine.fuel += 1 + length;
    this.#machine.lengths += length;
    if (target + length > memory.length) throw new Trap();
    if (name === "memory.fill") {
      memory.fill(source & 0xff, target, target + length);
      return;
    }
    if ((source >>> 0) + length > memory.length) throw new Trap();
    memory.copyWithin(target, source >>> 0, (source >>> 0) + length);
  }
}

function binary(name: Extract<Instr, { op: "binary" }>["name"], left: number, right: number): number {
  switch (name) {
    case "add":
      return left + right;
    case "sub":
      return left - right;
    case "mul":
      return Math.imul(left, right);
    case "and":
      return left & right;
    case "xor":
      return left ^ right;
    case "shl":
      return left << right;
    case "lt_u":
      return left >>> 0 < right >>> 0 ? 1 : 0;
    case "eq":
      return left === right ? 1 : 0;
    case "div_u":
      if (right === 0) throw new Trap();
      return (left >>> 0) / (right >>> 0);
  }
}
