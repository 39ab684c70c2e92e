/**
 * What a change of the WIT does to whom. `docs/check.md` defines the four verdicts; the table of causes is in
 * `verdict.ts`.
 */

export type Verdict = "breaking" | "compatible";

/** What kind of change it is: stable names, for scripts to switch on. */
export type ChangeCategory =
  | "world-renamed"
  | "world-added"
  | "world-removed"
  | "interface-added"
  | "interface-removed"
  | "interface-version"
  | "func-added"
  | "func-removed"
  | "func-kind"
  | "func-async"
  | "resource-added"
  | "resource-removed"
  | "type-added"
  | "type-removed"
  | "param-added"
  | "param-removed"
  | "param-renamed"
  | "params-reordered"
  | "result-added"
  | "result-removed"
  | TypeChangeCategory
  | "stability";

/** What can happen to a type, wherever it is written. */
export type TypeChangeCategory =
  | "field-added"
  | "field-removed"
  | "field-renamed"
  | "fields-reordered"
  | "case-added"
  | "case-removed"
  | "case-renamed"
  | "case-payload"
  | "cases-reordered"
  | "flag-added"
  | "flag-removed"
  | "flag-renamed"
  | "flags-reordered"
  | "type-changed";

/** One difference between two states of a world, and whom it breaks. */
export interface WitChange {
  /** "amal:obs/metrics@0.1.0", "amal:obs/metrics@0.1.0#counter", "...#level.urgent"; in the new WIT's names if it has it. */
  readonly path: string;
  /** Where the world has it; `both` for a type that is used on both sides and for a world, `none` for a type that nothing uses. */
  readonly side: "import" | "export" | "both" | "none";
  readonly category: ChangeCategory;
  /** In words: what is different. */
  readonly what: string;
  /** Whether a deployed host, built for the old WIT, fails to run guests built for the new one. */
  readonly host: Verdict;
  /** Whether guests that were built for the old WIT fail to run in a host built for the new one. */
  readonly guest: Verdict;
  /** Whether code must change before it builds against the new WIT. */
  readonly source: { readonly host: Verdict; readonly guest: Verdict };
  /** In words: why the verdicts are what they are. */
  readonly why: string;
  /** A guess at what was meant, such as a new name. */
  readonly hint: string | undefined;
}
