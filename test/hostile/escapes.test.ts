/**
 * Guests that will not stop, or try to catch what stops them. Each ends in the right trap, in every kind of exception
 * handling, with fuel, with a deadline, and with both; a neighbour in another store notices nothing; and what the guest
 * has taken of a pool is given back.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Component,
  Engine,
  type EngineConfig,
  Linker,
  Store,
  type StoreOptions,
  Trap,
} from "../../src/runtime/index.ts";
import { call, guestText, MEMORY } from "../runtime/guest.ts";
import { assemble } from "../support/assemble.ts";
import { thrownBy } from "../support/thrown-by.ts";

/** What is done by `$body`, and how it ends if nothing stops it first. */
interface Attack {
  readonly name: string;
  /** `(caught X)` stands for X in the exception handling of the wrapper: V8 wants one kind per module. */
  readonly body: string;
  /** With the code that it ends with; undefined if it would go on for ever. */
  readonly ends?: Trap["code"];
  /** Whether fuel or the deadline may come first: a stack takes long to exhaust, and what calls move costs fuel. */
  readonly race?: true;
}

const attacks: readonly Attack[] = [
  { name: "loops", body: "(loop $l (br $l))" },
  { name: "loops with br_if", body: "(loop $l (br_if $l (i32.const 1)))" },
  { name: "loops with br_table", body: "(loop $l (br_table $l $l $l (i32.const 1)))" },
  {
    name: "loops and does work",
    body: "(loop $l (global.set $g (i64.add (global.get $g) (i64.const 1))) (br $l))",
  },
  { name: "tail-calls itself", body: "(return_call $tail)" },
  { name: "calls through a table", body: "(loop $l (call_indirect (type $void) (i32.const 0)) (br $l))" },
  {
    name: "fills memory",
    body: "(loop $l (memory.fill (i32.const 8192) (i32.const 1) (i32.const 50000)) (br $l))",
  },
  {
    name: "copies memory",
    body: "(loop $l (memory.copy (i32.const 8192) (i32.const 8193) (i32.const 50000)) (br $l))",
  },
  { name: "calls the host", body: "(loop $l (call $tick) (br $l))" },
  {
    name: "throws and catches",
    body: "(loop $l (caught throw $oops) (br $l))",
    // Exceptions take room on V8's heap.
    ends: "out-of-memory",
    race: true,
  },
  { name: "recurses", body: "(call $body) (call $nothing)", ends: "stack-overflow", race: true },
  {
    name: "recurses through the host",
    body: "(call $tick) (call $body) (call $nothing)",
    ends: "stack-overflow",
    race: true,
  },
  {
    name: "recurses, and catches at every level",
    body: "(caught call $deeper) (call $nothing)",
    ends: "stack-overflow",
    race: true,
  },
  {
    name: "hoards memory",
    body: "(loop $l (drop (memory.grow (i32.const 16))) (br $l))",
    ends: "out-of-memory",
  },
  {
    name: "hoards a table",
    body: "(loop $l (drop (table.grow $t (ref.null func) (i32.const 1000))) (br $l))",
    ends: "table-growth",
  },
  { name: "makes the host throw", body: "(call $fail)", ends: "host-error" },
  { name: "makes the host throw bare values", body: "(call $throw)", ends: "host-error" },
  { name: "passes a bad pointer", body: "(call $text (i32.const -1) (i32.const 100))", ends: "abi" },
  {
    name: "passes a bad string",
    body: "(i32.store8 (i32.const 64) (i32.const 0xff)) (call $text (i32.const 64) (i32.const 1))",
    ends: "abi",
  },
  {
    name: "passes a list of one long string, many times over",
    body: "(call $amplify) (call $texts (i32.const 8192) (i32.const 5000))",
    ends: "hostcall-fuel",
    race: true,
  },
  { name: "forges a handle", body: "(call $use (i32.const 1234))", ends: "abi" },
  { name: "drops what it does not have", body: "(call $drop (i32.const 1))", ends: "abi" },
  { name: "wants too many handles", body: "(loop $l (drop (call $make)) (br $l))", ends: "resource-limit" },
  {
    name: "is given a string that it has no room for",
    body: "(global.set $broken (i32.const 1)) (call $answer (i32.const 64))",
    ends: "abi",
  },
  { name: "loops in realloc", body: "(global.set $broken (i32.const 2)) (call $answer (i32.const 64))" },
  {
    name: "calls the host from realloc",
    body: "(global.set $broken (i32.const 3)) (call $answer (i32.const 64))",
    ends: "cannot-enter",
  },
  { name: "calls what nobody has defined", body: "(call $unknown)", ends: "host-error" },
  { name: "loops in loops", body: "(loop $a (loop $b (br_if $b (i32.const 0)) (br $a)))" },
  { name: "tail-calls to and fro", body: "(return_call $there)" },
  { name: "tail-calls through a table", body: "(return_call_indirect (type $void) (i32.const 1))" },
  { name: "calls by reference", body: "(loop $l (call_ref $void (ref.func $nothing)) (br $l))" },
  { name: "tail-calls by reference", body: "(return_call_ref $void (ref.func $byref))" },
  {
    name: "fills a table",
    body: "(drop (table.grow $t (ref.null func) (i32.const 900))) (loop $l (table.fill $t (i32.const 2) (ref.null func) (i32.const 800)) (br $l))",
  },
  {
    name: "copies a table",
    body: "(drop (table.grow $t (ref.null func) (i32.const 900))) (loop $l (table.copy (i32.const 2) (i32.const 3) (i32.const 800)) (br $l))",
  },
  {
    name: "initialises a table",
    body: "(loop $l (table.init $e (i32.const 0) (i32.const 0) (i32.const 2)) (br $l))",
  },
  {
    name: "initialises memory",
    body: "(loop $l (memory.init $d (i32.const 64) (i32.const 0) (i32.const 8)) (br $l))",
  },
  {
    name: "fills an array",
    body: "(local $a (ref null $bytes)) (local.set $a (array.new $bytes (i32.const 0) (i32.const 1000))) (loop $l (array.fill $bytes (local.get $a) (i32.const 0) (i32.const 1) (i32.const 1000)) (br $l))",
  },
  {
    name: "hoards structs",
    body: "(local $n (ref null $node)) (loop $l (local.set $n (struct.new $node (local.get $n))) (br $l))",
    ends: "out-of-memory",
  },
  {
    name: "hoards arrays",
    body: "(loop $l (drop (array.new $bytes (i32.const 0) (i32.const 65536))) (br $l))",
    ends: "out-of-memory",
    race: true,
  },
  {
    name: "wants all memory at once",
    body: "(drop (memory.grow (i32.const 65000)))",
    ends: "out-of-memory",
  },
  {
    name: "wants the largest table at once",
    body: "(drop (table.grow $t (ref.null func) (i32.const -3)))",
    ends: "table-growth",
  },
  { name: "passes a bad discriminant", body: "(call $maybe (i32.const 7) (i32.const 0))", ends: "abi" },
  { name: "passes half a surrogate pair", body: "(call $letter (i32.const 0xd800))", ends: "abi" },
  {
    name: "passes a list that is not aligned",
    body: "(call $texts (i32.const 8194) (i32.const 1))",
    ends: "abi",
  },
  {
    name: "passes a list whose length overflows",
    body: "(call $texts (i32.const 8192) (i32.const 0x20000001))",
    ends: "abi",
  },
  {
    name: "uses what it has dropped",
    body: "(local $h i32) (local.set $h (call $make)) (call $drop (local.get $h)) (call $use (local.get $h))",
    ends: "abi",
  },
  { name: "makes the host return a promise", body: "(call $later)", ends: "host-error" },
  {
    name: "makes the host return what is no string",
    body: "(call $wrong (i32.const 64))",
    ends: "host-error",
  },
  { name: "traps by itself", body: "(unreachable)", ends: "unreachable" },
  {
    name: "accesses what is not there",
    body: "(i32.store (i32.const -4) (i32.const 1))",
    ends: "memory-out-of-bounds",
  },
];

type Catch = (instruction: string) => string;

const legacyCatch: Catch = (instruction) => `try ${instruction} catch_all end`;
const tableCatch: Catch = (instruction) => `(block $c (try_table (catch_all $c) ${instruction}))`;

interface Wrapper {
  readonly run: string;
  readonly caught: Catch;
}

/** Ways in which a guest tries to live on. */
const wrappers: Readonly<Record<string, Wrapper>> = {
  plain: { run: "(call $body)", caught: tableCatch },
  "in a legacy catch_all": { run: legacyCatch("call $body"), caught: legacyCatch },
  "in a try_table": { run: tableCatch("call $body"), caught: tableCatch },
  "again and again": { run: `(loop $l ${tableCatch("call $body")} (br $l))`, caught: tableCatch },
  "again and again, legacy": { run: `(loop $l ${legacyCatch("call $body")} (br $l))`, caught: legacyCatch },
};

function attackText(attack: string, { run, caught }: Wrapper): string {
  const body = attack.replace(/\(caught ([^)]*)\)/g, (_, instruction: string) => caught(instruction));
  const text = guestText({
    imports: `
      (import "a:b/host" (instance $host
        (export "blob" (type $blob (sub resource)))
        (export "tick" (func))
        (export "fail" (func))
        (export "throw" (func))
        (export "text" (func (param "s" string)))
        (export "texts" (func (param "s" (list string))))
        (export "answer" (func (result string)))
        (export "make" (func (result (own $blob))))
        (export "use" (func (param "b" (borrow $blob))))
        (export "maybe" (func (param "x" (option u32))))
        (export "letter" (func (param "x" char)))
        (export "later" (func))
        (export "wrong" (func (result string)))
        (export "unknown" (func))))
      (alias export $host "blob" (type $blob))`,
    lowered: `
      (core func $tick (canon lower (func $host "tick")))
      (core func $fail (canon lower (func $host "fail")))
      (core func $throw (canon lower (func $host "throw")))
      (core func $text (canon lower (func $host "text") ${MEMORY}))
      (core func $texts (canon lower (func $host "texts") ${MEMORY}))
      (core func $make (canon lower (func $host "make")))
      (core func $use (canon lower (func $host "use")))
      (core func $maybe (canon lower (func $host "maybe")))
      (core func $letter (canon lower (func $host "letter")))
      (core func $later (canon lower (func $host "later")))
      (core func $unknown (canon lower (func $host "unknown")))
      (core func $drop (canon resource.drop $blob))
      ;; realloc, as the guest has chosen to behave.
      (core module $allocator
        (import "host" "tick" (func $tick))
        (global (export "broken") (mut i32) (i32.const 0))
        (func (export "realloc") (param i32 i32 i32 i32) (result i32)
          (if (i32.eq (global.get 0) (i32.const 1)) (then (return (i32.const -1))))
          (if (i32.eq (global.get 0) (i32.const 2)) (then (loop $l (br $l))))
          (if (i32.eq (global.get 0) (i32.const 3)) (then (call $tick)))
          (i32.const 1024)))
      (core instance $allocator (instantiate $allocator (with "host" (instance (export "tick" (func $tick))))))
      (core func $answer (canon lower (func $host "answer") ${MEMORY}
        (realloc (core func $allocator "realloc"))))
      (core func $wrong (canon lower (func $host "wrong") ${MEMORY}
        (realloc (core func $allocator "realloc"))))`,
    uses: [
      "maybe",
      "letter",
      "later",
      "wrong",
      "tick",
      "fail",
      "throw",
      "text",
      "texts",
      "answer",
      "make",
      "use",
      "unknown",
      "drop",
    ],
    main: `
      (import "allocator" "broken" (global $broken (mut i32)))
      (import "host" "tick" (func $tick))
      (import "host" "fail" (func $fail))
      (import "host" "throw" (func $throw))
      (import "host" "text" (func $text (param i32 i32)))
      (import "host" "texts" (func $texts (param i32 i32)))
      (import "host" "answer" (func $answer (param i32)))
      (import "host" "make" (func $make (result i32)))
      (import "host" "use" (func $use (param i32)))
      (import "host" "drop" (func $drop (param i32)))
      (import "host" "maybe" (func $maybe (param i32 i32)))
      (import "host" "letter" (func $letter (param i32)))
      (import "host" "later" (func $later))
      (import "host" "wrong" (func $wrong (param i32)))
      (import "host" "unknown" (func $unknown))
      (type $void (func))
      (type $node (struct (field (ref null $node))))
      (type $bytes (array (mut i8)))
      (tag $oops)
      (global $g (mut i64) (i64.const 0))
      (table $t 2 funcref)
      (elem (table $t) (i32.const 0) func $nothing $bytable)
      (elem $e func $nothing $bytable)
      (elem declare func $byref)
      (data $d "somebyte")
      (func $nothing (type $void))
      (func $there (return_call $back))
      (func $back (return_call $there))
      (func $bytable (type $void) (return_call_indirect (type $void) (i32.const 1)))
      (func $byref (type $void) (return_call_ref $void (ref.func $byref)))
      (func $deeper (call $tick) (call $body))
      (func $tail (return_call $tail))
      (func $amplify (local $i i32)
        (loop $l
          (i32.store (i32.add (i32.const 8192) (i32.mul (local.get $i) (i32.const 8))) (i32.const 0))
          (i32.store (i32.add (i32.const 8196) (i32.mul (local.get $i) (i32.const 8))) (i32.const 4096))
          (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5000)))))
      (func $body (type $void) ${body})
      (func (export "run") ${run})`,
    exports: '(func (export "run") (canon lift (core func $main "run")))',
  });
  return text.replace(
    '(with "libc" (instance $libc))',
    '(with "libc" (instance $libc)) (with "allocator" (instance $allocator))',
  );
}

function linkerFor(engine: Engine, component: Component): Linker<undefined> {
  const linker = new Linker<undefined>(engine);
  linker
    .instance("a:b/host")
    .resource("blob", { kind: "resource", name: "blob" })
    .func("tick", () => undefined)
    .func("fail", () => {
      throw new Error("the host failed");
    })
    .func("throw", () => {
      throw 7;
    })
    .func("text", () => undefined)
    .func("texts", () => undefined)
    .func("answer", () => "an answer")
    .func("make", () => ({}))
    .func("use", () => undefined)
    .func("maybe", () => undefined)
    .func("letter", () => undefined)
    .func("later", () => Promise.resolve())
    .func("wrong", () => 5);
  return linker.defineUnknownImportsAsTraps(component, { only: ["a:b/host#unknown"] });
}

interface Mode {
  readonly config: EngineConfig;
  readonly options: StoreOptions;
  /** What stops a guest that would go on for ever. */
  readonly stop: Trap["code"];
}

const limits = { memorySize: 2 ** 22, totalMemorySize: 2 ** 23, tableElements: 5000, resources: 100 };

/** Ticks, of one millisecond. */
const DEADLINE_MS = 20;

const modes: Readonly<Record<string, Mode>> = {
  fuel: { config: { consumeFuel: true }, options: { fuel: 3_000_000 }, stop: "out-of-fuel" },
  "a deadline": {
    config: { epochInterruption: true },
    options: { epochDeadline: DEADLINE_MS },
    stop: "interrupt",
  },
  both: {
    // There is room for the guest and its neighbour.
    config: { consumeFuel: true, epochInterruption: true, pooling: { totalComponentInstances: 2 } },
    options: { fuel: 3_000_000, epochDeadline: 100_000 },
    stop: "out-of-fuel",
  },
};

describe.each(Object.entries(modes))("with %s", (_, { config, options, stop }) => {
  const engine = new Engine(config);
  let neighbour: () => unknown;
  /** Milliseconds from the deadline to the end of guests that would go on for ever. */
  const late: { readonly guest: string; readonly by: number }[] = [];

  afterAll(() => {
    if (late.length === 0) return;
    late.sort((a, b) => a.by - b.by);
    const [median, worst] = [late[late.length >> 1], late.at(-1)];
    console.info(
      `${late.length} endless guests: stopped ${median?.by.toFixed(1)} ms late (median), ${worst?.by.toFixed(1)} ms (worst: ${worst?.guest})`,
    );
  });

  beforeAll(async () => {
    if (config.epochInterruption === true) engine.startEpochTicker({ intervalMs: 1 });
    const text = attackText("", { run: "(call $text (i32.const 0) (i32.const 8))", caught: tableCatch });
    const component = Component.fromBytes(engine, await assemble(text));
    const store = new Store(engine, undefined, {
      ...(config.consumeFuel === true && { fuel: 2n ** 60n }),
      ...(config.epochInterruption === true && { epochDeadline: 10 ** 9 }),
    });
    const instance = linkerFor(engine, component).instantiate(store, component);
    neighbour = () => call(instance, "run");
  });

  describe.each(attacks)("a guest that $name", ({ name: guest, body, ends, race }) => {
    it.each(Object.entries(wrappers))("%s", async (name, wrapper) => {
      const component = Component.fromBytes(engine, await assemble(attackText(body, wrapper)));
      // What comes to an end of its own shall have the time for it, however slow the machine.
      const epochDeadline = ends === undefined || race === true ? options.epochDeadline : 10_000;
      using store = new Store(engine, undefined, {
        limits,
        hostcallFuel: 2 ** 22,
        ...options,
        ...(options.epochDeadline !== undefined && { epochDeadline }),
      });
      const instance = linkerFor(engine, component).instantiate(store, component);
      const start = performance.now();
      const trap = thrownBy(() => call(instance, "run"));
      if (stop === "interrupt" && ends === undefined)
        late.push({ guest: `${guest} ${name}`, by: performance.now() - start - DEADLINE_MS });
      expect(trap, name).toBeInstanceOf(Trap);
      const allowed = race === true ? [ends, stop] : [ends ?? stop];
      expect(allowed).toContain((trap as Trap).code);
      expect(thrownBy(() => call(instance, "run"))).toMatchObject({ code: "store-poisoned", cause: trap });
      expect(neighbour()).toBeUndefined();
    });
  });
});
