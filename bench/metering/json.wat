;; n = 20000: parses a document n times, and counts what is in it.
(module
  (memory 1)
  (data (i32.const 0) "{\"name\": \"hostwright\", \"tags\": [\"wasm\", \"component\", \"host\"], \"size\": {\"w\": 1280, \"h\": -720, \"scale\": 1.25e2}, \"ok\": true, \"none\": null, \"rows\": [[1, 2, 3], [4, 5, 6], [7, 8, 9], []], \"text\": \"the quick brown fox \\\"jumps\\\" over the lazy dog\"} ")
  (global $at (mut i32) (i32.const 0))
  (global $sum (mut i32) (i32.const 0))

  (func $peek (result i32) (i32.load8_u (global.get $at)))
  (func $advance (global.set $at (i32.add (global.get $at) (i32.const 1))))
  (func $count (param $by i32) (global.set $sum (i32.add (global.get $sum) (local.get $by))))

  (func $skip_space
    (loop $each
      (if (i32.eq (call $peek) (i32.const 32))
        (then (call $advance) (br $each)))))

  (func $string (local $hash i32)
    (call $advance)
    (block $done
      (loop $each
        (br_if $done (i32.eq (call $peek) (i32.const 34)))
        (if (i32.eq (call $peek) (i32.const 92)) (then (call $advance)))
        (local.set $hash (i32.mul (i32.xor (local.get $hash) (call $peek)) (i32.const 16777619)))
        (call $advance)
        (br $each)))
    (call $advance)
    (call $count (local.get $hash)))

  (func $number (local $value i32) (local $c i32)
    (block $done
      (loop $each
        (local.set $c (call $peek))
        (br_if $done (i32.or (i32.eq (local.get $c) (i32.const 44)) (i32.eq (local.get $c) (i32.const 32))))
        (br_if $done (i32.eq (i32.or (local.get $c) (i32.const 32)) (i32.const 125)))
        (local.set $value (i32.add (i32.mul (local.get $value) (i32.const 10)) (i32.and (local.get $c) (i32.const 15))))
        (call $advance)
        (br $each)))
    (call $count (local.get $value)))

  ;; Elements up to the closing character; with a key and a colon each, if $keyed.
  (func $elements (param $close i32) (param $keyed i32)
    (call $advance)
    (block $done
      (loop $each
        (call $skip_space)
        (br_if $done (i32.eq (call $peek) (local.get $close)))
        (if (local.get $keyed)
          (then (call $string) (call $skip_space) (call $advance)))
        (call $value)
        (call $skip_space)
        (if (i32.eq (call $peek) (i32.const 44)) (then (call $advance)))
        (br $each)))
    (call $advance))

  (func $value (local $c i32)
    (call $skip_space)
    (call $count (i32.const 1))
    (local.set $c (call $peek))
    (if (i32.eq (local.get $c) (i32.const 123)) (then (return (call $elements (i32.const 125) (i32.const 1)))))
    (if (i32.eq (local.get $c) (i32.const 91)) (then (return (call $elements (i32.const 93) (i32.const 0)))))
    (if (i32.eq (local.get $c) (i32.const 34)) (then (return (call $string))))
    (call $number))

  (func (export "run") (param $n i32) (result i32)
    (global.set $sum (i32.const 0))
    (loop $each
      (global.set $at (i32.const 0))
      (call $value)
      (br_if $each (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (global.get $sum)))
