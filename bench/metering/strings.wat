;; n = 500: builds n lines by copying words, and looks for each word in each line: many small copies and short loops.
(module
  (memory 2)
  (data (i32.const 0) "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu ")
  (global $text i32 (i32.const 1024))

  ;; The end of the word at $at.
  (func $word_end (param $at i32) (result i32)
    (loop $each
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 32))
        (then (local.set $at (i32.add (local.get $at) (i32.const 1))) (br $each))))
    (local.get $at))

  (func $matches (param $a i32) (param $b i32) (param $length i32) (result i32)
    (loop $each
      (if (i32.eqz (local.get $length)) (then (return (i32.const 1))))
      (if (i32.ne (i32.load8_u (local.get $a)) (i32.load8_u (local.get $b))) (then (return (i32.const 0))))
      (local.set $a (i32.add (local.get $a) (i32.const 1)))
      (local.set $b (i32.add (local.get $b) (i32.const 1)))
      (local.set $length (i32.sub (local.get $length) (i32.const 1)))
      (br $each))
    (unreachable))

  (func $find (param $from i32) (param $to i32) (param $word i32) (param $length i32) (result i32) (local $found i32)
    (loop $each
      (local.set $found
        (i32.add (local.get $found) (call $matches (local.get $from) (local.get $word) (local.get $length))))
      (br_if $each
        (i32.lt_u (local.tee $from (i32.add (local.get $from) (i32.const 1)))
          (i32.sub (local.get $to) (local.get $length)))))
    (local.get $found))

  (func $line (param $seed i32) (result i32) (local $out i32) (local $at i32) (local $length i32)
    (local.set $out (global.get $text))
    (loop $each
      (local.set $length (i32.sub (call $word_end (local.get $at)) (local.get $at)))
      (if (i32.and (local.get $seed) (i32.const 1))
        (then
          (memory.copy (local.get $out) (local.get $at) (local.get $length))
          (local.set $out (i32.add (local.get $out) (local.get $length)))))
      (local.set $seed (i32.add (i32.shr_u (local.get $seed) (i32.const 1)) (i32.shl (local.get $seed) (i32.const 9))))
      (local.set $at (i32.add (i32.add (local.get $at) (local.get $length)) (i32.const 1)))
      (if (i32.ge_u (local.get $at) (i32.const 67)) (then (local.set $at (i32.const 0))))
      (br_if $each (i32.lt_u (local.get $out) (i32.const 1500))))
    (local.get $out))

  (func (export "run") (param $n i32) (result i32) (local $end i32) (local $at i32) (local $length i32) (local $sum i32)
    (loop $lines
      (local.set $end (call $line (i32.or (i32.mul (local.get $n) (i32.const 2654435761)) (i32.const 1))))
      (local.set $at (i32.const 0))
      (loop $words
        (local.set $length (i32.sub (call $word_end (local.get $at)) (local.get $at)))
        (local.set $sum
          (i32.add (local.get $sum)
            (call $find (global.get $text) (local.get $end) (local.get $at) (local.get $length))))
        (local.set $at (i32.add (i32.add (local.get $at) (local.get $length)) (i32.const 1)))
        (br_if $words (i32.lt_u (local.get $at) (i32.const 67))))
      (br_if $lines (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
