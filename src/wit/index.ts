/**
 * The door of the WIT front end.
 */

export {
  type Diagnostic,
  type RelatedLocation,
  WitError,
  type WitErrorCode,
} from "./errors.ts";
export { type LoadOptions, loadWit } from "./load.ts";
export { interfaceId, itemId, packageId } from "./nodes.ts";
export {
  type Dependencies,
  type FeatureOptions,
  type ParseOptions,
  parseWit,
  parseWitGroups,
  type WitFile,
  type WitGroup,
} from "./parse.ts";
export { type PrintOptions, printWit } from "./print.ts";
export { createResolve, type ResolveParts } from "./resolve.ts";
export { selectWorld } from "./select-world.ts";
