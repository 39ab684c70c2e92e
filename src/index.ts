/**
 * `hostwright`: the generator as a library.
 *
 * What runs components is `hostwright/runtime`.
 */
export {
  type AgainstReport,
  type ChangeCategory,
  type CheckedFile,
  type CheckReport,
  check,
  checkAgainst,
  checkEveryWorldAgainst,
  type LocatedChange,
  type Place,
  type StaleCause,
  type Verdict,
  type VersionAdvice,
  type WitChange,
} from "./check/index.ts";
export {
  type DiagnosticCode,
  defaultOut,
  type FileStatus,
  type GenerateDiagnostic,
  type GenerateOptions,
  type GenerateResult,
  generate,
  type ImportExtension,
  type ModuleExport,
  type ModuleReplacement,
  type Rule,
  type SharedTable,
  type UnusedEntry,
  type WriteAction,
  type WriteReport,
  type WrittenFile,
  writeBindings,
} from "./codegen/index.ts";
export {
  type Config,
  defineConfig,
  type JudgedTarget,
  judgeShared,
  type LoadConfigOptions,
  type LoadedConfig,
  loadConfig,
  type Target,
  type TargetConfig,
} from "./config/index.ts";
export {
  type Capability,
  type ComponentReport,
  type Coverage,
  type CoveredItem,
  coverageOf,
  type Inspected,
  inspectComponent,
} from "./inspect/index.ts";
export {
  ConfigError,
  HostwrightError,
  MalformedComponentError,
  UnsupportedError,
} from "./model/errors.ts";
export type {
  Case,
  Field,
  Func,
  FuncKind,
  Interface,
  Named,
  Package,
  PackageName,
  Param,
  Resolve,
  Stability,
  Type,
  TypeDef,
  TypeDefKind,
  TypeOwner,
  World,
  WorldItem,
} from "./model/resolve.ts";
export {
  defaultImplementation,
  type ScaffoldedFile,
  type ScaffoldNote,
  type ScaffoldOptions,
  type ScaffoldResult,
  scaffold,
  writeScaffold,
} from "./scaffold/index.ts";
export {
  type Diagnostic,
  type FormatOptions,
  formatWit,
  type LoadOptions,
  loadWit,
  type PrintOptions,
  printWit,
  type RelatedLocation,
  WitError,
  type WitErrorCode,
} from "./wit/index.ts";
