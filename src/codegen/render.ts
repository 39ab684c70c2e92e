/**
 * Prints views through the templates of `templates/`, which hold all text of generated code.
 */
import { readdirSync, readFileSync } from "node:fs";
import Handlebars from "handlebars/dist/handlebars.js";
import type { InterfaceFileView, WorldFileView } from "./views.ts";

/** Beside `src` and `dist`: the same place from the sources, from the build, and when installed. */
const templates = new URL("../../templates/", import.meta.url);

export interface Renderer {
  interfaceFile(view: InterfaceFileView): string;
  worldFile(view: WorldFileView): string;
}

/** Loads the templates. What they are given is code or already escaped, so they escape nothing themselves. */
export function createRenderer(): Renderer {
  const handlebars = Handlebars.create();
  const options = { noEscape: true, knownHelpersOnly: true };
  // Partials in `inline/` stand in the middle of a line: the last line's end is the file's, not theirs.
  for (const { folder, inline } of [
    { folder: templates, inline: false },
    { folder: new URL("inline/", templates), inline: true },
  ]) {
    for (const file of readdirSync(folder)) {
      if (file.endsWith(".hbs")) {
        const source = readFileSync(new URL(file, folder), "utf8");
        handlebars.registerPartial(file.slice(0, -".hbs".length), inline ? source.trimEnd() : source);
      }
    }
  }
  const compile = (name: string): ((view: object) => string) =>
    handlebars.compile(`{{> ${name} this}}`, options);
  const render = { interface: compile("interface"), world: compile("world") };
  return {
    interfaceFile: (view) => tidy(render.interface(view)),
    worldFile: (view) => tidy(render.world(view)),
  };
}

/** Removes what optional parts leave behind: spaces at line ends, and second blank lines. */
function tidy(text: string): string {
  return `${text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/([{[(])\n\n/g, "$1\n")
    .replace(/\n\n(\s*})/g, "\n$1")
    .trim()}\n`;
}
