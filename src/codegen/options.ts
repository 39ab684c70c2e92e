/** The options of the generator, their defaults, and the check that there are no others. */
import { ConfigError } from "../model/errors.ts";

export interface GenerateOptions {
  /** A `.wit` file, a folder (with `deps/`), or an encoded WIT package (`.wasm`). */
  readonly wit: string;
  /**
   * The world to generate for: `hosted`, `amal:obs/hosted` or `amal:obs/hosted@0.1.0`. May be left out if the package
   * has one world.
   */
  readonly world?: string | undefined;
  /** The folder that the bindings go to, for `check`. Default: {@link defaultOut}. */
  readonly out?: string | undefined;
  /** Names of the `@unstable` features that are enabled. Default: none. */
  readonly features?: readonly string[] | undefined;
  /** Enables every feature. Default: false. */
  readonly allFeatures?: boolean | undefined;
  /**
   * What imports between generated files end in. `.js` suits compilers and bundlers; `.ts` suits a Node that runs
   * TypeScript as it is. Default: `.js`.
   */
  readonly importExtension?: ".js" | ".ts" | undefined;
}

/** Where the bindings go unless the options say otherwise, relative to the current folder. */
export const defaultOut = "src/bindings";

/** {@link GenerateOptions}, checked and complete. */
export interface ResolvedOptions {
  readonly wit: string;
  readonly world: string | undefined;
  readonly out: string;
  readonly features: readonly string[];
  readonly allFeatures: boolean;
  readonly importExtension: ".js" | ".ts";
}

type Check = { readonly expected: string; readonly test: (value: unknown) => boolean };

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

const checks: ReadonlyMap<string, Check> = new Map<keyof GenerateOptions, Check>([
  ["wit", { expected: "a path", test: isText }],
  ["world", { expected: 'the name of a world, such as "hosted" or "amal:obs/hosted"', test: isText }],
  ["out", { expected: "a path", test: isText }],
  [
    "features",
    { expected: "an array of names", test: (value) => Array.isArray(value) && value.every(isText) },
  ],
  ["allFeatures", { expected: "true or false", test: (value) => typeof value === "boolean" }],
  ["importExtension", { expected: '".js" or ".ts"', test: (value) => value === ".js" || value === ".ts" }],
]);

/**
 * Checks options and fills in the defaults.
 *
 * @throws {ConfigError} an option is unknown, missing, or not of its type
 */
export function resolveOptions(options: GenerateOptions): ResolvedOptions {
  if (typeof options !== "object" || options === null) {
    throw new ConfigError('the options of the generator must be an object, such as { wit: "wit" }');
  }
  for (const [name, value] of Object.entries(options)) {
    const check = checks.get(name);
    if (check === undefined) {
      throw new ConfigError(
        `unknown option ${JSON.stringify(name)}: the options are ${[...checks.keys()].join(", ")}`,
      );
    }
    if (value !== undefined && !check.test(value)) {
      throw new ConfigError(`option "${name}" must be ${check.expected}`);
    }
  }
  if (options.wit === undefined) {
    throw new ConfigError('option "wit" is missing: give the path of a WIT file or folder');
  }
  return {
    wit: options.wit,
    world: options.world,
    out: options.out ?? defaultOut,
    features: options.features ?? [],
    allFeatures: options.allFeatures ?? false,
    importExtension: options.importExtension ?? ".js",
  };
}
