/** What `check` makes of everything that may happen to bindings and to their WIT: no false alarm, and none that is missing. */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { check, type GenerateOptions, generate, writeBindings } from "../../src/index.ts";

const WIT = `package amal:obs@0.1.0;

/// Metrics, of all kinds.
///
///   indented   text
interface metrics {
    /// Adds.
    counter: func(name: string, value: u64);
    /**
     * Sets.
     *   Indented.
     */
    gauge: func(name: string, value: f64);
    @unstable(feature = x)
    extra: func();
}
interface more { record q { a: u8 } }
world hosted { import metrics; import more; export run: func(); }
`;

let folder: string;
const at = (path: string): string => join(folder, path);
const metrics = "out/amal/obs/metrics.ts";
const wit = "wit/world.wit";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hostwright-staleness-"));
  mkdirSync(at("wit"));
  writeFileSync(at(wit), WIT);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function write(options: Partial<GenerateOptions> = {}): Promise<void> {
  const out = at("out");
  await writeBindings(await generate({ wit: at("wit"), out, ...options }), out);
}

/** The causes of what is not fresh, each once. */
async function causes(options: Partial<GenerateOptions> = {}): Promise<readonly unknown[]> {
  const { fresh, files } = await check({ wit: at("wit"), out: at("out"), ...options });
  const found = files.filter(({ status }) => status !== "fresh").map(({ cause }) => cause);
  expect(fresh).toBe(found.length === 0);
  return [...new Set(found)];
}

/** Fails if there is nothing to change. */
function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(at(path), "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(at(path), after);
}

const copy = (to: string, change: (text: string) => string = (text) => text): void => {
  mkdirSync(join(at(to), ".."), { recursive: true });
  writeFileSync(at(to), change(readFileSync(at(metrics), "utf8")));
};
/** As if it had been generated to another place. */
const moved = (text: string): string => text.replace("amal/obs/metrics.ts", "amal/obs/gone.ts");
const crlf = (text: string): string => text.replaceAll("\n", "\r\n");

describe("bindings", () => {
  test.each<[string, readonly string[], () => void]>([
    ["as they were", [], () => {}],
    ["with other line ends", [], () => edit(metrics, crlf)],
    ["with other line ends in part", [], () => edit(metrics, (text) => text.replace("\n", "\r\n"))],
    ["with line ends that are none", ["edited"], () => edit(metrics, (text) => text.replaceAll("\n", "\r"))],
    ["with a byte order mark", ["edited"], () => edit(metrics, (text) => `\uFEFF${text}`)],
    ["without the last line end", ["edited"], () => edit(metrics, (text) => text.trimEnd())],
    ["with a line end more", ["edited"], () => edit(metrics, (text) => `${text}\n`)],
    ["with a space", ["edited"], () => edit(metrics, (text) => text.replace("\nexport", " \nexport"))],
    [
      "of another version",
      [],
      () => edit(metrics, (text) => text.replace(/hostwright \S+,/, "hostwright 9.9.9,")),
    ],
    [
      "with another checksum",
      ["edited"],
      () => edit(metrics, (text) => text.replace(/checksum \w{4}/, "checksum 0000")),
    ],
    ["without a seal", ["edited"], () => edit(metrics, (text) => text.replace(/\/\/ Made by.*\n/, ""))],
    ["with two seals", ["edited"], () => edit(metrics, (text) => text.replace(/(\/\/ Made by.*\n)/, "$1$1"))],
    ["with another path", ["edited"], () => edit(metrics, moved)],
    ["with another source", ["edited"], () => edit(metrics, (text) => text.replace(": import", ": export"))],
    [
      "with less of a header",
      ["edited"],
      () => edit(metrics, (text) => text.replace("/* eslint-disable */\n", "")),
    ],
    ["with a line before all", ["foreign"], () => edit(metrics, (text) => `// @ts-nocheck\n${text}`)],
    ["with another comment", ["edited"], () => edit(metrics, (text) => text.replace("Metrics,", "Metrics"))],
    ["that are empty", ["foreign"], () => edit(metrics, () => "")],
    ["that are cut", ["edited"], () => edit(metrics, (text) => text.split("\n").slice(0, 3).join("\n"))],
    ["deleted", ["missing"], () => rmSync(at(metrics))],
    ["moved", ["missing"], () => renameSync(at(metrics), at("out/amal/metrics.ts"))],
    ["copied", [], () => copy("out/copy/metrics.ts")],
    ["of a time before", ["orphaned"], () => copy("out/amal/obs/gone.ts", moved)],
    [
      "of a time before, with other line ends",
      ["orphaned"],
      () => copy("out/amal/obs/gone.ts", (text) => crlf(moved(text))),
    ],
    [
      "of a time before, with a mark",
      ["orphaned"],
      () => copy("out/amal/obs/gone.ts", (text) => `\uFEFF${moved(text)}`),
    ],
    ["with files of others", [], () => writeFileSync(at("out/amal/obs/mine.ts"), "export {};\n")],
  ])("%s: %j", async (_, expected, change) => {
    await write();
    change();
    expect(await causes()).toEqual(expected);
  });

  test.each<[string, readonly string[], () => void]>([
    ["a file", ["foreign"], () => link(metrics)],
    ["a folder", ["foreign"], () => link("out/amal")],
    ["the folder of all", [], () => link("out")],
  ])("behind a link: %s", async (_, expected, change) => {
    await write();
    change();
    expect(await causes()).toEqual(expected);
  });

  function link(path: string): void {
    renameSync(at(path), at("elsewhere"));
    symlinkSync(at("elsewhere"), at(path));
  }
});

describe("WIT", () => {
  test.each<[string, readonly string[], () => void]>([
    ["with other line ends", [], () => edit(wit, crlf)],
    ["with a byte order mark", [], () => edit(wit, (text) => `\uFEFF${text}`)],
    ["with a comment", [], () => edit(wit, (text) => `// More.\n${text}`)],
    [
      "laid out otherwise",
      [],
      () => edit(wit, (text) => text.replaceAll("(name: string, ", "(\n  name: string\n  , ")),
    ],
    [
      "with another gate on what is not there",
      [],
      () => edit(wit, (text) => text.replace("feature = x", "feature = y")),
    ],
    ["in a file of another name", [], () => renameSync(at(wit), at("wit/api.wit"))],
    ["in two files", [], split],
    ["with other docs", ["wit"], () => edit(wit, (text) => text.replace("Metrics,", "Metrics"))],
    [
      "with another name of a parameter",
      ["wit"],
      () => edit(wit, (text) => text.replace("name: string", "key: string")),
    ],
    ["of another version", ["wit"], () => edit(wit, (text) => text.replace("0.1.0", "0.1.1"))],
    ["with less in it", ["orphaned"], () => edit(wit, (text) => text.replace("import more;", ""))],
  ])("%s: %j", async (_, expected, change) => {
    await write();
    change();
    expect([...(await causes())].sort()).toEqual(expected);
  });

  function split(): void {
    const [, more = ""] = /^(interface more.*\n)/m.exec(WIT) ?? [];
    edit(wit, (text) => text.replace(more, ""));
    writeFileSync(at("wit/more.wit"), more);
  }
});

describe("options", () => {
  const metric = (name: string): string => `amal:obs/metrics.${name}`;

  test.each<[string, readonly string[], Partial<GenerateOptions>, Partial<GenerateOptions>]>([
    ["features, one of them twice", [], { features: ["x"] }, { features: ["x", "x"] }],
    ["features in another order", [], { features: ["x", "y"] }, { features: ["y", "x"] }],
    ["a feature less", ["options"], { features: ["x"] }, {}],
    ["a world by its whole name", [], {}, { world: "amal:obs/hosted@0.1.0" }],
    [
      "defaults",
      [],
      {},
      { layout: "files", importExtension: ".js", rules: {}, with: {}, header: "", testkit: false },
    ],
    [
      "rules in an order that does not matter",
      [],
      { rules: { [metric("counter")]: { store: true }, [metric("gauge")]: { tracing: true } } },
      { rules: { [metric("gauge")]: { tracing: true }, [metric("counter")]: { store: true } } },
    ],
    [
      "rules in an order that matters",
      ["wit"],
      { rules: { [metric("counter")]: { store: true }, "import *": { tracing: true } } },
      { rules: { "import *": { tracing: true }, [metric("counter")]: { store: true } } },
    ],
    ["a rule less", ["options"], { rules: { "*": { skip: true } } }, {}],
    ["another header", ["wit"], { header: "A" }, { header: "B" }],
    ["a header with other line ends", [], { header: "A\nB" }, { header: "A\r\nB" }],
    ["no more test kit", ["options"], { testkit: true }, {}],
    ["another layout", ["missing", "options"], { layout: "single" }, {}],
  ])("%s: %j", async (_, expected, before, after) => {
    await write(before);
    expect([...(await causes(after))].sort()).toEqual(expected);
  });
});
