/** WIT in binary form: what jco encodes must decode to what the text says. */
import { componentEmbed, componentNew, componentWit } from "@bytecodealliance/jco";
import { describe, expect, test } from "vitest";
import type { Func, Interface, Resolve, Type, TypeDef, World, WorldItem } from "../../src/model/resolve.ts";
import { decodeComponentWorld, decodeWasm, decodeWitPackage } from "../../src/wit/encoded.ts";
import { parseWit, printWit, WitError } from "../../src/wit/index.ts";
import { assemble } from "../support/assemble.ts";
import { component, name, section } from "../support/wasm-builder.ts";

const EVERYTHING = `package amal:all@0.1.0;

interface types {
  type id = u64;
  record entry { key: string, values: list<option<tuple<u8, char>>>, id: id }
  variant shape { none, circle(f64), entry(entry), many(list<entry>) }
  enum color { red, green, dark-blue }
  flags access { read, write, %exec }
  resource blob {
    constructor(init: list<u8>);
    read: func(n: u32) -> result<list<u8>, color>;
    merge: static func(lhs: borrow<blob>, rhs: blob) -> blob;
  }
  type blobs = list<blob>;
}

interface store {
  use types.{blob, entry as item, access};
  open: func(name: string, how: access) -> result<blob>;
  all: func() -> list<item>;
  clear: func();
  largest: func() -> result<_, string>;
}

world hosted {
  use types.{color};
  import store;
  import log: interface {
    enum level { low, high }
    record line { level: level, text: string }
    write: func(line: line);
  }
  import now: func() -> u64;
  record limits { size: u32, color: color }
  export run: func(limits: limits) -> option<color>;
  export types;
  export handler: interface {
    use types.{blob};
    handle: func(request: borrow<blob>) -> blob;
  }
}
`;

/** The content of the custom section in which a core module carries the world that it is made for. */
function embedded(module: Uint8Array): Uint8Array {
  const compiled = new WebAssembly.Module(module as Uint8Array<ArrayBuffer>);
  const [content] = WebAssembly.Module.customSections(compiled, "component-type");
  if (content === undefined) {
    throw new Error("no section");
  }
  return new Uint8Array(content);
}

async function embed(witSource: string, world: string): Promise<Uint8Array> {
  return new Uint8Array(await componentEmbed({ witSource, world, dummy: true }));
}

/** A world as text that does not depend on the order of its items, nor on what else is around it. */
function describeWorld(world: World | undefined): unknown {
  const items = (entries: World["imports"]) =>
    Object.fromEntries([...entries].map(([key, item]) => [key, describeItem(item)]));
  return world && { imports: items(world.imports), exports: items(world.exports) };
}

function describeItem(item: WorldItem): unknown {
  switch (item.kind) {
    case "interface":
      return describeInterface(item.interface);
    case "func":
      return describeFunc(item.func);
    case "type":
      return describeDefinition(item.type);
  }
}

function describeInterface(node: Interface): unknown {
  return {
    types: Object.fromEntries([...node.types].map(([key, type]) => [key, describeDefinition(type)])),
    functions: [...node.functions.values()].map(describeFunc),
  };
}

function describeFunc(func: Func): string {
  const params = func.params.map((param) => `${param.name}: ${describeType(param.type)}`).join(", ");
  const result = func.result === undefined ? "" : ` -> ${describeType(func.result)}`;
  const resource = func.kind.kind === "freestanding" ? "" : ` of ${func.kind.resource.name}`;
  return `${func.kind.kind}${resource} ${func.name}(${params})${result}`;
}

function describeType(type: Type | undefined): string {
  if (type === undefined || typeof type === "string") {
    return type ?? "_";
  }
  return type.name ?? describeDefinition(type);
}

function describeDefinition({ type }: TypeDef): string {
  switch (type.kind) {
    case "record":
      return `record { ${type.fields.map((field) => `${field.name}: ${describeType(field.type)}`).join(", ")} }`;
    case "variant":
      return `variant { ${type.cases.map((item) => `${item.name}(${describeType(item.type)})`).join(", ")} }`;
    case "enum":
      return `enum { ${type.cases.map((item) => item.name).join(", ")} }`;
    case "flags":
      return `flags { ${type.flags.map((item) => item.name).join(", ")} }`;
    case "tuple":
      return `tuple<${type.types.map(describeType).join(", ")}>`;
    case "list":
      return `list<${describeType(type.element)}>`;
    case "fixed-length-list":
      return `list<${describeType(type.element)}, ${type.length}>`;
    case "map":
      return `map<${describeType(type.key)}, ${describeType(type.value)}>`;
    case "option":
      return `option<${describeType(type.some)}>`;
    case "result":
      return `result<${describeType(type.ok)}, ${describeType(type.err)}>`;
    case "own":
    case "borrow":
      return `${type.kind}<${type.resource.name}>`;
    case "resource":
      return "resource";
    case "stream":
    case "future":
      return `${type.kind}<${describeType(type.element)}>`;
    case "alias": {
      const target = type.target;
      const owner = typeof target === "object" && target.owner?.kind === "interface" ? target.owner.name : "";
      return `= ${owner ?? ""}.${describeType(target)}`;
    }
  }
}

function worldOf(resolve: Resolve, world: string): World | undefined {
  return resolve.roots[0]?.worlds.get(world);
}

describe("encoded packages", () => {
  test("a world with everything in it", async () => {
    const decoded = decodeWitPackage(embedded(await embed(EVERYTHING, "hosted")), "all.wasm");
    const text = parseWit(EVERYTHING);
    expect(describeWorld(worldOf(decoded, "hosted"))).toEqual(describeWorld(worldOf(text, "hosted")));
    expect(decoded.packages.map((node) => node.name)).toEqual([
      { namespace: "amal", name: "all", version: "0.1.0" },
    ]);
  });

  test("what was decoded prints as WIT that means the same", async () => {
    const decoded = decodeWitPackage(embedded(await embed(EVERYTHING, "hosted")), "all.wasm");
    const again = parseWit(printWit(decoded));
    expect(describeWorld(worldOf(again, "hosted"))).toEqual(describeWorld(worldOf(decoded, "hosted")));
  });

  test("every reference is to a listed object", async () => {
    const decoded = decodeWitPackage(embedded(await embed(EVERYTHING, "hosted")), "all.wasm");
    expect(JSON.stringify(decoded)).not.toMatch(/:-1\b/);
  });

  test("uses of other packages, in an order in which each stands after those it uses", async () => {
    const bytes = new Uint8Array(
      await assemble(`(component
        (type $app (component
          (type $base (instance (type $t' u8) (export "t" (type (eq $t')))))
          (import "d:base/types@1.0.0" (instance $b (type $base)))
          (alias export $b "t" (type $t))
          (type $mid (instance (alias outer 1 $t (type $t)) (export "t" (type $u (eq $t))) (export "f" (func (param "x" $u)))))
          (import "d:mid/api" (instance $m (type $mid)))
          (alias export $m "t" (type $u))
          (export "a:b/app" (instance (export "t" (type $v (eq $u))) (export "g" (func (result $v)))))))
        (export "app" (type $app)))`),
    );
    const decoded = decodeWitPackage(bytes, "app.wasm");
    expect(decoded.packages.map((node) => node.name.name)).toEqual(["base", "mid", "b"]);
    expect(printWit(decoded, { package: decoded.roots[0] })).toBe(
      "package a:b;\n\ninterface app {\n  use d:mid/api.{t};\n  g: func() -> t;\n}\n",
    );
  });

  test("the older form: one component type for the whole package", async () => {
    const bytes = new Uint8Array(
      await assemble(`(component
        (type $package (component
          (export "a:b/types" (instance (type $t' string) (export "t" (type (eq $t')))))
          (export "a:b/w" (component (export "run" (func))))))
        (export "a:b/wit" (type $package)))`),
    );
    expect(printWit(decodeWitPackage(bytes, "p.wasm"))).toBe(
      "package a:b;\n\ninterface types {\n  type t = string;\n}\n\nworld w {\n  export run: func();\n}\n",
    );
  });

  test("an import under a plain name says what it implements", async () => {
    const bytes = new Uint8Array(
      await assemble(`(component
        (type $w (component
          (export "a:b/w" (component
            (import "primary" (implements "c:kv/store@1.0.0") (external-id "db-1")
              (instance (export "get" (func (result string)))))))))
        (export "w" (type $w)))`),
    );
    const item = worldOf(decodeWitPackage(bytes, "w.wasm"), "w")?.imports.get("primary");
    expect(item).toMatchObject({ kind: "interface", externalId: "db-1", implements: { name: "store" } });
    expect(item?.kind === "interface" && item.interface.package.name.version).toBe("1.0.0");
  });
});

describe("worlds of components", () => {
  test("as jco prints them", async () => {
    const bytes = new Uint8Array(await componentNew(await embed(EVERYTHING, "hosted")));
    const decoded = decodeComponentWorld(bytes, "all.wasm");
    const normal = (text: string) => text.replace(/\s+/g, " ").trim();
    expect(normal(printWit(decoded, { package: decoded.roots[0] }))).toBe(normal(await componentWit(bytes)));
  });

  test("with the types and functions of what it imports and exports", async () => {
    const bytes = new Uint8Array(await componentNew(await embed(EVERYTHING, "hosted")));
    const decoded = worldOf(decodeComponentWorld(bytes, "all.wasm"), "root");
    const written = worldOf(parseWit(EVERYTHING), "hosted");
    expect([...(decoded?.imports.keys() ?? [])].sort()).toEqual([...(written?.imports.keys() ?? [])].sort());
    expect([...(decoded?.exports.keys() ?? [])].sort()).toEqual([...(written?.exports.keys() ?? [])].sort());
    const types = "amal:all/types@0.1.0";
    const item = (world: World | undefined) => {
      const found = world?.exports.get(types);
      return found?.kind === "interface" ? describeInterface(found.interface) : undefined;
    };
    expect(item(decoded)).toEqual(item(written));
  });

  test("and packages are told apart", async () => {
    const module = await embed(EVERYTHING, "hosted");
    expect(decodeWasm(embedded(module), "p.wasm").kind).toBe("package");
    const decoded = decodeWasm(new Uint8Array(await componentNew(module)), "c.wasm");
    expect(decoded.kind).toBe("component");
    expect(worldOf(decoded.resolve, "root")?.exports.has("run")).toBe(true);
  });

  test("a component is not taken for a package", async () => {
    const bytes = new Uint8Array(await componentNew(await embed(EVERYTHING, "hosted")));
    expect(() => decodeWitPackage(bytes, "all.wasm")).toThrow(/`all.wasm` is not an encoded WIT package/);
  });
});

describe("docs and stability", () => {
  /** A package with one interface, and the section `package-docs` after it. */
  async function withDocs(docs: unknown, version = 1): Promise<Uint8Array> {
    const bytes = new Uint8Array(
      await assemble(`(component
        (type $i (component (export "a:b/i" (instance
          (type $r' (record (field "x" u8) (field "y" u8)))
          (export "r" (type (eq $r')))
          (export "f" (func))))))
        (type $w (component (export "a:b/w" (component (import "g" (func)) (export "g" (func))))))
        (export "i" (type $i))
        (export "w" (type $w)))`),
    );
    const json = typeof docs === "string" ? docs : JSON.stringify(docs);
    const content = [...name("package-docs"), version, ...new TextEncoder().encode(json)];
    return Uint8Array.from([...bytes, ...section(0, content)]);
  }

  test("are put where they belong", async () => {
    const resolve = decodeWitPackage(
      await withDocs({
        package: "a:b",
        docs: "The package.",
        interfaces: {
          i: {
            docs: "An interface.",
            stability: { stable: { since: "1.2.0", deprecated: "1.3.0" } },
            funcs: { f: { docs: "Does it.", stability: { unstable: { feature: "fancy" } } } },
            types: { r: { docs: "A pair.", items: { x: "The first." } } },
          },
        },
        worlds: { w: { docs: "A world.", funcs: { g: "Taken." }, func_exports: { g: { docs: "Given." } } } },
      }),
      "p.wasm",
    );
    expect(printWit(resolve)).toBe(`/// The package.
package a:b;

/// An interface.
@since(version = 1.2.0)
@deprecated(version = 1.3.0)
interface i {
  /// A pair.
  record r {
    /// The first.
    x: u8,
    y: u8,
  }

  /// Does it.
  @unstable(feature = fancy)
  f: func();
}

/// A world.
world w {
  /// Taken.
  import g: func();

  /// Given.
  export g: func();
}
`);
  });

  test("of things that are not there are skipped", async () => {
    const docs = {
      interfaces: { other: {}, i: { funcs: { other: "x", __proto__: "y" } } },
      worlds: { other: {} },
    };
    expect(decodeWitPackage(await withDocs(docs), "p.wasm").packages).toHaveLength(1);
  });

  test.each([
    ["another version", {}, 2, /version 2 is not known/],
    ["no JSON", "{", 1, /not JSON/],
    ["no object", [], 1, /expected an object/],
    ["docs that are no text", { docs: 1 }, 1, /expected a string, found number/],
    ["an unknown stability", { interfaces: { i: { stability: { maybe: {} } } } }, 1, /stability `maybe`/],
    [
      "parts of something without",
      { interfaces: { i: { types: { r: { items: [] } } } } },
      1,
      /expected an object/,
    ],
  ])("%s", async (_, docs, version, message) => {
    const bytes = await withDocs(docs, version);
    expect(() => decodeWitPackage(bytes, "p.wasm")).toThrow(WitError);
    expect(() => decodeWitPackage(bytes, "p.wasm")).toThrow(message);
  });
});

describe("refused, with the file's name", () => {
  async function encoded(body: string): Promise<Uint8Array> {
    return assemble(`(component ${body})`);
  }

  test.each([
    [
      "an item of two things",
      '(type $t (component (export "a:b/i" (instance)) (export "a:b/j" (instance)))) (export "i" (type $t))',
      /exports 2 things/,
    ],
    [
      "an item that is a function",
      '(type $t (component (export "f" (func)))) (export "f" (type $t))',
      /not the id of an interface/,
    ],
    [
      "two packages",
      '(type $t (component (export "a:b/i" (instance)))) (type $u (component (export "a:c/j" (instance)))) (export "i" (type $t)) (export "j" (type $u))',
      /in another package than `a:b`/,
    ],
    [
      "a member that WIT has not",
      '(type $t (component (export "a:b/i" (instance (export "x" (instance)))))) (export "i" (type $t))',
      /neither a type nor a function/,
    ],
    ["nothing in it", "", /not an encoded WIT package/],
  ])("%s", async (_, body, message) => {
    const bytes = await encoded(body);
    const decode = () => decodeWitPackage(bytes, "p.wasm");
    expect(decode).toThrow(WitError);
    expect(decode).toThrow(message);
    expect(decode).toThrow(expect.objectContaining({ file: "p.wasm" }));
  });

  test("bytes that are no component", () => {
    expect(() => decodeWitPackage(new Uint8Array([1, 2, 3]), "p.wasm")).toThrow(/`p.wasm` can not be read/);
    expect(() => decodeComponentWorld(component([99]), "p.wasm")).toThrow(WitError);
  });

  test("a type that is written out larger than any text", async () => {
    const tuples = Array.from({ length: 17 }, (_, i) => `(type $t${i + 1} (tuple $t${i} $t${i}))`).join("\n");
    const uses = ["f", "g", "h"].map((f) => `(export "${f}" (func (param "x" $t17)))`).join("\n");
    // The reader bounds the size of the whole, of which printing and generating take a multiple.
    const interfaces = ["i", "j"].map(
      (name) =>
        `(type $${name} (component (export "a:b/${name}" (instance (type $t0 string) ${tuples} ${uses})))) (export "${name}" (type $${name}))`,
    );
    const bytes = await encoded(interfaces.join("\n"));
    expect(() => decodeWitPackage(bytes, "p.wasm")).toThrow(/type size exceeds the limit/);
  });

  test("damage at any byte ends in a WitError or a package", async () => {
    const bytes = embedded(await embed(EVERYTHING, "hosted"));
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i] = (damaged[i] ?? 0) ^ (1 << (i % 8));
      for (const input of [damaged, bytes.subarray(0, i)]) {
        try {
          JSON.stringify(decodeWitPackage(input, "p.wasm"));
        } catch (error) {
          expect(error).toBeInstanceOf(WitError);
        }
      }
    }
  });
});
