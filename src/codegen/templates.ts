/**
 * The templates, compiled from `templates/` when they are first needed.
 *
 * The build puts a module of the same shape in this one's place, where templates are plain functions
 * (`scripts/compile-templates.ts`): compiling them takes longer than all else that the generator does.
 */
import { readdirSync, readFileSync } from "node:fs";
import Handlebars from "handlebars/dist/handlebars.js";

/** Beside `src`, where the sources run from. */
const folder = new URL("../../templates/", import.meta.url);

/** The templates that are printed by themselves; all others are parts of these. */
export const entryTemplates = ["interface", "world", "double", "scaffold", "stub"] as const;

export type Templates = Readonly<Record<(typeof entryTemplates)[number], (view: object) => string>>;

export function loadTemplates(): Templates {
  const handlebars = Handlebars.create();
  for (const [name, source] of templateSources(folder)) handlebars.registerPartial(name, source);
  const compiled = entryTemplates.map((name) => [
    name,
    handlebars.compile(entrySource(name), compileOptions),
  ]);
  return Object.fromEntries(compiled) as Templates;
}

export function entrySource(name: string): string {
  return `{{> ${name} this}}`;
}

/** What templates are given is code or already escaped, so they escape nothing themselves. */
export const compileOptions = { noEscape: true, knownHelpersOnly: true } as const;

/** The text of every template by its name. */
export function templateSources(templates: URL): Map<string, string> {
  const sources = new Map<string, string>();
  // Partials in `inline/` stand in the middle of a line: the last line's end is the file's, not theirs.
  for (const { within, inline } of [
    { within: templates, inline: false },
    { within: new URL("inline/", templates), inline: true },
  ]) {
    for (const file of readdirSync(within).sort()) {
      if (!file.endsWith(".hbs")) continue;
      const source = readFileSync(new URL(file, within), "utf8");
      sources.set(file.slice(0, -".hbs".length), inline ? source.trimEnd() : source);
    }
  }
  return sources;
}
