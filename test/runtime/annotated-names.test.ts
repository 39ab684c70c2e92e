/** Imports and exports with attributes: Explainer.md, "Import and Export Definitions". */
import { describe, expect, it } from "vitest";
import { LinkError } from "../../src/runtime/index.ts";
import { call, Setup } from "./guest.ts";

/** Imports \`f\` of an instance and exports it as \`f\`. */
function importing(name: string): string {
  return `(component
    (import ${name} (instance $i (export "f" (func (result u32)))))
    (export "f" (func $i "f")))`;
}

describe("a version in two parts", () => {
  it.each([
    ['"a:b/c@1" (versionsuffix ".2.3")', "a:b/c@1.2.3"],
    ['"a:b/c@1" (versionsuffix ".2.3")', "a:b/c@1.7.0"],
    ['"a:b/c@1" (versionsuffix ".2.3")', "a:b/c@1"],
    ['"a:b/c@0.2" (versionsuffix ".6")', "a:b/c@0.2.0"],
    ['"a:b/c@0.0.4"', "a:b/c@0.0.4"],
    ['"a:b/c@1.2.3"', "a:b/c@1"],
    ['"a:b/c@0.2.1"', "a:b/c@0.2"],
  ])("of the import %s is compatible with %s", async (imported, defined) => {
    const setup = await Setup.of(importing(imported));
    setup.linker.instance(defined).func("f", () => 7);
    expect(call(setup.instantiate(undefined), "f")).toBe(7);
  });

  it.each([
    ['"a:b/c@1" (versionsuffix ".2.3")', "a:b/c@2.2.3"],
    ['"a:b/c@1" (versionsuffix ".2.3")', "a:b/c@1.2.3-rc.1"],
    ['"a:b/c@0.2" (versionsuffix ".6")', "a:b/c@0.3.6"],
    ['"a:b/c@0.0.4"', "a:b/c@0.0.5"],
  ])("of the import %s is not compatible with %s", async (imported, defined) => {
    const setup = await Setup.of(importing(imported));
    setup.linker.instance(defined).func("f", () => 7);
    expect(() => setup.instantiate(undefined)).toThrow(LinkError);
  });

  it("is how an export is found by any version that is compatible", async () => {
    const setup = await Setup.of(`(component
      (core module $M (func (export "f") (result i32) (i32.const 3)))
      (core instance $m (instantiate $M))
      (func $f (result u32) (canon lift (core func $m "f")))
      (instance $i (export "f" (func $f)))
      (export "a:b/c@1" (versionsuffix ".4.0") (instance $i)))`);
    const instance = setup.instantiate(undefined);
    expect(call(instance, ["a:b/c@1.0.0", "f"])).toBe(3);
    expect(instance.getFunc("a:b/c@2.0.0", "f")).toBeUndefined();
  });
});

it("two imports that implement one interface are told apart by their names", async () => {
  const setup = await Setup.of(`(component
    (import "primary" (implements "a:b/store") (external-id "db:1")
      (instance $primary (export "f" (func (result u32)))))
    (import "secondary" (implements "a:b/store") (instance $secondary (export "f" (func (result u32)))))
    (export "first" (func $primary "f"))
    (export "second" (func $secondary "f")))`);
  setup.linker.instance("primary").func("f", () => 1);
  setup.linker.instance("secondary").func("f", () => 2);
  const instance = setup.instantiate(undefined);
  expect([call(instance, "first"), call(instance, "second")]).toEqual([1, 2]);
});
