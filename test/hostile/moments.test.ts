/** Guests that will not stop at moments other than a plain call: start, post-return, destructors, deep in other calls. */
import { describe, expect, it } from "vitest";
import { Trap } from "../../src/runtime/index.ts";
import { call, Setup } from "../runtime/guest.ts";
import { thrownBy } from "../support/thrown-by.ts";

const SPIN = "(loop $l (br $l))";
const CAUGHT = `(loop $again (block $c (try_table (catch_all $c) ${SPIN})) (br $again))`;

const modes = [
  [{ consumeFuel: true }, { fuel: 2_000_000 }, "out-of-fuel"],
  [{ epochInterruption: true }, { epochDeadline: 10 }, "interrupt"],
  [{ consumeFuel: true, epochInterruption: true }, { fuel: 2n ** 60n, epochDeadline: 10 }, "interrupt"],
] as const;

describe.each(modes)("with %j", (config, options, code) => {
  describe.each([
    ["spins", SPIN],
    ["spins and catches", CAUGHT],
  ])("a guest that %s", (_, spin) => {
    const setupOf = async (text: string) => {
      const setup = await Setup.of(text, config);
      if ("epochInterruption" in config) setup.engine.startEpochTicker({ intervalMs: 1 });
      return setup;
    };

    it("in its start function", async () => {
      const setup = await setupOf(`(component
        (core module $m (func $start ${spin}) (start $start))
        (core instance (instantiate $m)))`);
      const trap = thrownBy(() => setup.start(undefined, options));
      expect(trap).toBeInstanceOf(Trap);
      expect(trap).toMatchObject({ code });
    });

    it("in post-return", async () => {
      const setup = await setupOf(`(component
        (core module $m (func (export "f") (result i32) (i32.const 5)) (func (export "post") (param i32) ${spin}))
        (core instance $m (instantiate $m))
        (func (export "f") (result u32)
          (canon lift (core func $m "f") (post-return (core func $m "post")))))`);
      const { instance } = setup.start(undefined, options);
      expect(thrownBy(() => call(instance, "f"))).toMatchObject({ name: "Trap", code });
    });

    it("in a realloc for the arguments", async () => {
      const setup = await setupOf(`(component
        (core module $m (memory (export "memory") 1)
          (func (export "f") (param i32 i32))
          (func (export "realloc") (param i32 i32 i32 i32) (result i32) ${spin} (unreachable)))
        (core instance $m (instantiate $m))
        (func (export "f") (param "s" string)
          (canon lift (core func $m "f") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))`);
      const { instance } = setup.start(undefined, options);
      expect(thrownBy(() => call(instance, "f", "text"))).toMatchObject({ name: "Trap", code });
      expect(thrownBy(() => call(instance, "f", "text"))).toMatchObject({ code: "store-poisoned" });
    });

    it("in a destructor", async () => {
      const setup = await setupOf(`(component
        (core module $d (func (export "dtor") (param i32) ${spin}))
        (core instance $d (instantiate $d))
        (type $r (resource (rep i32) (dtor (core func $d "dtor"))))
        (core func $new (canon resource.new $r))
        (core module $m (import "" "new" (func $new (param i32) (result i32)))
          (func (export "make") (result i32) (call $new (i32.const 1))))
        (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
        (export $e "r" (type $r))
        (func (export "make") (result (own $e)) (canon lift (core func $m "make"))))`);
      const { instance } = setup.start(undefined, options);
      const made = call(instance, "make") as Disposable;
      expect(thrownBy(() => made[Symbol.dispose]())).toMatchObject({ name: "Trap", code });
    });

    it("in another component that it calls", async () => {
      const setup = await setupOf(`(component
        (component $inner
          (core module $m (func (export "f") ${spin}))
          (core instance $m (instantiate $m))
          (func (export "f") (canon lift (core func $m "f"))))
        (instance $inner (instantiate $inner))
        (core func $f (canon lower (func $inner "f")))
        (core module $m (import "" "f" (func $f))
          (func (export "run") (loop $l (block $c (try_table (catch_all $c) (call $f))) (br $l))))
        (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
        (func (export "run") (canon lift (core func $m "run"))))`);
      const { instance } = setup.start(undefined, options);
      expect(thrownBy(() => call(instance, "run"))).toMatchObject({ name: "Trap", code });
    });
  });
});

describe("an exception of a guest", () => {
  it("does not cross into another component: it is a trap at the border", async () => {
    const setup = await Setup.of(`(component
      (component $inner
        (core module $m (tag $t) (func (export "f") (throw $t)))
        (core instance $m (instantiate $m))
        (func (export "f") (canon lift (core func $m "f"))))
      (instance $inner (instantiate $inner))
      (core func $f (canon lower (func $inner "f")))
      (core module $m (import "" "f" (func $f))
        (func (export "run") (result i32)
          (block $c (try_table (catch_all $c) (call $f)) (return (i32.const 0)))
          (i32.const 1)))
      (core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
      (func (export "run") (result u32) (canon lift (core func $m "run"))))`);
    const { instance } = setup.start(undefined);
    expect(thrownBy(() => call(instance, "run"))).toMatchObject({ name: "Trap", code: "uncaught-exception" });
  });
});

describe("many guests in one process", () => {
  it("trap one after the other, and leave nothing behind that stops the next", async () => {
    const setup = await Setup.of(
      `(component
        (core module $m (memory 1) (func (export "run") ${CAUGHT}))
        (core instance $m (instantiate $m))
        (func (export "run") (canon lift (core func $m "run"))))`,
      { consumeFuel: true },
    );
    const pre = setup.linker.instantiatePre(setup.component);
    expect(pre).toBeDefined();
    for (let i = 0; i < 200; i++) {
      const { instance } = setup.start(undefined, { fuel: 1000 });
      expect(thrownBy(() => call(instance, "run"))).toMatchObject({ code: "out-of-fuel" });
    }
  });
});
