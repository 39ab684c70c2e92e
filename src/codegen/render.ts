/**
 * Prints views through the templates, which hold all text of generated code.
 */
import { loadTemplates } from "./templates.ts";
import type { DoubleFileView } from "./testkit/views.ts";
import type { InterfaceFileView, WorldFileView } from "./views.ts";

export interface Renderer {
  interfaceFile(view: InterfaceFileView): string;
  worldFile(view: WorldFileView): string;
  doubleFile(view: DoubleFileView): string;
}

export function createRenderer(): Renderer {
  const templates = loadTemplates();
  return {
    interfaceFile: (view) => tidy(templates.interface(view)),
    worldFile: (view) => tidy(templates.world(view)),
    doubleFile: (view) => tidy(templates.double(view)),
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
