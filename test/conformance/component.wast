;; A script in which each directive has one right outcome; test/conformance/component.test.ts knows which.

(component $values
  (core module $M
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "echo") (param i32 i32) (result i32)
      (i32.store (i32.const 16) (local.get 0))
      (i32.store (i32.const 20) (local.get 1))
      (i32.const 16))
    (func (export "swap") (param i32 f32) (result i32)
      (i32.store (i32.const 32) (local.get 0))
      (f32.store (i32.const 36) (local.get 1))
      (i32.const 32))
    (func (export "answer") (param i32) (result i32)
      (i32.store8 (i32.const 48) (local.get 0))
      (i32.store (i32.const 52) (i32.const 42))
      (i32.const 48))
    (func (export "fail") unreachable))
  (core instance $m (instantiate $M))
  (type $pair' (record (field "first-one" s32) (field "b" f32)))
  (export $pair "pair" (type $pair'))
  (func (export "echo") (param "s" string) (result string)
    (canon lift (core func $m "echo") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
  (func (export "bytes") (param "s" (list u8)) (result (list u8))
    (canon lift (core func $m "echo") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
  (func (export "pair-of") (param "a" s32) (param "b" f32) (result $pair)
    (canon lift (core func $m "swap") (memory (core memory $m "memory"))))
  (func (export "answer") (param "tag" u8) (result (result u32 (error u32)))
    (canon lift (core func $m "answer") (memory (core memory $m "memory"))))
  (func (export "fail") (canon lift (core func $m "fail"))))

(assert_return (invoke "echo" (str.const "a\u{f6}")) (str.const "a\u{f6}"))
(assert_return (invoke "echo" (str.const "right")) (str.const "wrong")) ;; fails
(assert_return (invoke $values "bytes" (list.const (u8.const 1) (u8.const 255))) (list.const (u8.const 1) (u8.const 255)))
(assert_return (invoke "pair-of" (s32.const -7) (f32.const 0x1p-3))
  (record.const (field "first-one" s32.const -7) (field "b" f32.const 0.125)))
(assert_return (invoke "pair-of" (s32.const 0) (f32.const -0.0))
  (record.const (field "first-one" s32.const 0) (field "b" f32.const 0.0))) ;; fails: not the same zero
(assert_return (invoke "answer" (u8.const 0)) (result.ok (u32.const 42)))
(assert_return (invoke "answer" (u8.const 1)) (result.err (u32.const 42)))
(assert_trap (invoke "echo" (str.const "x")) "unreachable") ;; fails: it does not trap
(assert_trap (invoke "fail") "unreachable")
(assert_trap (invoke "fail") "cannot enter component instance")

(component definition $Two
  (core module $M
    (global $g (mut i32) (i32.const 0))
    (func (export "next") (result i32)
      (global.set $g (i32.add (global.get $g) (i32.const 1)))
      (global.get $g)))
  (core instance $m (instantiate $M))
  (func (export "next") (result u32) (canon lift (core func $m "next"))))
(component instance $one $Two)
(component instance $two $Two)
(assert_return (invoke $one "next") (u32.const 1))
(assert_return (invoke $one "next") (u32.const 2))
(assert_return (invoke $two "next") (u32.const 1))

(assert_invalid (component (export "f" (func 0))) "unknown func")
(assert_invalid (component) "something") ;; fails: it is valid
(assert_malformed (component binary "\00asm" "\0e\00\01\00") "unknown binary version")

(component $async
  (core module $M (func (export "f") (result i32) (i32.const 0)) (func (export "g") (result i32) (i32.const 5))
    (func (export "cb") (param i32 i32 i32) (result i32) (i32.const 0)))
  (core instance $m (instantiate $M))
  (func (export "f") async (canon lift (core func $m "f") async (callback (core func $m "cb"))))
  (func (export "g") (result u32) (canon lift (core func $m "g"))))
(assert_return (invoke "g") (u32.const 5))
(assert_return (invoke "f")) ;; skipped
(assert_return (invoke "g") (u32.const 6)) ;; skipped: the instance has missed a call
(component instance $again $async)
(assert_return (invoke "g") (u32.const 6)) ;; fails
