/**
 * What a conformance suite yields: one result per case, and notes for the end.
 */

export type CaseResult =
  | { readonly outcome: "pass"; readonly name: string }
  | { readonly outcome: "fail"; readonly name: string; readonly detail: string }
  /** The detail names the documented feature that is not supported. */
  | { readonly outcome: "skip"; readonly name: string; readonly detail: string };

export interface Note {
  readonly outcome: "note";
  readonly text: string;
}

/** A module `conformance/<suite>.ts` exports one of these as `run`. */
export type RunSuite = (paths: readonly string[]) => AsyncIterable<CaseResult | Note>;
