/** The options of the generator as a JSON schema: what editors complete and what is checked. */
import type { GenerateOptions, ModuleExport, ModuleReplacement, Rule } from "./options.ts";
import type { ObjectSchema, Schema } from "./schema.ts";

type Properties<T> = { readonly [K in keyof T]-?: Schema };

/** It becomes part of the generated code. */
const identifier = "^[A-Za-z_$][A-Za-z0-9_$]*$";

const moduleSpecifier: Schema = {
  type: "string",
  minLength: 1,
  title: 'a module, such as "./errors.js" or "some-package/errors"',
  description:
    "What is imported. A path that starts with ./ or ../ is relative to the configuration file, as `wit` and `out` are.",
};

const moduleExport: Schema = {
  type: "object",
  title: "an object { module, export }",
  properties: {
    module: moduleSpecifier,
    export: { type: "string", pattern: identifier, title: "the name of an export" },
  } satisfies Properties<ModuleExport>,
  required: ["module", "export"],
  additionalProperties: false,
};

const rule: Schema = {
  type: "object",
  title: 'an object of settings, such as { results: "value" }',
  properties: {
    async: {
      type: "boolean",
      title: "true or false",
      description:
        "Host functions return promises, and clients call with `callAsync`. Default: as the WIT says.",
      default: false,
    },
    tracing: {
      type: "boolean",
      title: "true or false",
      description: "Calls are shown to the tracer that `addToLinker` and the client are given.",
      default: false,
    },
    results: {
      type: "string",
      enum: ["throw", "value"],
      title: '"throw" or "value"',
      description:
        "What becomes of a `result`: its ok is returned and its err thrown, or both are a returned `Result<T, E>`.",
      default: "throw",
    },
    errorMap: {
      type: "object",
      title: "an object from error types to functions { module, export }",
      description:
        "For each WIT error type (`amal:obs/types.error`), a function `(error: unknown) => E | undefined` that is " +
        "asked about whatever a host function throws; undefined makes it a trap.",
      additionalProperties: moduleExport,
    },
    store: {
      type: "boolean",
      title: "true or false",
      description: "Host functions get the calling store, `caller: Caller<T>`, as their first argument.",
      default: false,
    },
    skip: {
      type: "boolean",
      title: "true or false",
      description: "Nothing is generated for the functions; `addToLinker` leaves them undefined.",
      default: false,
    },
  } satisfies Properties<Rule>,
  additionalProperties: false,
};

const replacement: Schema = {
  title: 'a module, such as "./streams.js", or an object { module, export } or { module, link }',
  anyOf: [
    moduleSpecifier,
    {
      type: "object",
      title: "an object { module, export } or { module, link }",
      properties: {
        module: moduleSpecifier,
        export: {
          type: "string",
          pattern: identifier,
          title: "the name of an exported type",
          description: "For a type: what it is called in the module. Default: its name in PascalCase.",
        },
        link: {
          type: "boolean",
          title: "true or false",
          description:
            "For an interface: the module has `Host` and `addToLinker` too, and the world links it. " +
            "Default: the host has linked it already.",
          default: false,
        },
      } satisfies Properties<ModuleReplacement>,
      required: ["module"],
      additionalProperties: false,
    },
  ],
};

export const optionProperties: Properties<Omit<GenerateOptions, "shared">> = {
  wit: {
    type: "string",
    minLength: 1,
    title: "a path",
    description: "A WIT file, a folder (with deps/), an encoded WIT package or a component (.wasm).",
  },
  world: {
    type: "string",
    minLength: 1,
    title: 'the name of a world, such as "hosted" or "amal:obs/hosted"',
    description: "May be left out if the package has one world.",
  },
  out: {
    type: "string",
    minLength: 1,
    title: "a path",
    description: "The folder that the bindings go to.",
    default: "src/bindings",
  },
  features: {
    type: "array",
    items: { type: "string", minLength: 1, title: "a name" },
    title: "an array of names",
    description: "The @unstable features that are enabled.",
  },
  allFeatures: {
    type: "boolean",
    title: "true or false",
    description: "Enables every @unstable feature.",
    default: false,
  },
  importExtension: {
    type: "string",
    enum: [".js", ".ts", "none"],
    title: '".js", ".ts" or "none"',
    description:
      "What imports between generated files end in: .js for compilers and Node, .ts for a Node that runs TypeScript, " +
      "none for bundlers only.",
    default: ".js",
  },
  header: {
    type: "string",
    title: "a text",
    description: "Comment text for the top of each file, such as a license notice.",
  },
  layout: {
    type: "string",
    enum: ["files", "single"],
    title: '"files" or "single"',
    description: "One file for each interface, or one file for all of the world.",
    default: "files",
  },
  enumStyle: {
    type: "string",
    enum: ["union", "const"],
    title: '"union" or "const"',
    description: "An enum is a union of string literals; with const there is an object of its cases, too.",
    default: "union",
  },
  flagsStyle: {
    type: "string",
    enum: ["optional", "required"],
    title: '"optional" or "required"',
    description: "Whether a flag that is not set may be left out of the object.",
    default: "optional",
  },
  rules: {
    type: "object",
    title: "an object from patterns to settings",
    description:
      "What becomes of functions, imported and exported. The first pattern that matches a function decides.",
    additionalProperties: rule,
  },
  with: {
    type: "object",
    title: "an object from interfaces or types to modules",
    description: "Modules and types that are used instead of generated ones.",
    additionalProperties: replacement,
  },
  testkit: {
    type: "boolean",
    title: "true or false",
    description: "Generates test doubles of what is imported and exported, too.",
    default: false,
  },
};

export const optionsSchema: Schema & ObjectSchema = {
  title: 'an object, such as { wit: "wit" }',
  type: "object",
  properties: {
    ...optionProperties,
    shared: {
      type: "array",
      items: { type: "string", enum: ["features", "rules", "with"], title: '"features", "rules" or "with"' },
      title: "an array of the options that several worlds share",
    },
  } satisfies Properties<GenerateOptions>,
  required: ["wit"],
  additionalProperties: false,
};
