/** The door of `scaffold/`: classes that implement the host's side of a world, created and updated. */
export type { ScaffoldedFile, ScaffoldNote, ScaffoldResult } from "./result.ts";
export { defaultImplementation, type ScaffoldOptions, scaffold } from "./scaffold.ts";
export { writeScaffold } from "./write-scaffold.ts";
