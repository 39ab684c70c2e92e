/** What `hostwright check` does for each target of the configuration, or for the one that the command line names. */
import type { AgainstReport, CheckReport, CommandOptions, FromConfig } from "../check/index.ts";
import type { GenerateOptions } from "../codegen/options.ts";
import type { Target } from "../config/index.ts";
import { type BindingsFlags, bindingsTargets } from "./bindings-options.ts";
import { type FailOn, fails } from "./fail-on.ts";

export interface CheckFlags extends BindingsFlags {
  readonly against?: string;
  readonly failOn: FailOn;
  readonly witOnly?: true;
  readonly fix?: true;
  readonly json?: true;
}

/** What targets share has been judged for all of them. */
export type BindingsReport = Omit<CheckReport, "unused">;

/** The answer for one target. */
export interface CheckedTarget {
  /** As the configuration calls it; empty without one. */
  readonly name: string;
  readonly wit: string;
  /** Undefined if only the WIT was looked at. */
  readonly bindings: BindingsReport | undefined;
  /** What `--fix` did; undefined if it had nothing to do. */
  readonly fixed: readonly FixedFile[] | undefined;
  /** Undefined without `--against`. */
  readonly against: AgainstReport | undefined;
}

export interface FixedFile {
  readonly path: string;
  readonly action: string;
}

/** @throws as `check` and `checkAgainst` do; with `--fix`, as `writeBindings` does */
export async function checkTargets(wit: string | undefined, flags: CheckFlags): Promise<CheckedTarget[]> {
  const { config, targets, others } = await bindingsTargets(wit, flags);
  const reports = flags.witOnly === true ? [] : await checkBindings(targets, others);
  const checked: CheckedTarget[] = [];
  for (const [i, target] of targets.entries()) {
    const fromConfig = {
      file: typeof flags.config === "string" ? flags.config : undefined,
      target: targets.length > 1 || flags.target !== undefined ? target.name : undefined,
    };
    const mend = config === undefined ? undefined : { typed: typed(wit, flags), fromConfig };
    checked.push(...(await checkTarget(target, reports[i], flags, mend)));
  }
  return checked;
}

/** What the command that mends it has to say, where there is a configuration. */
interface Mend {
  readonly typed: CommandOptions;
  readonly fromConfig: FromConfig;
}

/** What the command line says besides the configuration. */
function typed(wit: string | undefined, flags: CheckFlags): CommandOptions {
  const { world, out, features, allFeatures, importExtension, layout, enumStyle, flagsStyle, testkit } =
    flags;
  return { wit, world, out, features, allFeatures, importExtension, layout, enumStyle, flagsStyle, testkit };
}

/** @throws ConfigError also if something that targets share is of no use to any */
async function checkBindings(
  targets: readonly Target[],
  others: readonly Target[],
): Promise<BindingsReport[]> {
  const { check } = await import("../check/index.ts");
  const { judgeShared } = await import("../config/index.ts");
  const checked = [];
  for (const target of targets) checked.push({ target, report: await check(target.options) });
  const ofAll = await judgeShared(
    checked.map(({ target, report: { unused } }) => ({ target, unused })),
    others,
  );
  return checked.map(({ report: { unused: _, ...report } }, i) =>
    i === 0 ? { ...report, diagnostics: [...ofAll, ...report.diagnostics] } : report,
  );
}

async function checkTarget(
  { name, options }: Target,
  report: BindingsReport | undefined,
  flags: CheckFlags,
  mend: Mend | undefined,
): Promise<CheckedTarget[]> {
  const { checkAgainst, commandLine } = await import("../check/index.ts");
  const command = mend && commandLine(mend.typed, mend.fromConfig);
  const bindings = report && { ...report, command: command ?? report.command };
  const isOfEvery = bindings === undefined && options.world === undefined;
  if (isOfEvery && flags.against !== undefined) return checkEveryWorld({ name, options }, flags.against);
  const against = flags.against === undefined ? undefined : await checkAgainst(options, flags.against);
  const fixed =
    flags.fix === true && bindings?.fresh === false ? await fix(options, bindings.out) : undefined;
  return [{ name, wit: options.wit, bindings, fixed, against }];
}

/** Where no world is named, and there are no bindings, which are of one. */
async function checkEveryWorld({ name, options }: Target, revision: string): Promise<CheckedTarget[]> {
  const { checkEveryWorldAgainst } = await import("../check/index.ts");
  const reports = await checkEveryWorldAgainst(options, revision);
  return reports.map((against) => ({
    name: reports.length === 1 ? name : (against.world.after ?? against.world.before ?? name),
    wit: options.wit,
    bindings: undefined,
    fixed: undefined,
    against,
  }));
}

async function fix(options: GenerateOptions, out: string): Promise<CheckedTarget["fixed"]> {
  const { generate, writeBindings } = await import("../codegen/index.ts");
  const { files } = await writeBindings(await generate(options), out);
  return files;
}

/** Whether the command ends well. */
export function isOk({ bindings, fixed, against }: CheckedTarget, failOn: FailOn): boolean {
  const isFresh = bindings === undefined || bindings.fresh || fixed !== undefined;
  return isFresh && (against === undefined || !fails(against, failOn));
}
