/** What a configuration file holds. */
import type { GenerateOptions } from "../codegen/options.ts";

/** One world and where its bindings go: the options of `generate`, any of which the configuration may give for all. */
export interface TargetConfig extends Omit<GenerateOptions, "wit" | "shared"> {
  /** What `--target` calls it. Default: the world, or else the folder of its bindings. */
  readonly name?: string | undefined;
  /** Default: `wit`. */
  readonly wit?: string | undefined;
  /** The folder of the classes that `scaffold` keeps. Default: `src/host`. */
  readonly implementation?: string | undefined;
}

/**
 * A configuration: one target, or several, to which everything beside `targets` is common.
 *
 * Paths are relative to the file.
 */
export interface Config extends Omit<TargetConfig, "name"> {
  /** For editors, in JSON. */
  readonly $schema?: string | undefined;
  readonly targets?: readonly TargetConfig[] | undefined;
}

/**
 * Gives a configuration its type, in `hostwright.config.ts` or `.js`.
 *
 * @example
 * import { defineConfig } from "hostwright";
 *
 * export default defineConfig({
 *   wit: "wit",
 *   rules: { "amal:obs/*": { tracing: true } },
 *   targets: [{ world: "hosted", out: "src/bindings/hosted" }, { world: "admin", out: "src/bindings/admin" }],
 * });
 */
export function defineConfig(config: Config): Config {
  return config;
}
