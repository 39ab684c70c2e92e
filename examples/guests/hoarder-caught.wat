;; `hoarder`, and it also tries to swallow whatever is thrown at it, with the older form of exception handling.
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
    (func (export "run")
      try
        call $hoard
      catch_all
      end
    )
  )
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run")))
)
