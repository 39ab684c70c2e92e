/** The options of the generator, and their defaults. */
import { optionsSchema } from "./options-schema.ts";
import { checkSchema } from "./schema.ts";

/** What to generate, from what, and in which style. Paths are relative to the current folder. */
export interface GenerateOptions {
  /** A `.wit` file, a folder (with `deps/`), an encoded WIT package or a component (`.wasm`). */
  readonly wit: string;
  /**
   * The world to generate for: `hosted`, `amal:obs/hosted` or `amal:obs/hosted@0.1.0`. May be left out if the package
   * has one world.
   */
  readonly world?: string | undefined;
  /**
   * The folder that the bindings go to. `generate` writes nothing, but modules that are named by path (`with`,
   * `errorMap`) are imported from there. Default: {@link defaultOut}.
   */
  readonly out?: string | undefined;
  /** Names of the `@unstable` features that are enabled. Default: none. */
  readonly features?: readonly string[] | undefined;
  /** Enables every feature. Default: false. */
  readonly allFeatures?: boolean | undefined;
  /**
   * What imports between generated files end in. `.js` suits compilers and Node; `.ts` suits a Node that runs
   * TypeScript as it is; `none` suits bundlers only. Default: `.js`.
   */
  readonly importExtension?: ImportExtension | undefined;
  /** Comment text for the top of each file, such as a license notice. Default: none. */
  readonly header?: string | undefined;
  /** One file for each interface and the world, or one for all. Default: `files`. */
  readonly layout?: "files" | "single" | undefined;
  /**
   * An enum is a union of string literals; with `const` there is an object of its cases, too (`Color.DarkGreen`).
   * Values are strings in both. Default: `union`.
   */
  readonly enumStyle?: "union" | "const" | undefined;
  /**
   * Flags are an object of booleans. Whether those that are not set may be left out, or all must be written. Values
   * that come from a guest always have all. Default: `optional`.
   */
  readonly flagsStyle?: "optional" | "required" | undefined;
  /** What becomes of functions: patterns to settings. The first pattern that matches a function decides. */
  readonly rules?: Readonly<Record<string, Rule>> | undefined;
  /**
   * Modules and types to use instead of generated ones. For an interface (`wasi:io/streams`) a module that exports its
   * types; for a type (`amal:obs/types.point`) a type of a module.
   */
  readonly with?: Readonly<Record<string, string | ModuleReplacement>> | undefined;
  /**
   * Generates test doubles, too: `metrics.double.ts` beside `metrics.ts`. See docs/testkit.md. Default: false.
   */
  readonly testkit?: boolean | undefined;
  /**
   * Which of the tables above were written for several worlds. What of them is good for nothing in this one is then no
   * mistake: it is told in `GenerateResult.unused`. `loadConfig` sets it for what stands beside `targets`. Default: none.
   */
  readonly shared?: readonly SharedTable[] | undefined;
}

/** The options of which entries have to be good for something. */
export type SharedTable = "features" | "rules" | "with";

/** What imports between generated files end in; `none`: in nothing. */
export type ImportExtension = ".js" | ".ts" | "none";

/** What becomes of the functions that a pattern matches. */
export interface Rule {
  /** Host functions return promises, clients call with `callAsync`. Default: as the WIT says. */
  readonly async?: boolean | undefined;
  /** Calls are shown to the `Tracer` that `addToLinker` and the clients are given. Default: false. */
  readonly tracing?: boolean | undefined;
  /** A `result` is returned and thrown, or is a `Result<T, E>` that is returned. Default: `throw`. */
  readonly results?: "throw" | "value" | undefined;
  /**
   * For each WIT type of errors (`amal:obs/types.error`), a function `(error: unknown) => E | undefined` that is asked
   * about whatever a host function throws. Undefined leaves it the trap that it would have been.
   */
  readonly errorMap?: Readonly<Record<string, ModuleExport>> | undefined;
  /** Host functions get `caller: Caller<T>` as their first argument. Default: false. */
  readonly store?: boolean | undefined;
  /** Nothing is generated for them; `addToLinker` leaves them undefined. Default: false. */
  readonly skip?: boolean | undefined;
}

/** Something that a module exports. A path (`./x.js`) is relative to the current folder, as `wit` and `out` are. */
export interface ModuleExport {
  readonly module: string;
  readonly export: string;
}

/** A module to use instead of a generated interface, or a type of one instead of a generated type. */
export interface ModuleReplacement {
  readonly module: string;
  /** For a type: what it is called in the module. Default: its name in PascalCase. */
  readonly export?: string | undefined;
  /**
   * For an interface: true if the module has `Host` and `addToLinker` too (as generated ones have), and the world shall
   * link it. Default: false, for what the host links by itself.
   */
  readonly link?: boolean | undefined;
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
  readonly importExtension: ImportExtension;
  readonly header: string;
  readonly layout: "files" | "single";
  readonly enumStyle: "union" | "const";
  readonly flagsStyle: "optional" | "required";
  readonly rules: ReadonlyMap<string, Rule>;
  readonly with: ReadonlyMap<string, ModuleReplacement>;
  readonly testkit: boolean;
  readonly shared: readonly SharedTable[];
}

/**
 * Checks options and fills in the defaults.
 *
 * @throws ConfigError if an option is unknown, missing, or not of its type
 */
export function resolveOptions(options: GenerateOptions): ResolvedOptions {
  checkSchema(optionsSchema, options, "options");
  return {
    wit: options.wit,
    world: options.world,
    out: options.out ?? defaultOut,
    features: options.features ?? [],
    allFeatures: options.allFeatures ?? false,
    importExtension: options.importExtension ?? ".js",
    header: options.header ?? "",
    layout: options.layout ?? "files",
    enumStyle: options.enumStyle ?? "union",
    flagsStyle: options.flagsStyle ?? "optional",
    rules: new Map(Object.entries(options.rules ?? {})),
    with: new Map(
      Object.entries(options.with ?? {}).map(([key, value]) => [
        key,
        typeof value === "string" ? { module: value } : value,
      ]),
    ),
    testkit: options.testkit ?? false,
    shared: options.shared ?? [],
  };
}
