/** `hostwright inspect`: shows what a component is, and what a host must grant it. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type {
  ComponentReport,
  Coverage,
  CoveredItem,
  ReportedItem,
  ReportedLimits,
} from "../inspect/index.ts";
import { ConfigError } from "../model/errors.ts";
import { osReason } from "../model/os-error.ts";
import { addFeatureOptions, DEFAULT_WIT, type FeatureFlags } from "./bindings-options.ts";
import type { CommandContext } from "./context.ts";
import { ExitCode } from "./exit-code.ts";
import { helpBelow } from "./help.ts";
import { formatSize } from "./quantity.ts";
import { type Output, printable, type Style } from "./terminal.ts";

interface InspectFlags extends FeatureFlags {
  readonly world?: string;
  readonly wit?: string;
  readonly json?: true;
}

export function defineInspect(command: Command, context: CommandContext): void {
  addFeatureOptions(
    command
      .summary("show what a component imports, exports and needs")
      .description(
        "Shows what a component imports and exports, what a host must grant it, its memories, and what made it. " +
          "With --world, tells whether a host of that world can run it. Nothing of the component is run.",
      )
      .argument("<component>", "a component (.wasm)")
      .option(
        "-w, --world <world>",
        "compare with this world: hosted, amal:obs/hosted, amal:obs/hosted@0.1.0",
      )
      .option(
        "--wit <path>",
        `where that world is: a WIT file, a folder, or an encoded package (default: ${DEFAULT_WIT})`,
      )
      .option("--json", "print JSON"),
  )
    .addHelpText(
      "after",
      helpBelow(
        [
          "hostwright inspect guest.wasm",
          "hostwright inspect guest.wasm --world hosted",
          "hostwright inspect guest.wasm --json | jq '.capabilities[].name'",
        ],
        {
          0: "it is shown, and the world covers it",
          1: "--world, --wit: the world does not cover it",
          2: "not a component, bad WIT, or a wrong option",
        },
      ),
    )
    .action(async (file: string, flags: InspectFlags) => {
      const { coverageOf, inspectComponent } = await import("../inspect/index.ts");
      const { report, world } = inspectComponent(await readComponentFile(file), file);
      let coverage: Coverage | undefined;
      if (flags.world !== undefined || flags.wit !== undefined) {
        const { loadWit, selectWorld } = await import("../wit/index.ts");
        const { features, allFeatures } = flags;
        const resolve = await loadWit(flags.wit ?? DEFAULT_WIT, { features, allFeatures });
        coverage = coverageOf(world, selectWorld(resolve, flags.world));
      }
      const { stdout } = context.terminal;
      if (flags.json === true) stdout.line(JSON.stringify({ ...report, coverage }, undefined, 2));
      else printReport(report, coverage, file, stdout);
      if (coverage?.covered === false) context.exit(ExitCode.no);
    });
}

async function readComponentFile(file: string): Promise<Uint8Array> {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ConfigError(`cannot read the component ${file}: ${osReason(cause)}`, { cause });
  }
}

function printReport(
  report: ComponentReport,
  coverage: Coverage | undefined,
  file: string,
  output: Output,
): void {
  const { size, modules, needs, unsupported, producers, capabilities } = report;
  const count = modules.length === 1 ? "1 core module" : `${modules.length} core modules`;
  output.line(`${output.paint("bold", printable(file))}: a component of ${formatSize(size)}, ${count}`);

  section("imports", output);
  printItems(report.imports, output);
  section("exports", output);
  printItems(report.exports, output);

  section("a host that provides these imports lets it", output);
  for (const { name, meaning, imports } of capabilities) {
    output.line(`  ${output.paint("yellow", name.padEnd(12))}${meaning}`);
    for (const item of imports) output.line(`    ${output.paint("dim", printable(item))}`);
  }
  if (capabilities.length === 0) output.line("  do nothing but compute");

  section("memories", output);
  const memories = modules.flatMap((module, index) => module.memories.map((limits) => ({ index, limits })));
  for (const { index, limits } of memories) output.line(`  module ${index}: ${limitsText(limits)}`);
  if (memories.length === 0) output.line("  none");

  section("limits that one instance needs", output);
  if (needs === undefined) output.line(`  ${output.paint("red", "cannot run here")}: ${unsupported ?? ""}`);
  else {
    const { instances, tables, memorySize, totalMemorySize, tableElements } = needs;
    output.line(`  instances: ${instances}, memories: ${needs.memories}, tables: ${tables}`);
    output.line(`  memorySize: ${formatSize(memorySize)}, totalMemorySize: ${formatSize(totalMemorySize)}`);
    output.line(`  tableElements: ${tableElements}`);
  }

  if (producers.length > 0) {
    section("made with, by its own word", output);
    for (const { field, name, version } of producers) {
      output.line(`  ${field.padEnd(14)}${printable(`${name} ${version}`.trimEnd())}`);
    }
  }
  if (coverage !== undefined) printCoverage(coverage, output);
}

function section(title: string, output: Output): void {
  output.line();
  output.line(output.paint("bold", `${title}:`));
}

function printItems(items: readonly ReportedItem[], output: Output): void {
  for (const { name, kind, functions } of items) {
    if (kind === "func") {
      for (const { signature } of functions)
        output.line(`  ${output.paint("cyan", printable(name))}: ${signature}`);
      continue;
    }
    output.line(`  ${output.paint("cyan", printable(name))}${kind === "type" ? " (a type)" : ""}`);
    for (const func of functions) output.line(`    ${printable(`${func.name}: ${func.signature}`)}`);
  }
  if (items.length === 0) output.line("  nothing");
}

function limitsText({ min, max }: ReportedLimits): string {
  return `${formatSize(min)} at first, ${max === undefined ? "no maximum of its own" : `at most ${formatSize(max)}`}`;
}

const STYLES: Readonly<Record<CoveredItem["status"], Style>> = {
  covered: "green",
  missing: "red",
  different: "red",
};

function printCoverage({ world, covered, imports, exports }: Coverage, output: Output): void {
  section(`with the world ${printable(world)}`, output);
  for (const [direction, items] of [
    ["import", imports],
    ["export", exports],
  ] as const) {
    for (const { name, status, reason } of items) {
      if (reason === undefined) continue;
      output.line(
        `  ${output.paint(STYLES[status], status.padEnd(10))}${direction} ${printable(`${name}: ${reason}`)}`,
      );
    }
  }
  const good = imports.filter((item) => item.status === "covered").length;
  const given = exports.filter((item) => item.status === "covered").length;
  const verdict = covered ? output.paint("green", "covered") : output.paint("red", "not covered");
  output.line(
    `  ${verdict}: ${good} of ${imports.length} functions that it imports, ${given} of ${exports.length} that the world exports`,
  );
}
