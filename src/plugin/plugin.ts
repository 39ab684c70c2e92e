/**
 * Bindings as a part of the build: written before it starts, and again when the WIT changes.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { createUnplugin, type UnpluginFactory } from "unplugin";
import { defaultOut, type GenerateOptions } from "../codegen/options.ts";
import { loadConfig, type Target, targetOf } from "../config/index.ts";
import { ConfigError } from "../model/errors.ts";
import { regenerate } from "../watch/index.ts";

/**
 * Either options of the generator, or the configuration file that is there anyway.
 */
export type PluginOptions =
  | GenerateOptions
  | {
      /** The configuration. Default: `hostwright.config.{ts,js,mjs,json}`, or `hostwright` in `package.json`. */
      readonly config?: string | undefined;
      /** Only these targets of it. Default: all. */
      readonly targets?: readonly string[] | undefined;
    };

const factory: UnpluginFactory<PluginOptions | undefined> = (options = {}, { framework }) => {
  let inputs: readonly string[] = [];
  const write = async (): Promise<void> => {
    const { targets, others } = await targetsFor(options);
    inputs = targets.map((target) => resolve(target.options.wit));
    await regenerate(targets, { others });
  };
  return {
    name: "hostwright",
    enforce: "pre",
    async buildStart() {
      await write();
      // esbuild takes files to watch with modules only: there, bindings are written with each build.
      if (framework === "esbuild") return;
      for (const file of inputs.flatMap(witFiles)) this.addWatchFile(file);
    },
    async watchChange(id) {
      if (inputs.some((input) => isWithin(id, input))) await write();
    },
    vite: {
      // A file that is new is none that the bundler knows of.
      configureServer(server) {
        server.watcher.add([...inputs]);
      },
    },
  };
};

/**
 * The plugin, for Vite, Rollup, Rolldown, esbuild, webpack and Rspack.
 *
 * @example
 * // vite.config.ts
 * import hostwright from "hostwright/plugin";
 * export default { plugins: [hostwright.vite()] };
 */
export const hostwright = createUnplugin(factory);

interface ChosenTargets {
  readonly targets: readonly Target[];
  readonly others: readonly Target[];
}

async function targetsFor(options: PluginOptions): Promise<ChosenTargets> {
  if ("wit" in options) {
    const target = { name: options.world ?? "", options: { ...options, out: options.out ?? defaultOut } };
    return { targets: [target], others: [] };
  }
  const loaded = await loadConfig({ file: options.config });
  if (loaded === undefined) {
    throw new ConfigError(
      'hostwright/plugin has nothing to do: pass { wit: "wit" }, or write a hostwright.config.ts',
    );
  }
  const targets = options.targets?.map((name) => targetOf(loaded.targets, name)) ?? loaded.targets;
  return { targets, others: loaded.targets.filter((target) => !targets.includes(target)) };
}

/** A file of WIT, or all of a folder and of what is below it. */
function witFiles(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:wit|wasm)$/.test(name))
    .map((name) => join(path, name));
}

function isWithin(path: string, parent: string): boolean {
  const full = resolve(path);
  return full === parent || full.startsWith(parent + sep);
}
