;; n = 10000: an interpreter of 24 instructions for a machine with registers in memory, running Collatz sequences from n down.
(module
  (memory 1)
  ;; A word per instruction: opcode, then registers (as offsets) or a 16-bit number.
  (data (i32.const 0) "\01\04\00\00\01\1c\01\00\01\20\03\00\02\08\00\00\06\0c\08\1c\11\0c\09\00\05\08\08\20\16\08\00\00\0f\00\0a\00\0a\08\08\1c\03\04\04\08\08\10\04\08\01\14\fc\03\06\10\10\14\12\18\10\00\03\18\18\1c\13\18\10\00\0d\0c\1c\08\10\0c\04\00\17\00\00\00\10\00\03\00\00\00\00\00")
  (func (export "run") (param $n i32) (result i32) (local $pc i32) (local $word i32) (local $a i32) (local $b i32) (local $c i32)
    (i32.store offset=4096 (i32.const 0) (local.get $n))
    (loop $next
      (local.set $word (i32.load (local.get $pc)))
      (local.set $pc (i32.add (local.get $pc) (i32.const 4)))
      (local.set $a (i32.and (i32.shr_u (local.get $word) (i32.const 8)) (i32.const 255)))
      (local.set $b (i32.and (i32.shr_u (local.get $word) (i32.const 16)) (i32.const 255)))
      (local.set $c (i32.shr_u (local.get $word) (i32.const 24)))
      (block $dec
      (block $inc
      (block $store8
      (block $load8
      (block $store
      (block $load
      (block $branch_not
      (block $branch
      (block $jump
      (block $le
      (block $lt
      (block $ne
      (block $eq
      (block $shr
      (block $shl
      (block $xor
      (block $or
      (block $and
      (block $mul
      (block $sub
      (block $add
      (block $move
      (block $const
      (block $halt
        (br_table $halt $const $move $add $sub $mul $and $or $xor $shl $shr $eq $ne $lt $le $jump $branch $branch_not $load $store $load8 $store8 $inc $dec $halt (i32.and (local.get $word) (i32.const 255))))
      ;; halt
      (return (i32.load offset=4096 (i32.const 4))))
      (i32.store offset=4096 (local.get $a) (i32.shr_s (local.get $word) (i32.const 16)))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.load offset=4096 (local.get $b)))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.add (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.sub (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.mul (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.and (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.or (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.xor (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.shl (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.shr_u (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.eq (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.ne (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.lt_s (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.le_s (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $c))))
      (br $next))
      (local.set $pc (i32.shl (i32.shr_s (local.get $word) (i32.const 16)) (i32.const 2)))
      (br $next))
      (if (i32.load offset=4096 (local.get $a)) (then (local.set $pc (i32.shl (i32.shr_s (local.get $word) (i32.const 16)) (i32.const 2)))))
      (br $next))
      (if (i32.eqz (i32.load offset=4096 (local.get $a))) (then (local.set $pc (i32.shl (i32.shr_s (local.get $word) (i32.const 16)) (i32.const 2)))))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.load offset=8192 (i32.load offset=4096 (local.get $b))))
      (br $next))
      (i32.store offset=8192 (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $a)))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.load8_u offset=8192 (i32.load offset=4096 (local.get $b))))
      (br $next))
      (i32.store8 offset=8192 (i32.load offset=4096 (local.get $b)) (i32.load offset=4096 (local.get $a)))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.add (i32.load offset=4096 (local.get $a)) (i32.const 1)))
      (br $next))
      (i32.store offset=4096 (local.get $a) (i32.sub (i32.load offset=4096 (local.get $a)) (i32.const 1)))
      (br $next))
    (unreachable)))
