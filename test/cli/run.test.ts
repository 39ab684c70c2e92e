/** `hostwright run`, as a process: what a guest answers, traps, and what cannot run. */

import { beforeAll, describe, expect, test } from "vitest";
import { buildGuest } from "../../scripts/guests.ts";
import { assemble } from "../support/assemble.ts";
import { Workspace } from "./workspace.ts";

/** Exports functions without arguments that answer `result`s, and one that divides. */
const ANSWERS = `
(component
  (core module $main
    (func (export "zero") (result i32) (i32.const 0))
    (func (export "one") (result i32) (i32.const 1))
    (func (export "divide") (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1)))
    (func (export "trap") unreachable)
  )
  (core instance $main (instantiate $main))
  (func (export "run") (result (result)) (canon lift (core func $main "zero")))
  (func (export "fail") (result (result)) (canon lift (core func $main "one")))
  (type $why-type (enum "busy" "closed"))
  (export $why "why" (type $why-type))
  (func (export "refuse") (result (result u32 (error $why))) (canon lift (core func $pair "pair") (memory (core memory $pair "memory"))))
  (func (export "divide") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $main "divide")))
  (func (export "trap") (canon lift (core func $main "trap")))
)`;

const PAIR = `
  (core module $pair-module
    (memory (export "memory") 1)
    (data (i32.const 16) "\\01\\00\\00\\00\\01")
    (func (export "pair") (result i32) (i32.const 16))
  )
  (core instance $pair (instantiate $pair-module))`;

const guests = new Map<string, string>();
let answers: Uint8Array;

beforeAll(async () => {
  for (const name of ["counter", "spinner", "hoarder", "shop"]) guests.set(name, await buildGuest(name));
  answers = await assemble(ANSWERS.replace("(core module $main", `${PAIR}\n  (core module $main`));
});

function run(name: string, ...args: string[]) {
  return new Workspace().hostwright("run", guests.get(name) ?? name, ...args);
}

function runAnswers(...args: string[]) {
  const workspace = new Workspace();
  workspace.write("answers.wasm", answers);
  return workspace.hostwright("run", "answers.wasm", ...args);
}

describe("the guest's answer", () => {
  test("run that succeeds: 0, and nothing printed", () => {
    expect(runAnswers()).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test.each([
    ["run()", 0, "ok\n"],
    ["fail()", 1, "err\n"],
    ["refuse()", 1, "err(closed)\n"],
    ["divide(7, 2)", 0, "3\n"],
  ])("--invoke %s: %i", (call, status, stdout) => {
    expect(runAnswers("--invoke", call)).toEqual({ status, stdout, stderr: "" });
  });

  test.each([
    [`amal:shop/echo@0.1.0#words(["a", "\\u{e9}\\n"])`, `["a", "é\\n"]`],
    ['echo#a-basket(many([{quantity: 1, sku: "x"}]))', `many([{sku: "x", quantity: 1}])`],
    ["echo#perhaps(some(none))", "some(none)"],
    ['echo#outcomes([ok(1), err("no")])', `[ok(1), err("no")]`],
    ["some-discounts({member, bulk-order})", "{member, bulk-order}"],
    ["text('é', \"x\")", `('é', "x")`],
    ["maybe()", "none"],
  ])("--invoke %s prints WAVE", (call, answer) => {
    expect(run("shop", "--invoke", call)).toEqual({ status: 0, stdout: `${answer}\n`, stderr: "" });
  });
});

describe("a trap: 134, with code, message and fuel", () => {
  test.each([
    ["spinner", ["--fuel", "1_000_000"], "out-of-fuel"],
    ["spinner", ["--timeout", "100ms", "--fuel", "unlimited"], "interrupt"],
    ["hoarder", ["--max-memory", "4MiB"], "out-of-memory"],
  ])("%s %j: %s", (name, limits, code) => {
    const { status, stdout, stderr } = run(name, ...limits);
    expect([status, stdout]).toEqual([134, ""]);
    expect(stderr).toMatch(new RegExp(`^trap: ${code}: `));
    expect(stderr).not.toContain("node:");
    if (name === "spinner" && code === "out-of-fuel")
      expect(stderr).toContain("fuel used: 1_000_000 of 1_000_000, ");
  });

  test("what the guest itself does wrong", () => {
    expect(runAnswers("--invoke", "trap()")).toMatchObject({
      status: 134,
      stderr: expect.stringMatching(/^trap: unreachable: /),
    });
    expect(runAnswers("--invoke", "divide(1, 0)")).toMatchObject({
      status: 134,
      stderr: expect.stringMatching(/^trap: integer-divide-by-zero: /),
    });
  });

  test("an import that nobody gives", () => {
    const { status, stderr } = run("counter");
    expect(status).toBe(134);
    expect(stderr).toContain("amal:obs/metrics@0.1.0");
    expect(stderr).toMatch(/gives a component no imports: .*hostwright generate/);
  });
});

test("Ctrl-C ends a guest that never returns, without a word", async () => {
  const limits = ["--fuel", "unlimited", "--timeout", "unlimited"];
  const outcome = await new Workspace().hostwrightInterrupted("run", guests.get("spinner") ?? "", ...limits);
  expect(outcome).toEqual({ signal: "SIGINT", stdout: "", stderr: "" });
});

describe("cannot run: 2", () => {
  test("needs more memory than it may have", () => {
    const { status, stderr } = run("hoarder", "--max-memory", "1KiB");
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: It cannot start within --max-memory: .*65536/);
  });

  test.each([
    [["--invoke", "dividee(1, 2)"], "Did you mean `divide`?"],
    [["--invoke", "divide(1)"], "expected an argument for `b: u32`, got `)` (column 9)"],
    [["--invoke", "divide(1, -2)"], "-2 is not in the range of u32"],
    [["--invoke", "divide"], "is not a call"],
    [["--fuel", "0"], "positive whole number"],
    [["--fuel", "1e9"], "positive whole number"],
    [["--timeout", "5"], "Expected a duration"],
    [["--max-memory", "32mb"], "Expected a size"],
    [["--memory", "1MiB"], "unknown option '--memory'"],
    [["--", "argument"], "WASI"],
  ])("%j", (args, message) => {
    const { status, stdout, stderr } = runAnswers(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});
