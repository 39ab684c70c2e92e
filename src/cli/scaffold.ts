/** `hostwright scaffold`: writes and updates the classes that implement the host's side of a world. */
import type { Command } from "commander";
import type { Target } from "../config/index.ts";
import { ConfigError } from "../model/errors.ts";
import type { ScaffoldedFile, ScaffoldNote, ScaffoldResult } from "../scaffold/index.ts";
import { defaultImplementation } from "../scaffold/options.ts";
import { addBindingsOptions, type BindingsFlags, bindingsTargets } from "./bindings-options.ts";
import type { CommandContext } from "./context.ts";
import { helpBelow } from "./help.ts";
import { paintDiff } from "./paint-diff.ts";
import { type Output, printable, type Style } from "./terminal.ts";

interface ScaffoldFlags extends BindingsFlags {
  readonly implementation?: string;
  readonly dryRun?: true;
}

export function defineScaffold(command: Command, context: CommandContext): void {
  addBindingsOptions(command)
    .summary("write and update the classes that implement the host's side of a world")
    .description(
      "Writes a class for each interface that the host implements, with stubs that throw. In classes that are there " +
        "(known by `implements metrics.Host`, wherever they are in the folder) it adds what is missing, mends signatures " +
        "that do not fit the WIT any more, and marks what is gone. Your bodies and comments stay byte for byte.",
    )
    .option("-i, --implementation <folder>", `where the classes are (default: ${defaultImplementation})`)
    .option("--dry-run", "write nothing, show what would change")
    .addHelpText(
      "after",
      helpBelow(
        [
          "hostwright scaffold",
          "hostwright scaffold --dry-run",
          "hostwright scaffold wit --world hosted -i src/host",
        ],
        {
          0: "the classes have all that the WIT asks for",
          2: "bad WIT, a wrong option, or a file of yours that is in the way",
        },
      ),
    )
    .action(async (wit: string | undefined, flags: ScaffoldFlags) => {
      const { targets } = await bindingsTargets(wit, flags);
      const { scaffold, writeScaffold } = await import("../scaffold/index.ts");
      const { stdout } = context.terminal;
      const folderOf = (target: Target): string =>
        flags.implementation ?? target.implementation ?? defaultImplementation;
      const plan = (target: Target): Promise<ScaffoldResult> =>
        scaffold({ ...target.options, implementation: folderOf(target) });
      if (targets.length > 1) {
        const planned: Planned[] = [];
        for (const target of targets) {
          planned.push({ name: target.name, folder: folderOf(target), result: await plan(target) });
        }
        refuseCollisions(planned);
      }
      for (const target of targets) {
        if (targets.length > 1) stdout.line(`${stdout.paint("bold", printable(target.name))}:`);
        // Anew, for a file may have classes of several targets.
        const result = await plan(target);
        if (flags.dryRun !== true) writeScaffold(result);
        await printFiles(result.files, flags.dryRun === true, stdout);
      }
    });
}

interface Planned {
  readonly name: string;
  readonly folder: string;
  readonly result: ScaffoldResult;
}

/** Two worlds with one interface want a class each, in a file of the same name. Said before anything is written. */
function refuseCollisions(planned: readonly Planned[]): void {
  const owners = new Map<string, string>();
  for (const { name, folder, result } of planned) {
    for (const { path } of result.files.filter(({ action }) => action === "created")) {
      const other = owners.get(path);
      if (other !== undefined) {
        throw new ConfigError(
          `the targets "${other}" and "${name}" both want to write ${path}: give each a folder of its own, such as ` +
            `"implementation": "${folder}/${name}" in the configuration, or ` +
            `--target ${name} --implementation ${folder}/${name}`,
        );
      }
      owners.set(path, name);
    }
  }
}

const ACTIONS: Readonly<Record<ScaffoldedFile["action"], Style>> = {
  created: "green",
  updated: "yellow",
  unchanged: "dim",
};

const NOTES: Readonly<Record<ScaffoldNote["kind"], Style>> = {
  added: "green",
  changed: "yellow",
  gone: "red",
  attention: "red",
};

async function printFiles(files: readonly ScaffoldedFile[], isDry: boolean, output: Output): Promise<void> {
  for (const { path, action, before, after, notes } of files) {
    output.line(`${output.paint(ACTIONS[action], action.padEnd(9))}  ${printable(path)}`);
    for (const { kind, message } of notes) {
      output.line(`  ${output.paint(NOTES[kind], kind.padEnd(9))}  ${printable(message)}`);
    }
    if (isDry && action !== "unchanged") {
      const { unifiedDiff } = await import("../check/unified-diff.ts");
      output.line(paintDiff(printable(unifiedDiff(path, before, after)), output));
    }
  }
  if (files.length === 0) output.line("the world imports nothing that a host implements");
  if (isDry) output.line("nothing was written: leave --dry-run out to write it");
}
