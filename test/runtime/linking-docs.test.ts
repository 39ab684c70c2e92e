/** What `docs/linking.md` says is what a linker does. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Component, Engine, Linker, types } from "../../src/runtime/index.ts";
import { assemble } from "../support/assemble.ts";
import { thrownBy } from "../support/thrown-by.ts";

const docs = readFileSync(new URL("../../docs/linking.md", import.meta.url), "utf8");
const engine = new Engine();

async function componentOf(text: string): Promise<Component> {
  return Component.fromBytes(engine, await assemble(text));
}

/** The rows of the table with these headings, cells without backquotes. */
function table(...headings: string[]): string[][] {
  const lines = docs.split("\n").map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
  const header = lines.findIndex((cells) => cells.join("|") === headings.join("|"));
  const rows = lines.slice(header + 2);
  return rows.slice(
    0,
    rows.findIndex((cells) => cells.length === 0),
  );
}

describe("the table of what is found", () => {
  const rows = table("import", "defined", "found");

  it("has rows", () => expect(rows.length).toBeGreaterThan(5));

  it.each(rows)("%s, with %s defined: %s", async (wanted, defined, found) => {
    const bare = wanted.replace(/@.*/, "");
    const named = (text: string) => (text.startsWith("@") ? bare + text : text);
    const linker = new Linker<undefined>(engine);
    for (const name of defined.split(", ")) linker.instance(named(name)).func("f", () => undefined);
    const component = await componentOf(`(component (import "${wanted}" (instance (export "f" (func)))))`);
    const [item] = linker.explain(component).imports;
    expect(item?.definition?.[0] ?? "nothing").toBe(named(found));
    expect(item?.status).toBe(found === "nothing" ? "missing" : "defined");
  });
});

describe("the order of a match", () => {
  it("is as listed", async () => {
    const component = await componentOf('(component (import "a:b/c@1.4.0" (instance (export "f" (func)))))');
    const linker = new Linker<undefined>(engine);
    const f = () => undefined;
    const found = () => linker.explain(component).imports[0]?.definition?.[0];
    const statuses: unknown[] = [];
    const see = () => statuses.push(found());
    linker.defineUnknownImportsAsTraps(component);
    see();
    linker.defineImports({ "a:b/*": { c: { f } } });
    see();
    linker.defineImports({ "a:b/c": { f } });
    see();
    for (const version of ["1.0.0", "1.10.0", "1.9.0", "1.4.0+build.7"]) {
      linker.instance(`a:b/c@${version}`).func("f", f);
      see();
    }
    linker.instance("a:b/c@1.4.0").func("f", f);
    see();
    expect(statuses).toEqual([
      undefined,
      "a:b/*",
      "a:b/c",
      "a:b/c@1.0.0",
      "a:b/c@1.10.0",
      "a:b/c@1.10.0",
      "a:b/c@1.10.0",
      "a:b/c@1.4.0",
    ]);
  });
});

describe("messages in the docs", () => {
  const shown = (error: unknown) => expect(docs).toContain((error as Error).message);

  it("are those of a mismatch", async () => {
    const component = await componentOf(`(component
      (type $item (record (field "name" string) (field "count" u32)))
      (import "item" (type $i (eq $item)))
      (import "amal:shop/orders@1.0.0" (instance
        (export "place" (func (param "item" $i) (result (result u64 (error string))))))))`);
    const linker = new Linker<undefined>(engine);
    const item = types.record([
      ["name", types.string],
      ["count", types.u64],
    ]);
    const type = types.func([["item", item]], types.result(types.u64, types.string));
    linker.instance("amal:shop/orders@1.0.0").func("place", () => 1n, type);
    shown(thrownBy(() => linker.instantiatePre(component)));
  });

  it("are those of a missing import", async () => {
    const component = await componentOf(`(component (import "amal:obs/metrics@0.1.0" (instance
      (export "counter" (func (param "name" string) (param "value" u64))))))`);
    const linker = new Linker<undefined>(engine);
    linker.instance("amal:obs/metrics@0.2.0");
    shown(thrownBy(() => linker.instantiatePre(component)));
  });

  it("are those of an explanation", async () => {
    const component = await componentOf(`(component (import "amal:obs/metrics@0.1.0" (instance
      (export "counter" (func (param "name" string) (param "value" u64)))
      (export "gauge" (func (param "name" string) (result f64))))))`);
    const linker = new Linker<undefined>(engine);
    linker
      .instance("amal:obs/metrics@0.1.7")
      .func("counter", () => undefined)
      .func("guage", () => 1);
    expect(docs).toContain(linker.explain(component).toString());
  });
});
