/**
 * The argument and options that `generate`, `check` and `scaffold` share: which WIT, which world, where to. They come
 * from the configuration file, if there is one, and from the command line, which goes before it.
 */
import { type Command, Option } from "commander";
import { defaultOut, type GenerateOptions, type ImportExtension } from "../codegen/options.ts";
import type { Target } from "../config/index.ts";
import { ConfigError } from "../model/errors.ts";

export const DEFAULT_WIT = "wit";

export interface FeatureFlags {
  readonly features?: readonly string[];
  readonly allFeatures?: true;
}

export interface BindingsFlags extends FeatureFlags {
  readonly world?: string;
  readonly out?: string;
  readonly importExtension?: ImportExtension;
  readonly layout?: "files" | "single";
  readonly enumStyle?: "union" | "const";
  readonly flagsStyle?: "optional" | "required";
  readonly testkit?: true;
  /** The path of a configuration; false for `--no-config`. */
  readonly config?: string | false;
  readonly target?: readonly string[];
}

export function addBindingsOptions(command: Command): Command {
  command
    .argument(
      "[wit]",
      `a WIT file, a folder (with deps/), an encoded package or a component (default: ${DEFAULT_WIT})`,
    )
    .option("-w, --world <world>", "hosted, amal:obs/hosted or amal:obs/hosted@0.1.0 (default: the only one)")
    .option("-o, --out <folder>", `where the bindings are (default: ${defaultOut})`);
  return addFeatureOptions(command)
    .addOption(
      new Option(
        "--import-extension <ext>",
        "what imports between generated files end in (default: .js)",
      ).choices([".js", ".ts", "none"]),
    )
    .addOption(
      new Option("--layout <layout>", "a file for each interface, or one file (default: files)").choices([
        "files",
        "single",
      ]),
    )
    .addOption(
      new Option(
        "--enum-style <style>",
        "an enum is a union, or an object of its cases too (default: union)",
      ).choices(["union", "const"]),
    )
    .addOption(
      new Option(
        "--flags-style <style>",
        "flags that are not set may be left out or not (default: optional)",
      ).choices(["optional", "required"]),
    )
    .option("--testkit", "test doubles of what the host implements, too")
    .option(
      "-c, --config <file>",
      "the configuration (default: hostwright.config.{ts,js,mjs,json} or package.json)",
    )
    .option("--no-config", "do without a configuration")
    .addOption(
      new Option("-t, --target <name>", "only this target of the configuration; can be repeated").argParser(
        (value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value],
      ),
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

/** What a command that takes `addBindingsOptions` shall do. */
export interface BindingsTargets {
  /** The configuration file; undefined if there is none. */
  readonly config: string | undefined;
  /** At least one. */
  readonly targets: readonly Target[];
  /** What the configuration has besides. */
  readonly others: readonly Target[];
}

/**
 * The targets that the configuration and the command line ask for. What the command line says counts for all of them,
 * but for WIT, world and output: these can be given for one target only.
 *
 * @throws ConfigError if the configuration is wrong, or has no such target
 */
export async function bindingsTargets(
  wit: string | undefined,
  flags: BindingsFlags,
): Promise<BindingsTargets> {
  const { loadConfig, targetOf } = await import("../config/index.ts");
  const loaded =
    flags.config === false ? undefined : await loadConfig({ file: stringOrUndefined(flags.config) });
  if (loaded === undefined) {
    if (flags.target !== undefined) {
      throw new ConfigError("--target chooses a target of the configuration, and there is no configuration");
    }
    const options = { ...given(wit, flags), wit: wit ?? DEFAULT_WIT, out: flags.out ?? defaultOut };
    return { config: undefined, targets: [{ name: "", options }], others: [] };
  }
  const chosen = flags.target?.map((name) => targetOf(loaded.targets, name)) ?? loaded.targets;
  const own = given(wit, flags);
  const single = (["wit", "world", "out"] as const).filter((key) => own[key] !== undefined);
  if (chosen.length > 1 && single.length > 0) {
    throw new ConfigError(
      `${loaded.file} has ${loaded.targets.length} targets, and ${single.map(flagName).join(" and ")} can be given for one only: ` +
        `choose it with --target (${loaded.targets.map((target) => target.name).join(", ")}), or use --no-config`,
    );
  }
  const targets = chosen.map(({ options, ...target }) => {
    const merged = { ...options, ...own };
    // Either of the two on the command line takes the place of both in the configuration.
    if (own.features !== undefined) delete merged.allFeatures;
    if (own.allFeatures !== undefined) delete merged.features;
    return { ...target, options: { ...merged, wit: merged.wit, out: merged.out ?? defaultOut } };
  });
  return {
    config: loaded.file,
    targets,
    others: loaded.targets.filter((target) => !chosen.includes(target)),
  };
}

function stringOrUndefined(value: string | false | undefined): string | undefined {
  return value === false ? undefined : value;
}

function flagName(key: "wit" | "world" | "out"): string {
  return key === "wit" ? "the WIT" : `--${key}`;
}

type Given = { -readonly [K in keyof GenerateOptions]?: Exclude<GenerateOptions[K], undefined> };

/** What the command line says, and nothing else. */
function given(wit: string | undefined, flags: BindingsFlags): Given {
  const { world, out, features, allFeatures, importExtension, layout, enumStyle, flagsStyle, testkit } =
    flags;
  const styles = { importExtension, layout, enumStyle, flagsStyle, testkit };
  const all = { wit, world, out, features, allFeatures, ...styles };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Given;
}
