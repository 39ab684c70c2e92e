/** The guest of the tests of limits. */
import type { StoreOptions } from "../../src/runtime/index.ts";
import { Setup } from "./guest.ts";

/** A guest that counts, grows and calls on demand. */
export const GUEST = `(component
  (import "host" (func $host))
  (core func $host (canon lower (func $host)))
  (core module $main
    (import "host" "f" (func $host))
    (memory 1 100)
    (table 1 50 funcref)
    (global $sum (mut i32) (i32.const 0))
    (func (export "count") (param $n i32) (result i32)
      (local $sum i32)
      (block $done
        (loop $again
          (br_if $done (i32.eqz (local.get $n)))
          (local.set $sum (i32.add (local.get $sum) (local.get $n)))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br $again)))
      (local.get $sum))
    (func (export "spin") (loop $again (br $again)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "grow-table") (param i32) (result i32) (table.grow (ref.null func) (local.get 0)))
    (func (export "call") (call $host)))
  (core instance $main (instantiate $main (with "host" (instance (export "f" (func $host))))))
  (func (export "count") (param "n" u32) (result u32) (canon lift (core func $main "count")))
  (func (export "spin") (canon lift (core func $main "spin")))
  (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $main "grow")))
  (func (export "grow-table") (param "n" u32) (result s32) (canon lift (core func $main "grow-table")))
  (func (export "call") (canon lift (core func $main "call"))))`;

export const METERED = { consumeFuel: true } as const;
export const TIMED = { epochInterruption: true } as const;

/** An instance of the guest, with `host` behind its `call`. */
export async function started(
  config: { consumeFuel?: boolean; epochInterruption?: boolean },
  options: StoreOptions,
  host: (setup: Setup<undefined>) => void = () => undefined,
) {
  const setup = await Setup.of(GUEST, config);
  setup.linker.root().func("host", () => host(setup));
  return { setup, ...setup.start(undefined, options) };
}
