/** The command line that generates with the given options. */
import { defaultOut, type GenerateOptions } from "../codegen/index.ts";

/** "npx hostwright generate wit --world hosted --out src/bindings", fit to be pasted into a shell. */
export function generateCommand(options: GenerateOptions): string {
  const words = ["npx", "hostwright", "generate", options.wit];
  if (options.world !== undefined) {
    words.push("--world", options.world);
  }
  words.push("--out", options.out ?? defaultOut);
  if (options.allFeatures === true) {
    words.push("--all-features");
  } else if (options.features !== undefined && options.features.length > 0) {
    words.push("--features", options.features.join(","));
  }
  if (options.importExtension === ".ts") {
    words.push("--import-extension", ".ts");
  }
  return words.map(quote).join(" ");
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
