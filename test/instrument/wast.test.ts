/**
 * The reader of `.wast` scripts, and the conformance suite over a script with newer features.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run as runCore } from "../../scripts/conformance/core.ts";
import type { RunSuite } from "../../scripts/conformance-case.ts";
import { float, matchesNan } from "../../scripts/wast/core-values.ts";
import { parseScript } from "../../scripts/wast/script.ts";
import { parseSExprs, SExprError } from "../../scripts/wast/sexpr.ts";
import { CORE_PREAMBLE } from "../support/wasm-builder.ts";

describe("S-expressions", () => {
  test("comments, strings and positions", () => {
    const source = `;; line\n(a (; block (; nested ;) ;) "x\\n\\41\\u{1F600}" $id)\n(b)`;
    const [first, second] = parseSExprs(source);
    expect(first?.items).toMatchObject([
      { kind: "atom", text: "a" },
      { kind: "string", bytes: Uint8Array.from([0x78, 10, 0x41, 0xf0, 0x9f, 0x98, 0x80]) },
      { kind: "atom", text: "$id" },
    ]);
    expect([first?.line, second?.line]).toEqual([2, 3]);
    expect(source.slice(second?.start, second?.end)).toBe("(b)");
  });

  test.each(["(a", `(a "x`, "(; a", ")", "atom"])("%s is not well-formed", (source) => {
    expect(() => {
      if (parseSExprs(source).length === 0) throw new SExprError("nothing");
    }).toThrow(SExprError);
  });
});

describe("scripts", () => {
  test("annotations are left out", () => {
    const script = parseScript(`(@a (b ; "c" ) ) ((@d) module (@e f) $m (func)) (@g)`);
    expect(script).toMatchObject([{ kind: "instantiate", definition: { name: "$m" } }]);
  });

  test("a module's fields alone are a module", () => {
    const script = parseScript(`(func) ;; f\n(memory 1) ;; m`);
    expect(script).toMatchObject([
      { kind: "instantiate", definition: { source: { text: "(module (func) ;; f\n(memory 1) ;; m\n)" } } },
    ]);
  });

  test("directives", () => {
    const script = parseScript(`
      (module $m (func (export "f")))
      (module binary "\\00asm" "\\01\\00\\00\\00")
      (module quote "(func)" "(memory 1)")
      (module definition $d (func))
      (module instance $i $d)
      (component $c (type u32))
      (register "m" $m)
      (invoke $m "f" (i32.const 1))
      (assert_return (get "g") (i32.const 5))
      (assert_trap (invoke "f") "unreachable")
      (assert_trap (module (func)) "unreachable")
      (assert_invalid (module (func)) "type mismatch")
      (assert_fuel 5 (module))
      (assert_something)`);
    expect(script.map(({ kind }) => kind)).toEqual([
      "instantiate",
      "instantiate",
      "instantiate",
      "define",
      "instance",
      "instantiate",
      "register",
      "action",
      "assert_return",
      "assert_trap",
      "assert_trap",
      "assert_invalid",
      "assert_fuel",
      "unknown",
    ]);
    expect(script[1]).toMatchObject({
      definition: { source: { format: "binary", bytes: Uint8Array.from(CORE_PREAMBLE) } },
    });
    expect(script[2]).toMatchObject({ definition: { source: { text: "(module (func) (memory 1))" } } });
    expect(script[3]).toMatchObject({ definition: { name: "$d", source: { text: "(module $d (func))" } } });
    expect(script[5]).toMatchObject({ definition: { kind: "component", name: "$c" } });
    expect(script[7]).toMatchObject({ action: { kind: "invoke", module: "$m", field: "f" } });
  });
});

describe("float literals", () => {
  test.each([
    ["0x1.fffffep127", 32, 0x7f7fffffn],
    ["0x1p-149", 32, 1n],
    ["0x1p-150", 32, 0n],
    ["0x1.8p-150", 32, 1n],
    ["-0x0p0", 32, 0x80000000n],
    ["0x1.000001p0", 32, 0x3f800000n],
    ["0x1.000001000000001p0", 32, 0x3f800001n],
    ["16777217", 32, 0x4b800000n],
    ["1e40", 32, 0x7f800000n],
    ["-inf", 32, 0xff800000n],
    ["nan:0x200000", 32, 0x7fa00000n],
    ["nan", 64, 0x7ff8000000000000n],
    ["0x1p1023", 64, 0x7fe0000000000000n],
    ["0x0.0000000000001p-1022", 64, 1n],
    ["1_000.5", 64, 0x408f440000000000n],
  ])("%s as f%i", (text, width, bits) => {
    expect(float(text, width)).toBe(bits);
  });

  test("decimal ones are what JavaScript reads", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const bits = new BigUint64Array(Float64Array.of(value).buffer)[0];
        expect(float(Object.is(value, -0) ? "-0" : String(value), 64)).toBe(bits);
      }),
    );
  });

  test("f32 values survive as hexadecimal and as decimal text", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const bits = BigInt(new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0);
        expect(float(Object.is(value, -0) ? "-0" : String(value), 32)).toBe(bits);
        const mantissa = bits & 0x7fffffn;
        const exponent = Number((bits >> 23n) & 0xffn);
        const sign = bits >> 31n === 1n ? "-" : "";
        const digits = ((exponent === 0 ? mantissa : mantissa | 0x800000n) << 1n).toString(16);
        expect(float(`${sign}0x${digits}p${Math.max(exponent, 1) - 151}`, 32)).toBe(bits);
      }),
    );
  });

  test("NaN patterns", () => {
    expect(matchesNan(0xffc00000n, 32, "nan:canonical")).toBe(true);
    expect(matchesNan(0x7fc00001n, 32, "nan:canonical")).toBe(false);
    expect(matchesNan(0x7fc00001n, 32, "nan:arithmetic")).toBe(true);
    expect(matchesNan(0x7f800001n, 32, "nan:arithmetic")).toBe(false);
  });
});

const SCRIPT = `
  (module $lib
    (func (export "add") (param v128 v128) (result v128) (i32x4.add (local.get 0) (local.get 1)))
    (func (export "div") (param f32 f32) (result f32) (f32.div (local.get 0) (local.get 1)))
    (func (export "two") (result i32 f64) (i32.const 1) (f64.const 2.5))
    (func (export "null") (result exnref) (ref.null exn))
    (func (export "i31") (result i31ref) (ref.i31 (i32.const 7)))
    (func (export "same") (param externref) (result externref) (local.get 0))
    (func (export "long") (param i64) (result i64) (i64.mul (local.get 0) (i64.const 3)))
    (tag $e) (func (export "throws") (throw $e))
    (func (export "deep") (call 8))
    (func (export "loop") (result i32) (local i32)
      (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 5000)))) (local.get 0))
    (global (export "g") f32 (f32.const -0)))
  (register "lib" $lib)
  (assert_return (invoke "add" (v128.const i32x4 1 2 3 4) (v128.const i8x16 1 0 0 0 1 0 0 0 1 0 0 0 1 0 0 0)) (v128.const i32x4 2 3 4 5))
  (assert_return (invoke "div" (f32.const 0) (f32.const 0)) (f32.const nan:canonical))
  (assert_return (invoke "div" (f32.const nan:0x200001) (f32.const 1)) (f32.const nan:arithmetic))
  (assert_return (invoke "div" (f32.const 1) (f32.const 3)) (either (f32.const 7) (f32.const 0x1.555556p-2)))
  (assert_return (invoke "two") (i32.const 1) (f64.const 2.5))
  (assert_return (invoke "null") (ref.null exn))
  (assert_return (invoke "i31") (ref.i31))
  (assert_return (invoke "same" (ref.extern 5)) (ref.extern 5))
  (assert_return (invoke "same" (ref.null extern)) (ref.null extern))
  (assert_return (invoke "long" (i64.const -5)) (i64.const 0xfffffffffffffff1))
  (assert_return (invoke $lib "loop") (i32.const 5000))
  (assert_return (get "g") (f32.const -0))
  (assert_exception (invoke "throws"))
  (assert_exhaustion (invoke "deep") "call stack exhausted")
  (module (import "lib" "loop" (func $f (result i32))) (import "lib" "g" (global f32))
    (func (export "run") (result i32) (call $f)))
  (assert_return (invoke "run") (i32.const 5000))
  (module definition $d (global (export "n") (mut i32) (i32.const 1))
    (func (export "inc") (result i32) (global.set 0 (i32.add (global.get 0) (i32.const 1))) (global.get 0)))
  (module instance $one $d)
  (module instance $two $d)
  (assert_return (invoke $one "inc") (i32.const 2))
  (assert_return (invoke $two "inc") (i32.const 2))
  (assert_trap (module (func $f unreachable) (start $f)) "unreachable")
  (assert_invalid (module (func (result i32))) "type mismatch")
  (assert_malformed (module binary "\\00asm" "\\02\\00\\00\\00") "unknown binary version")
  (assert_malformed (module quote "(func") "unclosed")
  (assert_unlinkable (module (import "lib" "nothing" (func))) "unknown import")`;

describe("the core suite", () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hostwright-wast-"));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function outcomes(suite: RunSuite, script: string): Promise<string[]> {
    const file = join(folder, "script.wast");
    writeFileSync(file, script);
    const results: string[] = [];
    for await (const result of suite([folder])) {
      if (result.outcome === "note") continue;
      const detail = result.outcome === "pass" ? "" : ` ${result.name.replace(file, "")}: ${result.detail}`;
      results.push(`${result.outcome}${detail}`);
    }
    return results;
  }

  test("runs scripts with newer features", async () => {
    const results = await outcomes(runCore, SCRIPT);
    expect(results.filter((result) => result !== "pass")).toEqual([
      expect.stringMatching(/^skip :\d+: assert_malformed: malformed text/),
    ]);
    expect(results).toHaveLength(parseScript(SCRIPT).length);
  });

  test("skips what hostwright refuses and the text parser does not take, and what follows from it", async () => {
    const results = await outcomes(
      runCore,
      `(module $m (memory 1 1 shared) (func (export "f")))
       (invoke $m "f")
       (assert_return (invoke "f"))
       (module (func (nonsense)))`,
    );
    expect(results).toEqual([
      expect.stringMatching(/^skip :1: instantiate: .*shared memory/),
      expect.stringMatching(/^skip :2: action: follows from .*shared memory/),
      expect.stringMatching(/^skip :3: assert_return: follows from .*shared memory/),
      expect.stringMatching(/^skip :4: instantiate: the text parser does not take it: /),
    ]);
  });

  test("memories come zeroed, and no larger than the module says", async () => {
    const script = `
      (module (memory (export "m") 1 2)
        (func (export "read") (result i32) (i32.load (i32.const 8)))
        (func (export "write") (i32.store (i32.const 8) (i32.const 7)))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
      (assert_return (invoke "read") (i32.const 0))
      (invoke "write")
      (assert_return (invoke "read") (i32.const 7))
      (assert_return (invoke "grow" (i32.const 2)) (i32.const -1))`;
    writeFileSync(join(folder, "another.wast"), script);
    const results = await outcomes(
      runCore,
      `${script} (assert_return (invoke "grow" (i32.const 1)) (i32.const 1))`,
    );
    rmSync(join(folder, "another.wast"));
    expect(results).toEqual(new Array<string>(11).fill("pass"));
  });

  test("does not take a wrong expectation for a success", async () => {
    const results = await outcomes(
      runCore,
      `(module (func (export "f") (result i32) (i32.const 1)) (func (export "t") (unreachable)))
       (assert_return (invoke "f") (i32.const 2))
       (assert_return (invoke "t"))
       (assert_trap (invoke "f") "unreachable")
       (assert_return (invoke "missing"))`,
    );
    expect(results[0]).toBe("pass");
    expect(
      results.slice(1).every((result) => result.startsWith("skip") && result.includes("uninstrumented")),
    ).toBe(true);
  });
});
