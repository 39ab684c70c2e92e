/** What the build makes of templates prints what handlebars prints. */
import Handlebars from "handlebars/dist/handlebars.js";
import { describe, expect, test, vi } from "vitest";
import { compileTemplates } from "../../scripts/compile-templates.ts";
import { compileOptions, type Templates } from "../../src/codegen/templates.ts";
import { generate } from "../../src/index.ts";
import { goldenCases, goldenFiles, goldenOptions } from "./goldens.ts";

vi.mock(import("../../src/codegen/templates.ts"), async (importOriginal) => {
  const original = await importOriginal();
  const { compileTemplates } = await import("../../scripts/compile-templates.ts");
  const sources = original.templateSources(new URL("../../templates/", import.meta.url));
  const compiled = await load<Templates>(compileTemplates(sources, original.entryTemplates));
  return { ...original, loadTemplates: () => compiled };
});

async function load<T>(module: string): Promise<T> {
  const { loadTemplates } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`
  );
  return loadTemplates() as T;
}

test.each(goldenCases)("the golden world %s, through compiled templates", async (name) => {
  const { files } = await generate(goldenOptions(name));
  expect(Object.fromEntries(files)).toEqual(Object.fromEntries(goldenFiles(name)));
});

/** A template, its partials, and what it is given. */
type Case = readonly [template: string, view: object, partials?: Readonly<Record<string, string>>];

const cases: readonly Case[] = [
  ["plain", {}],
  ["{{a}}|{{b.c.d}}|{{missing}}|{{missing.too}}", { a: "A", b: { c: { d: 1 } } }],
  ["{{a}}{{b}}{{c}}", { a: 0, b: false, c: null }],
  ["{{a}}", { a: "<&\"'`=>\\n" }],
  ...["x", "", 0, 1, true, false, null, undefined, [], [0], {}].flatMap((a): Case[] => [
    ["{{#if a}}yes{{else}}no{{/if}}", { a }],
    ["{{#if a}}yes{{/if}}", { a }],
    ["{{#unless a}}no{{else}}yes{{/unless}}", { a }],
    ["{{#if missing}}1{{else if a}}2{{else}}3{{/if}}", { a }],
  ]),
  ["{{#each list}}{{this}}{{#unless @last}}, {{/unless}}{{else}}none{{/each}}", { list: ["a", "b", "c"] }],
  ["{{#each list}}{{this}}{{else}}none{{/each}}", { list: [] }],
  ["{{#each list}}{{this}}{{else}}none{{/each}}", {}],
  [
    "{{#each rows}}{{#each cells}}{{v}}{{#if @last}};{{else}},{{/if}}{{/each}}{{#if @last}}.{{/if}}{{/each}}",
    { rows: [{ cells: [{ v: 1 }, { v: 2 }] }, { cells: [{ v: 3 }] }] },
  ],
  ["{{#with a}}{{b}}{{else}}none{{/with}}", { a: { b: 1 } }],
  ["{{#with a}}{{b}}{{else}}none{{/with}}", {}],
  ["a\n{{! a comment }}\nb\n{{#if yes}}\nc\n{{/if}}\nd", { yes: true }],
  ["a {{~#if yes~}} b {{~else~}} c {{~/if~}} d", { yes: true }],
  ["a {{~#if yes~}} b {{~else~}} c {{~/if~}} d", {}],
  ["{{> p}}{{> p x}}{{> p x b=a}}", { a: 1, b: 2, x: { a: 3, b: 4 } }, { p: "[{{a}}{{b}}]" }],
  ["{\n  {{> p}}\n}", { a: 1 }, { p: "x\n\ny {{a}}\n" }],
  ["{\n  {{> p}}\n}", {}, { p: "x" }],
  ["{\n  {{> p}}\n}", {}, { p: "" }],
  ["{\n  {{> p}}\n}\n", {}, { p: "{{> q}}\n  {{> q}}\n", q: "1\n2\n" }],
  ["{{> tree}}", { v: 1, next: { v: 2 } }, { tree: "({{v}}{{#if next}}{{> tree next}}{{/if}})" }],
];

const whole = cases.map(([template, view, partials = {}]) => [template, view, partials] as const);

test.each(whole)("%j, given %j", async (template, view, partials) => {
  const handlebars = Handlebars.create();
  for (const [name, source] of Object.entries(partials)) handlebars.registerPartial(name, source);
  const expected = handlebars.compile(template, compileOptions)(view);

  const sources = new Map(Object.entries({ entry: template, ...partials }));
  const { entry } = await load<{ entry: (view: object) => string }>(compileTemplates(sources, ["entry"]));
  expect(entry(view)).toBe(expected);
});

describe("what cannot be compiled is an error of the build", () => {
  test.each([
    ["{{> nothing}}", /no template "nothing"/],
    ["{{../a}}", /line 1, column 2: PathExpression/],
    ["x\n{{@index}}", /line 2, column 2: PathExpression/],
    ["{{constructor}}", /PathExpression/],
    ["{{#custom a}}{{/custom}}", /BlockStatement/],
    ["{{#each a as |b|}}{{b}}{{/each}}", /BlockStatement/],
    ["{{#if (eq a b)}}{{/if}}", /SubExpression/],
    ["{{> (lookup a b)}}", /PartialStatement/],
    ["{{#> layout}}x{{/layout}}", /PartialBlockStatement/],
    ["{{helper a}}", /MustacheStatement/],
  ])("%s", (template, message) => {
    expect(() => compileTemplates(new Map([["entry", template]]), ["entry"])).toThrow(message);
  });
});

test("what is no list is not taken for an empty one", async () => {
  const text = compileTemplates(new Map([["entry", "{{#each a}}x{{/each}}"]]), ["entry"]);
  const { entry } = await load<{ entry: (view: object) => string }>(text);
  expect(() => entry({ a: { b: 1 } })).toThrow(TypeError);
});
