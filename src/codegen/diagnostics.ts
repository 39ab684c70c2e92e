/** What a user of the bindings should know, though they could be made. */

export type DiagnosticCode =
  /** A feature that is enabled, and that nothing in the WIT asks for. */
  | "unused-feature"
  /** A setting of a rule that changes nothing. */
  | "unused-setting"
  /** A rule that earlier ones leave nothing to decide. */
  | "shadowed-rule"
  /** A WIT name that could not be kept, since TypeScript has another use for it. */
  | "renamed"
  /** Functions that the types describe, and that the runtime cannot run yet. */
  | "unsupported";

/** Something to know about bindings that could be made; what stops them is an error. */
export interface GenerateDiagnostic {
  /** A warning: probably a mistake. A note: good to know. */
  readonly severity: "warning" | "note";
  /** Stable, to switch on. */
  readonly code: DiagnosticCode;
  readonly message: string;
}
