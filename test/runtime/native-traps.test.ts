/** V8's own traps are told apart by provoking them, not by what some version of V8 calls them. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Trap } from "../../src/runtime/index.ts";
import { NativeTraps, probe, probeGc } from "../../src/runtime/native-traps.ts";
import { assemble } from "../support/assemble.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, Setup } from "./guest.ts";

const fixture = (name: string) => readFile(new URL(`fixtures/${name}`, import.meta.url), "utf8");

describe("the probes", () => {
  it.each([
    ["trap-probe.wat", probe],
    ["trap-probe-gc.wat", probeGc],
  ])("%s is what the source holds", async (name, embedded) => {
    const assembled = Buffer.from(await assemble(await fixture(name))).toString("base64");
    expect(assembled, `update the text in src/runtime/native-traps.ts to ${assembled}`).toBe(embedded);
  });
});

const bodies: readonly (readonly [code: string, body: string])[] = [
  ["unreachable", "(unreachable)"],
  ["memory-out-of-bounds", "(drop (i64.load (i32.const 65529)))"],
  ["memory-out-of-bounds", "(memory.fill (i32.const 65535) (i32.const 0) (i32.const 2))"],
  ["table-out-of-bounds", "(call_indirect (type $void) (i32.const 5))"],
  ["table-out-of-bounds", "(table.set $t (i32.const 5) (ref.null func))"],
  ["indirect-call-type-mismatch", "(drop (call_indirect (type $int) (i32.const 0)))"],
  ["integer-divide-by-zero", "(drop (i64.div_u (i64.const 1) (i64.const 0)))"],
  ["integer-divide-by-zero", "(drop (i32.rem_s (i32.const 1) (i32.const 0)))"],
  ["integer-overflow", "(drop (i64.div_s (i64.const 0x8000000000000000) (i64.const -1)))"],
  ["bad-conversion-to-integer", "(drop (i64.trunc_f32_u (f32.const -5)))"],
  ["null-reference", "(call_ref $void (ref.null $void))"],
  ["cast-failure", "(drop (ref.cast (ref $point) (struct.new $other)))"],
  ["uncaught-exception", "(throw $oops)"],
  ["stack-overflow", "(call $main)"],
];

describe("a guest's trap", () => {
  it.each(bodies)("%s: %s", async (code, body) => {
    const setup = await Setup.of(`(component
      (core module $main
        (type $void (func))
        (type $int (func (result i32)))
        (type $point (struct (field i32)))
        (type $other (struct (field i64) (field i64)))
        (memory 1)
        (table $t 2 2 funcref)
        (tag $oops)
        (elem (i32.const 0) func $main)
        (func $main (export "run") ${body.replace("(struct.new $other)", "(struct.new_default $other)")}))
      (core instance $main (instantiate $main))
      (func (export "run") (canon lift (core func $main "run"))))`);
    const trap = thrownBy(() => call(setup.instantiate(undefined), "run"));
    expect(trap).toBeInstanceOf(Trap);
    expect(trap).toMatchObject({ code });
    // V8 keeps no stack for an exception of wasm's own.
    if (code !== "uncaught-exception") expect((trap as Trap).frames[0]?.func).toBe("main");
  });

  it("in a segment that does not fit stops the instantiation", async () => {
    for (const [segment, code] of [
      ['(memory 1) (data (i32.const 65535) "ab")', "memory-out-of-bounds"],
      ["(table 1 funcref) (func $f) (elem (i32.const 1) $f)", "table-out-of-bounds"],
    ]) {
      const setup = await Setup.of(
        `(component (core module $m ${segment}) (core instance (instantiate $m)))`,
      );
      expect(thrownBy(() => setup.instantiate(undefined))).toMatchObject({ name: "Trap", code });
    }
  });
});

describe("errors that are not traps", () => {
  it("are not classified", () => {
    const traps = new NativeTraps();
    expect(traps.classify(new Error("unreachable"))).toBeUndefined();
    expect(traps.classify(new RangeError("Invalid array length"))).toBeUndefined();
    expect(traps.classify("unreachable")).toBeUndefined();
  });
});
