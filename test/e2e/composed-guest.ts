/**
 * A component that is composed of two, in text: `desk` calls `store`, each with a memory and a string encoding of its own.
 * A resource of the host goes through both, and a resource of `store` goes out to the host through `desk`.
 */
import type { StringEncoding } from "../../src/component/index.ts";

export interface Encodings {
  readonly desk: StringEncoding;
  /** The store joins strings, for which it has to know the size of what counts as one. */
  readonly store: "utf8" | "utf16";
}

/** Memory from 1024 on is handed out, upwards. */
const LIBC = `(core module $libc-module
      (memory (export "memory") 1)
      (global $top (mut i32) (i32.const 1024))
      (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
        (local $p i32)
        (local.set $p (i32.and
          (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
          (i32.sub (i32.const 0) (local.get $align))))
        (global.set $top (i32.add (local.get $p) (local.get $size)))
        (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
          (then (drop (memory.grow (i32.const 8)))))
        (memory.copy (local.get $p) (local.get $old)
          (select (local.get $old-size) (local.get $size) (i32.lt_u (local.get $old-size) (local.get $size))))
        (local.get $p)))
    (core instance $libc (instantiate $libc-module))
    (alias core export $libc "memory" (core memory $memory))
    (alias core export $libc "realloc" (core func $realloc))`;

const HOST = `(export "token" (type $token (sub resource)))
      (export "[constructor]token" (func (param "name" string) (result (own $token))))
      (export "[method]token.name" (func (param "self" (borrow $token)) (result string)))
      (export "note" (func (param "text" string)))`;

/** Cells: the representation is the address of the pair of pointer and length of their text. */
const STORE = (encoding: Encodings["store"]): string => `(component $store-component
    (import "host" (instance $host ${HOST}))
    (alias export $host "token" (type $token))
    ${LIBC}
    (core func $token-name (canon lower (func $host "[method]token.name")
      (memory $memory) (realloc $realloc) string-encoding=${encoding}))
    (core func $note (canon lower (func $host "note") (memory $memory) string-encoding=${encoding}))
    (core func $drop-token (canon resource.drop $token))
    (core module $dtor-module
      (import "" "note" (func $note (param i32 i32)))
      (import "" "memory" (memory 1))
      (func (export "dtor") (param $cell i32)
        (call $note (i32.load (local.get $cell)) (i32.load offset=4 (local.get $cell)))))
    (core instance $dtor (instantiate $dtor-module
      (with "" (instance (export "note" (func $note)) (export "memory" (memory $memory))))))
    (type $cell (resource (rep i32) (dtor (core func $dtor "dtor"))))
    (core func $new (canon resource.new $cell))
    (core func $rep (canon resource.rep $cell))
    (core func $drop (canon resource.drop $cell))
    (core module $main-module
      (import "libc" "memory" (memory 1))
      (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
      (import "" "new" (func $new (param i32) (result i32)))
      (import "" "rep" (func $rep (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "token-name" (func $token-name (param i32 i32)))
      (import "" "drop-token" (func $drop-token (param i32)))
      (global $held (mut i32) (i32.const 0))
      (func $cell (param $text i32) (param $length i32) (result i32) (local $cell i32)
        (local.set $cell (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 8)))
        (i32.store (local.get $cell) (local.get $text))
        (i32.store offset=4 (local.get $cell) (local.get $length))
        (call $new (local.get $cell)))
      (func (export "constructor") (param i32 i32) (result i32) (call $cell (local.get 0) (local.get 1)))
      (func (export "text") (param $cell i32) (result i32) (local.get $cell))
      (func (export "join") (param $a i32) (param $b i32) (result i32)
        (local $first i32) (local $size i32) (local $text i32) (local $length i32)
        (local.set $first (call $rep (local.get $a)))
        (local.set $length (i32.add (i32.load offset=4 (local.get $first)) (i32.load offset=4 (local.get $b))))
        (local.set $text (call $realloc (i32.const 0) (i32.const 0) (i32.const 2)
          (i32.shl (local.get $length) (i32.const ${encoding === "utf16" ? 1 : 0}))))
        (local.set $size (i32.shl (i32.load offset=4 (local.get $first)) (i32.const ${encoding === "utf16" ? 1 : 0})))
        (memory.copy (local.get $text) (i32.load (local.get $first)) (local.get $size))
        (memory.copy (i32.add (local.get $text) (local.get $size)) (i32.load (local.get $b))
          (i32.shl (i32.load offset=4 (local.get $b)) (i32.const ${encoding === "utf16" ? 1 : 0})))
        (call $drop (local.get $a))
        (call $cell (local.get $text) (local.get $length)))
      (func (export "hold") (param $token i32)
        (if (i32.ne (global.get $held) (i32.const 0)) (then (call $drop-token (global.get $held))))
        (global.set $held (local.get $token)))
      (func (export "release") (result i32)
        (i32.store8 (i32.const 8) (i32.ne (global.get $held) (i32.const 0)))
        (i32.store (i32.const 12) (global.get $held))
        (global.set $held (i32.const 0))
        (i32.const 8))
      (func (export "peek") (param $token i32) (result i32)
        (call $token-name (local.get $token) (i32.const 16))
        (call $drop-token (local.get $token))
        (i32.const 16))
      (func (export "check") (param $text i32) (param $length i32) (result i32)
        (i32.store8 (i32.const 24) (i32.eqz (local.get $length)))
        (i32.store (i32.const 28) (local.get $text))
        (i32.store (i32.const 32) (local.get $length))
        (i32.const 24)))
    (core instance $main (instantiate $main-module
      (with "libc" (instance $libc))
      (with "" (instance
        (export "new" (func $new)) (export "rep" (func $rep)) (export "drop" (func $drop))
        (export "token-name" (func $token-name)) (export "drop-token" (func $drop-token))))))
    (export $cell' "cell" (type $cell))
    (func (export "[constructor]cell") (param "text" string) (result (own $cell'))
      (canon lift (core func $main "constructor") (memory $memory) (realloc $realloc) string-encoding=${encoding}))
    (func (export "[method]cell.text") (param "self" (borrow $cell')) (result string)
      (canon lift (core func $main "text") (memory $memory) string-encoding=${encoding}))
    (func (export "[static]cell.join") (param "a" (own $cell')) (param "b" (borrow $cell')) (result (own $cell'))
      (canon lift (core func $main "join")))
    (func (export "hold") (param "token" (own $token)) (canon lift (core func $main "hold")))
    (func (export "release") (result (option (own $token))) (canon lift (core func $main "release") (memory $memory)))
    (func (export "peek") (param "token" (borrow $token)) (result string)
      (canon lift (core func $main "peek") (memory $memory) string-encoding=${encoding}))
    (func (export "check") (param "text" string) (result (result string (error string)))
      (canon lift (core func $main "check") (memory $memory) (realloc $realloc) string-encoding=${encoding})))`;

const DESK = (encoding: Encodings["desk"]): string => `(component $desk-component
    (import "host" (instance $host (export "token" (type $token (sub resource)))))
    (alias export $host "token" (type $token))
    (import "store" (instance $store
      (alias outer $desk-component $token (type $token))
      (export "cell" (type $cell (sub resource)))
      (export "[constructor]cell" (func (param "text" string) (result (own $cell))))
      (export "[method]cell.text" (func (param "self" (borrow $cell)) (result string)))
      (export "[static]cell.join" (func (param "a" (own $cell)) (param "b" (borrow $cell)) (result (own $cell))))
      (export "hold" (func (param "token" (own $token))))
      (export "release" (func (result (option (own $token)))))
      (export "peek" (func (param "token" (borrow $token)) (result string)))
      (export "check" (func (param "text" string) (result (result string (error string)))))))
    (alias export $store "cell" (type $cell))
    ${LIBC}
    (core func $new (canon lower (func $store "[constructor]cell") (memory $memory) string-encoding=${encoding}))
    (core func $text (canon lower (func $store "[method]cell.text")
      (memory $memory) (realloc $realloc) string-encoding=${encoding}))
    (core func $join (canon lower (func $store "[static]cell.join")))
    (core func $hold (canon lower (func $store "hold")))
    (core func $release (canon lower (func $store "release") (memory $memory)))
    (core func $peek (canon lower (func $store "peek") (memory $memory) (realloc $realloc) string-encoding=${encoding}))
    (core func $check (canon lower (func $store "check") (memory $memory) (realloc $realloc) string-encoding=${encoding}))
    (core func $drop-cell (canon resource.drop $cell))
    (core func $drop-token (canon resource.drop $token))
    (core module $main-module
      (import "" "new" (func $new (param i32 i32) (result i32)))
      (import "" "text" (func $text (param i32 i32)))
      (import "" "join" (func $join (param i32 i32) (result i32)))
      (import "" "hold" (func $hold (param i32)))
      (import "" "release" (func $release (param i32)))
      (import "" "peek" (func $peek (param i32 i32)))
      (import "" "check" (func $check (param i32 i32 i32)))
      (import "" "drop-cell" (func $drop-cell (param i32)))
      (import "" "drop-token" (func $drop-token (param i32)))
      (func (export "greet") (param i32 i32 i32 i32) (result i32) (local $b i32) (local $joined i32)
        (local.set $b (call $new (local.get 2) (local.get 3)))
        (local.set $joined (call $join (call $new (local.get 0) (local.get 1)) (local.get $b)))
        (call $text (local.get $joined) (i32.const 8))
        (call $drop-cell (local.get $b))
        (call $drop-cell (local.get $joined))
        (i32.const 8))
      (func (export "make") (param i32 i32) (result i32) (call $new (local.get 0) (local.get 1)))
      (func (export "read") (param i32) (result i32)
        (call $text (local.get 0) (i32.const 8))
        (call $drop-cell (local.get 0))
        (i32.const 8))
      (func (export "keep") (param i32) (call $hold (local.get 0)))
      (func (export "swap") (param i32) (result i32)
        (call $release (i32.const 16))
        (call $hold (local.get 0))
        (i32.const 16))
      (func (export "look") (param i32) (result i32)
        (call $peek (local.get 0) (i32.const 8))
        (call $drop-token (local.get 0))
        (i32.const 8))
      (func (export "check") (param i32 i32) (result i32)
        (call $check (local.get 0) (local.get 1) (i32.const 24))
        (i32.const 24)))
    (core instance $main (instantiate $main-module
      (with "" (instance
        (export "new" (func $new)) (export "text" (func $text)) (export "join" (func $join))
        (export "hold" (func $hold)) (export "release" (func $release)) (export "peek" (func $peek))
        (export "check" (func $check))
        (export "drop-cell" (func $drop-cell)) (export "drop-token" (func $drop-token))))))
    (func (export "greet") (param "greeting" string) (param "name" string) (result string)
      (canon lift (core func $main "greet") (memory $memory) (realloc $realloc) string-encoding=${encoding}))
    (func (export "make") (param "text" string) (result (own $cell))
      (canon lift (core func $main "make") (memory $memory) (realloc $realloc) string-encoding=${encoding}))
    (func (export "read") (param "cell" (borrow $cell)) (result string)
      (canon lift (core func $main "read") (memory $memory) string-encoding=${encoding}))
    (func (export "keep") (param "token" (own $token)) (canon lift (core func $main "keep")))
    (func (export "swap") (param "token" (own $token)) (result (option (own $token)))
      (canon lift (core func $main "swap") (memory $memory)))
    (func (export "look") (param "token" (borrow $token)) (result string)
      (canon lift (core func $main "look") (memory $memory) string-encoding=${encoding}))
    (func (export "check") (param "text" string) (result (result string (error string)))
      (canon lift (core func $main "check") (memory $memory) (realloc $realloc) string-encoding=${encoding})))`;

/** Imports "test:composed/host"; exports "test:composed/store" and "test:composed/desk". */
export function composedGuest({ desk, store }: Encodings): string {
  return `(component
  (import "test:composed/host" (instance $host ${HOST}))
  ${STORE(store)}
  ${DESK(desk)}
  (instance $store (instantiate $store-component (with "host" (instance $host))))
  (instance $desk (instantiate $desk-component
    (with "host" (instance $host)) (with "store" (instance $store))))
  (export "test:composed/store" (instance $store))
  (export "test:composed/desk" (instance $desk)))`;
}
