/** The door of the staleness check. */
export { type CheckedFile, type CheckReport, check } from "./check.ts";
