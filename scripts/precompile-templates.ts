/**
 * The text of the module that takes the place of `src/codegen/templates.ts` in the build: the same
 * templates as functions, which need only the runtime of handlebars.
 */
import Handlebars from "handlebars/dist/handlebars.js";
import { compileOptions, entrySource, entryTemplates, templateSources } from "../src/codegen/templates.ts";

export function precompiledTemplates(): string {
  const partials = [...templateSources(new URL("../templates/", import.meta.url))].map(
    ([name, source]) => `[${JSON.stringify(name)}, ${precompile(source)}]`,
  );
  return `
import Handlebars from "handlebars/dist/handlebars.runtime.js";

export function loadTemplates() {
  const handlebars = Handlebars.create();
  for (const [name, spec] of partials) handlebars.registerPartial(name, handlebars.template(spec));
  return {
    ${entryTemplates.map((name) => `${name}: handlebars.template(${precompile(entrySource(name))}),`).join("\n    ")}
  };
}

const partials = [${partials.join(",\n")}];
`;
}

function precompile(source: string): string {
  return String(Handlebars.precompile(source, compileOptions));
}
