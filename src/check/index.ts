/** The door of `check`: whether bindings are stale, and what a change of the WIT breaks. */
export type { ChangeCategory, Verdict, WitChange } from "./against/change.ts";
export type { AgainstReport, ComparedOptions, LocatedChange } from "./against/compare-with-old.ts";
export type { Place } from "./against/locate.ts";
export type { VersionAdvice } from "./against/version-advice.ts";
export { type CheckedFile, type CheckReport, check, type StaleCause } from "./check.ts";
export { checkAgainst, checkEveryWorldAgainst } from "./check-against.ts";
export { type CommandOptions, commandLine, type FromConfig } from "./generate-command.ts";
