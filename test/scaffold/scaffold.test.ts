/** Classes that are written for a project, and those of the user, which are kept byte for byte. */
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/model/errors.ts";
import { notes, Project } from "./workspace.ts";

const WIT = `package amal:obs@0.1.0;
interface metrics {
  record sample { name: string, value: u64 }
  variant problem { full, closed(string) }
  resource series {
    constructor(name: string, first: sample);
    add: func(value: sample) -> result<_, problem>;
    merge: static func(a: borrow<series>, b: series) -> series;
  }
  resource token;
  counter: func(name: string, value: u64);
  push: func(all: list<sample>, new: option<tuple<u8, sample>>) -> result<list<u8>, problem>;
  new: func() -> series;
}
interface log { write: func(text: string); }
world hosted { import metrics; import log; import now: func() -> u64; export run: func(); }`;

describe("a project without classes", () => {
  test("gets a class for each interface, resource and the world, which compile", async () => {
    const project = new Project();
    const result = await project.run(WIT);
    expect(notes(result)).toEqual([
      "added: class Series",
      "added: class Token",
      "added: class Metrics",
      "added: class Log",
      "added: class HostedHost",
    ]);
    expect(project.read("src/host/metrics.ts")).toBe(
      `import type * as metrics from "../bindings/amal/obs/metrics.js";

// hostwright scaffold: Series of amal:obs/metrics@0.1.0 = constructor/2, static merge/2, add/1
/** The resource \`Series of amal:obs/metrics@0.1.0\`. */
export class Series implements metrics.Series {
  constructor(name: string, first: metrics.Sample) {
    throw new Error("not implemented: the constructor of Series of amal:obs/metrics@0.1.0");
  }

  static merge(a: metrics.Series, b: metrics.Series): metrics.Series {
    throw new Error("not implemented: merge of Series of amal:obs/metrics@0.1.0");
  }

  add(value: metrics.Sample): void {
    throw new Error("not implemented: add of Series of amal:obs/metrics@0.1.0");
  }

  [Symbol.dispose](): void {}
}

// hostwright scaffold: Token of amal:obs/metrics@0.1.0 =
/** The resource \`Token of amal:obs/metrics@0.1.0\`. */
export class Token implements metrics.Token {
  [Symbol.dispose](): void {}
}

// hostwright scaffold: amal:obs/metrics@0.1.0 = Series/0, counter/2, push/2, "new"/0
/** The host's side of \`amal:obs/metrics@0.1.0\`. */
export class Metrics implements metrics.Host {
  readonly Series: metrics.SeriesClass = Series;

  counter(name: string, value: bigint): void {
    throw new Error("not implemented: counter of amal:obs/metrics@0.1.0");
  }

  push(all: metrics.Sample[], new_: [number, metrics.Sample] | undefined): Uint8Array {
    throw new Error("not implemented: push of amal:obs/metrics@0.1.0");
  }

  "new"(): metrics.Series {
    throw new Error("not implemented: \\"new\\" of amal:obs/metrics@0.1.0");
  }
}
`,
    );
    expect(project.read("src/host/hosted.ts")).toContain(`import { Metrics } from "./metrics.js";`);
    expect(project.read("src/host/hosted.ts")).toContain("  readonly metrics = new Metrics();\n");
    expect(await project.compile()).toEqual([]);
  });

  test("resources of an interface that has nothing else to implement get a file, too", async () => {
    const project = new Project();
    const io = (more: string): string => `package a:b@1.0.0;
interface streams { resource input { read: func(n: u64) -> list<u8>; } ${more} }
interface types { use streams.{input}; record r { a: u8 } }
interface net { use streams.{input}; open: func() -> input; }
world w { import streams; import types; import net; }`;
    expect(notes(await project.run(io("")))).toEqual([
      "added: class Input",
      "added: class Net",
      "added: class WHost",
    ]);
    expect(
      project.read("src/host/streams.ts"),
    ).toBe(`import type * as streams from "../bindings/a/b/streams.js";

// hostwright scaffold: Input of a:b/streams@1.0.0 = read/1
/** The resource \`Input of a:b/streams@1.0.0\`. */
export class Input implements streams.Input {
  read(n: bigint): Uint8Array {
    throw new Error("not implemented: read of Input of a:b/streams@1.0.0");
  }

  [Symbol.dispose](): void {}
}
`);
    expect(await project.compile()).toEqual([]);

    // A second one goes to the file that the first is in, whatever that is called.
    project.write("src/host/deep/io.ts", project.read("src/host/streams.ts").replace("../", "../../"));
    project.write("src/host/streams.ts", "export const mine = 1;\n");
    const output = "resource output { write: func(b: list<u8>); }";
    const second = await project.run(io(output));
    expect(notes(second)).toEqual(["added: class Output"]);
    expect(project.read("src/host/deep/io.ts")).toContain("export class Output implements streams.Output {");
    expect(project.read("src/host/streams.ts")).toBe("export const mine = 1;\n");
    expect(await project.compile()).toEqual([]);

    // With a function there is a host, too: it hands out nothing, so the classes stay where they are.
    await expect(project.run(io(`${output} ready: func() -> bool;`))).rejects.toThrow(
      /streams\.ts is there, and has no class that implements Host of a:b\/streams@1\.0\.0/,
    );
    project.remove("src/host/streams.ts");
    expect(notes(await project.run(io(`${output} ready: func() -> bool;`)))).toEqual([
      "added: class Streams",
      "added: WHost.streams",
    ]);
    expect(await project.compile()).toEqual([]);
    expect(notes(await project.run(io("")))).toEqual([
      "gone: class Output: there is no streams.Output any more",
      "gone: class Streams: there is no streams.Host any more",
      "gone: WHost.streams",
    ]);
  });

  test("a file that is in the way of resources is not touched", async () => {
    const project = new Project();
    project.write("src/host/streams.ts", "export const mine = 1;\n");
    const wit =
      "package a:b; interface streams { resource input { read: func(); } } world w { import streams; }";
    await expect(project.run(wit)).rejects.toThrow(
      /has no class that implements Input of a:b\/streams: write the head of one/,
    );
  });

  test("resources of the world itself go to its file, also later", async () => {
    const project = new Project();
    const wit = (more: string): string =>
      `package a:b; world w { resource one { read: func(); } ${more} import f: func(); }`;
    expect(notes(await project.run(wit("")))).toEqual(["added: class One", "added: class WHost"]);
    expect(notes(await project.run(wit("resource two { constructor(); }")))).toEqual([
      "added: WHost.Two",
      "added: class Two",
    ]);
    expect(await project.compile()).toEqual([]);
  });

  test("interfaces of one short name get longer ones", async () => {
    const project = new Project();
    await project.run(`package a:b;
package x:one { interface types { f: func(); } }
package x:two { interface types { resource types; g: func() -> types; } }
world w { import x:one/types; import x:two/types; }`);
    expect(project.read("src/host/types.ts")).toContain("export class Types ");
    expect(project.read("src/host/two-types.ts")).toContain("export class TwoTypes ");
    expect(await project.compile()).toEqual([]);
  });

  test("resources called as what the stubs need hide nothing", async () => {
    const project = new Project();
    await project.run(`package a:b;
interface io {
  resource error { constructor(); text: func() -> string; }
  resource %map { constructor(); }
  all: func() -> map<string, list<u8>>;
}
world w { import io; }`);
    expect(project.read("src/host/io.ts")).toContain("export class Error_ implements io.Error ");
    expect(await project.compile()).toEqual([]);
  });

  test("a file that is in the way is not touched", async () => {
    const project = new Project();
    project.write("src/host/log.ts", "export const mine = 1;\n");
    await expect(project.run(WIT)).rejects.toThrow(ConfigError);
    expect(project.read("src/host/log.ts")).toBe("export const mine = 1;\n");
    expect(project.exists("src/host/metrics.ts")).toBe(false);
  });
});

describe("a class with code of the user's", () => {
  const BODY = `    // Odd spacing, and a comment that must stay.
    const total   = (this.totals.get(name) ?? 0n) + value;
    this.totals.set(name, total) ;`;
  const HELPER = `
  /** Not in the WIT: ours. */
  readonly totals = new Map<string, bigint>();
  report ( ) { return [ ...this.totals ] }
`;

  async function written(): Promise<Project> {
    const project = new Project();
    await project.run(WIT);
    const path = "src/host/metrics.ts";
    project.edit(path, `    throw new Error("not implemented: counter of amal:obs/metrics@0.1.0");`, BODY);
    project.edit(path, "  counter(", `${HELPER}\n  /** Counts. */\n  counter(`);
    return project;
  }

  test("an unchanged WIT changes nothing", async () => {
    const project = await written();
    const before = project.read("src/host/metrics.ts");
    const result = await project.run(WIT);
    expect(notes(result)).toEqual([]);
    expect(result.files.map(({ action }) => action)).toEqual(["unchanged", "unchanged", "unchanged"]);
    expect(project.read("src/host/metrics.ts")).toBe(before);
  });

  test("three changes of the WIT leave it byte for byte, and the result compiles", async () => {
    const project = await written();
    const path = "src/host/metrics.ts";
    const intact = async (): Promise<void> => {
      const text = project.read(path);
      for (const own of [BODY, HELPER, "  /** Counts. */\n"]) expect(text.split(own)).toHaveLength(2);
      expect(await project.compile()).toEqual([]);
    };

    // A function and a resource come.
    const first = WIT.replace(
      "counter: func",
      "gauge: func(name: string, value: f64);\n resource meter { read: func() -> f64; }\n open: func() -> meter;\n counter: func",
    );
    expect(notes(await project.run(first))).toEqual([
      "added: Metrics.gauge",
      "added: Metrics.open",
      "added: class Meter",
    ]);
    await intact();

    // Signatures change: a parameter is appended, a type and a result are others.
    const second = first
      .replace(
        "counter: func(name: string, value: u64)",
        "counter: func(name: string, value: u64, tags: list<string>)",
      )
      .replace("push: func(all: list<sample>", "push: func(all: list<string>")
      .replace("new: func() -> series", "new: func() -> option<series>");
    expect(notes(await project.run(second))).toEqual([
      "changed: Metrics.counter: counter(name: string, value: bigint, tags: string[]): void",
      "changed: Metrics.push: push(all: string[], new_: [number, metrics.Sample] | undefined): Uint8Array",
    ]);
    expect(project.read(path)).toContain(
      `  /** Counts. */\n  counter(name: string, value: bigint, tags: string[]): void {\n${BODY}`,
    );
    await intact();

    // A function goes.
    const third = second.replace(/ {2}push: func.*\n/, "");
    expect(notes(await project.run(third))).toEqual(["gone: Metrics.push"]);
    expect(project.read(path)).toContain(
      "  // hostwright: push is gone from amal:obs/metrics@0.1.0; nothing calls it any more\n  push(all: string[]",
    );
    await intact();
    expect(notes(await project.run(third))).toEqual([]);

    // And comes back: the mark goes, the code has stayed.
    await project.run(second);
    expect(project.read(path)).not.toContain("is gone from");
    await intact();
  });

  test("a class is known by what it implements, wherever it is and whatever it is called", async () => {
    const project = await written();
    const text = project
      .read("src/host/metrics.ts")
      .replace('import type * as metrics from "../bindings', 'import type * as m from "../../bindings')
      .replace(/\bmetrics\.(?!js)/g, "m.")
      .replace("class Metrics ", "class Counters ");
    project.write("src/host/deep/counters.ts", text);
    project.write("src/host/metrics.ts", "export const elsewhere = true;\n");
    project.edit(
      "src/host/hosted.ts",
      '{ Metrics } from "./metrics.js"',
      '{ Counters } from "./deep/counters.js"',
    );
    project.edit("src/host/hosted.ts", "new Metrics()", "new Counters()");
    const result = await project.run(
      WIT.replace("counter: func", "gauge: func(at: sample);\n counter: func"),
    );
    expect(notes(result)).toEqual(["added: Counters.gauge"]);
    expect(project.read("src/host/deep/counters.ts")).toContain("  gauge(at: m.Sample): void {\n");
    expect(await project.compile()).toEqual([]);
  });

  test("members that are not methods, and those of a base class, are seen", async () => {
    const project = new Project();
    project.write(
      "src/host/log.ts",
      `import type { Host } from "../bindings/amal/obs/log.js";

abstract class Base {
  flush(): void {}
}

export class Log extends Base implements Host {
  write = (text: string): void => console.log(text);
}
`,
    );
    const wit =
      "package amal:obs@0.1.0;\ninterface log { write: func(text: string); flush: func(); }\nworld w { import log; }";
    expect(notes(await project.run(wit))).toEqual(["added: class WHost"]);
    expect(notes(await project.run(wit.replace("text: string", "text: u32")))).toEqual([
      "attention: Log.write: it must fit write(text: number): void",
    ]);
  });

  test("a head with comments is the author's to change", async () => {
    const project = await written();
    project.edit("src/host/log.ts", "write(text: string)", "write(text: string /* UTF-8 */)");
    const result = await project.run(WIT.replace("write: func(text: string)", "write: func(text: list<u8>)"));
    expect(notes(result)).toEqual([
      "attention: Log.write: its signature must become write(text: Uint8Array): void",
    ]);
    expect(project.read("src/host/log.ts")).toContain("write(text: string /* UTF-8 */)");
  });

  test("an interface that is gone is said to be", async () => {
    const project = await written();
    const result = await project.run(WIT.replace("import log;", ""));
    expect(notes(result)).toContain("gone: class Log: there is no log.Host any more");
    expect(project.read("src/host/log.ts")).toContain("// hostwright: log.Host is gone from the bindings;");
    const again = await project.run(WIT.replace("import log;", ""));
    expect(again.files.every(({ action }) => action === "unchanged")).toBe(true);
  });
});

test("a file that changes in the meantime is not overwritten", async () => {
  const project = new Project();
  const { writeScaffold } = await import("../../src/scaffold/index.ts");
  const result = await project.run(WIT);
  project.edit("src/host/log.ts", "class Log", "class Logger");
  expect(() => writeScaffold(result)).toThrow("has changed while scaffold was running");
});
