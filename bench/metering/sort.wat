;; n = 50000: quicksort of n numbers by a comparison that is called through a table, as C's qsort does.
(module
  (type $compare (func (param i32 i32) (result i32)))
  (memory 16)
  (table funcref (elem $ascending))
  (func $ascending (type $compare)
    (i32.sub
      (i32.gt_s (i32.load (local.get 0)) (i32.load (local.get 1)))
      (i32.lt_s (i32.load (local.get 0)) (i32.load (local.get 1)))))

  (func $swap (param $a i32) (param $b i32) (local $t i32)
    (local.set $t (i32.load (local.get $a)))
    (i32.store (local.get $a) (i32.load (local.get $b)))
    (i32.store (local.get $b) (local.get $t)))

  (func $sort (param $low i32) (param $high i32) (param $by i32) (local $i i32) (local $j i32)
    (if (i32.ge_s (local.get $low) (local.get $high)) (then (return)))
    (call $swap
      (i32.and (i32.shr_u (i32.add (local.get $low) (local.get $high)) (i32.const 1)) (i32.const -4))
      (local.get $high))
    (local.set $i (local.get $low))
    (local.set $j (local.get $low))
    (loop $each
      (if (i32.lt_s (call_indirect (type $compare) (local.get $j) (local.get $high) (local.get $by)) (i32.const 0))
        (then
          (call $swap (local.get $i) (local.get $j))
          (local.set $i (i32.add (local.get $i) (i32.const 4)))))
      (br_if $each (i32.lt_s (local.tee $j (i32.add (local.get $j) (i32.const 4))) (local.get $high))))
    (call $swap (local.get $i) (local.get $high))
    (call $sort (local.get $low) (i32.sub (local.get $i) (i32.const 4)) (local.get $by))
    (call $sort (i32.add (local.get $i) (i32.const 4)) (local.get $high) (local.get $by)))

  (func (export "run") (param $n i32) (result i32) (local $i i32) (local $x i32)
    (local.set $x (i32.const 12345))
    (loop $fill
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1103515245)) (i32.const 12345)))
      (i32.store (i32.shl (local.get $i) (i32.const 2)) (i32.shr_u (local.get $x) (i32.const 8)))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (call $sort (i32.const 0) (i32.shl (i32.sub (local.get $n) (i32.const 1)) (i32.const 2)) (i32.const 0))
    (i32.load (i32.const 400))))
