;; n = 2000000: primes below n.
(module
  (memory 40)
  (func (export "run") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $count i32)
    (memory.fill (i32.const 0) (i32.const 1) (local.get $n))
    (local.set $i (i32.const 2))
    (loop $candidates
      (if (i32.load8_u (local.get $i))
        (then
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (local.set $j (i32.shl (local.get $i) (i32.const 1)))
          (if (i32.lt_u (local.get $j) (local.get $n))
            (then
              (loop $multiples
                (i32.store8 (local.get $j) (i32.const 0))
                (br_if $multiples
                  (i32.lt_u (local.tee $j (i32.add (local.get $j) (local.get $i))) (local.get $n))))))))
      (br_if $candidates (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $count)))
