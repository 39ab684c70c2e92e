/**
 * The door of the WIT front end: WIT text (`parser.ts`) to a syntax tree (`ast.ts`), to a package whose
 * own names are resolved (`package-resolver.ts`), to the graph of all packages (`link.ts`).
 *
 * It follows wit-parser 0.259 in what it accepts, in the place of the first error, and in the order of
 * everything in a `Resolve`. It differs where wit-parser leaves something to the validation of the
 * component that is made of the WIT, or is out of step with WIT.md:
 *
 * | WIT | here | wit-parser |
 * |---|---|---|
 * | two fields, cases, flags of one name; names that differ in case only | rejected | accepted, but in worlds |
 * | lists of length 0, types of more than a million parts | rejected | accepted |
 * | `type t = ...; use i.{t};` in that order | rejected | the type is lost |
 * | `@external-id` where WIT.md has none (interfaces, worlds, `use`, `include`, `import a:b/c`) | rejected | ignored |
 * | a gated type of a world whose feature is off | left out | rejected |
 * | columns | UTF-16 code units | bytes of UTF-8 |
 * | WIT packages in WebAssembly's text format | rejected | accepted |
 */

export {
  type Diagnostic,
  type RelatedLocation,
  WitError,
  type WitErrorCode,
} from "./errors.ts";
export { type FormatOptions, formatWit } from "./format.ts";
export { type FormatFilesOptions, type FormattedFile, formatFiles } from "./format-files.ts";
export { type LoadOptions, loadWit } from "./load.ts";
export { interfaceId, itemId, packageId } from "./nodes.ts";
export {
  type FeatureOptions,
  type ParseOptions,
  parseWit,
  type WitFile,
  type WitGroup,
} from "./parse.ts";
export { type PrintOptions, printWit } from "./print.ts";
export { signatureText } from "./print-type.ts";
export { selectWorld } from "./select-world.ts";
