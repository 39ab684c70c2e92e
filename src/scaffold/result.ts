/** What scaffold has worked out. */

/**
 * - `added`: a class or a member that was missing
 * - `changed`: a signature that did not fit any more
 * - `gone`: what the WIT does not have any more; marked, and otherwise left as it is
 * - `attention`: what only the author can mend
 */
export interface ScaffoldNote {
  readonly kind: "added" | "changed" | "gone" | "attention";
  readonly message: string;
}

/** A file of classes, before and after; `writeScaffold` writes it. */
export interface ScaffoldedFile {
  /** As the folder of the classes was given: below the current folder, or absolute. */
  readonly path: string;
  readonly action: "created" | "updated" | "unchanged";
  /** What is on disk; empty for a file that is new. */
  readonly before: string;
  readonly after: string;
  readonly notes: readonly ScaffoldNote[];
}

/** The classes of a world, not yet written. */
export interface ScaffoldResult {
  /** New files first. Files of the folder that have no class for the world are not among them. */
  readonly files: readonly ScaffoldedFile[];
}
