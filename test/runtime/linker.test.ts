/** Linkers: names and versions, types, what is missing, and how a linker says so. */
import { beforeAll, describe, expect, it } from "vitest";
import {
  Component,
  ConfigError,
  Engine,
  LinkError,
  Linker,
  Store,
  Trap,
  types,
} from "../../src/runtime/index.ts";
import { assemble } from "../support/assemble.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, guestText, MEMORY, Setup } from "./guest.ts";

const engine = new Engine();

async function componentOf(text: string): Promise<Component> {
  return Component.fromBytes(engine, await assemble(text));
}

/** A component that calls the function `f` of an interface, and returns what that returns. */
function importing(name: string): string {
  return `(component
    (import "${name}" (instance $i (export "f" (func (result u32)))))
    (core func $f (canon lower (func $i "f")))
    (core module $main
      (import "host" "f" (func $f (result i32)))
      (func (export "run") (result i32) (call $f)))
    (core instance $main (instantiate $main (with "host" (instance (export "f" (func $f))))))
    (func (export "run") (result u32) (canon lift (core func $main "run"))))`;
}

function run<T>(linker: Linker<T>, component: Component, data?: T): unknown {
  return call(linker.instantiate(new Store(engine, data as T), component), "run");
}

describe("names", () => {
  const answers = (...names: string[]) => {
    const linker = new Linker<undefined>(engine);
    for (const [i, name] of names.entries()) linker.instance(name).func("f", () => i);
    return linker;
  };

  it.each([
    ["a:b/c", ["a:b/c"], 0],
    ["a:b/c@1.2.0", ["a:b/c@1.5.0"], 0],
    ["a:b/c@1.5.0", ["a:b/c@1.2.0"], 0],
    ["a:b/c@1.2.0", ["a:b/c@1.5.0", "a:b/c@1.2.0"], 1],
    ["a:b/c@1.3.0", ["a:b/c@1.2.0", "a:b/c@1.10.0", "a:b/c@1.9.0"], 1],
    ["a:b/c@0.2.0", ["a:b/c@0.3.0", "a:b/c@0.2.9"], 1],
    ["a:b/c@0.0.1", ["a:b/c@0.0.1"], 0],
  ])("an import of %s finds, of %j, number %i", async (wanted, defined, expected) => {
    expect(run(answers(...defined), await componentOf(importing(wanted)))).toBe(expected);
  });

  it.each([
    ["a:b/c@1.0.0", "a:b/c@2.0.0"],
    ["a:b/c@0.2.0", "a:b/c@0.3.0"],
    ["a:b/c@0.0.1", "a:b/c@0.0.2"],
    ["a:b/c@1.0.0-rc.1", "a:b/c@1.0.0"],
    ["a:b/c@1.0.0", "a:b/c"],
    ["a:b/c", "a:b/c@1.0.0"],
  ])("an import of %s does not find %s", async (wanted, defined) => {
    const component = await componentOf(importing(wanted));
    const error = thrownBy(() => answers(defined).instantiatePre(component));
    expect(error).toBeInstanceOf(LinkError);
    expect(error).toMatchObject({ code: "link", missing: [[wanted, "f"]] });
    if (wanted.startsWith("a:b/c@") && defined.includes("@")) {
      expect((error as Error).message).toContain(`not semver-compatible: ${defined}`);
    }
  });

  it("are defined once, unless shadowing is allowed", async () => {
    const linker = answers("a:b/c");
    const error = thrownBy(() => linker.instance("a:b/c").func("f", () => 1));
    expect(error).toBeInstanceOf(LinkError);
    expect((error as Error).message).toMatch(/a:b\/c#f is defined twice/);
    linker
      .allowShadowing(true)
      .instance("a:b/c")
      .func("f", () => 7);
    expect(run(linker, await componentOf(importing("a:b/c")))).toBe(7);
  });

  it("of objects' own properties are names like any other", async () => {
    const linker = new Linker<undefined>(engine);
    for (const name of ["constructor", "to-string", "has-own-property"]) linker.root().func(name, () => 1);
    const component = await componentOf(`(component
      (import "constructor" (func (result u32)))
      (import "value-of" (func)))`);
    expect(thrownBy(() => linker.instantiatePre(component))).toMatchObject({ missing: [["value-of"]] });
    expect(thrownBy(() => linker.defineImports({}).instantiatePre(component))).toBeInstanceOf(LinkError);
  });
});

describe("a clone", () => {
  it("has the definitions, and goes its own way", async () => {
    const component = await componentOf(importing("a:b/c"));
    const linker = new Linker<undefined>(engine);
    linker.instance("a:b/c");
    const clone = linker.clone();
    clone.instance("a:b/c").func("f", () => 3);
    expect(run(clone, component)).toBe(3);
    expect(thrownBy(() => linker.instantiatePre(component))).toBeInstanceOf(LinkError);
    expect(run(clone.clone(), component)).toBe(3);
  });
});

describe("missing imports", () => {
  it("are listed all at once, with types, the nearest names, and a stub that can be pasted", async () => {
    const component = await componentOf(`(component
      (import "amal:obs/metrics@0.1.0" (instance
        (export "counter" (func (param "name" string) (param "start-value" u64)))
        (export "gauge" (func (param "name" string) (result (option f64))))))
      (import "amal:obs/blobs" (instance (export "blob" (type (sub resource)))))
      (import "run-it" (func (param "class" u8))))`);
    const linker = new Linker<undefined>(engine);
    linker.instance("amal:obs/metrics@0.1.0").func("countr", () => undefined);
    linker.root().func("runit", () => undefined);
    const error = thrownBy(() => linker.instantiatePre(component)) as LinkError;
    expect(error.missing).toEqual([
      ["amal:obs/metrics@0.1.0", "counter"],
      ["amal:obs/metrics@0.1.0", "gauge"],
      ["amal:obs/blobs", "blob"],
      ["run-it"],
    ]);
    expect(error.message).toMatchInlineSnapshot(`
      "the component needs 4 imports that the linker does not define:

        amal:obs/metrics@0.1.0
          counter: func(name: string, start-value: u64)
            nearest defined: countr
          gauge: func(name: string) -> option<f64>

        amal:obs/blobs
          blob: resource

        (root)
          run-it: func(class: u8)
            nearest defined: runit

      To define them:

        linker.instance("amal:obs/metrics@0.1.0")
          .func("counter", (caller, name: string, startValue: bigint): void => { throw new Error("not implemented"); })
          .func("gauge", (caller, name: string): number | undefined => { throw new Error("not implemented"); });
        linker.instance("amal:obs/blobs")
          .resource("blob", { kind: "resource", name: "blob" });
        linker.root()
          .func("run-it", (caller, class_: number): void => { throw new Error("not implemented"); });

      To run without them, as long as they are not called: linker.defineUnknownImportsAsTraps(component)"
    `);
  });
});

describe("unknown imports as traps", () => {
  const text = guestText({
    imports: `
      (import "a:b/c" (instance $c
        (export "f" (func))
        (export "g" (func (param "s" string)))
        (export "r" (type (sub resource)))))
      (import "d:e/f@1.0.0" (instance $d (export "h" (func))))`,
    lowered: `
      (core func $f (canon lower (func $c "f")))
      (core func $g (canon lower (func $c "g") ${MEMORY}))
      (core func $h (canon lower (func $d "h")))`,
    uses: ["f", "g", "h"],
    main: `
      (import "host" "f" (func $f)) (import "host" "g" (func $g (param i32 i32))) (import "host" "h" (func $h))
      (func (export "f") (call $f)) (func (export "g") (call $g (i32.const 0) (i32.const 0))) (func (export "h") (call $h))`,
    exports: `
      (func (export "call-f") (canon lift (core func $main "f")))
      (func (export "call-g") (canon lift (core func $main "g")))
      (func (export "call-h") (canon lift (core func $main "h")))`,
  });
  let component: Component;
  beforeAll(async () => {
    component = await componentOf(text);
  });

  it("name the import when it is called, and not before", () => {
    const linker = new Linker<undefined>(engine).defineUnknownImportsAsTraps(component);
    const instance = linker.instantiate(new Store(engine, undefined), component);
    const trap = thrownBy(() => call(instance, "call-g"));
    expect(trap).toBeInstanceOf(Trap);
    expect(trap).toMatchObject({
      code: "host-error",
      message: "unknown import: a:b/c#g has not been defined",
    });
  });

  it("fill holes in what is defined in part, and hide nothing", () => {
    let called = 0;
    const linker = new Linker<undefined>(engine);
    linker.instance("a:b/c").func("f", () => {
      called++;
    });
    linker.instance("d:e/f@1.2.0").func("h", () => {
      called += 10;
    });
    linker.defineUnknownImportsAsTraps(component);
    const instance = linker.instantiate(new Store(engine, undefined), component);
    call(instance, "call-f");
    call(instance, "call-h");
    expect(called).toBe(11);
    expect(thrownBy(() => call(instance, "call-g"))).toBeInstanceOf(Trap);
  });

  it("give way to definitions that are made later", () => {
    const linker = new Linker<undefined>(engine).defineUnknownImportsAsTraps(component);
    let called = false;
    linker.instance("a:b/c").func("f", () => {
      called = true;
    });
    call(linker.instantiate(new Store(engine, undefined), component), "call-f");
    expect(called).toBe(true);
  });

  it.each([
    [{ only: ["a:b/c"] }, [["d:e/f@1.0.0", "h"]]],
    [{ only: ["a:b"] }, [["d:e/f@1.0.0", "h"]]],
    [
      { except: ["a:b/c#g", "d:*"] },
      [
        ["a:b/c", "g"],
        ["d:e/f@1.0.0", "h"],
      ],
    ],
    [{ only: ["*"], except: ["d:e/f"] }, [["d:e/f@1.0.0", "h"]]],
  ])("can be limited by %j", (filter, missing) => {
    const linker = new Linker<undefined>(engine).defineUnknownImportsAsTraps(component, filter);
    expect(thrownBy(() => linker.instantiatePre(component))).toMatchObject({ missing });
  });

  it("refuse a pattern that matches nothing, and what is no pattern", () => {
    const linker = new Linker<undefined>(engine);
    for (const filter of [{ only: ["wasi:*"] }, { only: "a:b" }, { excpet: [] }, { except: [1] }, 1]) {
      const error = thrownBy(() => linker.defineUnknownImportsAsTraps(component, filter as never));
      expect(error).toBeInstanceOf(ConfigError);
    }
  });
});

describe("types", () => {
  const text = `(component
    (type $item (record (field "name" string) (field "sizes" (list u32))))
    (import "item" (type $i (eq $item)))
    (import "f" (func (param "items" (list $i)) (result (result u8 (error string))))))`;
  const item = (sizes: Parameters<typeof types.list>[0]) =>
    types.record([
      ["name", types.string],
      ["sizes", types.list(sizes)],
    ]);

  it("are compared by structure, and parameters by position", async () => {
    const component = await componentOf(text);
    const linker = new Linker<undefined>(engine);
    const type = types.func(
      [["other-name", types.list(item(types.u32))]],
      types.result(types.u8, types.string),
    );
    linker.root().func("f", () => 1, type);
    expect(linker.instantiatePre(component)).toBeDefined();
  });

  it("that differ are shown, both, with the place of the difference", async () => {
    const component = await componentOf(text);
    const linker = new Linker<undefined>(engine);
    linker
      .root()
      .func(
        "f",
        () => 1,
        types.func([["items", types.list(item(types.s32))]], types.result(types.u8, types.string)),
      );
    const error = thrownBy(() => linker.instantiatePre(component)) as Error;
    expect(error).toBeInstanceOf(LinkError);
    expect(error.message).toMatchInlineSnapshot(`
      "f has another type in the component than in the linker:
        component: f: func(items: list<record { name: string, sizes: list<u32> }>) -> result<u8, string>
        linker:    f: func(items: list<record { name: string, sizes: list<s32> }>) -> result<u8, string>
        parameter \`items\`[].sizes[]: u32 in the component, s32 in the linker
      The WIT has changed on one side: generate the bindings again, or rebuild the component."
    `);
  });

  it.each([
    [types.func([]), /number of parameters: 1 in the component, 0 in the linker/],
    [
      types.func([["a", types.u8]], types.result(types.u8, types.string)),
      /parameter `items`: list<.*> in the component, u8 in the linker/,
    ],
    [
      types.func([["a", types.list(item(types.u32))]], types.result(types.u8)),
      /result.err: string in the component, nothing in the linker/,
    ],
    [
      types.func([["a", types.list(item(types.u32))]]),
      /result: result<u8, string> in the component, nothing in the linker/,
    ],
    [
      types.func(
        [["a", types.list(types.record([["name", types.string]]))]],
        types.result(types.u8, types.string),
      ),
      /field `sizes` is in the component only/,
    ],
  ])("%#: the difference in words", async (type, message) => {
    const component = await componentOf(text);
    const linker = new Linker<undefined>(engine);
    linker.root().func("f", () => 1, type);
    expect((thrownBy(() => linker.instantiatePre(component)) as Error).message).toMatch(message);
  });

  it("of resources are what the linker says they are", async () => {
    const component = await componentOf(`(component
      (import "a:b/c" (instance
        (export "blob" (type $blob (sub resource)))
        (export "read" (func (param "self" (borrow $blob)))))))`);
    const blob = types.resource("blob");
    const linkerWith = (type = blob) => {
      const linker = new Linker<undefined>(engine);
      linker
        .instance("a:b/c")
        .resource("blob", blob)
        .func("read", () => undefined, types.func([["self", types.borrow(type)]]));
      return linker;
    };
    expect(linkerWith().instantiatePre(component)).toBeDefined();
    const error = thrownBy(() => linkerWith(types.resource("blob")).instantiatePre(component)) as Error;
    expect(error.message).toMatch(/another resource type/);
  });

  it("of definitions have to be of the right kind", async () => {
    const component = await componentOf('(component (import "f" (func)))');
    const linker = new Linker<undefined>(engine);
    linker.root().resource("f", types.resource("f"));
    expect((thrownBy(() => linker.instantiatePre(component)) as Error).message).toMatch(
      /f is a resource in the linker, and the component imports a func/,
    );
  });

  it("without glue are refused when they are linked, and only if somebody defines them", async () => {
    const component = await componentOf(`(component
      (import "f" (func $f (param "e" error-context)))
      (core func $f (canon lower (func $f)))
      (core module $main (import "host" "f" (func (param i32))))
      (core instance (instantiate $main (with "host" (instance (export "f" (func $f)))))))`);
    const linker = new Linker<undefined>(engine).defineUnknownImportsAsTraps(component);
    expect(linker.instantiate(new Store(engine, undefined), component)).toBeDefined();
    linker.root().func("f", () => undefined);
    expect(thrownBy(() => linker.instantiatePre(component))).toMatchObject({ feature: "error-context" });
  });
});

describe("definitions", () => {
  it("of the wrong kind are refused at once", () => {
    const root = new Linker<undefined>(engine).root();
    expect(thrownBy(() => root.func("f", 1 as never))).toBeInstanceOf(ConfigError);
    expect(thrownBy(() => root.funcAsync("f", 1 as never))).toBeInstanceOf(ConfigError);
    expect(thrownBy(() => root.resource("r", {} as never))).toBeInstanceOf(ConfigError);
    expect(thrownBy(() => root.module("m", {}))).toBeInstanceOf(ConfigError);
    expect(thrownBy(() => new Linker({} as never))).toBeInstanceOf(ConfigError);
    expect(thrownBy(() => new Linker(engine).defineImports({ x: 1 as never }))).toBeInstanceOf(ConfigError);
    expect(thrownBy(() => new Linker(engine).defineImports(undefined as never))).toBeInstanceOf(ConfigError);
    expect(thrownBy(() => root.func(1 as never, () => 1))).toBeInstanceOf(ConfigError);
    expect(thrownBy(() => root.instance(undefined as never))).toBeInstanceOf(ConfigError);
  });

  it("that are async are refused only where a component imports them", async () => {
    const linker = new Linker<undefined>(engine);
    linker.root().funcAsync("later", async () => 1);
    linker.root().func("stream", () => 1, types.asyncFunc([]));
    expect(linker.instantiatePre(await componentOf("(component)"))).toBeDefined();
    for (const name of ["later", "stream"]) {
      const component = await componentOf(`(component (import "${name}" (func (result u32))))`);
      expect(thrownBy(() => linker.instantiatePre(component))).toMatchObject({
        feature: "async host functions",
      });
    }
  });

  it("instantiate asynchronously, with the same errors", async () => {
    const component = await componentOf("(component)");
    const linker = new Linker<undefined>(engine);
    await expect(linker.instantiateAsync(new Store(engine, undefined), component)).resolves.toBeDefined();
    const disposed = new Store(engine, undefined);
    disposed[Symbol.dispose]();
    await expect(linker.instantiateAsync(disposed, component)).rejects.toMatchObject({
      code: "store-disposed",
    });
    const incomplete = await componentOf('(component (import "f" (func)))');
    await expect(linker.instantiateAsync(new Store(engine, undefined), incomplete)).rejects.toMatchObject({
      code: "link",
    });
  });

  it("may be core modules, which are metered and limited as any", async () => {
    const text = `(component
      (import "m" (core module $m (export "run" (func (result i32)))))
      (core instance $i (instantiate $m))
      (func (export "run") (result u32) (canon lift (core func $i "run"))))`;
    const setup = await Setup.of(text, { consumeFuel: true });
    const module = await assemble('(module (func (export "run") (result i32) (i32.const 9)))');
    setup.linker.root().module("m", module);
    const { store, instance } = setup.start(undefined, { fuel: 1000 });
    const before = store.getFuel();
    expect(call(instance, "run")).toBe(9);
    expect(store.getFuel()).toBeLessThan(before);
  });
});

describe("import objects in jco's shape", () => {
  const text = guestText({
    imports: `
      (import "a:b/c@1.2.3" (instance $c
        (export "blob" (type $blob (sub resource)))
        (export "[constructor]blob" (func (param "n" u32) (result (own $blob))))
        (export "[method]blob.read-all" (func (param "self" (borrow $blob)) (param "k" u32) (result u32)))
        (export "[static]blob.total" (func (result u32)))
        (export "get-it" (func (result u32)))))
      (alias export $c "blob" (type $blob))
      (import "at-root" (func $root (result u32)))`,
    lowered: `
      (core func $new (canon lower (func $c "[constructor]blob")))
      (core func $read (canon lower (func $c "[method]blob.read-all")))
      (core func $total (canon lower (func $c "[static]blob.total")))
      (core func $get (canon lower (func $c "get-it")))
      (core func $root (canon lower (func $root)))
      (core func $drop (canon resource.drop $blob))`,
    uses: ["new", "read", "total", "get", "root", "drop"],
    main: `
      (import "host" "new" (func $new (param i32) (result i32)))
      (import "host" "read" (func $read (param i32 i32) (result i32)))
      (import "host" "total" (func $total (result i32)))
      (import "host" "get" (func $get (result i32)))
      (import "host" "root" (func $root (result i32)))
      (import "host" "drop" (func $drop (param i32)))
      (func (export "run") (result i32)
        (local $b i32) (local $sum i32)
        (local.set $b (call $new (i32.const 5)))
        (local.set $sum (i32.add (call $read (local.get $b) (i32.const 2)) (call $total)))
        (call $drop (local.get $b))
        (i32.add (local.get $sum) (i32.add (call $get) (call $root))))`,
    exports: '(func (export "run") (result u32) (canon lift (core func $main "run")))',
  });

  it("plug in as they are", async () => {
    const setup = await Setup.of(text);
    const disposed: number[] = [];
    class Blob {
      readonly n: number;
      constructor(n: number) {
        this.n = n;
      }
      readAll(k: number): number {
        return this.n * k;
      }
      static total(): number {
        return 100;
      }
      [Symbol.dispose](): void {
        disposed.push(this.n);
      }
    }
    const host = {
      base: 1000,
      Blob,
      getIt(): number {
        return this.base;
      },
    };
    setup.linker.defineImports({ "a:b/c": host, "at-root": { default: () => 10_000 }, unused: undefined });
    expect(call(setup.instantiate(undefined), "run")).toBe(11_110);
    expect(disposed).toEqual([5]);
  });

  it("leave missing what they do not have", async () => {
    const setup = await Setup.of(text);
    setup.linker.defineImports({ "a:b/c@1.2.0": { getIt: () => 1 }, "at-root": () => 1 });
    expect(thrownBy(() => setup.linker.instantiatePre(setup.component))).toMatchObject({
      missing: [
        ["a:b/c@1.2.3", "blob"],
        ["a:b/c@1.2.3", "[constructor]blob"],
        ["a:b/c@1.2.3", "[method]blob.read-all"],
        ["a:b/c@1.2.3", "[static]blob.total"],
      ],
    });
  });
});
