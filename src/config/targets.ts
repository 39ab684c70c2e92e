/** From a configuration to the options of each of its targets. */
import { basename, isAbsolute, relative, resolve } from "node:path";
import {
  defaultOut,
  type GenerateOptions,
  type ModuleReplacement,
  type Rule,
  type SharedTable,
} from "../codegen/options.ts";
import { checkSchema } from "../codegen/schema.ts";
import { ConfigError } from "../model/errors.ts";
import { didYouMean } from "../model/nearest.ts";
import { configSchema } from "./config-schema.ts";
import type { Config, TargetConfig } from "./define-config.ts";

/** Where the WIT is unless a configuration or the command line says otherwise. */
const defaultWit = "wit";

/** One world to generate for: options of `generate`, with what the targets of a configuration share. */
export interface Target {
  /** What `--target` calls it. */
  readonly name: string;
  /** With paths relative to the current folder. */
  readonly options: GenerateOptions & { readonly out: string };
  /** The folder of the classes that implement it, for `scaffold`; undefined where nothing is said of it. */
  readonly implementation?: string | undefined;
}

/**
 * The targets of a configuration.
 *
 * @param source how messages call the configuration
 * @param folder what its paths are relative to
 * @param cwd what the paths of the result are relative to
 * @throws ConfigError if a key is unknown, a value is not of its type, or two targets have one name or folder
 */
export function targetsOf(config: unknown, source: string, folder: string, cwd: string): Target[] {
  checkSchema(configSchema, config, source);
  const { $schema: _, targets, ...common } = config as Config;
  const result = (targets ?? [{}]).map((item: TargetConfig): Target => {
    const { name, implementation, ...options } = merge(common, item);
    const out = options.out ?? defaultOut;
    const shared = (targets?.length ?? 0) > 1 ? sharedTables(common, item) : [];
    const complete = {
      ...options,
      ...(shared.length > 0 && { shared }),
      wit: options.wit ?? defaultWit,
      out,
    };
    const located = relocate(complete, folder, cwd);
    return {
      name: name ?? options.world ?? basename(resolve(folder, out)),
      options: { ...located, out: located.out ?? out },
      ...(implementation !== undefined && { implementation: relocatePath(implementation, folder, cwd) }),
    };
  });
  refuseTwins(result, source);
  return result;
}

/** The target's own options, and for those that it does not have the common ones. */
function merge(common: TargetConfig, target: TargetConfig): TargetConfig {
  const own = Object.entries(target).filter(([, value]) => value !== undefined);
  return { ...common, ...Object.fromEntries(own) };
}

/** The tables that a target has of what is common: not all of their entries need be for it. */
function sharedTables(common: TargetConfig, target: TargetConfig): SharedTable[] {
  const tables: readonly SharedTable[] = ["features", "rules", "with"];
  return tables.filter((table) => common[table] !== undefined && target[table] === undefined);
}

function refuseTwins(targets: readonly Target[], source: string): void {
  const names = new Set<string>();
  const folders = new Map<string, string>();
  for (const { name, options } of targets) {
    const folder = resolve(options.out);
    const other = folders.get(folder);
    if (other !== undefined) {
      throw new ConfigError(
        `${source}: the targets "${other}" and "${name}" both write to ${options.out}, and would remove each other's files; ` +
          'give each an "out" of its own',
      );
    }
    if (names.has(name)) {
      throw new ConfigError(`${source}: two targets are called "${name}"; give each a "name" of its own`);
    }
    names.add(name);
    folders.set(folder, name);
  }
}

/** The target of that name. @throws ConfigError if there is none */
export function targetOf(targets: readonly Target[], name: string): Target {
  const found = targets.find((target) => target.name === name);
  if (found !== undefined) return found;
  const names = targets.map((target) => target.name);
  throw new ConfigError(
    `there is no target "${name}"; ${didYouMean(name, names) ?? `the targets are ${names.join(", ")}`}`,
  );
}

/** The same options, with paths that are relative to another folder. */
export function relocate(options: GenerateOptions, from: string, to: string): GenerateOptions {
  if (resolve(from) === resolve(to)) return options;
  const path = (text: string): string => relocatePath(text, from, to);
  const module = (text: string): string => (/^\.\.?\//.test(text) ? dotted(moved(text, from, to)) : text);
  const replacement = (value: string | ModuleReplacement): string | ModuleReplacement =>
    typeof value === "string" ? module(value) : { ...value, module: module(value.module) };
  const rule = (value: Rule): Rule => ({
    ...value,
    errorMap: mapValues(value.errorMap, (item) => ({ ...item, module: module(item.module) })),
  });
  return {
    ...options,
    wit: path(options.wit),
    out: path(options.out ?? defaultOut),
    rules: mapValues(options.rules, rule),
    with: mapValues(options.with, replacement),
  };
}

function relocatePath(path: string, from: string, to: string): string {
  return isAbsolute(path) || resolve(from) === resolve(to) ? path : moved(path, from, to);
}

function moved(path: string, from: string, to: string): string {
  return relative(to, resolve(from, path)).replaceAll("\\", "/") || ".";
}

function dotted(path: string): string {
  return path.startsWith("../") || isAbsolute(path) ? path : `./${path}`;
}

function mapValues<T, R>(
  record: Readonly<Record<string, T>> | undefined,
  map: (value: T) => R,
): Readonly<Record<string, R>> | undefined {
  if (record === undefined) return undefined;
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
