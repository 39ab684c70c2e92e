;; A bad guest for the world `amal:obs/hosted`: takes one mebibyte of memory after the other, and fills it.
(component
  (core module $main
    (memory (export "memory") 1)
    (func $hoard
      (local $page i32)
      (loop $more
        (local.set $page (memory.grow (i32.const 16)))
        (if (i32.eq (local.get $page) (i32.const -1)) (then (return)))
        (memory.fill
          (i32.mul (local.get $page) (i32.const 65536))
          (i32.const 0xff)
          (i32.const 1048576))
        (br $more)
      )
    )
    (func (export "run") (call $hoard))
  )
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run")))
)
