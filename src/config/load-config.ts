/** Finds and reads a configuration file. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { ConfigError, HostwrightError } from "../model/errors.ts";
import { importConfig } from "./import-config.ts";
import { type Target, targetsOf } from "./targets.ts";

/** The files that are looked for, in this order. */
export const configFiles: readonly string[] = [
  "hostwright.config.ts",
  "hostwright.config.js",
  "hostwright.config.mjs",
  "hostwright.config.json",
];

const CONFIG_EXTENSION = /\.(?:[cm]?[jt]s|json)$/;

/** Which configuration to load. */
export interface LoadConfigOptions {
  /** The folder that is looked in, and that paths of the result are relative to. Default: the current one. */
  readonly cwd?: string;
  /** The file to read. Default: the one that is in `cwd`, or `hostwright` in its `package.json`. */
  readonly file?: string | undefined;
}

/** A configuration that was found, as its targets. */
export interface LoadedConfig {
  /** The file, relative to `cwd`. */
  readonly file: string;
  readonly targets: readonly Target[];
}

/**
 * Loads the configuration: `hostwright.config.ts`, `.js`, `.mjs` or `.json`, or `hostwright` in `package.json`.
 * Undefined if there is none.
 *
 * A file that has changed since it was loaded is loaded anew; files that it imports are not.
 *
 * @throws ConfigError if it cannot be read or run, there are two of them, a key is unknown, or a value is not of its
 *   type
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig | undefined> {
  const cwd = resolve(options.cwd ?? ".");
  const place = options.file === undefined ? findConfig(cwd) : resolve(cwd, options.file);
  if (place === undefined) return undefined;
  const file = relative(cwd, place) || place;
  const stats = statSync(place, { throwIfNoEntry: false });
  if (stats === undefined) throw new ConfigError(`there is no configuration file ${file}`);
  if (!stats.isFile() || !CONFIG_EXTENSION.test(place)) {
    throw new ConfigError(
      `${file} is no configuration: name a file that ends in .ts, .js, .mjs, .cjs or .json`,
    );
  }
  const isManifest = place.endsWith("package.json");
  const loaded = await read(place, file);
  const config = isManifest ? (loaded as { hostwright?: unknown } | null)?.hostwright : loaded;
  if (isManifest && config === undefined) {
    throw new ConfigError(`${file} has no key "hostwright"`);
  }
  return { file, targets: targetsOf(config, isManifest ? `${file}#hostwright` : file, dirname(place), cwd) };
}

function findConfig(cwd: string): string | undefined {
  const found = configFiles.filter((name) => existsSync(resolve(cwd, name)));
  const manifest = resolve(cwd, "package.json");
  if (existsSync(manifest)) {
    const content = readJson(manifest, "package.json");
    if (typeof content === "object" && content !== null && Object.hasOwn(content, "hostwright")) {
      found.push("package.json");
    }
  }
  const [first, second] = found;
  if (second !== undefined) {
    throw new ConfigError(
      `${first} and ${second} both configure hostwright: keep one, or choose with --config`,
    );
  }
  return first === undefined ? undefined : resolve(cwd, first);
}

async function read(place: string, file: string): Promise<unknown> {
  if (place.endsWith(".json")) return readJson(place, file);
  try {
    const module = (await importConfig(place)) as { default?: unknown };
    if (!("default" in module)) {
      throw new ConfigError(`${file} has no default export: write \`export default defineConfig({ ... })\``);
    }
    return await module.default;
  } catch (error) {
    if (error instanceof HostwrightError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`cannot load ${file}: ${reason}`, { cause: error });
  }
}

function readJson(place: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(place, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`cannot read ${file}: ${reason}`, { cause: error });
  }
}
