;; `spinner`, and it also tries to swallow whatever is thrown at it.
(component
  (core module $main
    (func $spin (loop $forever (br $forever)))
    (func (export "run")
      (block $caught
        (try_table (catch_all $caught) (call $spin))
      )
    )
  )
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run")))
)
