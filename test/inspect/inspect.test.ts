/** What is said of a component without running it, and which worlds cover it. */
import { componentEmbed, componentNew } from "@bytecodealliance/jco";
import { expect, test } from "vitest";
import { coverageOf, inspectComponent } from "../../src/inspect/index.ts";
import { ConfigError, MalformedComponentError } from "../../src/model/errors.ts";
import type { World } from "../../src/model/resolve.ts";
import { parseWit, selectWorld } from "../../src/wit/index.ts";
import { assemble } from "../support/assemble.ts";

/** A component of the world `w` whose functions do nothing. */
async function guestOf(witSource: string): Promise<Uint8Array> {
  const core = await componentEmbed({ witSource, dummy: true, world: "w" } as never);
  return componentNew(core);
}

function worldOf(text: string): World {
  return selectWorld(parseWit(text), "w");
}

const WIT = `package test:inspect@0.2.1;
interface metrics {
  record sample { name: string, value: u64 }
  resource series { add: func(value: sample); }
  push: func(samples: list<sample>) -> result<u32, string>;
}
world w {
  import metrics;
  import log: func(text: string);
  export run: func(args: list<string>) -> u32;
}`;

test("a component is described without running it", async () => {
  const bytes = await guestOf(WIT);
  const { report, world } = inspectComponent(bytes, "guest.wasm");
  expect(report.size).toBe(bytes.length);
  expect(report.imports).toEqual([
    {
      name: "test:inspect/metrics@0.2.1",
      kind: "interface",
      functions: [
        { name: "[method]series.add", signature: "func(self: borrow<series>, value: sample)" },
        { name: "push", signature: "func(samples: list<sample>) -> result<u32, string>" },
      ],
    },
    { name: "log", kind: "func", functions: [{ name: "log", signature: "func(text: string)" }] },
  ]);
  expect(report.exports.map(({ name }) => name)).toEqual(["run"]);
  expect(report.needs).toMatchObject({ memories: 1, memorySize: 0, tables: 1 });
  expect(report.unsupported).toBeUndefined();
  expect(report.producers.map(({ field, name }) => `${field} ${name}`)).toContain(
    "processed-by wit-component",
  );
  expect(report.wit).toContain("export run: func(args: list<string>) -> u32;");
  expect(world.name).toBe("root");
  expect(JSON.parse(JSON.stringify(report)).capabilities[0].name).toBe("host");
});

test("memories and tables are counted per instance, in bytes and elements", async () => {
  const bytes = await assemble(`(component
    (core module $a (memory 2 3) (table 5 funcref) (memory (export "m") 1))
    (core module $b (memory 4))
    (core instance (instantiate $a))
    (core instance (instantiate $a))
    (core instance (instantiate $b)))`);
  const { report } = inspectComponent(bytes, "guest.wasm");
  expect(report.modules.map(({ memories, tables }) => ({ memories, tables }))).toEqual([
    {
      memories: [
        { min: 131_072, max: 196_608 },
        { min: 65_536, max: undefined },
      ],
      tables: [{ min: 5, max: undefined }],
    },
    { memories: [{ min: 262_144, max: undefined }], tables: [] },
  ]);
  expect(report.needs).toEqual({
    instances: 3,
    memories: 5,
    tables: 2,
    memorySize: 262_144,
    totalMemorySize: 2 * 196_608 + 262_144,
    tableElements: 5,
  });
});

test("what a host would grant goes by the interface", async () => {
  const names = [
    "wasi:filesystem/types@0.2.0",
    "wasi:filesystem/preopens@0.2.0",
    "wasi:io/streams@0.2.0",
    "wasi:cli/environment@0.2.0",
    "wasi:cli/stdout@0.2.0",
    "wasi:http/outgoing-handler@0.2.0",
    "wasi:http/types@0.2.0",
    "amal:obs/metrics",
  ];
  const imports = names.map((name) => `(import "${name}" (instance))`).join("\n");
  const { report } = inspectComponent(await assemble(`(component ${imports})`), "guest.wasm");
  expect(report.capabilities.map(({ name, imports }) => [name, imports])).toEqual([
    ["files", ["wasi:filesystem/types@0.2.0", "wasi:filesystem/preopens@0.2.0"]],
    ["http", ["wasi:http/outgoing-handler@0.2.0"]],
    ["environment", ["wasi:cli/environment@0.2.0"]],
    ["stdio", ["wasi:cli/stdout@0.2.0"]],
    ["host", ["amal:obs/metrics"]],
  ]);
});

test("what is no component is refused, and called by its name", async () => {
  const refused = async (bytes: Uint8Array | Promise<Uint8Array>) => {
    const ready = await bytes;
    return () => inspectComponent(ready, "x.wasm");
  };
  expect(await refused(assemble("(module)"))).toThrow(ConfigError);
  expect(await refused(assemble("(module)"))).toThrow("x.wasm is a core module");
  expect(
    await refused(
      assemble('(component (type (component (export "a:b/i" (instance)))) (export "i" (type 0)))'),
    ),
  ).toThrow("x.wasm is an encoded WIT package");
  expect(await refused(new TextEncoder().encode("package a:b;"))).toThrow(MalformedComponentError);
});

test("a world covers the component that was made for it, and compatible versions of it", async () => {
  const { world } = inspectComponent(await guestOf(WIT), "guest.wasm");
  for (const version of ["0.2.1", "0.2.0", "0.2.9"]) {
    const coverage = coverageOf(world, worldOf(WIT.replace("0.2.1", version)));
    expect(coverage.covered).toBe(true);
    expect(coverage.imports).toHaveLength(3);
    expect(coverage.exports).toEqual([{ name: "run", status: "covered" }]);
    expect(coverage.world).toBe(`test:inspect/w@${version}`);
  }
  expect(coverageOf(world, worldOf(WIT.replace("0.2.1", "0.3.0"))).covered).toBe(false);
});

test.each([
  ["a missing function", "import log: func(text: string);", "", "log", "missing"],
  ["another parameter", "log: func(text: string)", "log: func(text: u32)", "log", "different"],
  ["a renamed parameter links", "log: func(text: string)", "log: func(line: string)", "log", "covered"],
  [
    "another field behind a name",
    "value: u64 }",
    "value: u32 }",
    "test:inspect/metrics@0.2.1#push",
    "different",
  ],
  ["another export", "-> u32;\n}", "-> u64;\n}", "run", "different"],
  ["an export that the guest lacks", "export run:", "export stop: func(); export run:", "stop", "missing"],
])("%s", async (_, from, to, name, status) => {
  const { world } = inspectComponent(await guestOf(WIT), "guest.wasm");
  const changed = WIT.replace(from, to);
  expect(changed).not.toBe(WIT);
  const { covered, imports, exports } = coverageOf(world, worldOf(changed));
  const item = [...imports, ...exports].find((candidate) => candidate.name === name);
  expect(item?.status).toBe(status);
  expect(item?.reason === undefined).toBe(status === "covered");
  expect(covered).toBe(status === "covered");
});
