;; A bad guest for the world `amal:obs/hosted`: never returns.
(component
  (core module $main
    (func $spin (loop $forever (br $forever)))
    (func (export "run") (call $spin))
  )
  (core instance $main (instantiate $main))
  (func (export "run") (canon lift (core func $main "run")))
)
