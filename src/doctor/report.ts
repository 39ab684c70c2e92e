/** What the outcomes of all attempts say of each limit. */
import { LIMITS, type LimitName } from "./attempt.ts";
import type { DoctorSettings, Outcome } from "./examine.ts";
import type { Run } from "./supervise.ts";

export interface LimitReport {
  readonly limit: LimitName;
  readonly promise: string;
  /** False if an attempt has escaped, or if none could be made. */
  readonly holds: boolean;
  /** How many attempts it has held against. */
  readonly held: number;
  readonly attempts: number;
  /** Attempts that this Node cannot even compile. */
  readonly notHere: readonly string[];
  readonly escaped: readonly { readonly attempt: string; readonly what: string; readonly reason: string }[];
  /** By how many milliseconds the deadline was missed, at most; of other limits undefined. */
  readonly late: number | undefined;
}

export function reportLimits(
  runs: readonly Run[],
  outcomes: readonly Outcome[],
  settings: DoctorSettings,
): readonly LimitReport[] {
  return (Object.keys(LIMITS) as LimitName[]).map((limit) => {
    let held = 0;
    let late: number | undefined;
    const notHere: string[] = [];
    const escaped: { attempt: string; what: string; reason: string }[] = [];
    for (const [index, run] of runs.entries()) {
      const outcome = outcomes[index];
      if (run.limit !== limit || outcome === undefined) continue;
      const { name, what } = run.attempt;
      switch (outcome.kind) {
        case "held":
          held++;
          if (limit === "deadline") late = Math.max(late ?? 0, outcome.took - settings.timeout);
          break;
        case "not here":
          notHere.push(name);
          break;
        case "escaped":
          escaped.push({ attempt: name, what, reason: outcome.reason });
      }
    }
    return {
      limit,
      promise: LIMITS[limit],
      holds: escaped.length === 0 && held > 0,
      held,
      attempts: held + notHere.length + escaped.length,
      notHere,
      escaped,
      late,
    };
  });
}
