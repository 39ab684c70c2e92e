/** `hostwright check`: whether bindings are stale, and what a change of the WIT breaks. */
import { type Command, Option } from "commander";
import { addBindingsOptions } from "./bindings-options.ts";
import { jsonReport, printTargets } from "./check-report.ts";
import { type CheckedTarget, type CheckFlags, checkTargets, isOk } from "./check-target.ts";
import type { CommandContext } from "./context.ts";
import { ExitCode } from "./exit-code.ts";
import { FAIL_ON, type FailOn } from "./fail-on.ts";
import type { Annotation } from "./github-annotations.ts";
import { helpBelow } from "./help.ts";
import { reportDiagnostics } from "./report-error.ts";

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
    .option("--wit-only", "with --against: do not look at the bindings; without --world, compare every world")
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
      try {
        const targets = await checkTargets(wit, flags);
        const ok = targets.every((target) => isOk(target, flags.failOn));
        await report(targets, ok, flags, context);
        context.exit(ok ? ExitCode.ok : ExitCode.no);
      } catch (error) {
        if (flags.json !== true) {
          const { annotationsOfError } = await import("./check-annotations.ts");
          await annotate(annotationsOfError(error), context);
        }
        throw error;
      }
    });
}

async function report(
  targets: readonly CheckedTarget[],
  ok: boolean,
  flags: CheckFlags,
  context: CommandContext,
): Promise<void> {
  const { stdout, stderr } = context.terminal;
  for (const { bindings } of targets) reportDiagnostics(bindings?.diagnostics ?? [], stderr);
  if (flags.json === true) {
    stdout.line(jsonReport(ok, targets));
  } else if (isOnGitHub(context)) {
    const { withoutCommands } = await import("./github-annotations.ts");
    const { annotationsOf } = await import("./check-annotations.ts");
    withoutCommands(stdout, () => printTargets(targets, stdout));
    await annotate(
      targets.flatMap((target) => annotationsOf(target, flags.failOn)),
      context,
    );
  } else {
    printTargets(targets, stdout);
  }
}

async function annotate(annotations: readonly Annotation[], context: CommandContext): Promise<void> {
  if (!isOnGitHub(context)) return;
  const { annotationCommand } = await import("./github-annotations.ts");
  for (const annotation of annotations) {
    context.terminal.stdout.line(annotationCommand(annotation, context.env.GITHUB_WORKSPACE ?? "."));
  }
}

function isOnGitHub({ env }: CommandContext): boolean {
  return env.GITHUB_ACTIONS === "true";
}
