/**
 * Runs hostwright against conformance data.
 *
 *     npm run conformance -- <suite> <file-or-folder>...
 *
 * Each suite is a module in `conformance/` that exports `run`. Prints a line for each failure and each
 * skip; the last line is `N passed, N failed, N skipped`. Exit code 1 if a case failed, 2 on bad usage.
 */
import { readdirSync } from "node:fs";
import { access } from "node:fs/promises";
import type { RunSuite } from "./conformance-case.ts";

async function main([suite, ...paths]: readonly string[]): Promise<number> {
  const suites = readdirSync(new URL("./conformance/", import.meta.url))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -".ts".length))
    .sort();
  if (suite === undefined || paths.length === 0) {
    return badUsage(
      `usage: npm run conformance -- <suite> <file-or-folder>...; suites: ${suites.join(", ")}`,
    );
  }
  if (!suites.includes(suite)) return badUsage(`there is no suite "${suite}"; suites: ${suites.join(", ")}`);
  for (const path of paths) {
    try {
      await access(path);
    } catch {
      return badUsage(`there is no file or folder ${path}`);
    }
  }

  const { run } = (await import(`./conformance/${suite}.ts`)) as { run: RunSuite };
  const counts = { pass: 0, fail: 0, skip: 0 };
  const notes: string[] = [];
  for await (const result of run(paths)) {
    if (result.outcome === "note") {
      notes.push(result.text);
      continue;
    }
    counts[result.outcome] += 1;
    if (result.outcome !== "pass") console.log(`${result.outcome} ${result.name}: ${result.detail}`);
  }
  for (const note of notes) console.log(note);
  console.log(`${counts.pass} passed, ${counts.fail} failed, ${counts.skip} skipped`);
  return counts.fail > 0 ? 1 : 0;
}

function badUsage(message: string): number {
  console.error(message);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
