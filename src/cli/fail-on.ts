/** `--fail-on`: which verdicts make `hostwright check` fail. */
import type { LocatedChange } from "../check/index.ts";

/** Which broken promise makes the command fail. `code` is any of the four. */
export type FailOn = "any" | "host" | "guests" | "code" | "none";

export const FAIL_ON: readonly FailOn[] = ["any", "host", "guests", "code", "none"];

export function fails({ host, guest, source }: Breaks, failOn: FailOn): boolean {
  const deployed = { host: host === "breaking", guests: guest === "breaking" };
  switch (failOn) {
    case "any":
      return deployed.host || deployed.guests;
    case "host":
    case "guests":
      return deployed[failOn];
    case "code":
      return deployed.host || deployed.guests || source.host === "breaking" || source.guest === "breaking";
    case "none":
      return false;
  }
}

/** The verdicts of a change, or of all. */
export type Breaks = Pick<LocatedChange, "host" | "guest" | "source">;

/** Whether it breaks anything that is deployed. */
export function isBreaking({ host, guest }: Breaks): boolean {
  return host === "breaking" || guest === "breaking";
}
