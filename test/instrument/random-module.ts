/**
 * Random well-typed modules over i32, as trees of instructions that can be printed and interpreted.
 *
 * A module is grown from a tape of numbers, so that fast-check can shrink it: an exhausted tape reads
 * as zeros, which pick the simplest instructions. Functions only call functions with a higher index,
 * and loops count down, so that everything ends.
 */
import { Tape } from "../support/tape.ts";

/** An instruction. `body` is in execution order: operands come before operators. */
export type Instr =
  | { readonly op: "const"; readonly value: number }
  | { readonly op: "local.get" | "local.set" | "local.tee"; readonly index: number }
  | { readonly op: "global.get" | "global.set"; readonly index: number }
  | { readonly op: "binary"; readonly name: BinaryName }
  | { readonly op: "plain"; readonly name: PlainName }
  | { readonly op: "block" | "loop"; readonly results: number; readonly body: readonly Instr[] }
  | {
      readonly op: "if";
      readonly results: number;
      readonly consequent: readonly Instr[];
      readonly alternative: readonly Instr[] | undefined;
    }
  | { readonly op: "br" | "br_if"; readonly label: number }
  | { readonly op: "br_table"; readonly labels: readonly number[]; readonly fallback: number }
  | { readonly op: "call" | "return_call"; readonly callee: number }
  | { readonly op: "call_indirect" | "return_call_indirect"; readonly type: number }
  | { readonly op: "throw" }
  /** A `try_table` that catches the tag to its label 0, which takes the payload. */
  | { readonly op: "try_table"; readonly results: number; readonly body: readonly Instr[] };

const BINARY = ["add", "sub", "mul", "and", "xor", "shl", "lt_u", "eq", "div_u"] as const;
export type BinaryName = (typeof BINARY)[number];

const PLAIN = [
  "i32.eqz",
  "drop",
  "nop",
  "select",
  "return",
  "unreachable",
  "i32.load8_u",
  "i32.store8",
  "memory.size",
  "memory.grow",
  "memory.fill",
  "memory.copy",
] as const;
export type PlainName = (typeof PLAIN)[number];

export interface FuncType {
  readonly params: number;
  readonly results: number;
}

export interface RandomFunction {
  readonly type: FuncType;
  /** How many locals it has besides its parameters, loop counters included. */
  readonly locals: number;
  readonly body: readonly Instr[];
}

export interface RandomModule {
  readonly functions: readonly RandomFunction[];
  /** Functions in the table, by slot; -1 for null. */
  readonly table: readonly number[];
  readonly globals: number;
  readonly exportsTable: boolean;
}

/** Function types that modules use: by parameters and results. */
export const FUNC_TYPES: readonly FuncType[] = [
  { params: 0, results: 0 },
  { params: 1, results: 1 },
  { params: 2, results: 1 },
  { params: 1, results: 0 },
  { params: 1, results: 2 },
];

export const GLOBALS = 2;

/** Grows a module. */
export function randomModule(numbers: readonly number[]): RandomModule {
  const tape = new Tape(numbers);
  const exportsTable = tape.below(2) === 1;
  const count = 1 + tape.below(5);
  const types = Array.from({ length: count }, (_, i) =>
    i === 0 ? { params: 2, results: 1 } : tape.pick(FUNC_TYPES),
  );
  const table = Array.from({ length: 4 }, () => tape.below(count + 1) - 1);
  const functions = types.map((type, index) => {
    const locals = tape.below(4) + 1;
    const grower = new BodyGrower(tape, types, table, index, locals);
    const body = grower.grow();
    return { type, locals: locals + grower.counters, body };
  });
  return { functions, table, globals: GLOBALS, exportsTable };
}

/** A label that branches may go to, with how many values it takes. */
interface Label {
  readonly arity: number;
}

class BodyGrower {
  readonly #tape: Tape;
  readonly #types: readonly FuncType[];
  readonly #table: readonly number[];
  readonly #index: number;
  readonly #type: FuncType;
  /** How many locals expressions may use; those behind them count loops. */
  readonly #locals: number;
  #counters = 0;

  constructor(
    tape: Tape,
    types: readonly FuncType[],
    table: readonly number[],
    index: number,
    locals: number,
  ) {
    this.#tape = tape;
    this.#types = types;
    this.#table = table;
    this.#index = index;
    this.#type = types[index] as FuncType;
    this.#locals = this.#type.params + locals;
  }

  grow(): Instr[] {
    const labels = [{ arity: this.#type.results }];
    return [...this.#statements(labels, 4), ...this.#values(this.#type.results, labels, 3)];
  }

  #values(count: number, labels: readonly Label[], depth: number): Instr[] {
    return Array.from({ length: count }, () => this.#value(labels, depth)).flat();
  }

  #statements(labels: readonly Label[], depth: number): Instr[] {
    const count = this.#tape.exhausted ? 0 : this.#tape.below(5);
    return Array.from({ length: count }, () => this.#statement(labels, depth)).flat();
  }

  /** Instructions that push one value. */
  #value(labels: readonly Label[], depth: number): Instr[] {
    const tape = this.#tape;
    const kind = depth <= 0 ? tape.below(3) : tape.below(14);
    const value = () => this.#value(labels, depth - 1);
    switch (kind) {
      case 1:
        return [{ op: "local.get", index: tape.below(this.#locals) }];
      case 2:
        return [{ op: "global.get", index: tape.below(GLOBALS) }];
      case 3:
      case 4:
        return [...value(), ...value(), { op: "binary", name: tape.pick(BINARY) }];
      case 5:
        return [...value(), { op: "local.tee", index: tape.below(this.#locals) }];
      case 6:
        return [...value(), plain("i32.load8_u")];
      case 7:
        return [...value(), ...value(), ...value(), plain("select")];
      case 8: {
        const inner = [{ arity: 1 }, ...labels];
        const body = [...this.#statements(inner, depth - 1), ...this.#value(inner, depth - 1)];
        return [{ op: "block", results: 1, body }];
      }
      case 9: {
        const inner = [{ arity: 1 }, ...labels];
        const arm = () => [...this.#statements(inner, depth - 1), ...this.#value(inner, depth - 1)];
        return [...value(), { op: "if", results: 1, consequent: arm(), alternative: arm() }];
      }
      case 10:
        return this.#call(1, labels, depth) ?? [plain("memory.size")];
      case 11:
        return [...value(), plain("i32.eqz")];
      case 12:
        return this.#tryValue(labels, depth);
      case 13:
        return [...this.#constant(3), plain("memory.grow")];
      default:
        return this.#constant(100);
    }
  }

  #constant(below: number): Instr[] {
    return [{ op: "const", value: this.#tape.below(below) }];
  }

  /** A block whose value is the payload of what is thrown in it, if something is. */
  #tryValue(labels: readonly Label[], depth: number): Instr[] {
    const inBlock = [{ arity: 1 }, ...labels];
    const inTry = [{ arity: 1 }, ...inBlock];
    const body = [...this.#statements(inTry, depth - 1), ...this.#value(inTry, depth - 1)];
    return [{ op: "block", results: 1, body: [{ op: "try_table", results: 1, body }] }];
  }

  /** Instructions that leave nothing on the stack. */
  #statement(labels: readonly Label[], depth: number): Instr[] {
    const tape = this.#tape;
    const kind = depth <= 0 ? tape.below(4) : tape.below(20);
    const value = () => this.#value(labels, depth - 1);
    switch (kind) {
      case 1:
        return [...value(), { op: "local.set", index: tape.below(this.#locals) }];
      case 2:
        return [...value(), { op: "global.set", index: tape.below(GLOBALS) }];
      case 3:
        return [...value(), ...value(), plain("i32.store8")];
      case 4: {
        const inner = [{ arity: 0 }, ...labels];
        return [{ op: "block", results: 0, body: this.#statements(inner, depth - 1) }];
      }
      case 5:
      case 6: {
        const inner = [{ arity: 0 }, ...labels];
        const consequent = this.#statements(inner, depth - 1);
        const alternative = tape.below(2) === 1 ? this.#statements(inner, depth - 1) : undefined;
        return [...value(), { op: "if", results: 0, consequent, alternative }];
      }
      case 7:
      case 8:
        return this.#loop(labels, depth);
      case 9:
      case 10: {
        const label = tape.below(labels.length);
        const { arity } = labels[label] as Label;
        const drops = Array.from({ length: arity }, () => plain("drop"));
        return [...this.#values(arity, labels, depth - 1), ...value(), { op: "br_if", label }, ...drops];
      }
      case 11: {
        const label = tape.below(labels.length);
        const { arity } = labels[label] as Label;
        return [...this.#values(arity, labels, depth - 1), { op: "br", label }];
      }
      case 12: {
        const fallback = tape.below(labels.length);
        const { arity } = labels[fallback] as Label;
        const alike = labels.flatMap((label, i) => (label.arity === arity ? [i] : []));
        const targets = Array.from({ length: tape.below(4) }, () => tape.pick(alike));
        return [
          ...this.#values(arity, labels, depth - 1),
          ...value(),
          { op: "br_table", labels: targets, fallback },
        ];
      }
      case 13:
        return [...this.#values(this.#type.results, labels, depth - 1), plain("return")];
      case 14:
        return this.#call(0, labels, depth) ?? [plain("nop")];
      case 15:
        return [...value(), ...value(), ...this.#constant(9), plain("memory.fill")];
      case 16:
        return [...value(), ...value(), ...this.#constant(9), plain("memory.copy")];
      case 17:
        return tape.below(4) === 3 ? [plain("unreachable")] : [...value(), { op: "throw" }];
      case 18:
        return this.#tailCall(labels, depth) ?? [plain("nop")];
      default:
        return [...value(), plain("drop")];
    }
  }

  /** A loop of a few rounds. Its counter is a local of its own, so that what is in it cannot keep it going. */
  #loop(labels: readonly Label[], depth: number): Instr[] {
    const counter = this.#locals + this.#counters++;
    // Within the loop: label 0 is the loop, label 1 the block around it.
    const inner = [{ arity: 0 }, { arity: 0 }, ...labels];
    const body: Instr[] = [
      { op: "local.get", index: counter },
      plain("i32.eqz"),
      { op: "br_if", label: 1 },
      { op: "local.get", index: counter },
      { op: "const", value: 1 },
      { op: "binary", name: "sub" },
      { op: "local.set", index: counter },
      ...this.#statements(inner, depth - 1),
      { op: "br", label: 0 },
    ];
    return [
      { op: "const", value: this.#tape.below(4) },
      { op: "local.set", index: counter },
      { op: "block", results: 0, body: [{ op: "loop", results: 0, body }] },
    ];
  }

  /** A call of a function with that many results, direct or through the table. */
  #call(results: number, labels: readonly Label[], depth: number): Instr[] | undefined {
    if (this.#tape.below(3) === 2) {
      const type = FUNC_TYPES.findIndex((candidate) => candidate.results === results);
      const slot = this.#slot();
      if (slot === undefined) return undefined;
      const { params } = FUNC_TYPES[type] as FuncType;
      return [
        ...this.#values(params, labels, depth - 1),
        { op: "const", value: slot },
        { op: "call_indirect", type },
      ];
    }
    const callees = this.#types.flatMap((type, i) =>
      i > this.#index && type.results === results ? [i] : [],
    );
    if (callees.length === 0) return undefined;
    const callee = this.#tape.pick(callees);
    const { params } = this.#types[callee] as FuncType;
    return [...this.#values(params, labels, depth - 1), { op: "call", callee }];
  }

  #tailCall(labels: readonly Label[], depth: number): Instr[] | undefined {
    const { results } = this.#type;
    const call = this.#call(results, labels, depth);
    const last = call?.at(-1);
    if (!call || !last) return undefined;
    if (last.op === "call") return [...call.slice(0, -1), { ...last, op: "return_call" }];
    if (last.op === "call_indirect") return [...call.slice(0, -1), { ...last, op: "return_call_indirect" }];
    return undefined;
  }

  /** A table slot whose function has a higher index than this one, so that there is no endless recursion; or one that traps. */
  #slot(): number | undefined {
    const slot = this.#tape.below(this.#table.length + 1);
    const target = this.#table[slot];
    return target === undefined || target === -1 || target > this.#index ? slot : undefined;
  }

  /** How many loop counters were made. */
  get counters(): number {
    return this.#counters;
  }
}

function plain(name: PlainName): Instr {
  return { op: "plain", name };
}
