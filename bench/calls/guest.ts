/**
 * The guest of `bench/calls`: one component, and the two core modules that it is made of, for hand-written glue.
 *
 * Host calls are made in a loop inside the guest, so that only the border is measured. `realloc` moves a pointer
 * up, and post-return puts it back: what the guest itself does costs next to nothing.
 */
import { parse } from "@bytecodealliance/jco";

/** What the guest exports, however it is run. The functions that take `n` call the host `n` times. */
export interface Guest {
  ticks(n: number): void;
  adds(n: number): void;
  counters(n: number): void;
  passPoints(n: number): void;
  passSamples(n: number): void;
  passBytes(n: number): void;
  uses(n: number): void;
  twice(x: number): number;
  /** A method of a resource that the guest defines. */
  readGauge(): number;
  echo(text: string): string;
  mirror(point: Point): Point;
  echoPoints(points: Point[]): Point[];
  echoSamples(samples: Sample[]): Sample[];
  echoBytes(bytes: Uint8Array): Uint8Array;
}

export interface Point {
  id: number;
  x: number;
  y: number;
  on: boolean;
}

export interface Sample {
  name: string;
  value: bigint;
}

/** Where the guest keeps what it passes, and how much of it. Addresses and sizes are the hand-written glue's, too. */
export const POINT_SIZE = 32;
export const SAMPLE_SIZE = 16;
export const ELEMENTS = 1000;
export const BYTES = 1 << 20;
const POINTS_AT = 0x1_0000;
const SAMPLES_AT = 0x2_0000;
const BYTES_AT = 0x10_0000;
const HEAP_AT = 0x20_0000;

const allocator = `
  (memory (export "memory") 128)
  (data (i32.const 16) "requests")
  (global $top (mut i32) (i32.const ${HEAP_AT}))
  (func (export "realloc") (param $old i32) (param $oldSize i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and
      (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $top (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
  (func (export "post-return") (param i32) (global.set $top (i32.const ${HEAP_AT})))`;

/** A function that does something \`n\` times. */
function loop(name: string, call: string): string {
  return `(func (export "${name}") (param $n i32)
    (loop $again
      ${call}
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))`;
}

/** A function that returns the pointer and length that it is given. */
function echo(name: string): string {
  return `(func (export "${name}") (param $p i32) (param $n i32) (result i32)
    (i32.store (i32.const 8) (local.get $p))
    (i32.store (i32.const 12) (local.get $n))
    (i32.const 8))`;
}

const main = `
  (import "memory" "memory" (memory 128))
  (import "host" "tick" (func $tick))
  (import "host" "add" (func $add (param i32 i32) (result i32)))
  (import "host" "counter" (func $counter (param i32 i32 i64)))
  (import "host" "points" (func $points (param i32 i32)))
  (import "host" "samples" (func $samples (param i32 i32)))
  (import "host" "bytes" (func $bytes (param i32 i32)))
  (import "host" "open" (func $open (result i32)))
  (import "host" "use" (func $use (param i32 i32) (result i32)))
  (import "host" "new-gauge" (func $new-gauge (param i32) (result i32)))
  (global $handle (mut i32) (i32.const 0))
  (global $sum (mut i32) (i32.const 0))
  (func $fill (local $i i32) (local $p i32)
    (loop $again
      (local.set $p (i32.add (i32.const ${POINTS_AT}) (i32.mul (local.get $i) (i32.const ${POINT_SIZE}))))
      (i32.store (local.get $p) (local.get $i))
      (f64.store offset=8 (local.get $p) (f64.convert_i32_u (local.get $i)))
      (f64.store offset=16 (local.get $p) (f64.const 0.5))
      (i32.store8 offset=24 (local.get $p) (i32.and (local.get $i) (i32.const 1)))
      (local.set $p (i32.add (i32.const ${SAMPLES_AT}) (i32.mul (local.get $i) (i32.const ${SAMPLE_SIZE}))))
      (i32.store (local.get $p) (i32.const 16))
      (i32.store offset=4 (local.get $p) (i32.const 8))
      (i64.store offset=8 (local.get $p) (i64.extend_i32_u (local.get $i)))
      (br_if $again (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const ${ELEMENTS})))))
  (start $fill)
  ${loop("ticks", "(call $tick)")}
  ${loop("adds", "(global.set $sum (call $add (global.get $sum) (local.get $n)))")}
  ${loop("counters", "(call $counter (i32.const 16) (i32.const 8) (i64.extend_i32_u (local.get $n)))")}
  ${loop("pass-points", `(call $points (i32.const ${POINTS_AT}) (i32.const ${ELEMENTS}))`)}
  ${loop("pass-samples", `(call $samples (i32.const ${SAMPLES_AT}) (i32.const ${ELEMENTS}))`)}
  ${loop("pass-bytes", `(call $bytes (i32.const ${BYTES_AT}) (i32.const ${BYTES}))`)}
  ${loop(
    "uses",
    `(if (i32.eqz (global.get $handle)) (then (global.set $handle (call $open))))
      (global.set $sum (call $use (global.get $handle) (local.get $n)))`,
  )}
  (func (export "new-gauge") (param i32) (result i32) (call $new-gauge (local.get 0)))
  (func (export "read-gauge") (param i32) (result i32)
    (global.set $sum (i32.add (global.get $sum) (local.get 0)))
    (global.get $sum))
  (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  ${["echo", "echo-points", "echo-samples", "echo-bytes"].map(echo).join("\n")}
  (func (export "mirror") (param $id i32) (param $x f64) (param $y f64) (param $on i32) (result i32)
    (i32.store (i32.const 32) (local.get $id))
    (f64.store (i32.const 40) (f64.neg (local.get $x)))
    (f64.store (i32.const 48) (f64.neg (local.get $y)))
    (i32.store8 (i32.const 56) (local.get $on))
    (i32.const 32))`;

const types = `
  (type $point' (record (field "id" u32) (field "x" f64) (field "y" f64) (field "on" bool)))
  (type $sample' (record (field "name" string) (field "value" u64)))`;

function lowered(name: string, func = name): string {
  return `(core func $${name} (canon lower (func $host "${func}") (memory (core memory $memory "memory"))))`;
}

function lifted(name: string, type: string, memory: boolean): string {
  const options = `(memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))
      (post-return (core func $memory "post-return"))`;
  return `(func (export "${name}") ${type} (canon lift (core func $main "${name}") ${memory ? options : ""}))`;
}

const component = `(component
  (import "bench:calls/host" (instance $host
    ${types}
    (export "point" (type $point (eq $point')))
    (export "sample" (type $sample (eq $sample')))
    (export "meter" (type $meter (sub resource)))
    (export "tick" (func))
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))
    (export "counter" (func (param "name" string) (param "value" u64)))
    (export "points" (func (param "points" (list $point))))
    (export "samples" (func (param "samples" (list $sample))))
    (export "bytes" (func (param "bytes" (list u8))))
    (export "[constructor]meter" (func (result (own $meter))))
    (export "[method]meter.use" (func (param "self" (borrow $meter)) (param "value" u32) (result u32)))))
  (alias export $host "point" (type $point))
  (alias export $host "sample" (type $sample))
  (core module $Memory ${allocator})
  (core module $Main ${main})
  (core instance $memory (instantiate $Memory))
  (core func $tick (canon lower (func $host "tick")))
  (core func $add (canon lower (func $host "add")))
  ${["counter", "points", "samples", "bytes"].map((name) => lowered(name)).join("\n")}
  (core func $open (canon lower (func $host "[constructor]meter")))
  (core func $use (canon lower (func $host "[method]meter.use")))
  (type $gauge (resource (rep i32)))
  (core func $new-gauge (canon resource.new $gauge))
  (core instance $main (instantiate $Main (with "memory" (instance $memory)) (with "host" (instance
    ${["tick", "add", "counter", "points", "samples", "bytes", "open", "use", "new-gauge"]
      .map((name) => `(export "${name}" (func $${name}))`)
      .join("\n")}))))
  ${["ticks", "adds", "counters", "pass-points", "pass-samples", "pass-bytes", "uses"]
    .map((name) => lifted(name, '(param "n" u32)', false))
    .join("\n")}
  (func $new-gauge (param "value" u32) (result (own $gauge)) (canon lift (core func $main "new-gauge")))
  (func $read-gauge (param "self" (borrow $gauge)) (result u32) (canon lift (core func $main "read-gauge")))
  (component $Gauges
    (import "gauge" (type $gauge (sub resource)))
    (import "new" (func $new (param "value" u32) (result (own $gauge))))
    (import "read" (func $read (param "self" (borrow $gauge)) (result u32)))
    (export $g "gauge" (type $gauge))
    (export "[constructor]gauge" (func $new) (func (param "value" u32) (result (own $g))))
    (export "[method]gauge.read" (func $read) (func (param "self" (borrow $g)) (result u32))))
  (instance $gauges (instantiate $Gauges
    (with "gauge" (type $gauge)) (with "new" (func $new-gauge)) (with "read" (func $read-gauge))))
  (export "bench:calls/gauges" (instance $gauges))
  ${lifted("twice", '(param "x" u32) (result u32)', false)}
  ${lifted("echo", '(param "text" string) (result string)', true)}
  ${lifted("mirror", '(param "point" $point) (result $point)', true)}
  ${lifted("echo-points", '(param "points" (list $point)) (result (list $point))', true)}
  ${lifted("echo-samples", '(param "samples" (list $sample)) (result (list $sample))', true)}
  ${lifted("echo-bytes", '(param "bytes" (list u8)) (result (list u8))', true)})`;

export function buildComponent(): Promise<Uint8Array> {
  return parse(component);
}

/** The class of the resource that the guest defines. */
export type GaugeClass = new (value: number) => { read(): number };

export async function buildModules(): Promise<{ memory: Uint8Array; main: Uint8Array }> {
  const [memory, core] = await Promise.all([parse(`(module ${allocator})`), parse(`(module ${main})`)]);
  return { memory, main: core };
}
