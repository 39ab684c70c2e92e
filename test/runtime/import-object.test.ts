/** Hosts written for jco plug in as they are: import objects, resources at the root, and preview2-shim. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as shim from "@bytecodealliance/preview2-shim";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { afterAll, describe, expect, it } from "vitest";
import { Component, Engine, Linker, Store, Trap } from "../../src/runtime/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { call, guestText, Setup } from "./guest.ts";

describe("what is imported at the root", () => {
  const text = guestText({
    imports: `
      (import "blob" (type $blob (sub resource)))
      (import "[constructor]blob" (func $new (param "n" u32) (result (own $blob))))
      (import "[method]blob.read-it" (func $read (param "self" (borrow $blob)) (result u32)))
      (import "[static]blob.count" (func $count (result u32)))
      (import "delete" (func $delete (result u32)))
      (import "default" (func $default (result u32)))
      (import "then" (instance $then (export "then" (func (result u32))) (export "constructor" (func (result u32)))))`,
    lowered: `
      (core func $new (canon lower (func $new)))
      (core func $read (canon lower (func $read)))
      (core func $count (canon lower (func $count)))
      (core func $delete (canon lower (func $delete)))
      (core func $default (canon lower (func $default)))
      (core func $then (canon lower (func $then "then")))
      (core func $constructor (canon lower (func $then "constructor")))
      (core func $drop (canon resource.drop $blob))`,
    uses: ["new", "read", "count", "delete", "default", "then", "constructor", "drop"],
    main: `
      (import "host" "new" (func $new (param i32) (result i32)))
      (import "host" "read" (func $read (param i32) (result i32)))
      (import "host" "count" (func $count (result i32)))
      (import "host" "delete" (func $delete (result i32)))
      (import "host" "default" (func $default (result i32)))
      (import "host" "then" (func $then (result i32)))
      (import "host" "constructor" (func $constructor (result i32)))
      (import "host" "drop" (func $drop (param i32)))
      (func (export "run") (result i32)
        (local $b i32) (local $sum i32)
        (local.set $b (call $new (i32.const 5)))
        (local.set $sum (i32.add (call $read (local.get $b)) (call $count)))
        (call $drop (local.get $b))
        (i32.add (local.get $sum)
          (i32.add (i32.add (call $delete) (call $default)) (i32.add (call $then) (call $constructor)))))`,
    exports: '(func (export "run") (result u32) (canon lift (core func $main "run")))',
  });

  /** Spelt out, it is a rule of the linter's. */
  const THEN = "then";

  class Blob {
    static made = 0;
    readonly n: number;
    constructor(n: number) {
      this.n = n;
      Blob.made++;
    }
    readIt(): number {
      return this.n;
    }
    static count(): number {
      return Blob.made * 10;
    }
  }
  const rest = {
    delete: { default: () => 100 },
    default: () => 1000,
    [THEN]: { [THEN]: () => 10_000, constructor: () => 100_000 },
  };

  it("is found where jco looks for it", async () => {
    const setup = await Setup.of(text);
    setup.linker.defineImports({ blob: { default: Blob }, ...rest });
    expect(call(setup.instantiate(undefined), "run")).toBe(111_115);
  });

  it("is missing if it is not there", async () => {
    const setup = await Setup.of(text);
    setup.linker.defineImports({ blob: {}, ...rest, [THEN]: {} });
    expect(thrownBy(() => setup.linker.instantiatePre(setup.component))).toMatchObject({
      missing: [
        ["blob"],
        ["[constructor]blob"],
        ["[method]blob.read-it"],
        ["[static]blob.count"],
        ["then", "then"],
        ["then", "constructor"],
      ],
    });
  });
});

describe("an import object", () => {
  const text = guestText({
    imports:
      '(import "a:b/c@1.0.0" (instance $c (export "f" (func (result u32))) (export "g" (func (result u32)))))',
    lowered: '(core func $f (canon lower (func $c "f"))) (core func $g (canon lower (func $c "g")))',
    uses: ["f", "g"],
    main: `
      (import "host" "f" (func $f (result i32))) (import "host" "g" (func $g (result i32)))
      (func (export "f") (result i32) (call $f)) (func (export "g") (result i32) (call $g))`,
    exports: `
      (func (export "f") (result u32) (canon lift (core func $main "f")))
      (func (export "g") (result u32) (canon lift (core func $main "g")))`,
  });

  it("may have holes, which are filled with traps", async () => {
    const setup = await Setup.of(text);
    setup.linker.defineImports({ "a:b/c": { f: () => 1 } }).defineUnknownImportsAsTraps(setup.component);
    expect(call(setup.instantiate(undefined), "f")).toBe(1);
    expect(thrownBy(() => call(setup.instantiate(undefined), "g"))).toMatchObject({
      code: "host-error",
      message: "unknown import: a:b/c@1.0.0#g has not been defined",
    });
  });

  it("is defined once, unless shadowing is allowed; what is exact hides what is for any version", async () => {
    const setup = await Setup.of(text);
    const { linker } = setup;
    const first = { f: () => 1, g: () => 1 };
    linker.defineImports({ "a:b/c": first });
    expect(thrownBy(() => linker.defineImports({ "a:b/c": first }))).toMatchObject({ code: "link" });
    const clone = linker.clone().allowShadowing(true);
    clone.defineImports({ "a:b/c": { f: () => 2, g: () => 2 } });
    clone.instance("a:b/c@1.0.0").func("g", () => 3);
    const results = (using: typeof linker) => {
      const instance = using.instantiate(new Store(setup.engine, undefined), setup.component);
      return [call(instance, "f"), call(instance, "g")];
    };
    expect(results(clone)).toEqual([2, 3]);
    expect(results(linker)).toEqual([1, 1]);
  });

  it("has a class whose methods may be missing: that is found out when one is called", async () => {
    const setup = await Setup.of(
      guestText({
        imports: `(import "a:b/c" (instance $c
          (export "r" (type $r (sub resource)))
          (export "make" (func (result (own $r))))
          (export "[method]r.go-on" (func (param "self" (borrow $r))))))`,
        lowered: `(core func $make (canon lower (func $c "make")))
          (core func $go (canon lower (func $c "[method]r.go-on")))`,
        uses: ["make", "go"],
        main: `(import "host" "make" (func $make (result i32))) (import "host" "go" (func $go (param i32)))
          (func (export "run") (call $go (call $make)))`,
        exports: '(func (export "run") (canon lift (core func $main "run")))',
      }),
    );
    class R {}
    let went = 0;
    class WithField extends R {
      readonly goOn = () => {
        went++;
      };
    }
    let made: R = new WithField();
    setup.linker.defineImports({ "a:b/c": { R, make: () => made } });
    call(setup.instantiate(undefined), "run");
    expect(went).toBe(1);
    made = new R();
    expect(thrownBy(() => call(setup.instantiate(undefined), "run"))).toMatchObject({
      code: "host-error",
      cause: { code: "link", message: "the class R has no method goOn" },
    });
  });
});

describe("a program on wasi-libc, on preview2-shim", () => {
  const folder = mkdtempSync(join(tmpdir(), "hostwright-wasi-"));
  writeFileSync(join(folder, "in.txt"), "the cat and the dog and the bird");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const engine = new Engine();
  const guest = fileURLToPath(new URL("../guests/built/words.component.wasm", import.meta.url));
  const component = Component.fromBytes(engine, readFileSync(guest));

  /** Standard output that goes nowhere else; of the shim's class, as jco wants it. */
  function capture() {
    const written: Uint8Array[] = [];
    const write = (bytes: Uint8Array) => void written.push(bytes.slice());
    const stream = Object.assign(Object.create(shim.io.streams.OutputStream.prototype), {
      checkWrite: () => 4096n,
      write,
      blockingWriteAndFlush: write,
      flush: () => undefined,
      blockingFlush: () => undefined,
      [Symbol.dispose]: () => undefined,
    });
    return { stream, text: () => Buffer.concat(written).toString() };
  }

  const run = <I extends { readonly [K in keyof I]: object }>(imports: I) => {
    const linker = new Linker<undefined>(engine).defineImports(imports);
    const store = new Store(engine, undefined);
    try {
      return call(linker.instantiate(store, component), ["wasi:cli/run@0.2.0", "run"]);
    } finally {
      store[Symbol.dispose]();
    }
  };
  const sandbox = { preopens: { "/": folder }, args: ["words", "/in.txt"], env: { GREETING: "Most used:" } };

  it("runs with the shim's import object", () => {
    const { stream, text } = capture();
    const imports = new WASIShim({ sandbox }).getImportObject();
    run({ ...imports, "wasi:cli/stdout": { getStdout: () => stream } });
    expect(text()).toBe("Most used:\nthe          3  60.0%\nand          2  40.0%\nbird         1  20.0%\n");
  });

  it("runs with the shim's packages", () => {
    const { stream, text } = capture();
    const { cli, clocks, filesystem, io } = shim;
    run({
      "wasi:cli/*": {
        ...cli,
        environment: {
          ...cli.environment,
          getArguments: () => ["words", "-n", "1", join(folder, "in.txt")],
          getEnvironment: () => [],
        },
        stdout: { getStdout: () => stream },
      },
      "wasi:clocks/*": clocks,
      "wasi:filesystem/*": filesystem,
      "wasi:io/*": io,
    });
    expect(text()).toBe("the          3  60.0%\n");
  });

  it("is stopped if a resource is of another class", () => {
    const imports = new WASIShim({ sandbox }).getImportObject();
    const trap = thrownBy(() => run({ ...imports, "wasi:cli/stdout": { getStdout: () => ({}) } }));
    expect(trap).toBeInstanceOf(Trap);
    expect((trap as Trap).message).toBe(
      "wasi:cli/stdout.get-stdout() result: expected output-stream (an instance of the class OutputStream), got an object",
    );
  });
});
