/** What `hostwright check` found, for people and for scripts. */
import type { AgainstReport, CheckedFile, LocatedChange, Verdict } from "../check/index.ts";
import type { BindingsReport, CheckedTarget, FixedFile } from "./check-target.ts";
import { type Breaks, isBreaking } from "./fail-on.ts";
import { paintDiff } from "./paint-diff.ts";
import { type Output, printable, type Style } from "./terminal.ts";

export function printTargets(targets: readonly CheckedTarget[], output: Output): void {
  for (const [i, target] of targets.entries()) {
    if (i > 0) output.line();
    if (targets.length > 1) output.line(`${output.paint("bold", printable(target.name))}:`);
    printTarget(target, output);
  }
}

function printTarget({ bindings, fixed, against }: CheckedTarget, output: Output): void {
  if (bindings !== undefined) {
    if (fixed === undefined) printBindings(bindings, output);
    else printFixed(bindings.out, fixed, output);
  }
  if (against !== undefined) {
    if (bindings !== undefined) output.line();
    printAgainst(against, output);
  }
}

const STYLES: Readonly<Record<CheckedFile["status"], Style>> = {
  fresh: "dim",
  changed: "yellow",
  missing: "red",
  orphaned: "red",
  foreign: "red",
};

function printBindings({ fresh, files, out, command }: BindingsReport, output: Output): void {
  const stale = files.filter((file) => file.status !== "fresh");
  for (const { path, status, reason, diff } of stale) {
    output.line(
      `${output.paint(STYLES[status], status.padEnd(8))}  ${printable(`${out}/${path}`)}: ${printable(reason)}`,
    );
    if (diff !== undefined) output.line(paintDiff(printable(diff), output));
  }
  const count = files.length === 1 ? "1 file" : `${files.length} files`;
  if (fresh) {
    output.line(`${output.paint("green", "fresh")}: ${count} in ${printable(out)}`);
    return;
  }
  output.line(
    `${output.paint("red", "stale")}: ${stale.length} of ${count} in ${printable(out)}. To mend it:`,
  );
  output.line();
  output.line(`  ${printable(command)}`);
}

function printFixed(out: string, files: readonly FixedFile[], output: Output): void {
  const changed = files.filter(({ action }) => action !== "unchanged");
  for (const { path, action } of changed) {
    output.line(`${output.paint("yellow", action.padEnd(8))}  ${printable(`${out}/${path}`)}`);
  }
  output.line(
    `${output.paint("green", "mended")}: ${changed.length} of ${files.length} files in ${printable(out)}`,
  );
}

/** The groups in which changes are shown, the worst first. */
const groups: readonly {
  readonly title: string;
  readonly style: Style;
  readonly has: (c: Breaks) => boolean;
}[] = [
  {
    title: "breaks the host and guests",
    style: "red",
    has: (c) => c.host === "breaking" && c.guest === "breaking",
  },
  { title: "breaks the host", style: "red", has: (c) => c.host === "breaking" && c.guest === "compatible" },
  { title: "breaks guests", style: "red", has: (c) => c.host === "compatible" && c.guest === "breaking" },
  { title: "breaks nothing that is deployed, but code must change", style: "yellow", has: isOnlyCode },
  { title: "breaks nothing", style: "green", has: (c) => !isBreaking(c) && !isOnlyCode(c) },
];

function isOnlyCode(change: Breaks): boolean {
  return !isBreaking(change) && codeOf(change) !== "";
}

/** Whose code must change: "host", "host and guests", or nothing. */
function codeOf({ source }: Breaks): string {
  return [
    ...(source.host === "breaking" ? ["host"] : []),
    ...(source.guest === "breaking" ? ["guests"] : []),
  ].join(" and ");
}

function printAgainst(report: AgainstReport, output: Output): void {
  const { before, after } = report.world;
  const from = before === undefined || before === after ? report.against : `${before} of ${report.against}`;
  output.line(
    `${output.paint("bold", printable(after ?? before ?? ""))}, compared with ${printable(after === undefined ? report.against : from)}`,
  );
  for (const { title, style, has } of groups) {
    const changes = report.changes.filter(has);
    if (changes.length === 0) continue;
    output.line();
    output.line(output.paint(style, `${title}:`));
    for (const change of changes) printChange(change, output);
  }
  for (const { package: name, from, to, what } of report.versions) {
    output.line();
    output.line(`${output.paint("yellow", "version")}  ${printable(`${name} ${from} -> ${to}: ${what}`)}`);
  }
  output.line();
  output.line(summary(report, output));
}

function printChange(change: LocatedChange, output: Output): void {
  const { path, what, why, hint, place } = change;
  const where =
    place === undefined ? "" : output.paint("dim", ` ${printable(`${place.file}:${place.line}`)}`);
  output.line(`  ${printable(path)}${where}`);
  output.line(`    ${printable(what)}${hint === undefined ? "" : `; ${printable(hint)}`}`);
  const code = codeOf(change);
  output.line(
    output.paint("dim", `    ${printable(why)}${code === "" ? "" : ` [code of ${code} must change]`}`),
  );
}

function summary({ changes, host, guest, source }: AgainstReport, output: Output): string {
  if (changes.length === 0) return `${output.paint("green", "no changes")} but, perhaps, of docs`;
  const say = (name: string, verdict: Verdict): string =>
    `${name}: ${output.paint(verdict === "breaking" ? "red" : "green", verdict)}`;
  const total = changes.length === 1 ? "1 change" : `${changes.length} changes`;
  return [
    total,
    say("host", host),
    say("guests", guest),
    say("host code", source.host),
    say("guest code", source.guest),
  ].join("  ");
}

/** The answer for scripts. Documented in docs/check.md: fields are added, never renamed. */
export function jsonReport(ok: boolean, targets: readonly CheckedTarget[]): string {
  const report = {
    ok,
    targets: targets.map(({ name, wit, bindings, fixed, against }) => ({
      name,
      wit,
      bindings: bindings ?? null,
      fixed: fixed ?? null,
      against: against ?? null,
    })),
  };
  return JSON.stringify(report, (_, value: unknown) => (value === undefined ? null : value), 2);
}
