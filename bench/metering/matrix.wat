;; n = 200: the product of two matrices of n by n f64, all in memory.
(module
  (memory 64)
  (func $fill (param $count i32) (local $i i32)
    (loop $each
      (f64.store (i32.shl (local.get $i) (i32.const 3)) (f64.convert_i32_u (i32.rem_u (local.get $i) (i32.const 17))))
      (br_if $each (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $count)))))

  ;; a, b and c are addresses; the row is that of a and c, the column that of b.
  (func $cell (param $row i32) (param $column i32) (param $n i32) (result f64) (local $k i32) (local $sum f64)
    (loop $each
      (local.set $sum (f64.add (local.get $sum) (f64.mul (f64.load (local.get $row)) (f64.load (local.get $column)))))
      (local.set $row (i32.add (local.get $row) (i32.const 8)))
      (local.set $column (i32.add (local.get $column) (i32.shl (local.get $n) (i32.const 3))))
      (br_if $each (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $n))))
    (local.get $sum))

  (func (export "run") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $size i32) (local $c i32)
    (local.set $size (i32.shl (i32.mul (local.get $n) (local.get $n)) (i32.const 3)))
    (call $fill (i32.shl (i32.mul (local.get $n) (local.get $n)) (i32.const 1)))
    (local.set $c (i32.shl (local.get $size) (i32.const 1)))
    (loop $rows
      (local.set $j (i32.const 0))
      (loop $columns
        (f64.store (local.get $c)
          (call $cell
            (i32.shl (i32.mul (local.get $i) (local.get $n)) (i32.const 3))
            (i32.add (local.get $size) (i32.shl (local.get $j) (i32.const 3)))
            (local.get $n)))
        (local.set $c (i32.add (local.get $c) (i32.const 8)))
        (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i32.trunc_f64_s (f64.load (i32.sub (local.get $c) (i32.const 8))))))
