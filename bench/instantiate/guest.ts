/**
 * The guest of `bench/instantiate`: a component of some 200 KB, half code and half data, as a small service in Rust or C
 * has it: a memory of 17 pages, an allocator, a table of functions that call each other, static data, one import.
 */
import { parse } from "@bytecodealliance/jco";

export interface Guest {
  /** Hands a text to the guest, which calls the host and gives the text back. */
  handle(text: string): string;
}

const FUNCTIONS = 900;
const DATA_BYTES = 100_000;

/** Code that V8 cannot share between functions: constants differ. */
function filler(index: number): string {
  const steps = Array.from({ length: 8 }, (_, i) => {
    const constant = ((index * 2654435761 + i * 40503) >>> 0) % 1_000_000;
    return `(local.set $x (i32.xor (i32.mul (local.get $x) (i32.const ${constant})) (local.get $y)))`;
  });
  const next = index === 0 ? "(local.get $x)" : `(call $f${index - 1} (local.get $x) (local.get $y))`;
  return `(func $f${index} (param $x i32) (param $y i32) (result i32)
    ${steps.join("\n")}
    (if (result i32) (i32.eqz (local.get $x)) (then ${next}) (else (local.get $x))))`;
}

function data(): string {
  let text = "";
  for (let i = 0; i < DATA_BYTES; i++) text += String.fromCharCode(97 + ((i * 7919) % 26));
  return text;
}

export function buildComponent(): Promise<Uint8Array> {
  const functions = Array.from({ length: FUNCTIONS }, (_, i) => filler(i)).join("\n");
  const names = Array.from({ length: FUNCTIONS }, (_, i) => `$f${i}`).join(" ");
  return parse(`(component
    (import "bench:instantiate/host" (instance $host (export "counter" (func (param "value" u64)))))
    (core module $Main
      (import "host" "counter" (func $counter (param i64)))
      (memory (export "memory") 17)
      (table ${FUNCTIONS} funcref)
      (elem (i32.const 0) ${names})
      (data (i32.const 65536) "${data()}")
      (global $top (mut i32) (i32.const 524288))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (local $p i32)
        (local.set $p (global.get $top))
        (global.set $top (i32.add (local.get $p) (local.get 3)))
        (local.get $p))
      (func (export "handle") (param $p i32) (param $n i32) (result i32)
        (call $counter (i64.extend_i32_u (call $f${FUNCTIONS - 1} (local.get $n) (local.get $p))))
        (i32.store (i32.const 8) (local.get $p))
        (i32.store (i32.const 12) (local.get $n))
        (i32.const 8))
      (func (export "post-return") (param i32) (global.set $top (i32.const 524288)))
      ${functions})
    (core func $counter (canon lower (func $host "counter")))
    (core instance $main (instantiate $Main (with "host" (instance (export "counter" (func $counter))))))
    (func (export "handle") (param "text" string) (result string)
      (canon lift (core func $main "handle") (memory (core memory $main "memory"))
        (realloc (core func $main "realloc")) (post-return (core func $main "post-return")))))`);
}
