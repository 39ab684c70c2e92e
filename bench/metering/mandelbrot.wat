;; n = 300: the Mandelbrot set, n by n points, up to 100 rounds each.
(module
  (func $rounds (param $cr f64) (param $ci f64) (result i32) (local $zr f64) (local $zi f64) (local $t f64) (local $i i32)
    (block $done
      (loop $each
        (br_if $done
          (f64.gt
            (f64.add (f64.mul (local.get $zr) (local.get $zr)) (f64.mul (local.get $zi) (local.get $zi)))
            (f64.const 4)))
        (local.set $t
          (f64.add
            (f64.sub (f64.mul (local.get $zr) (local.get $zr)) (f64.mul (local.get $zi) (local.get $zi)))
            (local.get $cr)))
        (local.set $zi
          (f64.add (f64.mul (f64.mul (f64.const 2) (local.get $zr)) (local.get $zi)) (local.get $ci)))
        (local.set $zr (local.get $t))
        (br_if $each (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100)))))
    (local.get $i))

  (func (export "run") (param $n i32) (result i32) (local $x i32) (local $y i32) (local $sum i32) (local $scale f64)
    (local.set $scale (f64.convert_i32_s (local.get $n)))
    (loop $rows
      (local.set $x (i32.const 0))
      (loop $points
        (local.set $sum
          (i32.add (local.get $sum)
            (call $rounds
              (f64.sub (f64.div (f64.mul (f64.convert_i32_s (local.get $x)) (f64.const 3)) (local.get $scale)) (f64.const 2))
              (f64.sub (f64.div (f64.mul (f64.convert_i32_s (local.get $y)) (f64.const 2)) (local.get $scale)) (f64.const 1)))))
        (br_if $points (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 1))) (local.get $n))))
      (br_if $rows (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 1))) (local.get $n))))
    (local.get $sum)))
