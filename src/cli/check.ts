/** `hostwright check`: whether bindings are stale, and what a change of the WIT breaks. */
import { type Command, Option } from "commander";
import type { CommandOptions, FromConfig } from "../check/index.ts";
import type { GenerateOptions } from "../codegen/options.ts";
import type { Target } from "../config/index.ts";
import { addBindingsOptions, type BindingsFlags, bindingsTargets } from "./bindings-options.ts";
import type { CheckedTarget } from "./check-report.ts";
import type { CommandContext } from "./context.ts";
import { ExitCode } from "./exit-code.ts";
import { FAIL_ON, type FailOn, fails } from "./fail-on.ts";
import { helpBelow } from "./help.ts";
import { reportDiagnostics } from "./report-error.ts";
import { printable } from "./terminal.ts";

interface CheckFlags extends BindingsFlags {
  readonly against?: string;
  readonly failOn: FailOn;
  readonly witOnly?: true;
  readonly fix?: true;
  readonly json?: true;
}

export function defineCheck(command: Command, context: CommandContext): void {
  addBindingsOptions(command)
    .summary("tell whether the bindings are stale, and what a change of the WIT breaks; for CI")
    .description(
      "Compares the bindings with what `hostwright generate` would write with the same options, and writes nothing. " +
        "Names each file that is stale, why, and the command that mends it. With --against, also compares the WIT " +
        "with an older one, and says of each change whether it breaks the host, or guests.",
    )
    .option(
      "--against <wit>",
      "older WIT: a file, a folder, a .wasm, or a revision of git (origin/main, v1.2.0)",
    )
    .addOption(
      new Option("--fail-on <whom>", "with --against: what makes the command fail, if it breaks")
        .choices(FAIL_ON)
        .default("any" satisfies FailOn),
    )
    .option("--wit-only", "with --against: do not look at the bindings")
    .addOption(new Option("--fix", "write the bindings that are stale").conflicts("witOnly"))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      helpBelow(
        [
          "hostwright check",
          "hostwright check wit --world hosted --out src/bindings",
          "hostwright check --against origin/main --fail-on guests",
          "hostwright check --against deployed/v1.wit --wit-only --json",
          "hostwright check --fix",
        ],
        {
          0: "fresh, or mended; and nothing breaks that should not",
          1: "stale, or a change breaks what --fail-on names",
          2: "bad WIT, a wrong option, or a file that cannot be read",
        },
      ),
    )
    .action(async (wit: string | undefined, flags: CheckFlags) => {
      if (flags.witOnly === true && flags.against === undefined) {
        command.error("error: --wit-only needs --against");
      }
      const { config, targets } = await bindingsTargets(wit, flags);
      const checked: CheckedTarget[] = [];
      for (const target of targets) {
        const fromConfig = {
          file: typeof flags.config === "string" ? flags.config : undefined,
          target: targets.length > 1 || flags.target !== undefined ? target.name : undefined,
        };
        const mend = config === undefined ? undefined : { typed: typed(wit, flags), fromConfig };
        checked.push(await checkTarget(target, flags, mend));
      }
      const ok = checked.every((target) => isOk(target, flags.failOn));
      await report(checked, ok, flags, context);
      context.exit(ok ? ExitCode.ok : ExitCode.no);
    });
}

/** What the command that mends it has to say, where there is a configuration. */
interface Mend {
  readonly typed: CommandOptions;
  readonly fromConfig: FromConfig;
}

/** What the command line says besides the configuration. */
function typed(wit: string | undefined, flags: CheckFlags): CommandOptions {
  const { world, out, features, allFeatures, importExtension, layout, enumStyle, flagsStyle } = flags;
  return { wit, world, out, features, allFeatures, importExtension, layout, enumStyle, flagsStyle };
}

async function checkTarget(
  { name, options }: Target,
  flags: CheckFlags,
  mend: Mend | undefined,
): Promise<CheckedTarget> {
  const { check, checkAgainst, commandLine } = await import("../check/index.ts");
  const report = flags.witOnly === true ? undefined : await check(options);
  const command = mend && commandLine(mend.typed, mend.fromConfig);
  const bindings = report && { ...report, command: command ?? report.command };
  const against = flags.against === undefined ? undefined : await checkAgainst(options, flags.against);
  const fixed =
    flags.fix === true && bindings?.fresh === false ? await fix(options, bindings.out) : undefined;
  return { name, wit: options.wit, bindings, fixed, against };
}

async function fix(options: GenerateOptions, out: string): Promise<CheckedTarget["fixed"]> {
  const { generate, writeBindings } = await import("../codegen/index.ts");
  const { files } = await writeBindings(await generate(options), out);
  return files;
}

function isOk({ bindings, fixed, against }: CheckedTarget, failOn: FailOn): boolean {
  const isFresh = bindings === undefined || bindings.fresh || fixed !== undefined;
  return isFresh && (against === undefined || !fails(against, failOn));
}

async function report(
  targets: readonly CheckedTarget[],
  ok: boolean,
  flags: CheckFlags,
  { terminal: { stdout, stderr }, env }: CommandContext,
): Promise<void> {
  const { annotationsOf, jsonReport, printTarget } = await import("./check-report.ts");
  for (const { bindings } of targets) reportDiagnostics(bindings?.diagnostics ?? [], stderr);
  if (flags.json === true) {
    stdout.line(jsonReport(ok, targets));
    return;
  }
  const print = (): void => {
    for (const [i, target] of targets.entries()) {
      if (i > 0) stdout.line();
      if (targets.length > 1) stdout.line(`${stdout.paint("bold", printable(target.name))}:`);
      printTarget(target, stdout);
    }
  };
  if (env.GITHUB_ACTIONS !== "true") {
    print();
    return;
  }
  const { annotationCommand, withoutCommands } = await import("./github-annotations.ts");
  const { randomUUID } = await import("node:crypto");
  withoutCommands(stdout, randomUUID(), print);
  for (const target of targets) {
    for (const annotation of annotationsOf(target, flags.failOn)) {
      stdout.line(annotationCommand(annotation, env.GITHUB_WORKSPACE ?? "."));
    }
  }
}
