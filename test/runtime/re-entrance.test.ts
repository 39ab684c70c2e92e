/** Which component instance may call into which: CanonicalABI.md, "Component Instances". */
import { describe, expect, it } from "vitest";
import { types } from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, Setup } from "./guest.ts";

const CANNOT_ENTER = { name: "Trap", code: "cannot-enter" };

/** A component that imports `out`, and exports `in`: it calls `out` unless it is given 0. */
const RELAY = `
  (component $Relay
    (import "out" (func $out (param "n" u32) (result u32)))
    (core func $lowered (canon lower (func $out)))
    (core module $M
      (import "" "out" (func $out (param i32) (result i32)))
      (func (export "in") (param i32) (result i32)
        (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
        (i32.add (i32.const 1) (call $out (i32.sub (local.get 0) (i32.const 1))))))
    (core instance $m (instantiate $M (with "" (instance (export "out" (func $lowered))))))
    (func (export "in") (param "n" u32) (result u32) (canon lift (core func $m "in"))))`;

/** A function of the root, that calls what has been put into a table: how calls go round in circles. */
const TABLE = `
  (core module $T
    (type $f (func (param i32) (result i32)))
    (table (export "t") 1 funcref)
    (func (export "via") (param i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
      (i32.add (i32.const 1)
        (call_indirect (type $f) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))))
  (core instance $t (instantiate $T))
  (func $via (param "n" u32) (result u32) (canon lift (core func $t "via")))`;

/** Puts the lowered \`$next\` into the table. */
const FILL = `
  (core func $next-lowered (canon lower (func $next)))
  (core module $Fill
    (import "" "t" (table 1 funcref))
    (import "" "next" (func $next (param i32) (result i32)))
    (elem (i32.const 0) func $next))
  (core instance (instantiate $Fill (with "" (instance
    (export "t" (table $t "t")) (export "next" (func $next-lowered))))))`;

describe("calls between the components of one instance", () => {
  it("go from a parent to a child, to its sibling, and back to the parent", async () => {
    const setup = await Setup.of(`(component
      (import "host" (func $host (param "n" u32) (result u32)))
      (core func $host-lowered (canon lower (func $host)))
      (core module $M
        (import "" "host" (func $host (param i32) (result i32)))
        (func (export "last") (param i32) (result i32) (call $host (local.get 0))))
      (core instance $m (instantiate $M (with "" (instance (export "host" (func $host-lowered))))))
      (func $last (param "n" u32) (result u32) (canon lift (core func $m "last")))
      ${RELAY}
      (instance $c2 (instantiate $Relay (with "out" (func $last))))
      (instance $c1 (instantiate $Relay (with "out" (func $c2 "in"))))
      (core func $c1-lowered (canon lower (func $c1 "in")))
      (core module $Main
        (import "" "c1" (func $c1 (param i32) (result i32)))
        (func (export "main") (param i32) (result i32) (call $c1 (local.get 0))))
      (core instance $main (instantiate $Main (with "" (instance (export "c1" (func $c1-lowered))))))
      (func (export "main") (param "n" u32) (result u32) (canon lift (core func $main "main")))
      (export "last" (func $last)))`);
    const seen: number[] = [];
    setup.linker.root().func("host", (_, n: number) => {
      seen.push(n);
      return 100;
    });
    const instance = setup.instantiate(undefined);
    expect(call(instance, "main", 2)).toBe(102);
    // Every flag is back where it was.
    expect(call(instance, "main", 2)).toBe(102);
    expect(call(instance, "last", 7)).toBe(100);
    expect(seen).toEqual([0, 0, 7]);
  });

  it("do not come back to a child that is running: parent, child, parent, child", async () => {
    const text = `(component
      ${TABLE}
      ${RELAY}
      (instance $c (instantiate $Relay (with "out" (func $via))))
      (alias export $c "in" (func $next))
      ${FILL}
      (export "start" (func $via)))`;
    const setup = await Setup.of(text);
    // parent -> child -> parent, which ends there
    expect(call(setup.instantiate(undefined), "start", 2)).toBe(2);
    expect(thrownBy(() => call(setup.instantiate(undefined), "start", 3))).toMatchObject(CANNOT_ENTER);
  });

  it("do not come back to a sibling that is running", async () => {
    const setup = await Setup.of(`(component
      ${TABLE}
      ${RELAY}
      (instance $b (instantiate $Relay (with "out" (func $via))))
      (instance $a (instantiate $Relay (with "out" (func $b "in"))))
      (alias export $a "in" (func $next))
      ${FILL}
      (export "a" (func $a "in"))
      (export "b" (func $b "in")))`);
    // a -> b -> parent, and there it ends; one more is a again.
    expect(call(setup.instantiate(undefined), "a", 2)).toBe(2);
    expect(thrownBy(() => call(setup.instantiate(undefined), "a", 3))).toMatchObject(CANNOT_ENTER);
    expect(call(setup.instantiate(undefined), "b", 2)).toBe(2);
    expect(thrownBy(() => call(setup.instantiate(undefined), "b", 4))).toMatchObject(CANNOT_ENTER);
  });

  it("enter what is around the callee, too: a grandchild is left through its sibling, not back into its parent", async () => {
    // The root holds $mid (which holds $leaf) and $other; leaf -> other -> mid is a call into what is running.
    const setup = await Setup.of(`(component
      ${TABLE}
      ${RELAY}
      (instance $other (instantiate $Relay (with "out" (func $via))))
      (component $Mid
        (import "out" (func $out (param "n" u32) (result u32)))
        ${RELAY}
        (instance $leaf (instantiate $Relay (with "out" (func $out))))
        (core module $M (func (export "own") (param i32) (result i32) (i32.const 50)))
        (core instance $m (instantiate $M))
        (func (export "own") (param "n" u32) (result u32) (canon lift (core func $m "own")))
        (export "leaf" (func $leaf "in")))
      (instance $mid (instantiate $Mid (with "out" (func $other "in"))))
      (alias export $mid "own" (func $next))
      ${FILL}
      (export "leaf" (func $mid "leaf"))
      (export "own" (func $mid "own"))
      (export "other" (func $other "in")))`);
    // other -> root -> mid is fine; so is leaf -> other -> root.
    expect(call(setup.instantiate(undefined), "other", 2)).toBe(52);
    expect(call(setup.instantiate(undefined), "leaf", 2)).toBe(2);
    expect(call(setup.instantiate(undefined), "own", 2)).toBe(50);
    expect(thrownBy(() => call(setup.instantiate(undefined), "leaf", 3))).toMatchObject(CANNOT_ENTER);
  });

  it("let the host in nowhere while one of them runs, not even into one that does not", async () => {
    const setup = await Setup.of(`(component
      (import "host" (func $host (param "n" u32) (result u32)))
      ${RELAY}
      (instance $a (instantiate $Relay (with "out" (func $host))))
      (instance $b (instantiate $Relay (with "out" (func $host))))
      (export "a" (func $a "in"))
      (export "b" (func $b "in")))`);
    let inner: unknown;
    setup.linker.root().func("host", (_, n: number) => {
      if (n > 0) inner = thrownBy(() => call(instance, "b", 0));
      return n;
    });
    const instance = setup.instantiate(undefined);
    expect(call(instance, "b", 0)).toBe(0);
    expect(call(instance, "a", 1)).toBe(1);
    expect(inner).toBeUndefined();
    expect(thrownBy(() => call(instance, "a", 2))).toMatchObject(CANNOT_ENTER);
    expect(inner).toMatchObject(CANNOT_ENTER);
  });
});

describe("destructors", () => {
  const text = `(component
    (component $Owner
      (core module $D
        (global $dropped (mut i32) (i32.const 0))
        (func (export "dtor") (param i32) (global.set $dropped (i32.add (global.get $dropped) (local.get 0))))
        (func (export "dropped") (result i32) (global.get $dropped)))
      (core instance $d (instantiate $D))
      (type $r (resource (rep i32) (dtor (core func $d "dtor"))))
      (core func $new (canon resource.new $r))
      (core func $drop (canon resource.drop $r))
      (export $out "r" (type $r))
      (core module $M
        (import "" "new" (func $new (param i32) (result i32)))
        (import "" "drop" (func $drop (param i32)))
        (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
        (func (export "drop-own") (call $drop (call $new (i32.const 100)))))
      (core instance $m (instantiate $M (with "" (instance
        (export "new" (func $new)) (export "drop" (func $drop))))))
      (func (export "make") (param "n" u32) (result (own $out)) (canon lift (core func $m "make")))
      (func (export "drop-own") (canon lift (core func $m "drop-own")))
      (func (export "dropped") (result u32) (canon lift (core func $d "dropped"))))
    (component $User
      (import "owner" (instance $owner
        (export "r" (type $r (sub resource)))
        (export "make" (func (param "n" u32) (result (own $r))))))
      (alias export $owner "r" (type $r))
      (core func $make (canon lower (func $owner "make")))
      (core func $drop (canon resource.drop $r))
      (core module $M
        (import "" "make" (func $make (param i32) (result i32)))
        (import "" "drop" (func $drop (param i32)))
        (func (export "use") (param i32) (call $drop (call $make (local.get 0)))))
      (core instance $m (instantiate $M (with "" (instance
        (export "make" (func $make)) (export "drop" (func $drop))))))
      (func (export "use") (param "n" u32) (canon lift (core func $m "use"))))
    (instance $owner (instantiate $Owner))
    (instance $user (instantiate $User (with "owner" (instance $owner))))
    (export "use" (func $user "use"))
    (export "drop-own" (func $owner "drop-own"))
    (export "dropped" (func $owner "dropped")))`;

  it("run in the instance that defines the resource, whoever drops it", async () => {
    const instance = (await Setup.of(text)).instantiate(undefined);
    call(instance, "use", 3);
    call(instance, "drop-own");
    call(instance, "use", 4);
    expect(call(instance, "dropped")).toBe(107);
  });
});

describe("borrows belong to the call that they are lent to", () => {
  // The root is lent two handles, calls a child, and is called back by it, with a handle of its own.
  const text = (inner: string) => `(component
    (import "h" (instance $h (export "r" (type (sub resource)))))
    (alias export $h "r" (type $r))
    (core func $drop (canon resource.drop $r))
    (core module $Inner
      (import "" "drop" (func $drop (param i32)))
      (func (export "inner") (param i32 i32) ${inner}))
    (core instance $inner (instantiate $Inner (with "" (instance (export "drop" (func $drop))))))
    (func $inner (param "r" (borrow $r)) (param "outer" u32) (canon lift (core func $inner "inner")))
    (component $Child
      (import "h" (instance $h (export "r" (type (sub resource)))))
      (alias export $h "r" (type $r))
      (import "inner" (func $inner (param "r" (borrow $r)) (param "outer" u32)))
      (core func $drop (canon resource.drop $r))
      (core func $lowered (canon lower (func $inner)))
      (core module $M
        (import "" "inner" (func $inner (param i32 i32)))
        (import "" "drop" (func $drop (param i32)))
        (func (export "go") (param i32 i32)
          (call $inner (local.get 0) (local.get 1))
          (call $drop (local.get 0))))
      (core instance $m (instantiate $M (with "" (instance
        (export "inner" (func $lowered)) (export "drop" (func $drop))))))
      (func (export "go") (param "r" (borrow $r)) (param "outer" u32) (canon lift (core func $m "go"))))
    (instance $child (instantiate $Child (with "h" (instance $h)) (with "inner" (func $inner))))
    (core func $go (canon lower (func $child "go")))
    (core module $Outer
      (import "" "go" (func $go (param i32 i32)))
      (import "" "drop" (func $drop (param i32)))
      (func (export "outer") (param i32)
        (call $go (local.get 0) (local.get 0))
        (call $drop (local.get 0)))
      (func (export "outer-no-drop") (param i32)
        (call $go (local.get 0) (local.get 0))))
    (core instance $outer (instantiate $Outer (with "" (instance
      (export "go" (func $go)) (export "drop" (func $drop))))))
    (func (export "outer") (param "r" (borrow $r)) (canon lift (core func $outer "outer")))
    (func (export "outer-no-drop") (param "r" (borrow $r)) (canon lift (core func $outer "outer-no-drop"))))`;

  async function instanceOf(inner: string) {
    const setup = await Setup.of(text(inner));
    setup.linker.instance("h").resource("r", types.resource("r"));
    return setup.instantiate(undefined);
  }

  it("so an inner call may end while the outer one still has its own", async () => {
    const instance = await instanceOf("(call $drop (local.get 0))");
    call(instance, "outer", {});
    call(instance, "outer", {});
  });

  it("and one that keeps its own traps", async () => {
    const instance = await instanceOf("");
    expect(thrownBy(() => call(instance, "outer", {}))).toMatchObject({
      code: "abi",
      message: expect.stringMatching(/borrow handles still remain/),
    });
  });

  it("also the outer one", async () => {
    const instance = await instanceOf("(call $drop (local.get 0))");
    expect(thrownBy(() => call(instance, "outer-no-drop", {}))).toMatchObject({
      code: "abi",
      message: expect.stringMatching(/borrow handles still remain/),
    });
  });

  it("and dropping the handle of the outer call does not make up for that", async () => {
    // The outer handle is lent to the child meanwhile: it cannot be dropped at all.
    const instance = await instanceOf("(call $drop (local.get 1))");
    expect(thrownBy(() => call(instance, "outer", {}))).toMatchObject({ code: "abi" });
  });
});
