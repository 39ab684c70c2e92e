/** The door of the generator. */
export type { DiagnosticCode, GenerateDiagnostic } from "./diagnostics.ts";
export { type GenerateResult, generate } from "./generate.ts";
export { type GeneratedFile, isSameOutput, readGenerated } from "./generated-file.ts";
export {
  defaultOut,
  type GenerateOptions,
  type ImportExtension,
  type ModuleExport,
  type ModuleReplacement,
  type Rule,
  type SharedTable,
} from "./options.ts";
export { compareOutput, type FileState, type FileStatus } from "./output.ts";
export { diagnosticsOf, type UnusedEntry } from "./unused-entries.ts";
export {
  type WriteAction,
  type WriteOptions,
  type WriteReport,
  type WrittenFile,
  writeBindings,
} from "./write-bindings.ts";
