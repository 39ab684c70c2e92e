/** The command line that generates with the given options. */
import { defaultOut, type GenerateOptions } from "../codegen/index.ts";

/** "npx hostwright generate wit --world hosted --out src/bindings", fit to be pasted into a shell. */
export function generateCommand(options: GenerateOptions): string {
  return commandLine({ ...options, out: options.out ?? defaultOut });
}

/** What of a configuration file a command line has to name. */
export interface FromConfig {
  /** Undefined for the one that is found by itself. */
  readonly file: string | undefined;
  /** Undefined if it has no other. */
  readonly target: string | undefined;
}

/** Any of the options, as somebody may have typed them. */
export type CommandOptions = { readonly [K in keyof GenerateOptions]?: GenerateOptions[K] | undefined };

/** The same with a configuration file, of which the options are only what is to be said besides. */
export function commandLine(options: CommandOptions, config?: FromConfig): string {
  const words = ["npx", "hostwright", "generate"];
  const add = (flag: string, value: string | undefined): void => {
    if (value !== undefined) words.push(flag, value);
  };
  if (options.wit !== undefined) words.push(options.wit);
  add("--config", config?.file);
  add("--target", config?.target);
  add("--world", options.world);
  add("--out", options.out);
  if (options.allFeatures === true) words.push("--all-features");
  else if (options.features !== undefined && options.features.length > 0) {
    words.push("--features", options.features.join(","));
  }
  add("--import-extension", unless(options.importExtension, ".js"));
  add("--layout", unless(options.layout, "files"));
  add("--enum-style", unless(options.enumStyle, "union"));
  add("--flags-style", unless(options.flagsStyle, "optional"));
  if (options.testkit === true) words.push("--testkit");
  return words.map(quote).join(" ");
}

function unless(value: string | undefined, standard: string): string | undefined {
  return value === standard ? undefined : value;
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
