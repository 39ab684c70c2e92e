/** WIT names that could not be kept: reserved in TypeScript, or the same as another in its letter case. */
import type { GenerateDiagnostic } from "./diagnostics.ts";
import type { FileNames } from "./file-names.ts";

const MAX_SHOWN = 8;

export class Renames {
  readonly #names = new Map<string, Map<string, string>>();

  /** @param name what the WIT name has become, if that is not `natural` */
  note(names: FileNames, wit: string, natural: string, name: string): void {
    if (natural === name) return;
    const place = names.file.kind === "world" ? names.file.world.name : names.file.wit;
    const ofPlace = this.#names.get(place) ?? new Map<string, string>();
    this.#names.set(place, ofPlace.set(wit, name));
  }

  /** One for each interface. */
  diagnostics(): GenerateDiagnostic[] {
    return [...this.#names].map(([place, names]) => {
      const shown = [...names].slice(0, MAX_SHOWN).map(([wit, name]) => `\`${wit}\` is \`${name}\``);
      const more = names.size > MAX_SHOWN ? `, and ${names.size - MAX_SHOWN} more` : "";
      return {
        severity: "note",
        code: "renamed",
        message: `${place}: names that TypeScript cannot keep: ${shown.join(", ")}${more}`,
      };
    });
  }
}
