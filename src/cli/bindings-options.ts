/**
 * The argument and options that `generate` and `check` share: which WIT, which world, where to.
 */
import { type Command, Option } from "commander";
import { defaultOut, type GenerateOptions } from "../codegen/options.ts";

export const DEFAULT_WIT = "wit";

export interface FeatureFlags {
  readonly features?: readonly string[];
  readonly allFeatures?: true;
}

export interface BindingsFlags extends FeatureFlags {
  readonly world?: string;
  readonly out: string;
  readonly importExtension?: ".js" | ".ts";
}

export function addBindingsOptions(command: Command): Command {
  command
    .argument("[wit]", "a WIT file, a folder (with deps/), or an encoded package", DEFAULT_WIT)
    .option("-w, --world <world>", "hosted, amal:obs/hosted or amal:obs/hosted@0.1.0 (default: the only one)")
    .option("-o, --out <folder>", "where the bindings are", defaultOut);
  return addFeatureOptions(command).addOption(
    new Option(
      "--import-extension <ext>",
      "what imports between generated files end in (default: .js)",
    ).choices([".js", ".ts"]),
  );
}

export function addFeatureOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--features <a,b>", "show items that are @unstable under these features")
        .argParser((value: string, previous: readonly string[] | undefined) => [
          ...(previous ?? []),
          ...value.split(/[\s,]+/).filter((feature) => feature !== ""),
        ])
        .conflicts("allFeatures"),
    )
    .option("--all-features", "show every @unstable item");
}

/** The flags as the generator takes them. */
export function bindingsOptions(wit: string, flags: BindingsFlags): GenerateOptions {
  const { world, out, features, allFeatures, importExtension } = flags;
  return { wit, world, out, features, allFeatures, importExtension };
}
