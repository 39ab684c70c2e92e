;; A guest in WebAssembly text for the world `amal:obs/hosted` (wit/obs.wit): counts three requests.
(component
  (import "amal:obs/metrics@0.1.0" (instance $metrics
    (export "counter" (func (param "name" string) (param "value" u64)))
  ))

  (core module $memory
    (memory (export "memory") 1)
    (data (i32.const 16) "requests")
  )
  (core instance $memory (instantiate $memory))
  (core func $counter (canon lower (func $metrics "counter") (memory (core memory $memory "memory"))))

  (core module $main
    (import "host" "counter" (func $counter (param $name i32) (param $name-length i32) (param $value i64)))
    (func (export "run")
      (call $counter (i32.const 16) (i32.const 8) (i64.const 1))
      (call $counter (i32.const 16) (i32.const 8) (i64.const 1))
      (call $counter (i32.const 16) (i32.const 8) (i64.const 1))
    )
  )
  (core instance $main (instantiate $main
    (with "host" (instance (export "counter" (func $counter))))
  ))

  (func (export "run") (canon lift (core func $main "run")))
)
