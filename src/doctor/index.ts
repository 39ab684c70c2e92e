/** The door of `doctor/`: whether limits hold on this machine. */
export { type Attempt, LIMITS, type LimitName } from "./attempt.ts";
export { corpus } from "./corpus.ts";
export { type DoctorSettings, examine, type Outcome } from "./examine.ts";
export { type LimitReport, reportLimits } from "./report.ts";
export { type Run, runsOf, type SuperviseOptions, supervise } from "./supervise.ts";
