/**
 * Assembles the guests of `hostwright doctor`: `node scripts/doctor-guests.ts` writes `src/doctor/corpus.ts`.
 *
 * They are kept in binary form, because a user's machine has no assembler; this is their source.
 */
import { writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { parse } from "@bytecodealliance/jco";
import type { Attempt } from "../src/doctor/attempt.ts";

interface Guest extends Omit<Attempt, "component"> {
  /** The component in text format. */
  readonly text: string;
}

/** What ends a guest that would go on for ever: `out-of-fuel` where fuel is attacked, `interrupt` where the deadline is. */
const STOPPED = ["stopped"];

const attempts: readonly Guest[] = [
  ...endless([
    ["loop", "loops", "(loop $l (br $l))"],
    ["br-table", "loops by br_table", "(loop $l (br_table $l $l $l (i32.const 1)))"],
    ["tail-call", "tail-calls itself", "(return_call $tail)"],
    ["indirect", "calls through a table", "(loop $l (call_indirect (type $void) (i32.const 0)) (br $l))"],
    [
      "fill",
      "fills memory",
      "(loop $l (memory.fill (i32.const 8192) (i32.const 1) (i32.const 50000)) (br $l))",
    ],
    ["host-calls", "calls the host", "(loop $l (call $tick) (br $l))"],
    ["caught", "loops, catches what stops it, and loops again", caught("(loop $l (br $l))")],
    ["caught-legacy", "does so with the older instructions", caughtLegacy("(loop $l (br $l))")],
  ]),
  endlessIn("start", "loops before it has started", {
    component: `(core module $m (func $s (loop $l (br $l))) (start $s))
      (core instance (instantiate $m))`,
  }),
  endlessIn("realloc", "loops while the host hands it a string", {
    main: "(call $broken) (call $answer (i32.const 64))",
  }),
  {
    name: "recursion",
    attacks: ["stack"],
    what: "recurses",
    ends: ["stack-overflow"],
    text: guest("(call $body) (call $nothing)"),
  },
  {
    name: "recursion-through-the-host",
    attacks: ["stack"],
    what: "recurses, and calls the host at every level",
    ends: ["stack-overflow"],
    text: guest("(call $tick) (call $body) (call $nothing)"),
  },
  {
    name: "recursion-caught",
    attacks: ["stack"],
    what: "recurses, and catches the overflow",
    ends: ["stack-overflow"],
    text: guest(`${tryTable("(call $deep)")} (loop $l (br $l))`),
  },
  {
    name: "memory-growth",
    attacks: ["memory"],
    what: "asks for more memory for ever",
    ends: ["out-of-memory"],
    text: guest("(loop $l (drop (memory.grow (i32.const 16))) (br $l))"),
  },
  {
    name: "memory-growth-caught",
    attacks: ["memory"],
    what: "does so, and catches what stops it",
    ends: ["out-of-memory"],
    text: guest(caught("(loop $l (drop (memory.grow (i32.const 16))) (br $l))")),
  },
  {
    name: "memory-at-the-start",
    attacks: ["memory"],
    what: "wants 4 GiB to begin with",
    ends: ["limit"],
    text: "(component (core module $m (memory 65535)) (core instance (instantiate $m)))",
  },
  {
    name: "many-memories",
    attacks: ["memory"],
    what: "wants a hundred memories",
    ends: ["limit"],
    text: `(component (core module $m (memory 1)) ${"(core instance (instantiate $m))".repeat(100)})`,
  },
  {
    name: "structs",
    attacks: ["memory"],
    what: "makes garbage-collected values for ever",
    ends: ["out-of-memory"],
    text: guest(
      "(local $last (ref null $node)) (loop $l (local.set $last (struct.new $node (local.get $last))) (br $l))",
      {
        fields: "(type $node (struct (field (ref null $node))))",
      },
    ),
  },
  {
    name: "table-growth",
    attacks: ["tables"],
    what: "asks for a larger table for ever",
    ends: ["table-growth", "out-of-memory"],
    text: guest("(loop $l (drop (table.grow $t (ref.null func) (i32.const 1000))) (br $l))"),
  },
  {
    name: "table-at-the-start",
    attacks: ["tables"],
    what: "wants a table of ten million elements to begin with",
    ends: ["limit"],
    text: "(component (core module $m (table 10000000 funcref)) (core instance (instantiate $m)))",
  },
  {
    name: "many-instances",
    attacks: ["instances"],
    what: "wants a thousand instances",
    ends: ["limit"],
    text: `(component (core module $m) ${"(core instance (instantiate $m))".repeat(1000)})`,
  },
  {
    name: "handles",
    attacks: ["handles"],
    what: "asks for resources for ever",
    ends: ["resource-limit"],
    text: guest("(loop $l (drop (call $make)) (br $l))"),
  },
  {
    name: "amplified-strings",
    attacks: ["host memory"],
    what: "passes one long string thousands of times in a list",
    ends: ["hostcall-fuel"],
    text: guest("(call $amplify) (call $texts (i32.const 65536) (i32.const 5000))"),
  },
  ...abi([
    ["bad-pointer", "passes a string outside its memory", "(call $text (i32.const -1) (i32.const 100))"],
    [
      "bad-string",
      "passes a string that is not UTF-8",
      "(i32.store8 (i32.const 64) (i32.const 0xff)) (call $text (i32.const 64) (i32.const 1))",
    ],
    ["unaligned-list", "passes a list that is not aligned", "(call $texts (i32.const 65537) (i32.const 1))"],
    ["forged-handle", "uses a handle that it does not have", "(call $use (i32.const 1234))"],
    [
      "stale-handle",
      "uses a handle that it has dropped",
      "(local $h i32) (local.set $h (call $make)) (call $drop (local.get $h)) (call $use (local.get $h))",
    ],
    [
      "bad-realloc",
      "gives the host memory that it does not have",
      "(call $misplace) (call $answer (i32.const 64))",
    ],
  ]),
  {
    name: "host-error",
    attacks: ["traps"],
    what: "catches what a host function throws",
    ends: ["host-error"],
    text: guest(`${tryTable("(call $fail)")} (return)`),
  },
  {
    name: "host-error-legacy",
    attacks: ["traps"],
    what: "does so with the older instructions",
    ends: ["host-error"],
    text: guest("try call $fail catch_all end"),
  },
  {
    name: "re-entrance",
    attacks: ["traps"],
    what: "calls the host while the host hands it a string",
    ends: ["cannot-enter"],
    text: guest("(call $intrude) (call $answer (i32.const 64))"),
  },
  {
    name: "leftovers",
    attacks: ["isolation"],
    what: "looks for what other guests have left in memory",
    ends: ["returns"],
    text: guest(`(local $p i32)
      (local.set $p (i32.const 8192))
      (loop $l
        (if (i32.load (local.get $p)) (then (unreachable)))
        (i32.store (local.get $p) (i32.const 0x5ec2e7))
        (br_if $l (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 4))) (i32.const 131072))))`),
  },
];

function endless(guests: readonly (readonly [name: string, what: string, body: string])[]): Guest[] {
  return guests.map(([name, what, body]) => ({
    name,
    attacks: ["fuel", "deadline"],
    what,
    ends: STOPPED,
    text: guest(body),
  }));
}

function endlessIn(name: string, what: string, parts: { component?: string; main?: string }): Guest {
  const text = parts.component === undefined ? guest(parts.main ?? "") : `(component ${parts.component})`;
  return { name, attacks: ["fuel", "deadline"], what, ends: STOPPED, text };
}

function abi(guests: readonly (readonly [name: string, what: string, body: string])[]): Guest[] {
  return guests.map(([name, what, body]) => ({
    name,
    attacks: ["canonical ABI"],
    what,
    ends: ["abi"],
    text: guest(body),
  }));
}

function tryTable(body: string): string {
  return `(block $c (try_table (catch_all $c) ${body}))`;
}

function caught(body: string): string {
  return `(loop $again ${tryTable(body)} (br $again))`;
}

function caughtLegacy(body: string): string {
  return `(loop $again try ${body} catch_all end (br $again))`;
}

/** A component that runs `body` in its export `run`, with all that the doctor's host has. */
function guest(body: string, { fields = "" } = {}): string {
  const memory = '(memory (core memory $libc "memory"))';
  const names = ["tick", "fail", "text", "texts", "make", "use", "drop", "answer"];
  return `(component
    (import "hostwright:doctor/host" (instance $host
      (export "blob" (type $blob (sub resource)))
      (export "tick" (func))
      (export "fail" (func))
      (export "text" (func (param "s" string)))
      (export "texts" (func (param "s" (list string))))
      (export "answer" (func (result string)))
      (export "make" (func (result (own $blob))))
      (export "use" (func (param "b" (borrow $blob))))))
    (alias export $host "blob" (type $blob))
    (core func $tick (canon lower (func $host "tick")))
    (core module $libc
      (import "host" "tick" (func $tick))
      (memory (export "memory") 4)
      ;; How realloc behaves: 0 well, 1 endless, 2 out of bounds, 3 intruding.
      (global $how (export "how") (mut i32) (i32.const 0))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (if (i32.eq (global.get $how) (i32.const 1)) (then (loop $l (br $l))))
        (if (i32.eq (global.get $how) (i32.const 2)) (then (return (i32.const -8))))
        (if (i32.eq (global.get $how) (i32.const 3)) (then (call $tick)))
        (i32.const 1024)))
    (core instance $libc (instantiate $libc (with "host" (instance (export "tick" (func $tick))))))
    (core func $fail (canon lower (func $host "fail")))
    (core func $text (canon lower (func $host "text") ${memory}))
    (core func $texts (canon lower (func $host "texts") ${memory}))
    (core func $answer (canon lower (func $host "answer") ${memory} (realloc (core func $libc "realloc"))))
    (core func $make (canon lower (func $host "make")))
    (core func $use (canon lower (func $host "use")))
    (core func $drop (canon resource.drop $blob))
    (core module $main
      (import "libc" "memory" (memory 4))
      (import "libc" "how" (global $how (mut i32)))
      (import "host" "tick" (func $tick))
      (import "host" "fail" (func $fail))
      (import "host" "text" (func $text (param i32 i32)))
      (import "host" "texts" (func $texts (param i32 i32)))
      (import "host" "answer" (func $answer (param i32)))
      (import "host" "make" (func $make (result i32)))
      (import "host" "use" (func $use (param i32)))
      (import "host" "drop" (func $drop (param i32)))
      (type $void (func))
      ${fields}
      (table $t 1 funcref)
      (elem (table $t) (i32.const 0) func $nothing)
      (func $nothing)
      (func $broken (global.set $how (i32.const 1)))
      (func $misplace (global.set $how (i32.const 2)))
      (func $intrude (global.set $how (i32.const 3)))
      (func $tail (return_call $tail))
      (func $deep (call $deep) (call $nothing))
      (func $amplify (local $i i32)
        (loop $l
          (i32.store (i32.add (i32.const 65536) (i32.mul (local.get $i) (i32.const 8))) (i32.const 0))
          (i32.store (i32.add (i32.const 65540) (i32.mul (local.get $i) (i32.const 8))) (i32.const 65536))
          (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5000)))))
      (func $body (type $void) ${body})
      (func (export "run") (call $body)))
    (core instance $main (instantiate $main
      (with "libc" (instance $libc))
      (with "host" (instance ${names.map((name) => `(export "${name}" (func $${name}))`).join(" ")}))))
    (func (export "run") (canon lift (core func $main "run"))))`;
}

/** What `src/doctor/corpus.ts` has to hold. */
export async function assembleCorpus(): Promise<Attempt[]> {
  const items: Attempt[] = [];
  for (const { text, ...rest } of attempts) {
    items.push({ ...rest, component: Buffer.from(await parse(text)).toString("base64") });
  }
  return items;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const corpus = JSON.stringify(await assembleCorpus(), undefined, 2);
  writeFileSync(
    new URL("../src/doctor/corpus.ts", import.meta.url),
    `// Written by scripts/doctor-guests.ts, which has the source of these guests.
import type { Attempt } from "./attempt.ts";

/** Guests that try to get past a limit, or out of the sandbox. */
export const corpus: readonly Attempt[] = ${corpus};
`,
  );
}
