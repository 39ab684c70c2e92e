/** What GitHub is to show of the answer of `hostwright check`. */
import { HostwrightError } from "../model/errors.ts";
import { WitError } from "../wit/index.ts";
import type { CheckedTarget } from "./check-target.ts";
import { type FailOn, fails, isBreaking } from "./fail-on.ts";
import type { Annotation } from "./github-annotations.ts";

/** Each stale file and each change that breaks something. */
export function annotationsOf(target: CheckedTarget, failOn: FailOn): Annotation[] {
  const annotations: Annotation[] = [];
  const { bindings, fixed, against } = target;
  if (bindings !== undefined && fixed === undefined) {
    for (const { path, status, reason, line } of bindings.files) {
      if (status === "fresh") continue;
      annotations.push({
        level: "error",
        title: `bindings are stale: ${path}`,
        message: `${reason}\nTo mend it: ${bindings.command}`,
        // What is missing has no line to point at: what it is made from has.
        file: status === "missing" ? target.wit : `${bindings.out}/${path}`,
        line: status === "missing" ? undefined : line,
      });
    }
  }
  for (const change of against?.changes ?? []) {
    if (!isBreaking(change)) continue;
    const whom = [
      change.host === "breaking" ? "the host" : [],
      change.guest === "breaking" ? "guests" : [],
    ].flat();
    annotations.push({
      level: fails(change, failOn) ? "error" : "warning",
      title: `breaks ${whom.join(" and ")}: ${change.path}`,
      message: [change.what, change.why, change.hint ?? []].flat().join("\n"),
      file: change.place?.file ?? target.wit,
      line: change.place?.line,
    });
  }
  for (const { package: name, what } of against?.versions ?? []) {
    annotations.push({
      level: "warning",
      title: `version of ${name}`,
      message: what,
      file: undefined,
      line: undefined,
    });
  }
  return annotations;
}

/** What is wrong with the WIT, each at its place; or what else there is no answer for. */
export function annotationsOfError(error: unknown): Annotation[] {
  if (error instanceof WitError) {
    return error.diagnostics.map(({ message, hint, file, line }) => ({
      level: "error",
      title: "bad WIT",
      message: hint === undefined ? message : `${message}\n${hint}`,
      file,
      line,
    }));
  }
  if (!(error instanceof HostwrightError)) return [];
  return [
    { level: "error", title: "hostwright check", message: error.message, file: undefined, line: undefined },
  ];
}
