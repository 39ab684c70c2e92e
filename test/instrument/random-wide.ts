/**
 * Random well-typed modules over all groups of instructions, as text: vectors, references, structs and arrays,
 * exceptions, tail calls, several memories and tables with addresses of both widths, bulk operators, atomics.
 *
 * Grown from a tape of numbers as in `random-module.ts`. Functions only call those behind them, tables hold
 * functions that call nothing, and loops count down, so that everything ends. No bits of a NaN are looked at.
 */
import { Tape } from "../support/tape.ts";

type Type = "i32" | "i64" | "f64" | "v128" | "any" | "fn" | "arr";

const TYPES: Record<Type, string> = {
  i32: "i32",
  i64: "i64",
  f64: "f64",
  v128: "v128",
  any: "anyref",
  fn: "(ref null $fn)",
  arr: "(ref null $arr)",
};
const ALL = Object.keys(TYPES) as Type[];

/** Grows the text of a module that exports `run`, `state`, its memories and its globals of numbers. */
export function randomWideModule(numbers: readonly number[]): string {
  const tape = new Tape(numbers);
  const functions = 1 + tape.below(4);
  // V8 takes the older and the newer instructions for exceptions, but not both in one module.
  const legacy = tape.below(3) === 2;
  const exported = tape.below(2) === 1 ? `(export "table")` : "";
  const bodies = Array.from({ length: functions }, (_, i) => new Body(tape, i, functions, legacy).text());
  const globals = ALL.map((type) => {
    const init = type === "any" || type === "fn" || type === "arr" ? nothing(type) : constant(type, 3);
    const name = type === "i32" || type === "i64" ? `(export "g-${type}")` : "";
    return `(global $g-${type} ${name} (mut ${TYPES[type]}) ${init})`;
  });
  return `(module
    (type $fn (func (param i32 i64) (result i32)))
    (type $struct (struct (field (mut i32)) (field (mut anyref))))
    (type $arr (array (mut i32))) (type $bytes (array (mut i8)))
    (tag $e (export "e") (param i32))
    (memory $m (export "m") 1 3) (memory $long (export "long") i64 1 3)
    (table $t ${exported} 6 40 (ref null $fn)) (table $wide i64 4 20 anyref)
    (data $d "some bytes to initialise from, and to drop") (elem $el (ref null $fn) (ref.func $one) (ref.null $fn) (ref.func $two))
    (elem (table $t) (i32.const 1) (ref null $fn) (ref.func $one) (ref.func $two))
    ${globals.join("\n")}
    (func $one (type $fn) (i32.add (local.get 0) (i32.wrap_i64 (local.get 1))))
    (func $two (type $fn) (if (result i32) (local.get 0) (then (i32.load8_u (i32.and (local.get 0) (i32.const 0xffff)))) (else (i32.const 7))))
    ${bodies.join("\n")}
    (func (export "run") (type $fn) (call $f0 (local.get 0) (local.get 1)))
    (func (export "state") (result i32) (local $i i32) (local $sum i32)
      (loop $l
        (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (ref.is_null (table.get $t (local.get $i)))))
        (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (table.size $t))))
      (if (i32.eqz (ref.is_null (global.get $g-arr))) (then
        (local.set $i (i32.const 0))
        (loop $l
          (if (i32.lt_u (local.get $i) (array.len (global.get $g-arr))) (then
            (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (array.get $arr (global.get $g-arr) (local.get $i))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br $l))))))
      (i32.add (local.get $sum) (i32.add (table.size $t) (i32.wrap_i64 (table.size $wide))))))`;
}

function constant(type: Type, value: number): string {
  return type === "v128" ? `(v128.const i32x4 ${value} 1 2 3)` : `(${type}.const ${value})`;
}

function nothing(type: Type): string {
  return type === "any" ? "(ref.null any)" : `(ref.null $${type})`;
}

class Body {
  readonly #tape: Tape;
  readonly #index: number;
  readonly #functions: number;
  readonly #legacy: boolean;
  /** The names of labels that take nothing. */
  readonly #labels: string[] = [];
  #names = 0;
  readonly #counters: string[] = [];

  constructor(tape: Tape, index: number, functions: number, legacy: boolean) {
    this.#legacy = legacy;
    this.#tape = tape;
    this.#index = index;
    this.#functions = functions;
  }

  text(): string {
    const body = `${this.#statements(4)} ${this.#value("i32", 3)}`;
    const locals = ALL.map((type) => `(local $a-${type} ${TYPES[type]}) (local $b-${type} ${TYPES[type]})`);
    const counters = this.#counters.map((name) => `(local ${name} i32)`);
    return `(func $f${this.#index} (type $fn) ${locals.join(" ")} ${counters.join(" ")}\n${body})`;
  }

  #local(type: Type): string {
    return `${this.#tape.pick(["$a", "$b"])}-${type}`;
  }

  /** A label of its own for what `within` writes. */
  #labelled(write: (label: string) => string): string {
    const label = `$l${this.#names++}`;
    this.#labels.push(label);
    const text = write(label);
    this.#labels.pop();
    return text;
  }

  #statements(depth: number): string {
    const count = this.#tape.exhausted ? 0 : 1 + this.#tape.below(5);
    return Array.from({ length: count }, () => this.#statement(depth)).join("\n");
  }

  #value(type: Type, depth: number): string {
    const tape = this.#tape;
    if (depth <= 0 || tape.exhausted) {
      const simple = [`(local.get ${this.#local(type)})`, `(global.get $g-${type})`];
      const rest =
        type === "any" || type === "fn" || type === "arr" ? nothing(type) : constant(type, tape.below(99));
      return tape.pick([rest, ...simple]);
    }
    const of = (inner: Type) => this.#value(inner, depth - 1);
    const common: (() => string)[] = [
      () => `(local.tee ${this.#local(type)} ${of(type)})`,
      () => `(select (result ${TYPES[type]}) ${of(type)} ${of(type)} ${of("i32")})`,
      () =>
        `(block (result ${TYPES[type]}) ${this.#labelled((label) => `(block ${label} ${this.#statements(depth - 1)})`)} (block (result ${TYPES[type]}) ${this.#statements(depth - 1)} ${of(type)}))`,
      () => `(if (result ${TYPES[type]}) ${of("i32")} (then ${of(type)}) (else ${of(type)}))`,
    ];
    const own: Record<Type, (() => string)[]> = {
      i32: [
        () =>
          `(i32.${tape.pick(["add", "sub", "mul", "xor", "shl", "lt_u", "div_u", "rem_s"])} ${of("i32")} ${of("i32")})`,
        () => `(i32.load8_u (i32.and ${of("i32")} (i32.const ${tape.pick([0xff, 0xffff, 0x1ffff])})))`,
        () => `(i32.load $long (i64.and ${of("i64")} (i64.const ${tape.pick([0xff, 0x1ffff])})))`,
        () => `(i32.wrap_i64 ${of("i64")})`,
        () => `(i32.trunc_${tape.pick(["sat_", ""])}f64_s ${of("f64")})`,
        () => `(i32x4.extract_lane ${tape.below(4)} ${of("v128")})`,
        () => `(i8x16.bitmask ${of("v128")})`,
        () => `(ref.is_null ${of(tape.pick(["any", "fn", "arr"]))})`,
        () => `(ref.test (ref ${tape.pick(["i31", "$struct", "$arr", "array", "eq"])}) ${of("any")})`,
        () => `(i31.get_s ${this.#cast("(ref i31)", "(ref.i31 (i32.const 5))", depth)})`,
        () => `(struct.get $struct 0 ${this.#cast("(ref $struct)", "(struct.new_default $struct)", depth)})`,
        () => `(array.get $arr ${this.#array(depth)} ${this.#small()})`,
        () => `(array.len ${this.#array(depth)})`,
        () => `(memory.grow ${this.#small()})`,
        () => `(table.grow $t ${of("fn")} ${this.#small()})`,
        () => `(i32.wrap_i64 (table.grow $wide ${of("any")} (i64.const ${tape.below(9)})))`,
        () => `(i32.add (memory.size) (table.size $t))`,
        () => `(i32.atomic.rmw.add (i32.and ${of("i32")} (i32.const 0xfffc)) ${of("i32")})`,
        () => `(call_indirect $t (type $fn) ${of("i32")} ${of("i64")} ${this.#filled()})`,
        () => `(call_ref $fn ${of("i32")} ${of("i64")} ${this.#function(depth)})`,
        () => this.#call(depth) ?? of("i32"),
        () => this.#tryValue(depth),
      ],
      i64: [
        () => `(i64.${tape.pick(["add", "mul", "xor", "rotl", "shr_u"])} ${of("i64")} ${of("i64")})`,
        () => `(i64.extend_i32_${tape.pick(["s", "u"])} ${of("i32")})`,
        () => `(i64.extend16_s ${of("i64")})`,
        () => `(i64.load (i32.and ${of("i32")} (i32.const 0xffff)))`,
        () => `(memory.grow $long (i64.const ${tape.below(4)}))`,
        () => `(i64x2.extract_lane 1 ${of("v128")})`,
      ],
      f64: [
        () => `(f64.${tape.pick(["add", "sub", "mul", "min"])} ${of("f64")} ${of("f64")})`,
        () => `(f64.convert_i32_s ${of("i32")})`,
        () => `(f64.sqrt ${of("f64")})`,
      ],
      v128: [
        () => `(i32x4.${tape.pick(["add", "mul", "min_u", "eq"])} ${of("v128")} ${of("v128")})`,
        () => `(i32x4.splat ${of("i32")})`,
        () => `(v128.load (i32.and ${of("i32")} (i32.const 0xffff)))`,
        () => `(v128.load8_lane 3 (i32.and ${of("i32")} (i32.const 0xffff)) ${of("v128")})`,
        () => `(i8x16.shuffle 0 17 2 3 4 5 6 7 8 9 10 11 12 13 14 31 ${of("v128")} ${of("v128")})`,
        () => `(i32x4.relaxed_laneselect ${of("v128")} ${of("v128")} (v128.const i32x4 -1 0 -1 0))`,
      ],
      any: [
        () => `(ref.i31 ${of("i32")})`,
        () => `(struct.new $struct ${of("i32")} ${of("any")})`,
        () => `(struct.new_default $struct)`,
        () => of("arr"),
        () => `(struct.get $struct 1 ${this.#cast("(ref $struct)", "(struct.new_default $struct)", depth)})`,
        () => `(table.get $wide (i64.const ${tape.below(4)}))`,
        () => `(array.new_data $bytes $d ${this.#small()} ${this.#small()})`,
      ],
      fn: [() => `(ref.func ${tape.pick(["$one", "$two"])})`, () => `(table.get $t ${this.#filled()})`],
      arr: [
        () => `(array.new $arr ${of("i32")} ${this.#small()})`,
        () => `(array.new_default $arr ${this.#small()})`,
        () => `(array.new_fixed $arr 2 ${of("i32")} ${of("i32")})`,
        () => `(array.new_data $arr $d (i32.const ${tape.below(9)}) (i32.const ${tape.below(9)}))`,
        () => `${this.#cast("(ref $arr)", "(array.new_default $arr (i32.const 9))", depth)}`,
        () =>
          `(block (result (ref null $arr)) (br_on_cast 0 anyref (ref $arr) ${of("any")}) drop ${of("arr")})`,
      ],
    };
    return tape.pick([...own[type], ...common])();
  }

  /** Mostly a small number, now and then one that is out of bounds. */
  #small(): string {
    const value = this.#tape.below(60);
    return `(i32.const ${value < 50 ? value % 4 : value})`;
  }

  /** Mostly a slot of the table with a function in it. */
  #filled(): string {
    const value = this.#tape.below(60);
    return `(i32.const ${value < 58 ? 1 + (value % 2) : value - 52})`;
  }

  /** A reference of type `to`: what a cast gives, or `otherwise`; now and then a cast that traps. */
  #cast(to: string, otherwise: string, depth: number): string {
    const any = this.#value("any", depth - 1);
    if (this.#tape.below(20) === 19) return `(ref.cast ${to} ${any})`;
    return `(block (result ${to}) (br_on_cast 0 anyref ${to} ${any}) drop ${otherwise})`;
  }

  /** An array, and now and then what may be null. */
  #array(depth: number): string {
    const array = this.#value("arr", depth - 1);
    if (this.#tape.below(20) === 19) return array;
    return `(block (result (ref $arr)) (br_on_non_null 0 ${array}) (array.new $arr (i32.const 3) (i32.const 8)))`;
  }

  #function(depth: number): string {
    return this.#tape.below(20) === 19 ? this.#value("fn", depth - 1) : "(ref.func $two)";
  }

  #tryValue(depth: number): string {
    const body = () => `${this.#statements(depth - 1)} ${this.#value("i32", depth - 1)}`;
    return this.#legacy
      ? `(block (result i32) try (result i32) ${body()} catch $e catch_all ${this.#value("i32", depth - 1)} end)`
      : `(block (result i32) (try_table (result i32) (catch $e 0) ${body()}))`;
  }

  #try(depth: number): string {
    if (this.#legacy) {
      return `try ${this.#statements(depth - 1)} catch $e (local.set $a-i32) catch_all ${this.#statements(depth - 1)} end`;
    }
    return this.#labelled(
      (name) => `(block ${name} (try_table (catch_all ${name}) ${this.#statements(depth - 1)}))`,
    );
  }

  #rethrow(depth: number): string {
    if (this.#legacy) return `try try ${this.#statements(depth - 1)} delegate 0 catch_all rethrow 0 end`;
    return `(block (result exnref) (try_table (catch_all_ref 0) ${this.#statements(depth - 1)}) (ref.null exn))
      (if (param exnref) ${this.#value("i32", depth - 1)} (then throw_ref) (else drop))`;
  }

  #call(depth: number): string | undefined {
    const others = this.#functions - this.#index - 1;
    if (others === 0) return undefined;
    const callee = this.#index + 1 + this.#tape.below(others);
    return `(call $f${callee} ${this.#value("i32", depth - 1)} ${this.#value("i64", depth - 1)})`;
  }

  #statement(depth: number): string {
    const tape = this.#tape;
    const of = (type: Type) => this.#value(type, depth - 1);
    const type = tape.pick(ALL);
    if (depth <= 0) return `(local.set ${this.#local(type)} ${of(type)})`;
    const at = () => `(i32.and ${of("i32")} (i32.const ${tape.pick([0xff, 0xffff])}))`;
    const long = () => `(i64.and ${of("i64")} (i64.const ${tape.pick([0xff, 0xffff])}))`;
    const label = () => tape.pick(this.#labels);
    const branching: (() => string)[] = [
      () => `(br_if ${label()} ${of("i32")})`,
      () => `(br ${label()})`,
      () => `(br_table ${label()} ${label()} ${label()} ${of("i32")})`,
      () => `(br_on_null ${label()} ${of("any")}) drop`,
    ];
    return tape.pick<() => string>([
      () => `(local.set ${this.#local(type)} ${of(type)})`,
      () => `(global.set $g-${type} ${of(type)})`,
      () => `(drop ${of(type)})`,
      () => `(i32.store8 ${at()} ${of("i32")})`,
      () => `(i64.store $long ${long()} ${of("i64")})`,
      () => `(v128.store ${at()} ${of("v128")})`,
      () => `(memory.fill ${at()} ${of("i32")} ${tape.pick([this.#small(), of("i32")])})`,
      () => `(memory.fill $long ${long()} ${of("i32")} ${tape.pick(["(i64.const 9)", of("i64")])})`,
      () => `(memory.copy ${at()} ${at()} ${tape.pick([this.#small(), "(i32.const 70000)"])})`,
      () => `(memory.copy $m $long ${at()} ${long()} ${this.#small()})`,
      () => `(memory.init $d ${at()} ${this.#small()} ${this.#small()})`,
      () => `(data.drop $d)`,
      () => `(table.set $t ${this.#filled()} ${of("fn")})`,
      () => `(table.set $wide (i64.const ${tape.below(4)}) ${of("any")})`,
      () => `(table.fill $t ${this.#small()} ${of("fn")} ${this.#small()})`,
      () => `(table.fill $wide (i64.const 1) ${of("any")} (i64.const ${tape.below(5)}))`,
      () => `(table.copy $t $t ${this.#small()} ${this.#small()} ${this.#small()})`,
      () => `(table.init $t $el ${this.#small()} (i32.const ${tape.below(3)}) (i32.const ${tape.below(4)}))`,
      () => `(elem.drop $el)`,
      () => `(array.set $arr ${this.#array(depth)} ${this.#small()} ${of("i32")})`,
      () => `(array.fill $arr ${this.#array(depth)} ${this.#small()} ${of("i32")} ${this.#small()})`,
      () =>
        `(array.copy $arr $arr ${this.#array(depth)} ${this.#small()} ${this.#array(depth)} ${this.#small()} ${this.#small()})`,
      () =>
        `(array.init_data $arr $d ${this.#array(depth)} ${this.#small()} ${this.#small()} ${this.#small()})`,
      () =>
        `(struct.set $struct 0 ${this.#cast("(ref $struct)", "(struct.new_default $struct)", depth)} ${of("i32")})`,
      () => this.#labelled((name) => `(block ${name} ${this.#statements(depth - 1)})`),
      () => `(if ${of("i32")} (then ${this.#statements(depth - 1)}) (else ${this.#statements(depth - 1)}))`,
      () => this.#loop(depth),
      () => this.#loop(depth),
      () => this.#try(depth),
      () => this.#rethrow(depth),
      () => `(if ${of("i32")} (then (throw $e ${of("i32")})))`,
      () => `(if ${of("i32")} (then (return ${of("i32")})))`,
      () => `(if ${of("i32")} (then ${(this.#call(depth) ?? "nop").replace(/^\(call/, "(return_call")}))`,
      () => `(if ${of("i32")} (then (return_call_ref $fn ${of("i32")} ${of("i64")} ${of("fn")})))`,
      () =>
        `(if ${of("i32")} (then (return_call_indirect $t (type $fn) ${of("i32")} ${of("i64")} ${this.#small()})))`,
      ...(this.#labels.length > 0 ? [...branching, ...branching] : []),
    ])();
  }

  /** A loop of a few rounds; `br` to its label goes round again, which the counter bounds. */
  #loop(depth: number): string {
    const counter = `$c${this.#counters.length}`;
    this.#counters.push(counter);
    const rounds = this.#tape.below(5);
    const text = this.#labelled(
      (label) => `(loop ${label}
        (if (i32.gt_s (local.get ${counter}) (i32.const 0)) (then
          (local.set ${counter} (i32.sub (local.get ${counter}) (i32.const 1)))
          ${this.#statements(depth - 1)}
          ${this.#tape.below(3) === 2 ? "" : `(br ${label})`})))`,
    );
    return `(local.set ${counter} (i32.const ${rounds})) ${text}`;
  }
}
